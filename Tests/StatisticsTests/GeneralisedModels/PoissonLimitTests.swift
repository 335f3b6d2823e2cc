import Testing

@testable import Statistics

/// Reference values of glmmTMB 1.1.5 in R 4.2.2, `cnt ~ t + x + (1 | id)`, whose counts have no
/// overdispersion beyond the random effects.
@Suite("A negative binomial model without overdispersion is the Poisson model")
struct PoissonLimitTests {
  private func fit(_ family: ResponseFamily) throws -> GeneralisedMixedModelFit {
    try GeneralisedMixedModel.fit(
      try ModelFormula.parse("cnt ~ t + x + (1 | id)"),
      data: try Reference.data("data/unbalanced.csv"), family: family)
  }

  @Test("errors are the Poisson model's, the fit has converged, and says what happened")
  func boundary() throws {
    let limit = try fit(.negativeBinomial)
    #expect(limit.converged)
    #expect(limit.dispersion == .infinity)
    #expect(limit.logDispersionError == nil)
    #expect(limit.notes.count == 1 && limit.notes[0].hasPrefix("No overdispersion:"))
    expectClose(
      limit.fixedEffects.map(\.standardError), [0.12836945816, 0.02591122548, 0.04440355791],
      relative: 1e-4, "value")
    expectClose(
      limit.estimates, [0.81637057719, -0.04979595017, 0.26489541392], relative: 1e-4, "value")
    #expect(isClose(limit.logLikelihood, -423.26914, relative: 0, absolute: 1e-4))
    #expect(isClose(limit.aic, 856.538286, relative: 0, absolute: 1e-3))
    let poisson = try fit(.poisson)
    #expect(limit.estimates == poisson.estimates)
    #expect(limit.covariance == poisson.covariance)
    #expect(limit.parameterCount == poisson.parameterCount + 1)
    #expect(limit.residuals(.deviance) == poisson.residuals(.deviance))
    #expect(limit.residuals(.pearson) == poisson.residuals(.pearson))
  }
}
