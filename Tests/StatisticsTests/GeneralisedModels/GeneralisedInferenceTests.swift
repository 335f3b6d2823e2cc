import Testing

@testable import Statistics

/// Against lme4 1.1-31 (profiles), glmmTMB 1.1.5 (predictions), emmeans 1.8.4.1, car 3.1-1 and
/// ordinal 2022.11-16; the calls are named in the tests, versions stand in the fixture.
@Suite("Inference from generalised and ordinal models agrees with R")
struct GeneralisedInferenceTests {
  private let reference = Reference(name: "inference01_generalised")

  private func counts() throws -> ModelData {
    let levels: JSONValue = .object(["levels": .list([.text("active"), .text("control")])])
    return try Reference.data("data/counts.csv", factors: ["arm": levels])
  }

  private func slopes() throws -> GeneralisedMixedModelFit {
    try GeneralisedMixedModel.fit(
      try ModelFormula.parse("cnt ~ t * arm + z + (t | id)"), data: counts(), family: .poisson)
  }

  private func newRows() throws -> ModelData {
    try ModelData([
      ("t", .numeric([3, 0, 9])), ("arm", .factor(text: ["active", "control", "active"])),
      ("z", .numeric([0.5, -1, 0])), ("id", .numeric([2, 3, 99])),
    ])
  }

