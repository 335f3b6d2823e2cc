import Testing

@testable import Statistics

/// Fits of lme4 1.1-31 at its tightest, and what R makes of them: lme4's `hatvalues` and `rePCA`,
/// clubSandwich 0.5.8's `vcovCR` and `coef_test`, case deletion by refits, and Henderson's equations
/// solved densely (`Fixtures/diag01_leverage_influence_robust.json` has the calls).
@Suite("Diagnostics of linear mixed models agree with R")
struct DiagnosticsTests {
  static let cases = [
    "sleepstudy_slope", "sleepstudy_unbalanced", "pastes_nested", "penicillin_crossed",
  ]
  static let nested = ["sleepstudy_slope", "sleepstudy_unbalanced", "pastes_nested"]

  private func fit(_ name: String) throws -> (fit: LinearMixedModelFit, values: JSONValue) {
    let all = try Reference(name: "diag01_leverage_influence_robust").values()
    let values = all[name]
    let data = try Reference.data(values["csv"].text ?? "")
    // At lme4's θ, so that what differs are formulas and not where a search stopped.
    let fit = try LinearMixedModel(
      try ModelFormula.parse(values["formula"].text ?? ""), data: data
    ).fit(atTheta: values["theta"].numbers, .reml, degreesOfFreedom: .satterthwaite)
    return (fit, values)
  }

  @Test("leverages of rows are lme4's hat values", arguments: cases)
  func leverages(name: String) throws {
    let (fit, values) = try fit(name)
    expectClose(
      try fit.leverages(), values["hatvalues"].numbers, relative: 1e-5, absolute: 1e-6, "hat")
  }

  @Test("residuals by kind", arguments: cases)
  func residuals(name: String) throws {
    let (fit, values) = try fit(name)
    let pearson = try fit.residuals(.pearson)
    expectClose(
      pearson.prefix(5).map { $0 * fit.sigma }, values["pearson_first"].numbers, relative: 1e-4,
      absolute: 1e-5 * fit.sigma, "pearson (lme4's are not over σ)")
    #expect(try fit.residuals(.normalized) == pearson)
    guard Self.nested.contains(name) else {
      #expect(throws: ModelError.self) { try fit.residuals(.marginal) }
      return
    }
    expectClose(
      try fit.residuals(.marginal), values["marginal"].numbers, relative: 1e-5, absolute: 1e-5,
      "marginal")
  }

  @Test("principal components of the random effects are rePCA's", arguments: cases)
  func components(name: String) throws {
    let (fit, values) = try fit(name)
    for component in fit.randomEffectsComponents() {
      expectClose(
        component.standardDeviations, values["repca"][component.group]["sdev"].numbers,
        relative: 1e-4, absolute: 1e-4 * fit.sigma, "sdev")
      #expect(isClose(component.shares.reduce(0, +), 1, relative: 1e-12))
    }
  }

  @Test("cluster-robust covariances and degrees of freedom are clubSandwich's", arguments: nested)
  func robust(name: String) throws {
    let (fit, values) = try fit(name)
    for correction in RobustCorrection.allCases {
      let robust = try fit.robustEffects(correction)
      let reference = values[correction.rawValue]
      expectClose(
        robust.covariance.elements, reference["vcov"].numbers, relative: 1e-5,
        absolute: 1e-9, correction.rawValue)
      expectClose(
        robust.fixedEffects.map { $0.degreesOfFreedom ?? .nan }, reference["df"].numbers,
        relative: 1e-4, "\(correction.rawValue) df")
      expectClose(
        robust.fixedEffects.map(\.pValue), reference["p"].numbers, relative: 1e-3,
        "\(correction.rawValue) p")
    }
  }

  @Test("a robust covariance is refused where factors cross")
  func crossed() throws {
    let fit = try fit("penicillin_crossed").fit
    #expect(throws: ModelError.self) { try fit.robustEffects() }
    #expect(throws: ModelError.self) { try fit.oneStepInfluence() }
  }

