import Foundation
import Testing

@testable import Statistics

/// Fits of nlme 3.1-162 at a tolerance of 1e-10, type III F of the sum-coded fit, emmeans 1.8.4,
/// clubSandwich 0.5.8 (`Fixtures/diag02_structured_residuals.json` has the calls).
@Suite("What is asked of structured residuals agrees with nlme, emmeans and clubSandwich")
struct StructuredDiagnosticsTests {
  static let cases = ["bodyweight_car1", "orthodont_varident", "orthodont_cs"]

  private func fit(
    _ name: String
  ) throws -> (fit: ResidualModelFit, values: JSONValue, data: ModelData) {
    let values = try Reference(name: "diag02_structured_residuals").values()[name]
    var factors: [String: JSONValue] = [:]
    let levels = values["means"].list.map { $0["level"] }
    if let factor = values["factor"].text {
      factors[factor] = .object(["levels": .list(levels)])
    }
    let data = try Reference.data(values["csv"].text ?? "", factors: factors)
    let fit = try LinearMixedModel.fit(
      try ModelFormula.parse(values["formula"].text ?? ""), data: data,
      residuals: try ResidualStructure(values["residuals"].text ?? ""))
    #expect(isClose(fit.logLikelihood, values["logLik"].number, relative: 0, absolute: 1e-5))
    return (fit, values, data)
  }

  @Test("type III F, marginal means and their differences", arguments: cases)
  func margins(name: String) throws {
    let (fit, values, data) = try fit(name)
    let tests = try fit.typeThreeTests()
    #expect(tests.map(\.term) == values["anova"].list.map { $0["term"].text })
    expectClose(
      tests.map(\.test.statistic), values["anova"].list.map { $0["F"].number }, relative: 1e-3, "F")
    expectClose(
      tests.map(\.test.numerator), values["anova"].list.map { $0["numDF"].number }, relative: 0,
      "numDF")
    #expect(tests.allSatisfy { $0.test.denominator > 2 && $0.test.denominator < 400 })
    let means = try fit.marginalMeans(of: [values["factor"].text ?? ""], data: data)
    expectClose(
      means.map(\.effect.estimate), values["means"].list.map { $0["estimate"].number },
      relative: 1e-5, "mean")
    expectClose(
      means.map(\.effect.standardError), values["means"].list.map { $0["se"].number },
      relative: 2e-4, "se")
    let pairs = fit.pairwiseComparisons(of: means, adjustment: .none)
    expectClose(
      pairs.map(\.effect.estimate), values["pairs"].list.map { $0["estimate"].number },
      relative: 1e-4, "difference")
    expectClose(
      pairs.map(\.effect.standardError), values["pairs"].list.map { $0["se"].number },
      relative: 2e-4, "se of a difference")
  }

  @Test("cluster-robust covariances", arguments: cases)
  func robust(name: String) throws {
    let (fit, values, _) = try fit(name)
    for correction in [RobustCorrection.none, .biasReduced] {
      let robust = try fit.robustEffects(correction)
      let reference = values[correction.rawValue]
      let size = reference["vcov"].numbers.map { abs($0) }.max() ?? 1
      expectClose(
        robust.covariance.elements, reference["vcov"].numbers, relative: 2e-3,
        absolute: 1e-6 * size, correction.rawValue)
      if correction == .biasReduced {
        expectClose(
          robust.fixedEffects.map { $0.degreesOfFreedom ?? .nan }, reference["df"].numbers,
          relative: 1e-3, "df")
      }
    }
    let influence = try fit.oneStepInfluence()
    #expect(influence.count == fit.groups[0].levels)
    #expect(
      isClose(
        influence.reduce(0) { $0 + $1.leverage }, Double(fit.estimates.count), relative: 1e-9))
  }

  @Test("a variance that is a power of a covariate is nlme's varPower(form = ~ Time)")
  func power() throws {
    let values = try Reference(name: "diag02_structured_residuals").values()[
      "bodyweight_power_time"]
    let data = try Reference.data(
      "data/bodyweight.csv",
      factors: ["Diet": .object(["levels": .list(["1", "2", "3"].map(JSONValue.text))])])
    let fit = try LinearMixedModel.fit(
      try ModelFormula.parse(values["formula"].text ?? ""), data: data,
      residuals: .variancePower(of: "Time"))
    #expect(isClose(fit.logLikelihood, values["logLik"].number, relative: 0, absolute: 1e-6))
    let power = try #require(fit.residualParameters.first)
    #expect(isClose(power.estimate, values["power"].number, relative: 1e-4))
    #expect(power.lower < power.estimate && power.estimate < power.upper)
    expectClose(fit.estimates, values["estimates"].numbers, relative: 1e-5, "estimate")
    expectClose(
      fit.fixedEffects.map(\.standardError), values["se"].numbers, relative: 1e-4, "se")
    let weights = try #require(fit.model.source as? PowerWeights)
    #expect(
      isClose(
        fit.sigma / pow(weights.centre, power.estimate), values["sigma"].number, relative: 1e-4))
  }

  @Test("a power that cannot be is refused in words")
  func refusedPower() throws {
    #expect(throws: ModelError.self) { try ResidualStructure("power,variance:arm") }
    #expect(throws: ModelError.self) { try ResidualStructure("power:x,ar1:t") }
    #expect(try ResidualStructure("power:x").description == "power:x")
    #expect(try ResidualStructure("power") == .variancePower())
    // x is 0 in the first row of each person.
    #expect(throws: ModelError.self) {
      try LinearMixedModel.fit(
        try ModelFormula.parse("y ~ x + (1 | person)"), data: SimulatedStudy().data(),
        residuals: .variancePower(of: "x"))
    }
  }
}
