import Testing

@testable import Statistics

extension Reference {
  /// The family that the reference names.
  func family() throws -> ResponseFamily {
    let values = try values()
    switch (values["family"].text, values["link"].text) {
    case ("binomial", "probit"): return .binomial(.probit)
    case ("poisson", _): return .poisson
    case ("binomial", _): return .binomial(.logit)
    default: return .negativeBinomial
    }
  }

  /// The generalised model that the reference fitted.
  func generalisedModel() throws -> GeneralisedMixedModel {
    let formula = try ModelFormula.parse(try values()["formula"].text ?? "")
    return try GeneralisedMixedModel(formula, data: try data(), family: try family())
  }

  /// The quadrature points that the reference used.
  var points: Int {
    get throws { max(1, Int(try values()["nAGQ"].number)) }
  }
}

/// Fits against tight refits by lme4 1.1-31: `glmer` with the optimiser started again from its own
/// result until nothing moved. Standard errors of `glmer` come from a Hessian by plain differences
/// of the deviance, which err by about 1e-5 to 1e-4.
@Suite("Generalised mixed models agree with lme4")
struct GeneralisedReferenceTests {
  static let references = [
    "glmm01_cbpp_laplace", "glmm02_cbpp_agq9", "glmm03_cbpp_agq25",
    "glmm04_contraception_laplace", "glmm05_contraception_agq9", "glmm07_grouseticks_poisson",
    "glmm09_sim200x10_binary", "glmm11_cbpp_probit",
  ].map(Reference.init)

  @Test("estimates, standard errors, variances and criteria", arguments: references)
  func estimates(_ reference: Reference) throws {
    let values = try reference.values()
    let fit = try reference.generalisedModel().fit(quadraturePoints: try reference.points)
    #expect(fit.converged)
    #expect(fit.observations == Int(values["n"].number))
    #expect(
      Dictionary(uniqueKeysWithValues: fit.groups.map { ($0.name, Double($0.levels)) })
        == values["groups"].object.mapValues(\.number))

    // Never above the reference by more than the tolerance; below is fine. With three grouping
    // factors lme4 stops its inner iteration early and ends 5e-5 higher than glmmTMB and than ours.
    let slack = reference.name.hasPrefix("glmm07") ? 1e-4 : 1e-6
    #expect(fit.criterion <= values["minus2LL"].number + 1e-6)
    #expect(isClose(fit.criterion, values["minus2LL"].number, relative: 0, absolute: slack))
    #expect(isClose(fit.aic, values["AIC"].number, relative: 0, absolute: slack))
    #expect(isClose(fit.bic, values["BIC"].number, relative: 0, absolute: slack))
    #expect(Double(fit.parameterCount) == values["df_model"].number)
    #expect(fit.isSingular == values["singular"].truth)

