import Foundation
import Testing

@testable import Statistics

/// Fits against nlme 3.1-162, whose search stops a little above the optimum: its criterion is an
/// upper bound to 1e-6, and its estimates are as good as the distance between the two allows.
@Suite("Residual structures agree with nlme")
struct ResidualFitTests {
  static let references =
    ResidualReference.autoregressive + ResidualReference.strata + ResidualReference.rowwise
    + ResidualReference.marginal + ResidualReference.power

  @Test(
    "criteria, fixed effects, variances, parameters of the residuals",
    arguments: Self.references)
  func estimates(_ reference: ResidualReference) throws {
    let values = try reference.values()
    let fit = try reference.fit()
    #expect(fit.converged)
    #expect(fit.observations == Int(values["n"].number))
    #expect(fit.logLikelihood >= values["logLik"].number - 1e-6)
    #expect(isClose(fit.logLikelihood, values["logLik"].number, relative: 0, absolute: 1e-6))
    #expect(Double(fit.parameterCount) == values["df_model"].number)
    #expect(isClose(fit.aic, values["AIC"].number, relative: 1e-7))
    // nlme counts rows less fixed effects under REML.
    let rows =
      fit.observations - (fit.method == .reml ? fit.fixedEffects.count : 0)
    let bic = -2 * fit.logLikelihood + Double(fit.parameterCount) * log(Double(rows))
    #expect(isClose(bic, values["BIC"].number, relative: 1e-7))

    let fixed = values["fixef"].list
    #expect(fit.fixedEffects.map(\.name) == fixed.map { $0["name"].text })
    let size = fixed.map { abs($0["estimate"].number) }.max() ?? 0
    expectClose(
      fit.fixedEffects.map(\.estimate), fixed.map { $0["estimate"].number }, relative: 1e-5,
      absolute: 1e-7 * size, "estimate")
    // Under ML, nlme's summary multiplies standard errors by √(n/(n − p)); lme4 and we do not.
    let count = Double(fit.observations)
    let inflation = fit.method == .ml ? (count / (count - Double(fixed.count))).squareRoot() : 1
    expectClose(
      fit.fixedEffects.map { $0.standardError * inflation }, fixed.map { $0["se"].number },
      relative: 1e-4, "se")
    let components = values["random"].list
    #expect(fit.varianceComponents.isEmpty == components.isEmpty)
    let deviations = components.flatMap { $0["sd"].numbers }
    expectClose(
      fit.varianceComponents.flatMap(\.standardDeviations), deviations, relative: 1e-4, "sd")

    // nlme names them Phi, Phi1, Theta1, Rho; those of waves have no names.
    let correlation =
      (values["cor_struct"]["coef"].object.merging(
        reference.structure.power == nil ? [:] : values["var_struct"]["coef"].object
      ) { first, _ in first }).sorted { $0.key < $1.key }
    #expect(fit.residualParameters.count == correlation.count)
    for (parameter, (name, known)) in zip(fit.residualParameters, correlation) {
      #expect(name.lowercased().hasPrefix(parameter.name))
      #expect(isClose(parameter.estimate, known.number, relative: 0, absolute: 1e-4), "\(name)")
    }
    // nlme's σ belongs to its own first stratum.
    let ratios = values["var_struct"]["coef"].object.mapValues(\.number)
    if let waves = fit.waves {
      let pairs = [(1, 0), (2, 0), (3, 0), (2, 1), (3, 1), (3, 2)]
      expectClose(
        pairs.map { waves.correlations[$0.0, $0.1] }, values["cor_struct"]["coef"].numbers,
        relative: 0, absolute: 1e-4, "correlation")
      expectClose(
        waves.standardDeviations,
        waves.waves.map { (ratios[$0] ?? .nan) * values["sigma"].number }, relative: 1e-4, "sd")
    } else if let weights = fit.model.source as? PowerWeights, let power = ratios["power"] {
      // nlme's σ belongs to a fitted value of 1, ours to the geometric mean.
      #expect(
        isClose(fit.sigma / pow(weights.centre, power), values["sigma"].number, relative: 1e-4))
    } else if ratios.isEmpty {
      #expect(isClose(fit.sigma, values["sigma"].number, relative: 1e-4))
      #expect(fit.strata.isEmpty)
    }
    for stratum in fit.strata {
      let known = (ratios[stratum.name] ?? .nan) * values["sigma"].number
      #expect(isClose(stratum.standardDeviation, known, relative: 1e-4), "\(stratum.name)")
    }
  }

  @Test(
    "fitted values, residuals, normalised residuals",
    arguments: Self.references)
  func predictions(_ reference: ResidualReference) throws {
    let values = try reference.values()
    let fit = try reference.fit()
    let tolerance = 1e-4 * fit.sigma
    expectClose(
      Array(fit.fittedValues().prefix(5)), values["fitted_first5"].numbers, relative: 0,
      absolute: tolerance, "fitted")
    expectClose(
      Array(fit.residuals().prefix(5)), values["residuals_first5"].numbers, relative: 0,
      absolute: tolerance, "residual")
    // For marginal structures nlme takes another square root of the covariance than Cholesky's.
    guard !ResidualReference.marginal.map(\.name).contains(reference.name) else { return }
    expectClose(
      Array(try fit.residuals(.normalized).prefix(5)),
      values["residuals_normalized_first5"].numbers,
      relative: 0, absolute: 2e-4, "normalised residual")
  }

  /// nlme differences its criterion with wide steps, so its intervals are good to a percent.
  @Test(
    "intervals of φ and of ratios are nlme's approximate ones",
    arguments: Self.references)
  func intervals(_ reference: ResidualReference) throws {
    let values = try reference.values()["intervals_approx"]
    let fit = try reference.fit()
    for (parameter, known) in zip(fit.residualParameters, values["corStruct"].list) {
      #expect(isClose(parameter.lower, known["lower"].number, relative: 1e-2, absolute: 2e-3))
      #expect(isClose(parameter.upper, known["upper"].number, relative: 1e-2, absolute: 2e-3))
    }
    guard reference.name.hasPrefix("nlme12") else { return }
    let ratio = try #require(values["varStruct"].list.first)
    let last = try #require(fit.strata.last)
    #expect(isClose(last.lower, ratio["lower"].number, relative: 1e-2, absolute: 2e-3))
    #expect(isClose(last.upper, ratio["upper"].number, relative: 1e-2, absolute: 2e-3))
  }

  /// The variance that each slope has through the parameters (θ, ψ): the squared length of its
  /// derivatives in the metric of their covariance.
  private static func movesWithParameters(_ fit: ResidualModelFit) throws -> [Double] {
    let criterion = ResidualCriterion(
      source: fit.model.source, layout: fit.model.layout, method: fit.method)
    let inverse = try #require(Cholesky(fit.optimum.hessian)).inverse
    let point = fit.optimum.point
    let slopes = try point.indices.map { parameter in
      var (ahead, behind) = (point, point)
      ahead[parameter] += 1e-4
      behind[parameter] -= 1e-4
      let after = try #require(criterion.evaluate(ahead, withGradient: false))
      let before = try #require(criterion.evaluate(behind, withGradient: false))
      return zip(after.value.coefficients, before.value.coefficients).map { ($0 - $1) / 2e-4 }
    }
    return fit.fixedEffects.enumerated().map { position, effect in
      let unit = effect.estimate / fit.optimum.value.coefficients[position]
      let own = slopes.map { unit * $0[position] }
      return 2 * dot(own, inverse * own)
    }
  }

  /// glmmTMB 1.1.5: an AR(1) process and noise beside a random intercept. Another model than
  /// nlme's `corAR1`, with another φ.
  @Test("AR(1) plus noise agrees with glmmTMB")
  func noise() throws {
    let reference = ResidualReference(
      "tmb01_ema_ar1_plus_noise_reml", "y ~ t + x + (1 | id)", .ar1PlusNoise(time: "t"))
    let values = try reference.values()
    let fit = try reference.fit()
    #expect(fit.converged)
    #expect(isClose(fit.logLikelihood, values["logLik"].number, relative: 0, absolute: 1e-6))
    let fixed = values["fixef"].list
    expectClose(
      fit.fixedEffects.map(\.estimate), fixed.map { $0["estimate"].number }, relative: 1e-4,
      "estimate")
    // Under REML glmmTMB adds how the estimate moves with the uncertain variance parameters.
    let moves = try Self.movesWithParameters(fit)
    for (position, known) in fixed.enumerated().dropFirst() {
      let variance = fit.covariance[position, position] + moves[position]
      #expect(isClose(variance.squareRoot(), known["se"].number, relative: 1e-4))
    }
    let share = try #require(fit.residualParameters.last)
    #expect(share.name == "noise share")
    #expect(
      isClose(
        fit.sigma * share.estimate.squareRoot(), values["sigma"].number, relative: 1e-3))
    #expect(
      isClose(
        fit.sigma * (1 - share.estimate).squareRoot(), values["ar1_sd"].number, relative: 1e-3))
    #expect(isClose(fit.phi ?? .nan, values["ar1_rho"].number, relative: 0, absolute: 1e-4))
    #expect(
      isClose(
        fit.varianceComponents[0].standardDeviations[0], values["sd_intercept"].number,
        relative: 1e-4))
  }

  /// nlme 3.1-162, `corCAR1(form = ~ Time | Mare)` beside a random intercept, tolerance 1e-10.
  @Test(
    "continuous time agrees with corCAR1",
    arguments: [
      (
        EstimationMethod.reml, -776.15953171575,
        [12.18623104874, -2.92633985247, -0.89356137024],
        [0.940497437147, 0.501404737525, 0.512257040068], 2.3996502e-05, 3.663253886
      ),
      (
        .ml, -777.44248261594, [12.186169506575, -2.936003919365, -0.893472490628],
        [0.897060169190, 0.492349463786, 0.501474988674], 1.691267849e-05, 3.615259689
      ),
    ])
  func continuousTime(
    _ method: EstimationMethod, _ logLikelihood: Double, _ estimates: [Double],
    _ errors: [Double], _ phi: Double, _ sigma: Double
  ) throws {
    let fit = try LinearMixedModel.fit(
      ModelFormula.parse(ResidualReference.ovary + " + (1 | Mare)"),
      data: Reference.data("data/ovary.csv"), method: method,
      residuals: .continuousAR1(time: "Time"))
    #expect(isClose(fit.logLikelihood, logLikelihood, relative: 0, absolute: 1e-6))
    expectClose(fit.fixedEffects.map(\.estimate), estimates, relative: 1e-5, "estimate")
    expectClose(fit.fixedEffects.map(\.standardError), errors, relative: 1e-4, "se")
    // φ over a whole cycle of 22 rows: its 22nd root is the correlation of neighbours.
    #expect(isClose(log(fit.phi ?? .nan), log(phi), relative: 1e-4))
    #expect(isClose(fit.sigma, sigma, relative: 1e-4))
  }

  /// nlme 3.1-162, `gls` with `corSymm(form = ~ w | Subject)` and `varIdent(form = ~ 1 | age)`, eight
  /// of the 108 measurements left out.
  @Test(
    "an unstructured covariance with missed waves agrees with gls",
    arguments: [
      (
        EstimationMethod.reml, -199.15087438531,
        [15.519457419077, 0.861575551320, 1.996164606682, -0.387098727911],
        [0.9846457223405, 0.0837985673762, 1.5969499351250, 0.1350523137267]
      ),
      (
        .ml, -196.72154723562,
        [15.520235042819, 0.861591318949, 1.984485575975, -0.386219894367],
        [0.9666626759814, 0.0822541872652, 1.5687049072242, 0.1326359568805]
      ),
    ])
  func missedWaves(
    _ method: EstimationMethod, _ logLikelihood: Double, _ estimates: [Double],
    _ errors: [Double]
  ) throws {
    let reference = ResidualReference.marginal[0]
    let data = try reference.data()
    guard case .numeric(var response) = data["distance"] else { return }
    for row in [2, 7, 20, 33, 34, 50, 71, 100] { response[row - 1] = .nan }
    let columns = data.names.compactMap { name in data[name].map { (name: name, column: $0) } }
    let fit = try LinearMixedModel.fit(
      ModelFormula.parse(reference.formula),
      data: ModelData(
        columns.map { ($0.name, $0.name == "distance" ? .numeric(response) : $0.column) }),
      method: method, residuals: reference.structure)
    #expect(fit.converged && fit.excludedRows == 8)
    #expect(isClose(fit.logLikelihood, logLikelihood, relative: 0, absolute: 1e-6))
    expectClose(fit.fixedEffects.map(\.estimate), estimates, relative: 1e-5, "estimate")
    // Like lme, gls widens the errors of ML.
    let inflation = method == .ml ? (100.0 / 96).squareRoot() : 1
    expectClose(
      fit.fixedEffects.map { $0.standardError * inflation }, errors, relative: 1e-4, "se")
  }
}
