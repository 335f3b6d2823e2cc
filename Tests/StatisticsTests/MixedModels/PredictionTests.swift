import Testing

@testable import Statistics

@Suite("Predictions and variance shares")
struct PredictionTests {
  @Test(
    "for the rows of the model are its fitted values",
    arguments: [
      "y ~ x * arm + (x | person)", "y ~ poly(x, 2) + scale(z) + (1 | person) + (0 + x | person)",
      "y ~ x + (x | site/person)", "y ~ factor(site) + log(x + 1) + (1 | person) + (z | item)",
    ])
  func sameRows(formula: String) throws {
    let data = try SimulatedStudy().data()
    let fit = try fit(formula, data)
    expectClose(
      try fit.conditionalPredictions(for: data).map(\.value), fit.fittedValues(), relative: 1e-9,
      absolute: 1e-9, "fitted")
  }

  @Test("for other rows use what the model's rows gave")
  func otherRows() throws {
    let fit = try fit("y ~ poly(x, 2) * arm + (x | person)", SimulatedStudy().data())
    let plain = try Statistics.LinearMixedModel.fit(
      try ModelFormula.parse("y ~ x * arm + I(x^2) * arm + (x | person)"),
      data: SimulatedStudy().data())
    let other = try ModelData([
      ("x", .numeric([0, 7, .nan, 2])),
      (
        "arm",
        .factor(
          text: ["active", "control", "control", "other"], levels: ["other", "active", "control"])
      ),
      ("person", .factor(text: ["p3", "new", "p1", "p1"])),
    ])
    let predictions = try fit.predictions(for: other)
    let weights: [[Double]] = [[1, 0, 1, 0, 0, 0], [1, 7, 0, 49, 0, 0]]
    #expect(
      plain.fixedEffects.map(\.name) == [
        "(Intercept)", "x", "armactive", "I(x^2)", "x:armactive", "armactive:I(x^2)",
      ])
    for (prediction, weights) in zip(predictions, weights) {
      let direct = plain.contrast(weights, name: "")
      #expect(isClose(prediction.value, direct.estimate, relative: 1e-6))
      #expect(isClose(prediction.standardError, direct.standardError, relative: 1e-5))
    }
    #expect(predictions[2].value.isNaN && predictions[3].value.isNaN)
    let conditional = try fit.conditionalPredictions(for: other).map(\.value)
    #expect(isClose(conditional[1], predictions[1].value, relative: 1e-12))
    let mode = try #require(fit.randomEffects().first)
    let level = try #require(mode.levels.firstIndex(of: "p3"))
    #expect(isClose(conditional[0] - predictions[0].value, mode.values[level, 0], relative: 1e-9))
    #expect(throws: ModelError.self) {
      try fit.predictions(for: ModelData([("x", .numeric([1]))]))
    }
  }

  /// By hand from lme4's estimates of sleepstudy (fixture lmm04): 10.4673² · var(0…9) for the fixed
  /// part, 37.1238² between and 30.9912² within.
  @Test("variance shares")
  func shares() throws {
    let fit = try Reference(name: "lmm04_sleepstudy_intercept_reml").fit()
    let shares = fit.varianceShares()
    // The squares of 0…9 about their mean sum to 82.5, for each of 18 persons.
    let days = 82.5 * 18 / 179
    let slope = fit.fixedEffects[1].estimate
    #expect(isClose(shares.fixed, slope * slope * days, relative: 1e-10))
    #expect(isClose(shares.random[0], 1378.1785, relative: 1e-4))
    #expect(
      isClose(shares.intraclassCorrelation, 1378.1785 / (1378.1785 + 960.4566), relative: 1e-4))
    #expect(shares.marginal < shares.conditional && shares.conditional < 1)
  }
}
