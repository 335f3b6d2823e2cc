import Testing

@testable import Statistics

/// Fits against lme4 1.1-31 at its tightest tolerance. The tolerances are those that hold between
/// correct implementations: the likelihood is flat in θ, so θ is known less well than the rest.
@Suite("Linear mixed models agree with lme4")
struct ReferenceFitTests {
  static let oneFactor = [
    "lmm01_sleepstudy_slope_reml", "lmm02_sleepstudy_slope_ml",
    "lmm03_sleepstudy_uncorrelated_reml", "lmm04_sleepstudy_intercept_reml",
    "lmm05_sleepstudy_unbalanced_slope_reml", "lmm06_sleepstudy_quadratic_reml",
    "lmm07_sleepstudy_weights_reml", "lmm08_dyestuff_reml", "lmm09_dyestuff_ml",
    "lmm10_dyestuff2_singular_reml", "lmm13_cake_reml", "lmm17_orthodont_interaction_reml",
    "lmm18_orthodont_sum_contrasts_reml", "lmm19_bodyweight_reml", "lmm24_univbct_growth_reml",
    "lmm25_univbct_slope_reml", "lmm27_bh1996_wellbeing_within_between_reml",
    "lmm29_bh1996_null_reml", "lmm30_exam_slope_ml", "lmm33_oxboys_growth_reml",
    "lmm35_sim200x10_reml",
  ].map(Reference.init)

  static let severalFactors = [
    "lmm11_penicillin_crossed_reml", "lmm12_pastes_nested_reml", "lmm22_machines_nested_reml",
    "lmm36_cohesion_items_reml",
  ].map(Reference.init)

  /// Slow without optimisation, so fitted once only.
  static let large = [
    "lmm15_insteval_sub_crossed_ml", "lmm26_univbct_three_level_reml",
  ].map(Reference.init)

  static let all = oneFactor + severalFactors

  @Test("estimates, standard errors, variances and criteria", arguments: all + large)
  func estimates(_ reference: Reference) throws {
    let values = try reference.values()
    let fit = try reference.fit()
    #expect(fit.converged)
    #expect(fit.observations == Int(values["n"].number))
    #expect(
      Dictionary(uniqueKeysWithValues: fit.groups.map { ($0.name, Double($0.levels)) })
        == values["groups"].object.mapValues(\.number))

    // Never above the reference by more than the tolerance; below is fine.
    #expect(fit.criterion <= values["criterion"].number + 1e-6)
    #expect(isClose(fit.criterion, values["criterion"].number, relative: 0, absolute: 1e-6))
    #expect(isClose(fit.logLikelihood, values["logLik"].number, relative: 1e-9))
    #expect(isClose(fit.aic, values["AIC"].number, relative: 1e-8))
    #expect(isClose(fit.bic, values["BIC"].number, relative: 1e-8))
    #expect(Double(fit.parameterCount) == values["df_model"].number)
    #expect(fit.isSingular == values["singular"].truth)

    let fixed = values["fixef"].list
    #expect(fit.fixedEffects.map(\.name) == fixed.map { $0["name"].text })
    let size = fixed.map { abs($0["estimate"].number) }.max() ?? 0
    expectClose(
      fit.fixedEffects.map(\.estimate), fixed.map { $0["estimate"].number }, relative: 1e-6,
      absolute: 1e-9 * size, "estimate")
    expectClose(
      fit.fixedEffects.map(\.standardError), fixed.map { $0["se"].number }, relative: 1e-5, "se")
    expectClose(
      fit.covariance.elements, values["vcov"].numbers, relative: 1e-4, absolute: 1e-12, "vcov")
    #expect(isClose(fit.sigma, values["sigma"].number, relative: 1e-6))
    // lmerTest differences a deviance of full refits, we a gradient: 1e-4 is its noise.
    expectClose(
      fit.fixedEffects.map { $0.degreesOfFreedom ?? .nan },
      fixed.map { $0["df_satterthwaite"].number }, relative: 1e-4, "df")
    expectClose(
      fit.fixedEffects.map(\.pValue), fixed.map { $0["p_satterthwaite"].number },
      relative: 1e-3, absolute: 1e-14, "p")
  }

  @Test("relative covariance factors, standard deviations, correlations", arguments: all)
  func varianceComponents(_ reference: Reference) throws {
    let values = try reference.values()
    let fit = try reference.fit()
    expectClose(
      fit.theta, values["theta"].list.map(\.number), relative: 1e-5, absolute: 1e-4, "theta")
    let components = values["varcorr"].list
    #expect(fit.varianceComponents.map(\.terms) == components.map { $0["terms"].list.map(\.text) })
    for (component, reference) in zip(fit.varianceComponents, components) {
      expectClose(
        component.standardDeviations, reference["sd"].numbers, relative: 2e-5,
        absolute: 1e-4 * fit.sigma, "sd")
      guard !fit.isSingular else { continue }
      expectClose(
        component.correlations.elements, reference["corr"].numbers, relative: 1e-4,
        absolute: 1e-4, "correlation")
    }
  }

  @Test("predicted random effects, fitted values, residuals", arguments: all)
  func predictions(_ reference: Reference) throws {
    let values = try reference.values()
    let fit = try reference.fit()
    let size = fit.sigma
    for modes in fit.randomEffects() {
      let blups = values["blups"][modes.group]
      guard fit.varianceComponents.count == fit.groups.count else { continue }
      let first = blups["levels"].list.map(\.text)
      #expect(Array(modes.levels.prefix(first.count)) == first)
      #expect(modes.terms == blups["terms"].list.map(\.text))
      let known = blups["values"].numbers
      expectClose(
        Array(modes.values.elements.prefix(known.count)), known, relative: 1e-4,
        absolute: 1e-5 * size, "blup")
      expectClose(
        first.indices.flatMap { modes.conditionalCovariance(ofLevel: $0).elements },
        blups["cond_var"].numbers, relative: 1e-3, absolute: 1e-6 * size * size, "condVar")
    }
    let used = fit.usedRows
    let fitted = fit.fittedValues()
    let residuals = fit.residuals()
    expectClose(
      used.prefix(5).map { fitted[$0] }, values["fitted_first5"].numbers, relative: 1e-5,
      absolute: 1e-5 * size, "fitted")
    expectClose(
      used.prefix(5).map { residuals[$0] }, values["residuals_first5"].numbers, relative: 1e-5,
      absolute: 2e-5 * size, "residual")
  }
}
