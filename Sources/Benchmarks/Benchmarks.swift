import Foundation

/// `make bench`: what is measured, beside peers and bounds of the same run, as ratios.
///
/// `Benchmarks NAME…` runs only those whose name begins so; `Benchmarks --list` names them.
@main
struct Benchmarks {
  /// Every measurement, by name.
  static let all: [(name: String, run: @Sendable () async throws -> Void)] = [
    ("fit", FitBenchmark.run),
    ("csv", DelimitedBenchmark.run),
    ("recovery", RecoveryBenchmark.run),
    ("coverage", CoverageBenchmark.run),
  ]

  static func main() async throws {
    let asked = CommandLine.arguments.dropFirst()
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
