import Foundation
import Testing

@testable import Statistics

/// nlme 3.1-162: `lme(distance ~ age*Sex, random = ~1|Subject, correlation = corAR1(form =
/// ~I((age-6)/2)|Subject), weights = varIdent(form = ~1|Sex))`, values by `predict(level = 1)`, errors
/// by the mixed-model equations with the whole covariance matrix in R.
@Suite("Predictions with structured residuals")
struct StructuredPredictionTests {
  @Test("of old and new persons, and of a new response in its stratum")
  func structured() throws {
    let known = try Reference(name: "inference01_generalised").values()["structured"]
    let data = try Reference.data("data/orthodont.csv")
    let fit = try LinearMixedModel.fit(
      try ModelFormula.parse("distance ~ age * Sex + (1 | Subject)"), data: data,
      residuals: .ar1(time: "age").variance(per: "Sex"), degreesOfFreedom: .none)
    let rows = try ModelData([
      ("age", .numeric([12, 16, 10])), ("Sex", .factor(text: ["Male", "Female", "Female"])),
      ("Subject", .factor(text: ["M01", "F02", "X"])),
    ])
    let predictions = try fit.conditionalPredictions(for: rows)
    expectClose(predictions.map(\.value), known["value"].numbers, relative: 1e-5, "value")
    expectClose(predictions.map(\.standardError), known["se"].numbers, relative: 1e-4, "se")
    let reach = NormalDistribution().quantile(0.975)
    let residual = zip(predictions, known["se"].numbers).map { prediction, error in
      let half = (prediction.responseUpper - prediction.value) / reach
      return (half * half - error * error).squareRoot()
    }
    expectClose(residual, known["residual"].numbers, relative: 1e-3, "residual")
    #expect(predictions.map(\.isKnown) == [true, true, false])
  }

  @Test("a row that does not tell its stratum has no interval of a new response")
  func unknownStratum() throws {
    let data = try Reference.data("data/orthodont.csv")
    let fit = try LinearMixedModel.fit(
      try ModelFormula.parse("distance ~ age + (1 | Subject)"), data: data,
      residuals: .variance(per: "Sex"))
    let rows = try ModelData([
      ("age", .numeric([12])), ("Subject", .factor(text: ["M01"])),
    ])
    let prediction = try #require(try fit.conditionalPredictions(for: rows).first)
    #expect(prediction.standardError.isFinite && prediction.responseUpper.isNaN)
  }

  @Test("a marginal model predicts with the wave's own deviation; so does a power of a covariate")
  func marginal() throws {
    let data = try Reference.data("data/orthodont.csv")
    let waves = try LinearMixedModel.fit(
      try ModelFormula.parse("distance ~ age"), data: data,
      residuals: .unstructured(wave: "age", within: "Subject"), degreesOfFreedom: .none)
    let rows = try ModelData([("age", .numeric([8, 14]))])
    let deviations = try #require(waves.waves).standardDeviations
    let reach = NormalDistribution().quantile(0.975)
    func residuals(_ fit: ResidualModelFit) throws -> [Double] {
      try fit.conditionalPredictions(for: rows).map { row in
        let half = (row.responseUpper - row.value) / reach
        return (half * half - row.standardError * row.standardError).squareRoot()
      }
    }
    expectClose(
      try residuals(waves), [deviations[0], deviations[3]], relative: 1e-9, "by wave")
    let power = try LinearMixedModel.fit(
      try ModelFormula.parse("distance ~ age + (1 | Subject)"), data: data,
      residuals: .variancePower(of: "age"), degreesOfFreedom: .none)
    let exponent = try #require(power.residualParameters.first?.estimate)
    let rest = try power.conditionalPredictions(
      for: ModelData([
        ("age", .numeric([8, 14])), ("Subject", .factor(text: ["M01", "M01"])),
      ])
    ).map { row -> Double in
      let half = (row.responseUpper - row.value) / reach
      return (half * half - row.standardError * row.standardError).squareRoot()
    }
    #expect(isClose(rest[1] / rest[0], pow(14.0 / 8, exponent), relative: 1e-9))
  }

  /// nlme 3.1-162 has φ of corCAR1; the half-life is log ½ / log φ of it.
  @Test("in continuous time the correlation has a half-life")
  func halfLife() throws {
    let data = try Reference.data("data/orthodont.csv")
    let fit = try LinearMixedModel.fit(
      try ModelFormula.parse("distance ~ age + (1 | Subject)"), data: data,
      residuals: .continuousAR1(time: "age"))
    let half = try #require(fit.halfLife)
    let phi = try #require(fit.phi)
    #expect(isClose(pow(phi, half.estimate), 0.5, relative: 1e-9))
    #expect(half.lower.isNaN || half.lower < half.estimate)
  }
}
