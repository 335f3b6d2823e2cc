import Testing

@testable import Statistics

/// Reference values of emmeans 1.8.4.1 on lmerTest 3.1.3 in R 4.2.2, for
/// `lmer(empty ~ g * arm + (1 | id))`: no row has g = w and arm = b.
@Suite("What the data cannot estimate is said, not printed as a number")
struct EstimabilityTests {
  private func data() throws -> ModelData { try Reference.data("data/unbalanced.csv") }

  @Test("means of an empty cell, and means over it, are not estimable; all others are emmeans'")
  func means() throws {
    let data = try data()
    let fit = try fit("empty ~ g * arm + (1 | id)", data)
    #expect(fit.setAside == ["gw:armb"])
    #expect(fit.notes.contains("No estimate for gw:armb: it is 0 in every row."))
    let cells = try fit.marginalMeans(of: ["g", "arm"], data: data)
    #expect(cells.map(\.isEstimable) == [true, true, true, true, true, false])
    expectClose(
      cells.prefix(5).map(\.effect.estimate),
      [3.433331566, 4.095150649, 3.924577407, 3.906471708, 4.761223293], relative: 1e-6, "value")
    expectClose(
      cells.prefix(5).map(\.effect.standardError),
      [0.4156030795, 0.4085489069, 0.4182492220, 0.4180990254, 0.4026516280], relative: 1e-5,
      "value")
    #expect(cells[5].effect.pValue.isNaN && cells[5].effect.lower.isNaN)
    let pairs = fit.pairwiseComparisons(of: cells)
    // u a − v b and u b − v b; the family stays that of six means.
    #expect(isClose(pairs[3].adjustedPValue, 0.2141, relative: 0, absolute: 1e-4))
    #expect(isClose(pairs[12].effect.estimate, -0.85475158551, relative: 1e-6))
    #expect(isClose(pairs[12].adjustedPValue, 0.0895, relative: 0, absolute: 1e-4))
    #expect(pairs.filter { $0.adjustedPValue.isNaN }.count == 5)
    let holm = fit.pairwiseComparisons(of: cells, adjustment: .holm)
    #expect(holm.filter { $0.adjustedPValue.isNaN }.count == 5)
    let margins = try fit.marginalMeans(of: ["g"], data: data)
    #expect(margins.map(\.isEstimable) == [true, true, false])
    expectClose(
      margins.prefix(2).map(\.effect.estimate), [3.669901637, 4.428186971], relative: 1e-6, "value")
  }

  @Test("a parametrisation with more columns than cells leaves every cell's mean estimable")
  func parametrisation() throws {
    let data = try data()
    let fit = try fit("y ~ g:arm + (1 | id)", data)
    #expect(!fit.setAside.isEmpty)
    let crossed = try StatisticsTests.fit("y ~ g * arm + (1 | id)", data)
    let means = try fit.marginalMeans(of: ["g", "arm"], data: data)
    #expect(means.allSatisfy { $0.isEstimable })
    expectClose(
      means.map(\.effect.estimate),
      try crossed.marginalMeans(of: ["g", "arm"], data: data).map(\.effect.estimate),
      relative: 1e-7, "value")
  }

  @Test("a prediction in an empty cell says why there is none, and so do other rows without one")
  func predictions() throws {
    let fit = try fit("empty ~ t + g * arm + (1 | id)", data())
    let rows = try ModelData([
      ("id", .numeric([1, 1, 1, 1])), ("t", .numeric([1, 2, .nan, 1])),
      ("g", .factor(text: ["w", "w", "u", "z"])), ("arm", .factor(text: ["b", "a", "a", "a"])),
    ])
    let population = try fit.predictions(for: rows)
    #expect(population.map(\.value.isFinite) == [false, true, false, false])
    #expect(
      population.map(\.obstacle) == [
        "not estimable: the model has no rows with these levels together", nil, "no value of t",
        "g z is not a level of the model",
      ])
    let own = try fit.conditionalPredictions(for: rows)
    #expect(own.map(\.obstacle) == population.map(\.obstacle))
    #expect(own.allSatisfy { $0.isKnown })
  }

  @Test("a column that is twice another changes nothing about what can be estimated")
  func repeated() throws {
    let data = try data()
    let plain = try fit("y ~ x + g + (1 | id)", data)
    let twice = try fit("y ~ x + I(2 * x) + g + (1 | id)", data)
    let means = try twice.marginalMeans(of: ["g"], data: data)
    expectClose(
      means.map(\.effect.estimate),
      try plain.marginalMeans(of: ["g"], data: data).map(\.effect.estimate), relative: 1e-9, "value"
    )
    let slope = try twice.marginalSlopes(of: "x", data: data)
    #expect(slope.allSatisfy { $0.isEstimable })
  }

  @Test("a factor made in the formula has means by either name; a covariate has none")
  func madeFactors() throws {
    let data = try data()
    let fit = try fit("y ~ factor(t) + g + (1 | id)", data)
    let means = try fit.marginalMeans(of: ["t"], data: data)
    #expect(means.count == 6)
    // Balanced in t, and the same g weights at each: differences are those of the coefficients.
    let effects = fit.fixedEffects.filter { $0.name.hasPrefix("factor(t)") }
    expectClose(
      means.dropFirst().map { $0.effect.estimate - means[0].effect.estimate },
      effects.map(\.estimate), relative: 1e-9, "value")
    let named = try fit.marginalMeans(of: ["factor(t)"], data: data)
    #expect(named.map(\.effect.estimate) == means.map(\.effect.estimate))
    let linear = try StatisticsTests.fit("y ~ t + g + (1 | id)", data)
    #expect(throws: ModelError.self) { try linear.marginalMeans(of: ["t"], data: data) }
    #expect(throws: ModelError.self) { try linear.marginalSlopes(of: "g", data: data) }
  }
}
