import Foundation
import Testing

@testable import Statistics

@Suite("A fit from merged summaries is the fit of all rows")
struct SummaryFitTests {
  let study = SimulatedStudy()

  static let formulas = [
    "y ~ x * arm + (x | person)", "y ~ x + z + (1 | person)", "y ~ x + (x || person)",
    "y ~ 0 + arm + x + (0 + x | person)", "y ~ x * arm + (1 | site/person)",
    "y ~ x + z + (x | person) + (1 | item)", "y ~ scale(x) + arm + offset(z) + (1 | person)",
    "y ~ poly(x, 2) + (1 | person)", "y ~ factor(item) * arm + (1 | person)",
    "log(y + 20) ~ x + (arm | site) + (1 | item)",
  ]

  @Test("whatever the formula", arguments: formulas)
  func sameFit(formula: String) throws {
    let parsed = try ModelFormula.parse(formula)
    let whole = try LinearMixedModel(parsed, data: study.data()).fit(.reml)
    let summary = try SufficientStatistics(parsed, data: study.data())
    expectSame(try LinearMixedModel(summary).fit(.reml), whole)
  }

  @Test(
    "with the rows of a participant in several of them", arguments: formulas.prefix(6), [2, 5])
  func merged(formula: String, parts: Int) throws {
    let parsed = try ModelFormula.parse(formula)
    let whole = try SufficientStatistics(parsed, data: study.data())
    let all = try (0..<parts).map { part in
      try SufficientStatistics(
        parsed, data: study.data(order: study.y.indices.filter { $0 * 7 % parts == part }))
    }
    var merged = all[0]
    for part in all.dropFirst() { try merged.merge(part) }
    expectSame(merged, whole)
    expectSame(
      try LinearMixedModel(merged).fit(.ml),
      try LinearMixedModel(parsed, data: study.data()).fit(.ml))
  }

  @Test("in any order of rows and of parts")
  func order() throws {
    let formula = try ModelFormula.parse("y ~ x * arm + (x | person)")
    var generator = SplitMix64(state: 11)
    let rows = Array(study.y.indices).shuffled(using: &generator)
    let whole = try SufficientStatistics(formula, data: study.data())
    expectSame(try SufficientStatistics(formula, data: study.data(order: rows)), whole)
    let (first, second) = (Array(rows[..<70]), Array(rows[70...]))
    var forth = try SufficientStatistics(formula, data: study.data(order: first))
    var back = try SufficientStatistics(formula, data: study.data(order: second))
    let original = forth
    try forth.merge(back)
    try back.merge(original)
    #expect(forth == back)
    expectSame(forth, whole)
  }

  @Test("with rows added one by one")
  func streamed() throws {
    let formula = try ModelFormula.parse("y ~ scale(x) * arm + (x | person)")
    var stream = try SufficientStatistics(formula, data: study.data(order: Array(0..<120)))
    for row in 120..<study.y.count { try stream.add(study.data(order: [row])) }
    #expect(stream.observations == study.y.count)
    // The streamed `scale` stands at the mean of the first rows: another origin, the same model.
    let whole = try LinearMixedModel(formula, data: study.data()).fit(.ml)
    let fit = try LinearMixedModel(stream).fit(.ml)
    #expect(isClose(fit.criterion, whole.criterion, relative: 1e-11))
  }

  @Test("with weights, missing values and large means")
  func weighted() throws {
    var study = study
    study.y = study.y.enumerated().map { $0.offset % 11 == 3 ? .nan : 1e6 + $0.element }
    study.x = study.x.map { 2024.25 + $0 / 12 }
    let formula = try ModelFormula.parse("y ~ x * arm + (x | person)")
    func data(_ rows: [Int]) throws -> ModelData {
      try ModelData([
        ("y", .numeric(rows.map { study.y[$0] })), ("x", .numeric(rows.map { study.x[$0] })),
        ("w", .numeric(rows.map { 0.5 + Double($0 % 4) })),
        ("arm", .factor(levels: ["control", "active"], codes: rows.map { study.arm[$0] })),
        ("person", .numeric(rows.map { Double(study.person[$0]) })),
      ])
    }
    let rows = Array(study.y.indices)
    var merged = try SufficientStatistics(
      formula, data: data(rows.filter { $0 % 3 == 0 }), codings: ["arm": .sum], weights: "w")
    try merged.add(data(rows.filter { $0 % 3 != 0 }))
    let fit = try LinearMixedModel(merged).fit(.reml)
    let whole = try LinearMixedModel.fit(
      formula, data: data(rows), codings: ["arm": .sum], weights: "w")
    // A mean of a million, and a time of 2024 beside its product with an arm, leave few digits to
    // rows and summary alike.
    #expect(isClose(fit.criterion, whole.criterion, relative: 1e-8))
    expectClose(
      fit.fixedEffects.map(\.standardError), whole.fixedEffects.map(\.standardError),
      relative: 1e-5, "standard error")
    #expect(fit.excludedRows == whole.excludedRows && fit.missing == whole.missing)
  }

