import Foundation
import Statistics

/// `y ~ time * arm + (time | id)` by REML: arrays in; estimates, standard errors and BLUPs out.
enum FitBenchmark {
  static let formula = "y ~ time * arm + (time | id)"

  static func run() throws {
    print("Linear mixed model, \(formula), REML (GrowthData: xoshiro256**, seed 1)")
    for (people, occasions, runs, target) in [
      (200, 10, 50, 30.0), (1000, 30, 30, 100), (10_000, 30, 15, 150), (100_000, 30, 5, 200),
    ] {
      let growth = GrowthData(people: people, occasions: occasions, seed: 1)
      var ours = try fit(growth, runs: runs)
      ours.peakMemory = try memory(people: people, occasions: occasions)
      Comparison.ours("\(people) × \(occasions)", ours)
      try printBound(growth, ours: ours, runs: runs)
      guard people < 100_000 || Comparison.isLong else {
        print("    peers: minutes and gigabytes, with --long only")
        continue
      }
      try Comparison.withFile(growth.csv()) { file in
        Comparison.peer(
          "lme4::lmer",
          try Peer.r(
            "library(lme4); d <- read.csv('\(file)'); d$id <- factor(d$id)",
            timed: "{ m <- lmer(\(formula), d); s <- vcov(m); u <- ranef(m) }",
            packages: ["lme4"], runs: people < 10_000 ? 5 : 1), ours: ours, target: target)
        guard people == 10_000 else { return }
        Comparison.peer(
          "nlme::lme",
          try Peer.r(
            "library(nlme); d <- read.csv('\(file)'); d$id <- factor(d$id)",
            // Its default optimiser ends with "false convergence" on these data.
            timed:
              "lme(y ~ time * arm, random = ~ time | id, data = d, "
              + "control = lmeControl(opt = 'optim'))", packages: ["nlme"],
            runs: 1), ours: ours, target: nil)
        Comparison.peer(
          "statsmodels MixedLM",
          try Peer.python(
            """
            import pandas, statsmodels.formula.api as f
            d = pandas.read_csv('\(file)')
            """,
            timed: "f.mixedlm('y ~ time * arm', d, groups=d['id'], re_formula='~time').fit()",
            runs: 1), ours: ours, target: nil)
      }
    }
    try grow()
  }

  /// Ten times the rows of each person, and ten times the people.
  private static func grow() throws {
    print("  growth, CPU of the pass and of the fit after it:")
    for (people, occasions) in [(2000, 10), (2000, 100), (20_000, 10)] {
      let growth = GrowthData(people: people, occasions: occasions, seed: 1)
      let data = try growth.modelData()
      let parsed = try ModelFormula.parse(formula)
      let pass = try Measurement.of(
        { _ = try LinearMixedModel(parsed, data: data) }, runs: 15)
      let model = try LinearMixedModel(parsed, data: data)
      let fit = try Measurement.of({ _ = try model.fit(.reml, degreesOfFreedom: .none) }, runs: 15)
      print(
        "    \(people) × \(occasions): pass \(milliseconds(pass.processorMedian)) ms, "
          + "fit \(milliseconds(fit.processorMedian)) ms")
    }
  }

  private static func fit(_ growth: GrowthData, runs: Int) throws -> Measurement {
    let data = try growth.modelData()
    let parsed = try ModelFormula.parse(formula)
    return try Measurement.of(
      {
        let fit = try LinearMixedModel(parsed, data: data).fit(.reml, degreesOfFreedom: .none)
        _ = fit.randomEffects()
      }, runs: runs)
  }

  /// The peak memory of a process that makes the data, fits once and ends.
  private static func memory(people: Int, occasions: Int) throws -> Double? {
    let process = Process()
    let output = Pipe()
    process.executableURL = Bundle.main.executableURL
    process.arguments = ["--memory", String(people), String(occasions)]
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Double(String(decoding: bytes, as: UTF8.self).filter { $0.isNumber })
  }

  /// What `--memory` does: one fit, then the peak in bytes.
  static func printMemory(people: Int, occasions: Int) throws {
    _ = try fit(GrowthData(people: people, occasions: occasions, seed: 1), runs: 0)
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    print(usage.ru_maxrss * 1024)
  }

  /// The plain fit with as many evaluations as ours takes, and its pass alone.
  private static func printBound(
    _ growth: GrowthData, ours: Measurement, runs: Int
  ) throws {
    let fit = try LinearMixedModel(try ModelFormula.parse(formula), data: growth.modelData())
      .fit(.reml, degreesOfFreedom: .none)
    let plain = PlainFit(growth)
    let found = plain.criterion(fit.theta)
    guard abs(found.value - fit.criterion) < 1e-6 * abs(fit.criterion) else {
      return print("    bound: the plain fit's criterion is \(found.value), ours \(fit.criterion)")
    }
    let pass = Measurement.of({ _ = PlainFit(growth) }, runs: runs)
    let bound = Measurement.of(
      {
        let plain = PlainFit(growth)
        for _ in 0..<fit.record.evaluations { _ = plain.criterion(fit.theta) }
      }, runs: runs)
    print(
      "    bound, a plain loop's pass and \(fit.record.evaluations) evaluations: \(bound.text); "
        + "ours takes \(ratio(ours.processorMedian, to: bound.processorMedian)) that "
        + "(target 3 ×), and \(ratio(ours.processorMedian, to: pass.processorMedian)) the pass alone"
    )
  }
}