    let fixed = values["fixef"].list
    #expect(fit.fixedEffects.map(\.name) == fixed.map { $0["name"].text })
    for (effect, known) in zip(fit.fixedEffects, fixed) {
      // Estimates are known to a fraction of their error: the likelihood is flat there.
      #expect(
        isClose(
          effect.estimate, known["estimate"].number, relative: 1e-5,
          absolute: 2e-4 * known["se"].number), "\(effect.name): \(effect.estimate) \(known)")
      #expect(
        isClose(effect.standardError, known["se"].number, relative: 1e-4),
        "\(effect.name): \(effect.standardError) \(known)")
    }
    for component in values["varcorr"].list {
      let ours = try #require(
        fit.varianceComponents.first { $0.group == component["group"].text })
      expectClose(
        ours.standardDeviations, component["sd"].numbers, relative: 1e-4, "sd of \(ours.group)")
    }
  }

  @Test("conditional modes with their variances, fitted values", arguments: references)
  func predictions(_ reference: Reference) throws {
    let values = try reference.values()
    let fit = try reference.generalisedModel().fit(quadraturePoints: try reference.points)
    for modes in fit.randomEffects() {
      let blups = values["blups"][modes.group]
      let first = blups["levels"].list.map(\.text)
      guard !first.isEmpty else { continue }
      #expect(Array(modes.levels.prefix(first.count)) == first)
      expectClose(
        Array(modes.values.elements.prefix(first.count)), blups["values"].numbers, relative: 1e-3,
        absolute: 1e-4, "mode")
      expectClose(
        first.indices.flatMap { modes.conditionalCovariance(ofLevel: $0).elements },
        blups["cond_var"].numbers, relative: 1e-3, "conditional variance")
    }
    let fitted = fit.fittedValues()
    expectClose(
      fit.usedRows.prefix(5).map { fitted[$0] }, values["fitted_first5"].numbers, relative: 1e-3,
      "fitted")
  }

  /// glmmTMB 1.1.5 finds modes and optima more tightly than lme4, so its values are the sharper test
  /// where the two approximate alike: Laplace and canonical links.
  @Test(
    "estimates, standard errors and the likelihood agree with glmmTMB",
    arguments: references.filter { !$0.name.contains("agq") && !$0.name.contains("probit") })
  func templateModelBuilder(_ reference: Reference) throws {
    let values = try reference.values()["glmmTMB"]
    let fit = try reference.generalisedModel().fit()
    #expect(isClose(fit.logLikelihood, values["logLik"].number, relative: 0, absolute: 1e-7))
    for (effect, known) in zip(fit.fixedEffects, values["fixef"].list) {
      #expect(effect.name == known["name"].text)
      #expect(
        isClose(
          effect.estimate, known["estimate"].number, relative: 1e-5,
          absolute: 2e-5 * known["se"].number), "\(effect.name): \(effect.estimate) \(known)")
      // glmmTMB differences its gradient in the units of the data; age² has small ones.
      #expect(isClose(effect.standardError, known["se"].number, relative: 2e-4))
    }
  }

  /// glmmTMB 1.1.5.
  @Test("the negative binomial agrees with glmmTMB")
  func negativeBinomial() throws {
    let reference = Reference(name: "glmm12_grouseticks_nbinom2")
    let values = try reference.values()
    // The file names no factors; those of another one on the same data hold.
    let factors = try Reference(name: "glmm07_grouseticks_poisson").values()["factors"].object
    let fit = try GeneralisedMixedModel.fit(
      try ModelFormula.parse(values["formula"].text ?? ""),
      data: try Reference.data("data/grouseticks.csv", factors: factors),
      family: .negativeBinomial)
    #expect(fit.converged)
    #expect(isClose(fit.logLikelihood, values["logLik"].number, relative: 0, absolute: 1e-6))
    #expect(isClose(fit.dispersion ?? 0, values["dispersion"].number, relative: 1e-4))
    #expect(isClose(fit.aic, values["AIC"].number, relative: 1e-8))
    expectClose(
      fit.varianceComponents[0].standardDeviations, values["sd"].numbers, relative: 1e-4, "sd")
    for (effect, known) in zip(fit.fixedEffects, values["fixef"].list) {
      #expect(effect.name == known["name"].text)
      #expect(
        isClose(
          effect.estimate, known["estimate"].number, relative: 1e-5,
          absolute: 1e-4 * known["se"].number))
      #expect(isClose(effect.standardError, known["se"].number, relative: 1e-4))
    }
  }

  /// glmmTMB takes the observed curvature where lme4 takes the expected one.
  @Test("probit with the observed curvature agrees with glmmTMB")
  func observedProbit() throws {
    let reference = Reference(name: "glmm11_cbpp_probit")
    let values = try reference.values()["glmmTMB"]
    let fit = try reference.generalisedModel().fit(curvature: .observed)
    #expect(isClose(fit.logLikelihood, values["logLik"].number, relative: 0, absolute: 1e-6))
    for (effect, known) in zip(fit.fixedEffects, values["fixef"].list) {
      #expect(isClose(effect.estimate, known["estimate"].number, relative: 1e-4))
      #expect(isClose(effect.standardError, known["se"].number, relative: 1e-4))
    }
  }
}
