import Testing

@testable import Statistics

@Suite("Variances that the design does not tell apart are named")
struct UnidentifiedVarianceTests {
  private func data() throws -> ModelData {
    let data = try Reference.data("data/unbalanced.csv")
    guard case .numeric(let ids) = data["id"] else { return data }
    return try ModelData(
      data.names.compactMap { name in data[name].map { (name: name, column: $0) } } + [
        (name: "const", column: .numeric([Double](repeating: 5, count: ids.count))),
        (name: "other", column: .factor(text: ids.map { "person \($0)" })),
      ])
  }

  @Test(
    "two terms alike, a constant slope, one factor by two names: only a combination is known",
    arguments: [
      ("y ~ t + (1 | id) + (1 | id)", 2), ("y ~ t + (const | id)", 3),
      ("y ~ t + (1 | id) + (1 | other)", 2), ("y ~ t + (t | id) + (0 + t | id)", 2),
    ])
  func combinations(formula: String, count: Int) throws {
    for method in [EstimationMethod.reml, .ml] {
      let fit = try fit(formula, data(), method)
      #expect(fit.unidentified.map(\.count) == [count], "\(formula) \(fit.unidentified)")
      #expect(fit.notes.contains { $0.hasPrefix("Not identified: the variance of") })
      #expect(fit.tables.hasVarianceShares)
    }
  }

  /// An indicator of every level beside an intercept: what all levels share has two names.
  @Test("a factor without correlation keeps its intercept twice")
  func doubleBar() throws {
    let fit = try fit("y ~ t + (g || id)", data())
    #expect(fit.unidentified.count == 1 && fit.unidentified[0].count == 7)
  }

  @Test("groups whose means are fixed effects leave nothing for their variance")
  func takenUp() throws {
    let fit = try fit("y ~ t + factor(id) + (1 | id)", data())
    #expect(fit.unidentified == [["the variance of (Intercept) over id"]])
    #expect(fit.notes.contains { $0.contains("fixed effects take up all") })
    #expect(!fit.tables.hasVarianceShares)
  }

  @Test(
    "models that are identified are left alone, singular or not",
    arguments: [
      "y ~ t + (t | id)", "y ~ t + (1 | id) + (0 + t | id)", "y ~ t + (1 | id) + (1 | g)",
      "y ~ t + (x | id) + (1 | arm:g)", "y ~ t + (x || id)", "y ~ t + (0 + g | id)",
    ])
  func identified(formula: String) throws {
    #expect(try fit(formula, data()).unidentified.isEmpty)
  }

  @Test("counts and ordered answers too")
  func generalised() throws {
    let formula = try ModelFormula.parse("cnt ~ t + (1 | id) + (1 | id)")
    let twice = try GeneralisedMixedModel.fit(formula, data: data(), family: .poisson)
    #expect(twice.unidentified.map(\.count) == [2])
    #expect(twice.notes.contains { $0.contains("stands in the model twice") })
    let once = try GeneralisedMixedModel.fit(
      try ModelFormula.parse("cnt ~ t + (1 | id)"), data: data(), family: .poisson)
    #expect(once.unidentified.isEmpty)
    #expect(isClose(once.criterion, twice.criterion, relative: 1e-8))
    let ordinal = try OrdinalMixedModel.fit(formula, data: data())
    #expect(ordinal.unidentified.map(\.count) == [2])
  }

  @Test(
    "values whose squares are no numbers are refused by name", arguments: [1e300, 1e200, 1e-200])
  func extremes(scale: Double) throws {
    let data = try data()
    guard case .numeric(let y) = data["y"], let id = data["id"], let t = data["t"] else { return }
    let scaled = try ModelData([
      ("y", .numeric(y)), ("big", .numeric(y.map { $0 * scale })), ("id", id), ("t", t),
    ])
    for formula in ["big ~ t + (1 | id)", "y ~ big + (1 | id)", "y ~ t + (big | id)"] {
      do {
        _ = try fit(formula, scaled)
        Issue.record("\(formula) was fitted")
      } catch let error as ModelError {
        #expect(error.description.hasPrefix("‘big’ has values of about 1e"), "\(error)")
      }
    }
  }

  @Test("columns set aside say what they follow from")
  func repeats() throws {
    let fit = try fit("y ~ t + x + I(2 * x - t) + const + (1 | id)", data())
    #expect(fit.notes.contains("No estimate for I(2 * x - t): it follows from t and x."))
    #expect(fit.notes.contains("No estimate for const: it is the same in every row."))
  }

  @Test("contrasts may be given by a factor's column or by what the formula makes of it")
  func codings() throws {
    let data = try data()
    for name in ["t", "factor(t)"] {
      let fit = try Statistics.LinearMixedModel.fit(
        try ModelFormula.parse("y ~ factor(t) + (1 | id)"), data: data,
        codings: [name: .polynomial])
      #expect(fit.fixedEffects[1].name == "factor(t).L")
    }
    #expect(throws: ModelError.codingWithoutFactor(name: "x")) {
      try Statistics.LinearMixedModel.fit(
        try ModelFormula.parse("y ~ t + x + (1 | id)"), data: data, codings: ["x": .sum])
    }
  }

  @Test("a singular fit of a summary is given the same simpler models as that of the rows")
  func summaries() throws {
    let data = try data()
    let formula = try ModelFormula.parse("y ~ t + (x | id) + (1 | arm)")
    let rows = try LinearMixedModel(formula, data: data).fit()
    let statistics = try SufficientStatistics(formula, data: data)
    let summary = try LinearMixedModel(statistics).fit()
    let known = try rows.simplerFits(data: data)
    let found = try summary.simplerFits(statistics)
    #expect(!known.isEmpty && found.map(\.formula) == known.map(\.formula))
    expectClose(found.map(\.criterion), known.map(\.criterion), relative: 1e-9, "criterion")
  }
}