  @Test("profiles of standard deviations, correlation and effects: confint(glmer)")
  func profiles() throws {
    let fit = try slopes()
    let intervals = try fit.profileIntervals()
    let known = try reference.values()["profile"]
    // Within a thousandth of an interval, which lme4 interpolates.
    for (interval, ends) in zip(
      intervals, zip(known["lower"].numbers, known["upper"].numbers))
    {
      let width = ends.1 - ends.0
      #expect(
        isClose(interval.lower, ends.0, relative: 0, absolute: 2e-3 * width)
          && isClose(interval.upper, ends.1, relative: 0, absolute: 2e-3 * width),
        "\(interval) \(ends)")
    }
    #expect(intervals.count == 8)
  }

  @Test("profiles do not hang on where a covariate has its 0, but those of the intercept")
  func shiftedProfiles() throws {
    let data = try counts()
    func intervals(_ formula: String) throws -> [ProfileInterval] {
      try GeneralisedMixedModel.fit(
        ModelFormula.parse(formula), data: data, family: .poisson
      ).profileIntervals()
    }
    let plain = try intervals("cnt ~ t + (t | id)")
    let moved = try intervals("cnt ~ I(t - 40) + (I(t - 40) | id)")
    for position in [2, 4] {
      #expect(isClose(moved[position].lower, plain[position].lower, relative: 1e-4))
      #expect(isClose(moved[position].upper, plain[position].upper, relative: 1e-4))
    }
    #expect(moved[0].lower > plain[0].upper)
  }

  @Test("type III tests: car::Anova(type = 3) of glmmTMB with sum contrasts")
  func terms() throws {
    let known = try reference.values()["anova"]
    let tests = try slopes().typeThreeTests()
    #expect(tests.map(\.term) == known["terms"].list.map(\.text))
    expectClose(
      tests.map { $0.test.statistic * $0.test.numerator }, known["chisq"].numbers, relative: 2e-4,
      "χ²")
    expectClose(tests.map(\.test.pValue), known["p"].numbers, relative: 2e-3, "p")
  }

  @Test("marginal means on both scales, ratios, slopes: emmeans and emtrends of glmmTMB")
  func means() throws {
    let data = try counts()
    let fit = try slopes()
    let known = try reference.values()["means"]
    let means = try fit.marginalMeans(of: ["arm"], data: data)
    expectClose(means.map(\.effect.estimate), known["link"]["emmean"].numbers, relative: 1e-4, "η")
    expectClose(
      means.map(\.effect.standardError), known["link"]["SE"].numbers, relative: 1e-3, "se")
    let responses = means.map { fit.family.onResponseScale($0.effect) }
    expectClose(responses.map(\.estimate), known["response"]["rate"].numbers, relative: 2e-4, "μ")
    expectClose(
      responses.map(\.standardError), known["response"]["SE"].numbers, relative: 1e-3, "se of μ")
    expectClose(
      responses.map(\.upper), known["response"]["asymp.UCL"].numbers, relative: 1e-3, "upper")
    let ratio = try #require(fit.pairwiseComparisons(of: means).first).ratio
    #expect(isClose(ratio.estimate, known["ratios"]["ratio"].number, relative: 2e-4))
    #expect(isClose(ratio.standardError, known["ratios"]["SE"].number, relative: 1e-3))
    #expect(isClose(ratio.upper, known["ratios"]["asymp.UCL"].number, relative: 1e-3))
    let slopes = try fit.marginalSlopes(of: "t", by: ["arm"], data: data)
    let trends = try reference.values()["trends"]
    expectClose(slopes.map(\.effect.estimate), trends["t.trend"].numbers, relative: 2e-4, "slope")
    expectClose(slopes.map(\.effect.standardError), trends["SE"].numbers, relative: 1e-3, "se")
  }

  private func expect(
    _ predictions: [GeneralisedPrediction], _ known: JSONValue, _ population: JSONValue
  ) throws {
    let conditional = try predictions.map { try #require($0.conditional) }
    let means = try predictions.map { try #require($0.conditionalMean) }
    expectClose(conditional.map(\.value), known["fit"].numbers, relative: 1e-3, "η")
    expectClose(conditional.map(\.standardError), known["se"].numbers, relative: 2e-3, "se")
    expectClose(means.map(\.value), known["mean"].numbers, relative: 2e-3, "μ")
    expectClose(means.map(\.standardError), known["meanSE"].numbers, relative: 4e-3, "se of μ")
    expectClose(
      predictions.map(\.population.standardError), population["se"].numbers, relative: 1e-3, "se")
    expectClose(
      predictions.map(\.populationMean.value), population["mean"].numbers, relative: 1e-3, "μ")
    #expect(predictions.map(\.isKnown) == [true, true, false])
  }

  @Test("predictions of old and new persons: predict(glmmTMB, se.fit = TRUE)")
  func predictions() throws {
    let known = try reference.values()["predict"]
    try expect(slopes().predictions(for: newRows()), known["known"], known["population"])
    let overdispersed = try GeneralisedMixedModel.fit(
      try ModelFormula.parse("over ~ t + arm + (1 | id)"), data: counts(),
      family: .negativeBinomial)
    let others = try reference.values()["nbinom2"]
    #expect(isClose(overdispersed.dispersion ?? .nan, others["phi"].number, relative: 1e-3))
    try expect(
      overdispersed.predictions(for: newRows()), others["known"], others["population"])
  }

  @Test("predictions with crossed factors, one of them known and one new")
  func crossedPredictions() throws {
    let known = try reference.values()["crossed"]
    let factors = try Reference(name: "glmm07_grouseticks_poisson").values()["factors"].object
    let data = try Reference.data("data/grouseticks.csv", factors: factors)
    let fit = try GeneralisedMixedModel.fit(
      try ModelFormula.parse("TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION)"), data: data,
      family: .poisson)
    let rows = try ModelData([
      ("YEAR", .factor(text: ["95", "96", "97"])),
      ("cHEIGHT", .numeric([2.759305, 0, -10])),
      ("BROOD", .factor(text: ["501", "523", "none"])),
      ("LOCATION", .factor(text: ["32", "14", "5"])),
    ])
    let predictions = try fit.predictions(for: rows).map { try #require($0.conditional) }
    expectClose(predictions.map(\.value), known["fit"].numbers, relative: 5e-3, "η")
    expectClose(predictions.map(\.standardError), known["se"].numbers, relative: 5e-3, "se")
  }

  @Test("rows without groups, without a value, with a new level")
  func obstacles() throws {
    let fit = try slopes()
    let rows = try ModelData([
      ("t", .numeric([3, .nan, 1])), ("arm", .factor(text: ["active", "control", "other"])),
      ("z", .numeric([0, 0, 0])),
    ])
    let predictions = try fit.predictions(for: rows)
    #expect(predictions.allSatisfy { $0.conditional == nil })
    #expect(predictions[0].population.obstacle == nil && predictions[0].population.value.isFinite)
    #expect(predictions[1].population.obstacle == "no value of t")
    #expect(predictions[2].population.obstacle == "arm other is not a level of the model")
  }

  @Test("latent means, probabilities, mean classes and differences: emmeans of clmm")
  func ordinal() throws {
    let known = try reference.values()["ordinal"]
    let wine = Reference(name: "clmm01_wine_laplace")
    let data = try wine.data()
    let fit = try OrdinalMixedModel.fit(
      try ModelFormula.parse("rating ~ temp + contact + (1 | judge)"), data: data)
    let means = try fit.marginalMeans(of: ["temp"], data: data)
    expectClose(means.map(\.effect.estimate), known["latent"]["emmean"].numbers, relative: 1e-4, "")
    expectClose(
      means.map(\.effect.standardError), known["latent"]["SE"].numbers, relative: 1e-4, "")
    let categories = try fit.categoryMeans(of: ["temp"], data: data)
    let probabilities = categories.flatMap(\.probabilities)
    expectClose(
      probabilities.map(\.estimate), known["prob"]["prob"].numbers, relative: 1e-3, "p")
    expectClose(
      probabilities.map(\.standardError), known["prob"]["SE"].numbers, relative: 1e-3, "se of p")
    #expect(probabilities.allSatisfy { $0.lower > 0 && $0.upper < 1 })
    expectClose(
      categories.map(\.meanCategory.estimate), known["class"]["mean.class"].numbers,
      relative: 1e-4, "mean class")
    expectClose(
      categories.map(\.meanCategory.standardError), known["class"]["SE"].numbers, relative: 1e-3,
      "se of the mean class")
    let pair = try #require(fit.pairwiseComparisons(of: means).first)
    #expect(isClose(pair.effect.estimate, known["pairs"]["estimate"].number, relative: 1e-4))
    #expect(isClose(pair.adjustedUpper, known["pairs"]["asymp.UCL"].number, relative: 1e-3))
    let (test, isLarger) = try fit.likelihoodRatioTest(
      with: ModelFormula.parse("rating ~ temp + (1 | judge)"), data: data)
    #expect(!isLarger && test.degreesOfFreedom == 1)
    #expect(isClose(test.statistic, known["lrt"].number, relative: 1e-5))
  }

  /// By the definition of a profile: at its ends the rest of the likelihood, at its best, has fallen
  /// by half the χ² quantile. Holding `contactyes` at a value is an offset.
  @Test("an ordinal profile ends where an offset in its place fits worse by the quantile")
  func ordinalProfile() throws {
    let wine = try Reference(name: "clmm01_wine_laplace").data()
    let fit = try OrdinalMixedModel.fit(
      try ModelFormula.parse("rating ~ temp + contact + (1 | judge)"), data: wine)
    let intervals = try fit.profileIntervals()
    #expect(intervals.count == 1 + 2 + 4)
    let contact = try #require(
      intervals.first { $0.parameter == .fixedEffect("contactyes") })
    guard case .factor(_, let codes) = wine["contact"] else { return }
    for end in [contact.lower, contact.upper] {
      let columns = wine.names.compactMap { name in wine[name].map { (name: name, column: $0) } }
      let held = try ModelData(
        columns + [(name: "held", column: .numeric(codes.map { end * Double($0) }))])
      let rest = try OrdinalMixedModel.fit(
        try ModelFormula.parse("rating ~ temp + offset(held) + (1 | judge)"), data: held)
      // 3.841459: the 0.95 quantile of χ² with one degree of freedom.
      #expect(isClose(rest.criterion - fit.criterion, 3.841459, relative: 1e-4))
    }
  }

  /// By hand from the estimates: temp and contact are balanced 0/1 columns, var(Xb) over 72 rows.
  @Test("variance shares of a latent response")
  func shares() throws {
    let wine = try Reference(name: "clmm01_wine_laplace").data()
    let fit = try OrdinalMixedModel.fit(
      try ModelFormula.parse("rating ~ temp + contact + (1 | judge)"), data: wine)
    let shares = fit.varianceShares()
    let fixed = fit.estimates.reduce(0) { $0 + $1 * $1 } / 4 * 72 / 71
    let random = fit.varianceComponents[0].covariance[0, 0]
    let residual = Double.pi * Double.pi / 3
    #expect(isClose(shares.marginal, fixed / (fixed + random + residual), relative: 1e-9))
    #expect(isClose(shares.intraclassCorrelation, random / (random + residual), relative: 1e-9))
  }

  @Test("predictions of an ordinal model are its fitted probabilities; errors suit a new person")
  func ordinalPredictions() throws {
    let wine = try Reference(name: "clmm01_wine_laplace").data()
    let fit = try OrdinalMixedModel.fit(
      try ModelFormula.parse("rating ~ temp + contact + (1 | judge)"), data: wine)
    let fitted = fit.probabilities()
    for (row, prediction) in try fit.predictions(for: wine).enumerated() {
      expectClose(
        prediction.conditionalProbabilities.map(\.estimate), fitted.row(row), relative: 1e-9, "p")
    }
    let rows = try ModelData([
      ("temp", .factor(text: ["cold", "cold"])), ("contact", .factor(text: ["no", "no"])),
      ("judge", .factor(text: ["1", "new"])),
    ])
    let predictions = try fit.predictions(for: rows)
    let new = try #require(predictions[1].conditional)
    let variance = fit.varianceComponents[0].covariance[0, 0]
    let population = predictions[1].population.standardError
    #expect(
      isClose(
        new.standardError, (population * population + variance).squareRoot(), relative: 1e-9))
    #expect(predictions[0].isKnown && !predictions[1].isKnown)
    let residuals = fit.residuals()
    #expect(residuals.allSatisfy { abs($0) < 1 })
    #expect(abs(residuals.reduce(0, +) / Double(residuals.count)) < 0.05)
  }
}

extension Matrix {
  fileprivate func row(_ row: Int) -> [Double] { (0..<columns).map { self[row, $0] } }
}
