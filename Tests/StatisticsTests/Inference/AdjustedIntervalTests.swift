import Testing

@testable import Statistics

/// emmeans 1.8.4.1 on lmerTest 3.1.3: `confint(pairs(emmeans(fit, "g"), adjust = …))` of
/// `lmer(y ~ t + g + (1 | id))`, and `emmeans` of the same with `offset(x)`.
@Suite("Intervals of differences, and means of models with an offset")
struct AdjustedIntervalTests {
  private let reference = Reference(name: "inference01_generalised")

  @Test("are adjusted as their p-values, stepwise ones by Bonferroni")
  func differences() throws {
    let data = try Reference.data("data/unbalanced.csv")
    let fit = try fit("y ~ t + g + (1 | id)", data)
    let means = try fit.marginalMeans(of: ["g"], data: data)
    let known = try reference.values()["intervals"]
    for (adjustment, name) in [
      (Adjustment.tukey, "tukey"), (.holm, "holm"), (.benjaminiHochberg, "bh"), (.none, "none"),
    ] {
      let pairs = fit.pairwiseComparisons(of: means, adjustment: adjustment)
      expectClose(
        pairs.map(\.adjustedLower), known[name]["lower.CL"].numbers, relative: 1e-5, "\(name)")
      expectClose(
        pairs.map(\.adjustedUpper), known[name]["upper.CL"].numbers, relative: 1e-5, "\(name)")
    }
  }

  @Test("means stand at the mean of the offset")
  func offset() throws {
    let data = try Reference.data("data/unbalanced.csv")
    let known = try reference.values()["offset"]
    let formula = try fit("y ~ t + g + offset(x) + (1 | id)", data)
    let named = try Statistics.LinearMixedModel.fit(
      try ModelFormula.parse("y ~ t + g + (1 | id)"), data: data, offset: "x")
    for fit in [formula, named] {
      let means = try fit.marginalMeans(of: ["g"], data: data)
      expectClose(means.map(\.effect.estimate), known["emmean"].numbers, relative: 1e-6, "mean")
      expectClose(means.map(\.effect.lower), known["lower.CL"].numbers, relative: 1e-5, "lower")
    }
  }

  /// R 4.2.2: `qtukey(0.95, 3, c(2, 10, Inf))`, `qtukey(0.99, 6, 20)`.
  @Test("quantiles of the studentised range")
  func quantiles() {
    for (means, freedom, share, known) in [
      (3, 2.0, 0.95, 8.33078255119), (3, 10.0, 0.95, 3.87677674919),
      (3, .infinity, 0.95, 3.31449315755), (6, 20.0, 0.99, 5.50954164957),
    ] {
      let range = StudentisedRange(means: means, degreesOfFreedom: freedom)
      #expect(isClose(range.quantile(share), known, relative: 2e-6), "\(range.quantile(share))")
    }
  }
}
