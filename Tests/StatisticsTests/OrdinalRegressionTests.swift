import Testing

@testable import Statistics

/// Reference: R 4.2.2, `MASS::polr(y ~ x + g, reltol = 1e-15)` of MASS 7.3-58.2 and `glm(z ~ x + g,
/// binomial, epsilon = 1e-14)`.
@Suite struct OrdinalRegressionTests {
  private static let x = [
    0.2, 1.1, -0.7, 0.5, 2.3, -1.2, 0.1, 0.9, -0.4, 1.7, -0.9, 0.3, 1.4, -1.6, 0.6, -0.2, 2.1, -0.5,
    0.8, -1.1, 1.2, 0.4, -0.3, 1.9,
  ]
  private static let y = [
    2.0, 3, 1, 2, 4, 1, 1, 3, 2, 3, 2, 1, 4, 1, 3, 1, 4, 3, 2, 2, 3, 2, 1, 2,
  ]

  private func data(_ more: [(name: String, column: ModelData.Column)] = []) throws -> ModelData {
    try ModelData(
      [
        ("x", .numeric(Self.x)), ("y", .numeric(Self.y)),
        ("z", .numeric(Self.y.map { $0 > 2 ? 1 : 0 })),
        ("g", .factor(text: (0..<24).map { [0, 3].contains($0 % 4) ? "a" : "b" })),
      ] + more)
  }

  private func expect(
    _ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (value, reference) in zip(found, expected) {
      #expect(
        abs(value - reference) < 2e-6, "\(value) \(reference)", sourceLocation: sourceLocation)
    }
  }

  @Test func orderedCategoriesAreAsByPolr() throws {
    let fit = try OrdinalRegression(try ModelFormula.parse("y ~ x + g"), data: try data())
    expect(fit.effects.map(\.estimate), [1.800105981, -0.391355610])
    expect(fit.effects.map(\.standardError), [0.551047655, 0.828369285])
    expect(fit.thresholds.map(\.estimate), [-1.071905041, 1.208385284, 3.504465166])
    expect(fit.thresholds.map(\.standardError), [0.714015888, 0.772208488, 1.061710437])
    expect([fit.logLikelihood, fit.nullLogLikelihood], [-23.636827394, -31.969994870])
    #expect(fit.categories == ["1", "2", "3", "4"] && fit.observations == 24)
    #expect(fit.effects.map(\.name) == ["x", "gb"])
  }

  @Test func twoCategoriesAreAsByGlm() throws {
    let fit = try OrdinalRegression(try ModelFormula.parse("z ~ x + g"), data: try data())
    expect(fit.effects.map(\.estimate), [1.965263849, 1.041207076])
    expect(fit.effects.map(\.standardError), [0.783223924, 1.216999558])
    expect(fit.thresholds.map(\.estimate), [2.101338033])
    expect(fit.thresholds.map(\.standardError), [1.096471165])
    expect([fit.logLikelihood], [-10.129806612])
  }

  @Test func smallerModelsAreTestedByTheirLikelihood() throws {
    let data = try data()
    let large = try OrdinalRegression(try ModelFormula.parse("y ~ x + g"), data: data)
    let small = try OrdinalRegression(try ModelFormula.parse("y ~ x"), data: data)
    let test = try large.likelihoodRatioTest(against: small)
    #expect(test.degreesOfFreedom == 1)
    #expect(abs(test.statistic - 2 * (large.logLikelihood - small.logLikelihood)) < 1e-12)
    #expect(throws: ModelError.self) { try small.likelihoodRatioTest(against: large) }
  }

  @Test func columnsThatRepeatOthersAreSetAside() throws {
    let data = try data([("twice", .numeric(Self.x.map { 3 - 2 * $0 }))])
    let fit = try OrdinalRegression(try ModelFormula.parse("y ~ x + twice + g"), data: data)
    #expect(fit.setAside == ["twice"] && fit.effects.map(\.name) == ["x", "gb"])
  }

  @Test func whatTellsCategoriesApartWithoutErrorIsRefused() throws {
    let data = try data([("told", .numeric(Self.y))])
    #expect(throws: ModelError.self) {
      try OrdinalRegression(try ModelFormula.parse("z ~ told"), data: data)
    }
  }

  @Test(arguments: ["y ~ x + (1 | g)", "x2 ~ x", "y ~ none"])
  func whatItCannotFitIsSaid(formula: String) throws {
    let data = try data()
    #expect(throws: ModelError.self) {
      try OrdinalRegression(try ModelFormula.parse(formula), data: data)
    }
  }

  @Test func aResponseOfOneValueIsRefused() throws {
    let data = try data([("same", .numeric([Double](repeating: 2, count: 24)))])
    #expect(throws: ModelError.constantResponse(name: "same")) {
      try OrdinalRegression(try ModelFormula.parse("same ~ x"), data: data)
    }
  }
}
