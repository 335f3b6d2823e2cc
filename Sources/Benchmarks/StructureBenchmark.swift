import Foundation
import Statistics
import Studies

/// Correlated residuals, crossed factors and a binary response.
enum StructureBenchmark {
  static func run() throws {
    print("Other structures (xoshiro256**, seed 1)")
    try autoregressive()
    try binomial()
    try crossed()
  }

  private static func autoregressive() throws {
    var growth = GrowthData(people: 1000, occasions: 30, seed: 1)
    var generator = SeededGenerator(seed: 2)
    // To independent residuals an autoregressive one (φ = 0.5) of the same size is added.
    var state = 0.0
    for row in growth.y.indices {
      let step = (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform() }
      state = growth.time[row] == 0 ? step : 0.5 * state + 0.75.squareRoot() * step
      growth.y[row] += 0.6 * state
    }
    let data = try growth.modelData()
    let formula = try ModelFormula.parse(FitBenchmark.formula)
    let ours = try Measurement.of(
      {
        _ = try LinearMixedModel.fit(
          formula, data: data, residuals: .ar1(time: "time"), degreesOfFreedom: .none)
      }, runs: 5)
    Comparison.ours("AR(1) residuals, \(FitBenchmark.formula), 1000 × 30", ours)
    try Comparison.withFile(growth.csv()) { file in
      Comparison.peer(
        "nlme corAR1",
        try Peer.r(
          "library(nlme); d <- read.csv('\(file)'); d$id <- factor(d$id)",
          timed:
            "lme(y ~ time * arm, random = ~ time | id, correlation = corAR1(form = ~ time | id), "
            + "data = d)", packages: ["nlme"], runs: 1), ours: ours, target: 100)
    }
  }

  private static func binomial() throws {
    var growth = GrowthData(people: 10_000, occasions: 30, seed: 1)
    var generator = SeededGenerator(seed: 2)
    growth.y = growth.y.map { generator.uniform() < 1 / (1 + exp(3.5 - $0)) ? 1 : 0 }
    let data = try growth.modelData()
    let formula = try ModelFormula.parse("y ~ time * arm + (1 | id)")
    let ours = try Measurement.of(
      { _ = try GeneralisedMixedModel(formula, data: data, family: .logistic).fit() }, runs: 3)
    Comparison.ours("binomial, y ~ time * arm + (1 | id), Laplace, 10000 × 30", ours)
    try Comparison.withFile(growth.csv()) { file in
      Comparison.peer(
        "lme4::glmer",
        try Peer.r(
          "library(lme4); d <- read.csv('\(file)'); d$id <- factor(d$id)",
          timed: "glmer(y ~ time * arm + (1 | id), d, family = binomial)", packages: ["lme4"],
          runs: 1), ours: ours, target: 100)
    }
  }

  /// InstEval, the ratings that come with lme4.
  private static func crossed() throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "longwell-bench-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let formula = "y ~ service + (1 | s) + (1 | d) + (1 | dept)"
    let peer = try Peer.r(
      "library(lme4); d <- InstEval; write.csv(d[c('s', 'd', 'dept', 'service', 'y')], "
        + "'\(file.path)', row.names = FALSE, quote = FALSE)",
      timed: "lmer(\(formula), d, REML = FALSE)", packages: ["lme4"], runs: 1)
    guard let peer, let text = try? String(contentsOf: file, encoding: .utf8) else {
      return print("  crossed, InstEval: the data come with lme4, which is not installed; skipped")
    }
    let rows = text.split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",").map { Double($0) ?? .nan }
    }
    func column(_ place: Int) -> ModelData.Column { .numeric(rows.map { $0[place] }) }
    let data = try ModelData([
      ("s", column(0)), ("d", column(1)), ("dept", column(2)),
      ("service", .factor(text: rows.map { String($0[3]) })), ("y", column(4)),
    ])
    let parsed = try ModelFormula.parse(formula)
    let ours = try Measurement.of(
      { _ = try LinearMixedModel(parsed, data: data).fit(.ml, degreesOfFreedom: .none) }, runs: 1)
    Comparison.ours("crossed, \(formula), ML, InstEval (\(rows.count) rows)", ours)
    Comparison.peer("lme4::lmer", peer, ours: ours, target: 30)
  }
}