  @Test("one-step influence is case deletion at the estimated variances", arguments: nested)
  func oneStep(name: String) throws {
    let (fit, values) = try fit(name)
    let influence = try fit.oneStepInfluence()
    expect(influence, values["one_step"].list, sigma: false)
    #expect(
      isClose(
        influence.reduce(0) { $0 + $1.leverage }, Double(fit.estimates.count), relative: 1e-10))
  }

  @Test("exact influence is a refit without the group", arguments: cases)
  func exact(name: String) throws {
    let (fit, values) = try fit(name)
    let influence = try fit.exactInfluence(of: values["exact_group"].text)
    expect(influence, values["exact"].list, sigma: true)
    #expect(throws: ModelError.self) { try fit.exactInfluence(of: "nobody") }
  }

  @Test("a nested factor goes by its own name, and by its names in any order")
  func groupNames() throws {
    let fit = try LinearMixedModel.fit(
      ModelFormula.parse("y ~ 1 + (1 | a/b)"),
      data: ModelData([
        ("y", .numeric([1, 2, 4, 3, 5, 7, 8, 6])),
        ("a", .factor(text: ["u", "u", "u", "u", "v", "v", "v", "v"])),
        ("b", .factor(text: ["1", "1", "2", "2", "1", "1", "2", "2"])),
      ]))
    for name in ["b", "a:b", "b:a"] {
      #expect(try fit.tables.groupingFactor(name).levels.count == 4)
    }
    #expect(try fit.tables.groupingFactor("a").levels.count == 2)
    for name in ["c", "", ":", "a:c"] {
      #expect(throws: ModelError.self) { try fit.tables.groupingFactor(name) }
    }
  }

  private func expect(_ influence: [GroupInfluence], _ reference: [JSONValue], sigma: Bool) {
    #expect(influence.count == reference.count)
    var byLevel: [String: JSONValue] = [:]
    for row in reference { byLevel[row["level"].text ?? ""] = row }
    for group in influence {
      let known = byLevel[group.level] ?? .null
      expectClose(
        group.estimates, known["estimates"].numbers, relative: sigma ? 1e-4 : 1e-6, absolute: 1e-5,
        group.level)
      // Cook's distance is a square of small differences.
      #expect(
        isClose(group.cooksDistance, known["cook"].number, relative: 1e-3, absolute: 1e-5),
        "\(group.level): \(group.cooksDistance), reference \(known["cook"].number)")
      if sigma {
        #expect(isClose(group.sigma, known["sigma"].number, relative: 1e-4))
      } else {
        #expect(isClose(group.leverage, known["leverage"].number, relative: 1e-4))
      }
    }
  }

  @Test("prediction errors for old and new groups solve Henderson's equations")
  func predictions() throws {
    let (fit, values) = try fit("sleepstudy_slope")
    let rows = values["predictions"].list
    let data = try ModelData([
      ("Days", .numeric(rows.map { $0["Days"].number })),
      ("Subject", .factor(text: rows.map { $0["Subject"].text })),
    ])
    let predictions = try fit.conditionalPredictions(for: data)
    for (prediction, row) in zip(predictions, rows) {
      #expect(isClose(prediction.value, row["value"].number, relative: 1e-6))
      #expect(isClose(prediction.standardError, row["se"].number, relative: 1e-5))
      #expect(prediction.isKnown == (row["Subject"].text != "new"))
      let variance = prediction.standardError * prediction.standardError
      #expect(
        isClose(
          (prediction.responseUpper - prediction.value) / (prediction.upper - prediction.value),
          (1 + fit.sigma * fit.sigma / variance).squareRoot(), relative: 1e-9))
    }
    let (crossed, other) = try self.fit("penicillin_crossed")
    let row = try #require(other["predictions"].list.first)
    let found = try crossed.conditionalPredictions(
      for: ModelData([
        ("plate", .factor(text: [row["plate"].text])),
        ("sample", .factor(text: [row["sample"].text])),
      ]))
    #expect(isClose(found[0].value, row["value"].number, relative: 1e-6))
    #expect(isClose(found[0].standardError, row["se"].number, relative: 1e-5))
  }

  @Test("a group that alone tells of an effect cannot be left out, and is named so")
  func indispensable() throws {
    var study = SimulatedStudy(persons: 12, occasions: 5, seed: 2)
    // The second arm has one person.
    study.arm = study.person.map { $0 == 7 ? 1 : 0 }
    let fit = try LinearMixedModel.fit(
      try ModelFormula.parse("y ~ x + arm + (1 | person)"), data: study.data())
    for influence in [try fit.oneStepInfluence(), try fit.exactInfluence()] {
      #expect(influence.filter { $0.cooksDistance.isNaN }.map(\.level) == ["p7"])
      #expect(influence.allSatisfy { !$0.leverage.isNaN })
    }
  }

  /// By hand: ten rows of each person, so 1 + 9 ICC.
  @Test("the design effect of a balanced intercept model")
  func designEffect() throws {
    let fit = try Reference(name: "lmm04_sleepstudy_intercept_reml").fit()
    let shares = fit.varianceShares()
    #expect(
      isClose(
        shares.designEffect, 1 + 9 * shares.intraclassCorrelation, relative: 1e-12))
  }
}
