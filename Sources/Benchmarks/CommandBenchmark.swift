import Foundation

/// `longwell fit` on a CSV file of 3 million rows, from start to end.
enum CommandBenchmark {
  static func run() throws {
    let command = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "longwell")
    guard let command, FileManager.default.isExecutableFile(atPath: command.path) else {
      return print("longwell fit: the command is not built beside this one; skipped")
    }
    let growth = GrowthData(people: 100_000, occasions: 30, seed: 1)
    let bytes = growth.csv()
    print(
      "longwell fit on \(bytes.count / 1_000_000) MB of CSV, 3 million rows (GrowthData, seed 1)")
    try Comparison.withFile(bytes) { file in
      var ours = Measurement(elapsed: [], processor: [])
      let clock = ContinuousClock()
      for _ in 0..<3 {
        let start = clock.now
        let processorStart = Measurement.processorSeconds(ofChildren: true)
        let process = Process()
        process.executableURL = command
        process.arguments = [
          "fit", "--data", file, "--formula", FitBenchmark.formula, "--df", "none",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        ours.elapsed.append(start.duration(to: clock.now).seconds)
        ours.processor.append(
          Measurement.processorSeconds(ofChildren: true) - processorStart)
      }
      Comparison.ours("whole command", ours)
      guard Comparison.isLong else { return print("    R: a minute, with --long only") }
      Comparison.peer(
        "data.table::fread and lme4::lmer",
        try Peer.r(
          "library(lme4)",
          timed: "{ d <- data.table::fread('\(file)', data.table = FALSE); d$id <- factor(d$id); "
            + "lmer(\(FitBenchmark.formula), d) }", packages: ["lme4", "data.table"], runs: 1),
        ours: ours, target: 40)
    }
  }
}
