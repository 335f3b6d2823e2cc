import Testing

@testable import Statistics

@Suite("Ordinal mixed models hold what they must")
struct OrdinalPropertyTests {
  @Test("two ordered categories are a binomial response")
  func twoCategories() throws {
    var simulated = SimulatedResponses(persons: 25)
    simulated.rating = simulated.binary.map { Int32($0) }
    let data = try simulated.data()
    for points in [1, 7] {
      let ordinal = try OrdinalMixedModel.fit(
        try ModelFormula.parse("rating ~ x + (1 | person)"), data: data,
        quadraturePoints: points)
      let binomial = try GeneralisedMixedModel.fit(
        try ModelFormula.parse("binary ~ x + (1 | person)"), data: data, family: .logistic,
        quadraturePoints: points)
      #expect(isClose(ordinal.logLikelihood, binomial.fullLogLikelihood, relative: 1e-10))
      #expect(
        isClose(
          ordinal.thresholds[0].estimate, -binomial.fixedEffects[0].estimate, relative: 1e-5))
      #expect(
        isClose(
          ordinal.fixedEffects[0].standardError, binomial.fixedEffects[1].standardError,
          relative: 1e-5))
    }
  }

  @Test("thresholds alone can be estimated")
  func withoutEffects() throws {
    let fit = try OrdinalMixedModel.fit(
      try ModelFormula.parse("rating ~ 1 + (1 | person)"),
      data: try SimulatedResponses(persons: 25).data())
    #expect(fit.converged && fit.fixedEffects.isEmpty)
    #expect(fit.thresholds.map(\.name) == ["a|b", "b|c", "c|d"])
    #expect(fit.thresholds[0].estimate < fit.thresholds[1].estimate)
  }

  @Test("rows, their order, and crossed factors")
  func crossed() throws {
    let simulated = SimulatedResponses(persons: 25)
    var generator = SplitMix64(state: 9)
    let order = simulated.x.indices.shuffled(using: &generator)
    let formula = try ModelFormula.parse("rating ~ x + (1 | person) + (1 | item)")
    let first = try OrdinalMixedModel.fit(formula, data: try simulated.data())
    let second = try OrdinalMixedModel.fit(formula, data: try simulated.data(order: order))
    #expect(first.converged && second.converged)
    #expect(isClose(first.logLikelihood, second.logLikelihood, relative: 1e-11))
    expectClose(
      first.thresholds.map(\.estimate), second.thresholds.map(\.estimate), relative: 1e-5,
      "threshold")
  }

  @Test("probabilities add up to 1, also far from 0, and the covariate's origin does not matter")
  func probabilities() throws {
    let simulated = SimulatedResponses(persons: 25)
    var moved = simulated
    moved.x = simulated.x.map { $0 + 1000 }
    let formula = try ModelFormula.parse("rating ~ x + (1 | person)")
    let fit = try OrdinalMixedModel.fit(formula, data: try simulated.data())
    let other = try OrdinalMixedModel.fit(formula, data: try moved.data())
    let table = fit.probabilities()
    let otherTable = other.probabilities()
    #expect(table.columns == fit.categories.count)
    for row in 0..<table.rows {
      let sum = (0..<table.columns).reduce(0) { $0 + table[row, $1] }
      #expect(isClose(sum, 1, relative: 1e-12))
      #expect(isClose(table[row, 0], otherTable[row, 0], relative: 1e-5))
    }
    #expect(
      isClose(
        other.thresholds[0].estimate,
        fit.thresholds[0].estimate + 1000 * fit.fixedEffects[0].estimate, relative: 1e-6))
    #expect(fit.fittedValues().allSatisfy { $0 > 0 && $0 < 1 })
  }
}
