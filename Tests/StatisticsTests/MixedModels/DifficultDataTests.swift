import Testing

@testable import Statistics

@Suite("Difficult data give a right answer or a clear error, never a trap")
struct DifficultDataTests {
  private func data(
    y: [Double], x: [Double]? = nil, groups: [Int32], levels: Int = 6
  ) throws -> ModelData {
    try ModelData([
      ("y", .numeric(y)), ("x", .numeric(x ?? y.indices.map(Double.init))),
      ("g", .factor(levels: (0..<levels).map { "g\($0)" }, codes: groups)),
    ])
  }

  private let codes: [Int32] = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
  private let noise: [Double] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]

  private func expect(
    _ error: ModelError, _ formula: String, _ data: ModelData,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let parsed = try ModelFormula.parse(formula)
    #expect(throws: error, sourceLocation: sourceLocation) {
      _ = try LinearMixedModel.fit(parsed, data: data)
    }
  }

  @Test("one group")
  func oneGroup() throws {
    try expect(
      .singleGroup(factor: "g"), "y ~ x + (1 | g)",
      data(y: noise, groups: [Int32](repeating: 2, count: 12)))
  }

  @Test("a constant outcome")
  func constantOutcome() throws {
    try expect(
      .constantResponse(name: "y"), "y ~ x + (1 | g)",
      data(y: [Double](repeating: 4, count: 12), groups: codes))
  }

  @Test("every value missing")
  func allMissing() throws {
    try expect(
      .noCompleteRows(missing: [MissingCount(name: "y", rows: 12)]), "y ~ x + (1 | g)",
      data(y: [Double](repeating: .nan, count: 12), groups: codes))
  }

  @Test("no rows at all")
  func empty() throws {
    try expect(.noCompleteRows(missing: []), "y ~ x + (1 | g)", data(y: [], groups: []))
  }

  @Test("as many random effects as observations")
  func tooManyEffects() throws {
    try expect(
      .tooManyRandomEffects(group: "g", effects: 12, observations: 12),
      "y ~ x + (x + I(x^2) | g)", data(y: noise, groups: codes))
    try expect(
      .tooManyRandomEffects(group: "g", effects: 5, observations: 5), "y ~ 1 + (1 | g)",
      data(y: [1, 2, 4, 3, 5], groups: [0, 1, 2, 3, 4]))
  }

  @Test("more fixed effects than observations")
  func tooFewObservations() throws {
    #expect(throws: ModelError.self) {
      _ = try fit(
        "y ~ poly(x, 9) + (1 | g)",
        data(y: [1, 5, 2, 4, 3], groups: [0, 0, 1, 1, 1]))
    }
  }

  @Test("an outcome that the fixed effects fit exactly")
  func perfectFit() throws {
    let x = codes.indices.map(Double.init)
    try expect(
      .perfectFit, "y ~ x + (1 | g)", data(y: x.map { 0.1 * $0 + 3.7 }, x: x, groups: codes))
  }

  @Test("an outcome that the random effects fit exactly")
  func perfectGroups() throws {
    let study = SimulatedStudy(persons: 12, occasions: 5, drops: false)
    var exact = study
    for row in exact.y.indices {
      let person = Double(study.person[row])
      exact.y[row] = (person * person).truncatingRemainder(dividingBy: 7) + 0.5 * study.x[row]
    }
    #expect(throws: ModelError.perfectFit) { _ = try fit("y ~ x + (1 | person)", exact.data()) }
  }

  @Test("fixed columns that repeat others are named and set aside")
  func rankDeficient() throws {
    let study = SimulatedStudy()
    let plain = try fit("y ~ x + arm + (x | person)", study.data())
    let repeated = try fit("y ~ x + I(3 * x - 2) + arm + I(x + 1) + (x | person)", study.data())
    #expect(repeated.setAside == ["I(3 * x - 2)", "I(x + 1)"])
    #expect(repeated.fixedEffects.map(\.name) == plain.fixedEffects.map(\.name))
    #expect(isClose(repeated.criterion, plain.criterion, relative: 1e-10))
    #expect(repeated.notes.contains { $0.contains("I(3 * x - 2)") })
    let constant = try fit("y ~ x + I(0 * x + 4) + arm + (x | person)", study.data())
    #expect(constant.setAside == ["I(0 * x + 4)"])
  }

  @Test("rows with a missing value are set aside and counted")
  func listwise() throws {
    var study = SimulatedStudy()
    let complete = try fit("y ~ x + (x | person)", study.data())
    study.y += [.nan, 3, .nan, 4]
    study.x += [1, .nan, .nan, 2]
    study.z += [0, 0, 0, 0]
    study.arm += [0, 0, 1, 1]
    study.person += [0, 1, 2, -1]
    let partial = try fit("y ~ x + (x | person)", study.data())
    #expect(partial.excludedRows == 4)
    #expect(
      partial.missing == [
        MissingCount(name: "person", rows: 1), MissingCount(name: "x", rows: 2),
        MissingCount(name: "y", rows: 2),
      ])
    #expect(partial.criterion == complete.criterion)
    #expect(partial.fittedValues().suffix(4).allSatisfy { $0.isNaN })
    #expect(partial.fittedValues().count == study.y.count)
  }

  @Test("a variance of 0 is a result and is explained")
  func singular() throws {
    let fit = try Reference(name: "lmm10_dyestuff2_singular_reml").fit()
    #expect(fit.isSingular)
    #expect(fit.theta == [0])
    #expect(fit.notes.contains { $0.contains("(Intercept) over Batch") })
  }

  @Test("every person with one row but one, and unused levels")
  func nearlyNoRepeats() throws {
    let fit = try fit(
      "y ~ 1 + (1 | g)", data(y: [1, 3, 2, 5, 4, 4.5], groups: [0, 1, 2, 3, 4, 4], levels: 9))
    #expect(fit.groups == [.init(name: "g", levels: 5)])
    #expect(fit.converged)
  }

  @Test("a time given as a year")
  func years() throws {
    var study = SimulatedStudy()
    let plain = try fit("y ~ x + (x | person)", study.data())
    study.x = study.x.map { 2024 + $0 / 52 }
    let years = try fit("y ~ x + (x | person)", study.data())
    #expect(years.converged)
    #expect(
      isClose(
        years.fixedEffects[1].estimate, 52 * plain.fixedEffects[1].estimate, relative: 1e-7))
  }

  @Test("five random terms")
  func fiveTerms() throws {
    let fit = try fit(
      "y ~ x + z + (1 | person) + (0 + x | person) + (0 + z | person) + (0 + I(x^2) | person)"
        + " + (0 + I(x * z) | person)", SimulatedStudy(persons: 80, occasions: 8).data())
    #expect(fit.converged)
    #expect(fit.varianceComponents.count == 5)
  }

  @Test("an identifier with thousands of levels among the fixed effects")
  func identifier() throws {
    let rows = 3_000
    let data = try ModelData([
      ("y", .numeric((0..<rows).map { Double($0 % 17) })),
      ("id", .factor(text: (0..<rows).map { "p\($0)" })),
      ("g", .numeric((0..<rows).map { Double($0 % 5) })),
    ])
    try expect(.tooManyColumns(term: "id"), "y ~ id + (1 | g)", data)
  }

  @Test("an infinite value, a negative weight, a column that does not exist")
  func badColumns() throws {
    var infinite = noise
    infinite[4] = .infinity
    try expect(
      .notFinite(variable: "y", row: 4), "y ~ x + (1 | g)", data(y: infinite, groups: codes))
    let formula = try ModelFormula.parse("y ~ x + (1 | g)")
    let weighted = try data(y: noise, groups: codes)
    #expect(throws: ModelError.invalidWeight(row: 0)) {
      _ = try LinearMixedModel(formula, data: weighted, weights: "x")
    }
    try expect(
      .unknownVariable(name: "gg", column: 14, suggestion: "g"), "y ~ x + (1 | gg)", weighted)
    try expect(.notNumeric(name: "g"), "g ~ x + (1 | g)", weighted)
    try expect(.noRandomTerm, "y ~ x", weighted)
    try expect(.noFixedEffect, "y ~ 0 + (1 | g)", weighted)
  }
}
