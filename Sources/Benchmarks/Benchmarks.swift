import Foundation

/// `make bench`: what is measured, beside peers and bounds of the same run, as ratios.
///
/// `Benchmarks NAME…` runs only those whose name begins so; `--list` names them; `--long` adds peers that
/// take minutes.
@main
struct Benchmarks {
  /// Every measurement, by name.
  static let all: [(name: String, run: @Sendable () async throws -> Void)] = [
    ("fit", FitBenchmark.run),
    ("inference", InferenceBenchmark.run),
    ("structure", StructureBenchmark.run),
    ("command", CommandBenchmark.run),
    ("csv", DelimitedBenchmark.run),
    ("logs", LogBenchmark.run),
    ("import", ImportBenchmark.run),
    ("recovery", RecoveryBenchmark.run),
    ("validity", ValidityBenchmark.run),
    ("scheduler", SchedulerBenchmark.run),
    ("rehearsal", RehearsalBenchmark.run),
    ("submissions", SubmissionBenchmark.run),
    ("coverage", CoverageBenchmark.run),
  ]

  static func main() async throws {
    let asked = Array(CommandLine.arguments.dropFirst()).filter { $0 != "--long" }
    if asked.count == 3, asked[0] == "--memory", let people = Int(asked[1]),
      let occasions = Int(asked[2])
    {
      return try FitBenchmark.printMemory(people: people, occasions: occasions)
    }
    if asked.contains("--list") {
      for benchmark in all { print(benchmark.name) }
      return
    }
    for benchmark in all
    where asked.isEmpty || asked.contains(where: { benchmark.name.hasPrefix($0) }) {
      try await benchmark.run()
      print("")
    }
  }
}
