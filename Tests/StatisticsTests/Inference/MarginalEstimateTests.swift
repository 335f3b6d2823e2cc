import Testing

@testable import Statistics

/// Against emmeans 1.8.4, which was run on lme4's fit at its default tolerance: the estimates are
/// compared at that θ, not at the optimum.
@Suite("Marginal means and slopes")
struct MarginalEstimateTests {
  private let reference = Reference(name: "emm01_bodyweight")

  private func model() throws -> (LinearMixedModel, ModelData) {
    let factors = try Reference(name: "lmm19_bodyweight_reml").values()["factors"].object
    let data = try Reference.data("data/bodyweight.csv", factors: factors)
    let formula = try reference.values()["formula"].text ?? ""
    return (try LinearMixedModel(try ModelFormula.parse(formula), data: data), data)
  }

  private func theta() throws -> [Double] {
    try Reference(name: "lmm19_bodyweight_reml").values()["theta_default_fit"].numbers
  }

  private func numbers(_ rows: JSONValue, _ key: String) -> [Double] {
    rows.list.map { Double($0[key].text ?? "") ?? .nan }
  }

  private func expect(
    _ effects: [LinearMixedModelFit.FixedEffect], _ rows: JSONValue, estimate: String,
    freedomTolerance: Double
  ) {
    expectClose(
      effects.map(\.estimate), numbers(rows, estimate), relative: 1e-8, "estimate")
    expectClose(effects.map(\.standardError), numbers(rows, "SE"), relative: 1e-5, "SE")
    expectClose(
      effects.map { $0.degreesOfFreedom ?? .nan }, numbers(rows, "df"),
      relative: freedomTolerance, "df")
  }

  @Test("slopes by a factor, and their differences by Tukey")
  func slopes() throws {
    let (model, data) = try model()
    let fit = try model.fit(atTheta: theta(), .reml, degreesOfFreedom: .satterthwaite)
    let values = try reference.values()
    let slopes = try fit.marginalSlopes(of: "Time", by: ["Diet"], data: data)
    let rows = values["trends_satterthwaite"]
    expect(slopes.map(\.effect), rows, estimate: "Time.trend", freedomTolerance: 1e-3)
    expectClose(slopes.map(\.effect.lower), numbers(rows, "lower.CL"), relative: 1e-4, "lower")
    expectClose(slopes.map(\.effect.upper), numbers(rows, "upper.CL"), relative: 1e-4, "upper")
    #expect(slopes.map(\.at) == ["1", "2", "3"].map { [.init(name: "Diet", value: $0)] })
    let pairs = fit.pairwiseComparisons(of: slopes)
    #expect(
      pairs.map(\.effect.name) == values["trend_pairs_tukey"].list.map { $0["contrast"].text })
    expectClose(
      pairs.map(\.adjustedPValue), numbers(values["trend_pairs_tukey"], "p.value"),
      relative: 1e-3, "p")
  }

  @Test("means by Kenward-Roger, and their differences by Holm")
  func means() throws {
    let (model, data) = try model()
    let fit = try model.fit(atTheta: theta(), .reml, degreesOfFreedom: .kenwardRoger)
    let values = try reference.values()
    let means = try fit.marginalMeans(of: ["Diet"], data: data)
    expect(means.map(\.effect), values["means_kr"], estimate: "emmean", freedomTolerance: 1e-6)
    let pairs = fit.pairwiseComparisons(of: means, adjustment: .holm)
    let rows = values["pairs_kr_holm"]
    expect(pairs.map(\.effect), rows, estimate: "estimate", freedomTolerance: 1e-6)
    expectClose(pairs.map(\.adjustedPValue), numbers(rows, "p.value"), relative: 1e-4, "p")
  }

  @Test("a mean at a value of a covariate is the prediction there")
  func atValues() throws {
    let study = SimulatedStudy()
    let data = try study.data()
    let fit = try fit("y ~ poly(x, 2) * arm + scale(z) + (x | person)", data)
    let means = try fit.marginalMeans(
      of: ["arm"], at: [(name: "x", values: [0, 4]), (name: "z", values: [1])], data: data)
    #expect(
      means.map(\.effect.name) == [
        "armcontrol x0 z1", "armactive x0 z1", "armcontrol x4 z1", "armactive x4 z1",
      ])
    // The same by a plain parametrisation of the same model.
    let plain = try LinearMixedModel.fit(
      try ModelFormula.parse("y ~ x * arm + I(x^2) * arm + z + (x | person)"), data: data)
    let weights: [[Double]] = [
      [1, 0, 0, 0, 1, 0, 0], [1, 0, 1, 0, 1, 0, 0], [1, 4, 0, 16, 1, 0, 0],
      [1, 4, 1, 16, 1, 4, 16],
    ]
    #expect(
      plain.fixedEffects.map(\.name) == [
        "(Intercept)", "x", "armactive", "I(x^2)", "z", "x:armactive", "armactive:I(x^2)",
      ])
    for (mean, weights) in zip(means, weights) {
      let direct = plain.contrast(weights, name: "")
      #expect(isClose(mean.effect.estimate, direct.estimate, relative: 1e-6))
      #expect(isClose(mean.effect.standardError, direct.standardError, relative: 1e-5))
    }
  }

  @Test("unknown factors are refused with the nearest name")
  func unknown() throws {
    let data = try SimulatedStudy().data()
    let fit = try fit("y ~ x * arm + (x | person)", data)
    #expect(
      throws: ModelError.unsupported(
        "the fixed part of the model has no factor ‘ar’; did you mean ‘arm’?")
    ) {
      try fit.marginalMeans(of: ["ar"], data: data)
    }
    #expect(throws: ModelError.self) { try fit.marginalSlopes(of: "arm", data: data) }
  }

  @Test("adjustments agree with R's p.adjust and ptukey")
  func adjustments() {
    let pValues = [0.01, 0.02, 0.03, 0.04]
    func adjusted(_ adjustment: Adjustment) -> [Double] {
      adjustment.adjust(pValues, statistics: [], freedoms: [], means: 4)
    }
    expectClose(adjusted(.holm), [0.04, 0.06, 0.06, 0.06], relative: 1e-14, "holm")
    expectClose(adjusted(.benjaminiHochberg), [0.04, 0.04, 0.04, 0.04], relative: 1e-14, "BH")
    // ptukey(q, k, df, lower.tail = FALSE) of R 4.2.2
    for (q, means, freedom, tail) in [
      (3.5, 3, 10.0, 0.07710331083866), (2.0, 5, 4.0, 0.6515100585295),
      (6.0, 10, 60.0, 0.002905262981824),
      (4.0, 4, .infinity, 0.02418331532543),
    ] {
      let range = StudentisedRange(means: means, degreesOfFreedom: freedom)
      #expect(isClose(range.upperTail(q), tail, relative: 1e-6), "\(q) \(means) \(freedom)")
    }
    #expect(StudentisedRange(means: 1, degreesOfFreedom: 3).upperTail(1).isNaN)
  }
}
