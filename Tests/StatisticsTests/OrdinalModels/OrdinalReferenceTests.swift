import Testing

@testable import Statistics

/// Fits against `clmm` of ordinal 2022.11-16.
@Suite("Ordinal mixed models agree with ordinal")
struct OrdinalReferenceTests {
  static let references = ["clmm01_wine_laplace", "clmm02_wine_agq10"].map(Reference.init)

  /// `clmm(…, control = clmm.control(gradTol = 1e-12))`: at its default tolerance `clmm` stops before
  /// the modes are found, and its Laplace likelihood comes out 3.5e-6 too high.
  static let tight = -81.5654127768

  @Test("thresholds, effects, standard errors and the likelihood", arguments: references)
  func estimates(_ reference: Reference) throws {
    let values = try reference.values()
    let formula = try ModelFormula.parse(values["formula"].text ?? "")
    let model = try OrdinalMixedModel(formula, data: try reference.data())
    let fit = try model.fit(quadraturePoints: Int(values["nAGQ"].number))
    #expect(fit.converged)
    let known = fit.quadraturePoints == 1 ? Self.tight : values["logLik"].number
    #expect(isClose(fit.logLikelihood, known, relative: 0, absolute: 1e-7))
    #expect(isClose(fit.aic, values["AIC"].number, relative: 0, absolute: 1e-5))
    let rows = fit.thresholds + fit.fixedEffects
    let coefficients = values["coef"].list
    #expect(rows.map(\.name) == coefficients.map { $0["name"].text })
    for (row, known) in zip(rows, coefficients) {
      #expect(
        isClose(
          row.estimate, known["estimate"].number, relative: 1e-5,
          absolute: 1e-4 * known["se"].number), "\(row) \(known)")
      #expect(
        isClose(row.standardError, known["se"].number, relative: 1e-4), "\(row) \(known)")
    }
    expectClose(
      fit.varianceComponents[0].standardDeviations, [values["sd"]["judge"].number], relative: 1e-4,
      "sd")
  }
}