  @Test("with all that is made from a fit")
  func inference() throws {
    let formula = try ModelFormula.parse("y ~ x * arm + (x | person)")
    let whole = try LinearMixedModel(formula, data: study.data()).fit(
      .reml, degreesOfFreedom: .kenwardRoger)
    let summary = try SufficientStatistics(formula, data: study.data())
    let fit = try LinearMixedModel(summary).fit(.reml, degreesOfFreedom: .kenwardRoger)
    expectClose(
      try fit.typeThreeTests().map(\.test.statistic),
      try whole.typeThreeTests().map(\.test.statistic), relative: 1e-7, "F")
    let shares = (fit.varianceShares(), whole.varianceShares())
    expectClose(
      [shares.0.marginal, shares.0.conditional], [shares.1.marginal, shares.1.conditional],
      relative: 1e-7, "R²")
    let modes = (fit.randomEffects()[0], whole.randomEffects()[0])
    for (place, level) in modes.0.levels.enumerated() {
      let other = try #require(modes.1.levels.firstIndex(of: level))
      expectClose(
        (0..<2).map { modes.0.values[place, $0] }, (0..<2).map { modes.1.values[other, $0] },
        relative: 1e-6, absolute: 1e-8, "mode")
    }
    #expect(fit.fittedValues().isEmpty && fit.residuals().isEmpty)
    let smaller = try LinearMixedModel(
      SufficientStatistics(ModelFormula.parse("y ~ x + (x | person)"), data: study.data())
    ).fit(.ml)
    #expect(try smaller.likelihoodRatioTest(against: fit).degreesOfFreedom == 2)
  }

  @Test(
    "with marginal means and slopes, covariates at the mean of all rows",
    arguments: [
      "y ~ x * arm + z + (x | person)", "y ~ x + I(x^2) + factor(item) + arm + (1 | person)",
      "y ~ log(x + 20) * arm + offset(z) + (1 | person)",
    ])
  func means(formula: String) throws {
    let parsed = try ModelFormula.parse(formula)
    let whole = try LinearMixedModel(parsed, data: study.data()).fit(.reml)
    var summary = try SufficientStatistics(
      parsed, data: study.data(order: Array(study.y.indices.prefix(70))))
    try summary.merge(
      SufficientStatistics(
        parsed, data: study.data(order: Array(study.y.indices.dropFirst(70)))))
    let kept = try JSONDecoder().decode(
      SufficientStatistics.self, from: JSONEncoder().encode(summary))
    let fit = try LinearMixedModel(kept).fit(.reml)
    let means = (
      try fit.marginalMeans(of: ["arm"]), try whole.marginalMeans(of: ["arm"], data: study.data())
    )
    let slopes = (
      try fit.marginalSlopes(of: "x", by: ["arm"]),
      try whole.marginalSlopes(of: "x", by: ["arm"], data: study.data())
    )
    for (found, expected) in zip(means.0 + slopes.0, means.1 + slopes.1) {
      #expect(found.at == expected.at)
      expectClose(
        [found.effect.estimate, found.effect.standardError],
        [expected.effect.estimate, expected.effect.standardError], relative: 1e-6, "mean")
    }
    #expect(throws: ModelError.self) { try whole.marginalMeans(of: ["arm"]) }
  }

  private func expectSame(_ first: LinearMixedModelFit, _ second: LinearMixedModelFit) {
    #expect(isClose(first.criterion, second.criterion, relative: 1e-12))
    #expect(first.observations == second.observations)
    #expect(first.fixedEffects.map(\.name) == second.fixedEffects.map(\.name))
    #expect(
      first.varianceComponents.map(\.group) == second.varianceComponents.map(\.group))
    // A criterion that agrees to twelve digits is flat about its optimum: θ agrees to fewer.
    expectClose(second.theta, first.theta, relative: 1e-4, absolute: 1e-5, "theta")
    for (one, other) in zip(first.fixedEffects, second.fixedEffects) {
      #expect(isClose(one.estimate, other.estimate, relative: 1e-6, absolute: 1e-8))
      #expect(isClose(one.standardError, other.standardError, relative: 1e-5))
      #expect(
        isClose(
          one.degreesOfFreedom ?? 0, other.degreesOfFreedom ?? 0, relative: 1e-4))
    }
  }

  private func expectSame(_ first: SufficientStatistics, _ second: SufficientStatistics) {
    #expect(first.cells.keys == second.cells.keys && first.cells.rows == second.cells.rows)
    let size = 1e-12 * Double(first.observations)
    expectClose(first.cells.means, second.cells.means, relative: 1e-12, absolute: 1e-14, "mean")
    expectClose(
      first.cells.products, second.cells.products, relative: 1e-12, absolute: size, "product")
    expectClose(first.total.means, second.total.means, relative: 1e-12, absolute: 1e-14, "mean")
    expectClose(
      first.total.products, second.total.products, relative: 1e-12, absolute: size, "total")
  }

  @Test("groups of one name in two summaries are counted, and can be kept apart")
  func sharedGroups() throws {
    let study = SimulatedStudy()
    let formula = try ModelFormula.parse("y ~ x + (x | person)")
    let first = try SufficientStatistics(formula, data: study.data())
    var second = try SufficientStatistics(formula, data: SimulatedStudy(seed: 2).data())
    let shared = first.sharedGroups(with: second)
    #expect(shared.map(\.factor) == ["person"])
    #expect(shared.first?.levels.count == 40)
    second = second.naming(groupsOf: ["person"], after: "b")
    #expect(first.sharedGroups(with: second).first?.levels.isEmpty == true)
    var both = first
    try both.merge(second)
    #expect(both.groups.first?.levels == 80)
    #expect(both.observations == first.observations + second.observations)
    // The names of groups are no part of a fit.
    let renamed = try LinearMixedModel(second).fit(.reml)
    let plain = try LinearMixedModel(
      try SufficientStatistics(formula, data: SimulatedStudy(seed: 2).data())
    ).fit(.reml)
    #expect(isClose(renamed.criterion, plain.criterion, relative: 1e-10))
  }
}
