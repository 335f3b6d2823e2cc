import CGSL
import RealModule

/// How the variance of the response divides between fixed effects, groups and residuals.
public struct VarianceShares: Hashable, Sendable, Codable {
  /// The variance of the fixed part over the rows used.
  public let fixed: Double
  /// The variance that each term of random effects adds to a row, in the mean over rows.
  public let random: [Double]
  /// The residual variance, in the mean over rows.
  public let residual: Double
  /// For each term, the rows that a row shares its group with, itself included, in the mean over
  /// rows: Σn²/n over the groups' sizes.
  let sharing: [Double]

  private var total: Double { fixed + random.reduce(0, +) + residual }
  /// R² of the fixed effects.
  public var marginal: Double { fixed / total }
  /// R² of fixed and random effects together.
  public var conditional: Double { (fixed + random.reduce(0, +)) / total }
  /// The share of the groups in what the fixed effects leave: the intraclass correlation.
  public var intraclassCorrelation: Double {
    let groups = random.reduce(0, +)
    return groups / (groups + residual)
  }

  /// How many times the variance of a mean over all rows is what independent rows would give it:
  /// 1 + Σ(m − 1)ρ, m the rows that share a group and ρ a term's share of the unexplained variance
  /// (Kish 1965, *Survey Sampling*, section 5.4). The rows divided by it are an effective number.
  public var designEffect: Double {
    let unexplained = random.reduce(0, +) + residual
    return 1 + zip(random, sharing).reduce(0) { $0 + ($1.1 - 1) * $1.0 / unexplained }
  }
}

extension LinearModelFit {
  /// The variance shares of Nakagawa & Schielzeth (2013), random slopes as by Johnson (2014).
  public func varianceShares() -> VarianceShares {
    let frame = tables.frame
    if let moments = frame.moments { return varianceShares(moments) }
    let deviations = residualCovariance.deviations(rowCount: frame.rowCount)
    return varianceShares(
      residual: sigma * sigma * dot(deviations, deviations) / Double(frame.rowCount))
  }

  /// The variance shares from the moments of the columns; with prior weights these are weighted.
  private func varianceShares(_ moments: FrameMoments) -> VarianceShares {
    let spread = moments.fixedCovariance.part(rows: tables.estimable, columns: tables.estimable)
    let random = zip(moments.randomSquares, varianceComponents).map { squares, component in
      dot(squares.elements, component.covariance.elements)
    }
    return VarianceShares(
      fixed: dot(estimates, spread * estimates), random: random, residual: sigma * sigma,
      sharing: moments.sharing)
  }
}

/// How the residual variance of a generalised model is put on the scale of the link (Nakagawa, Johnson
/// & Schielzeth 2017, *The coefficient of determination R² and intra-class correlation coefficient
/// from generalized linear mixed-effects models revisited and expanded*, J. R. Soc. Interface 14).
public enum ObservationVariance: String, Hashable, Sendable, Codable, CaseIterable {
  /// Of the latent response of a binomial model: π²/3 of a logit, 1 of a probit.
  case latent
  /// By the delta method: the variance of the response at its mean over the squared slope of the
  /// inverse link.
  case delta
  /// Of the logarithm of a count: log(1 + variance / mean²), as if counts were log-normal.
  case lognormal
  /// Of the logarithm of a count: the trigamma function of mean² / variance, as of a gamma variable.
  case trigamma
}

extension GeneralisedMixedModelFit {
  /// How the residual variance is found for a family if nothing else is said: of the latent response
  /// of a binomial model, of a log-normal count, as `performance::r2_nakagawa` does.
  public var usualObservationVariance: ObservationVariance {
    if case .binomial = family { .latent } else { .lognormal }
  }

  /// The shares of the variance on the scale of the link, with the residual variance of
  /// ``usualObservationVariance``; `nil` where there is none.
  public func varianceShares() -> VarianceShares? {
    try? varianceShares(usualObservationVariance)
  }

  /// The shares of the variance on the scale of the link.
  ///
  /// Where the residual variance depends on the mean, that is the mean of a model of the same random
  /// effects and family with no fixed effect but the intercept, as MuMIn's `r.squaredGLMM` takes it:
  /// exp(β₀ + σ²/2) for counts, σ² being the variance of the random effects in the mean over rows; for
  /// a binomial model F(β₀ − σ² tanh(β₀(1 + 2 exp(−σ²/2))/6)/2) by McCulloch, Searle & Neuhaus (2008).
  ///
  /// - Throws: ``ModelError/unsupported(_:)`` for a residual variance that the family does not have,
  ///   or ``ModelError/numerical(_:)`` when the model without fixed effects cannot be fitted.
  public func varianceShares(
    _ observation: ObservationVariance
  ) throws(ModelError) -> VarianceShares {
    switch (family, observation) {
    case (.binomial(.logit), .latent): return varianceShares(residual: Double.pi * Double.pi / 3)
    case (.binomial(.probit), .latent): return varianceShares(residual: 1)
    case (.binomial(let link), .delta):
      let null = try emptyModel()
      let shrunk =
        null.variance * Double.tanh(null.predictor * (1 + 2 * Double.exp(-null.variance / 2)) / 6)
      let predictor = null.predictor - shrunk / 2
      let mean = ResponseFamily.binomial(link).mean(predictor)
      let trials =
        model.response.weights.reduce(0, +) / Double(model.response.weights.count)
      // A logit's slope is p(1 − p); a probit's the normal density where its mean is p.
      let slope =
        link == .logit
        ? mean * (1 - mean)
        : Double.exp(-predictor * predictor / 2) / (2 * Double.pi).squareRoot()
      return varianceShares(residual: mean * (1 - mean) / (trials * slope * slope))
    case (.poisson, let kind), (.negativeBinomial, let kind):
      guard kind != .latent else { throw Self.noVariance(kind, family) }
      let null = try emptyModel()
      let mean = Double.exp(null.predictor + null.variance / 2)
      // Variance over squared mean.
      let relative = 1 / mean + (dispersion.map { 1 / $0 } ?? 0)
      switch kind {
      case .delta: return varianceShares(residual: relative)
      case .trigamma:
        guard GSL.returnsErrors else { throw .numerical("GSL is not ready") }
        return varianceShares(residual: gsl_sf_psi_1(1 / relative))
      default: return varianceShares(residual: Double.log(onePlus: relative))
      }
    case (.binomial, let kind): throw Self.noVariance(kind, family)
    }
  }

  private static func noVariance(
    _ kind: ObservationVariance, _ family: ResponseFamily
  ) -> ModelError {
    .unsupported("a \(family.name) model has no ‘\(kind.rawValue)’ residual variance")
  }

  /// A model of the same rows, random effects and family with no fixed effect but the intercept: the
  /// linear predictor of a typical row, and the variance of the random effects in the mean over rows.
  private func emptyModel() throws(ModelError) -> (predictor: Double, variance: Double) {
    let likelihood = likelihood
    let rows = model.design.rows.withInterceptAlone
    let start =
      Array(optimum.point.prefix(rows.thetaCount))
      + [fixedPredictorMean]
      + optimum.point.suffix(optimum.point.count - rows.thetaCount - likelihood.fixedCount)
    let search = MarginalSearch(
      criterion: try likelihood.criterion(
        of: rows, response: likelihood.response, weights: likelihood.weights))
    guard let found = search.settled(from: start), found.isSettled else {
      throw .numerical("the model without fixed effects found no optimum")
    }
    var variance = 0.0
    for (factor, matrix) in zip(rows.factors, rows.factorMatrices(at: found.point)) {
      let covariance = matrix * matrix.transposed
      for first in factor.columns.indices {
        for second in factor.columns.indices {
          variance += covariance[first, second] * dot(factor.columns[first], factor.columns[second])
        }
      }
    }
    let count = Double(rows.count)
    return (
      found.point[rows.thetaCount] + rows.offset.reduce(0, +) / count, variance / count
    )
  }

  /// The linear predictor without random effects and offset, in the mean over rows.
  private var fixedPredictorMean: Double {
    let rows = model.design.rows
    let fixed = optimum.point[rows.thetaCount..<(rows.thetaCount + rows.fixed.count)]
    let predictor = rows.fixedPredictor(fixed)
    return (predictor.reduce(0, +) - rows.offset.reduce(0, +)) / Double(rows.count)
  }
}

extension OrdinalMixedModelFit {
  /// The shares of the variance of the latent response, whose residuals have that of a logistic
  /// distribution, π²/3.
  public func varianceShares() -> VarianceShares {
    varianceShares(residual: Double.pi * Double.pi / 3)
  }
}

extension MixedModelFit {
  /// - Parameter residual: The residual variance, in the mean over rows.
  fileprivate func varianceShares(residual: Double) -> VarianceShares {
    let frame = tables.frame
    var fitted = [Double](repeating: 0, count: frame.rowCount)
    for (effect, column) in zip(fixedEffects, tables.estimable) {
      let values = frame.fixed.columns[column].values.array
      for row in fitted.indices { fitted[row] += effect.estimate * values[row] }
    }
    let count = Double(frame.rowCount)
    let mean = fitted.reduce(0, +) / count
    let squares = fitted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let random = zip(frame.random, varianceComponents).map { term, component in
      let columns = term.design.columns.map(\.values.array)
      var sum = 0.0
      for first in columns.indices {
        for second in columns.indices {
          sum += component.covariance[first, second] * dot(columns[first], columns[second])
        }
      }
      return sum / count
    }
    let sharing = frame.random.map { term in
      var sizes = [Double](repeating: 0, count: term.levels.count)
      for code in term.codes { sizes[Int(code)] += 1 }
      return dot(sizes, sizes) / count
    }
    return VarianceShares(
      fixed: squares / (count - 1), random: random, residual: residual, sharing: sharing)
  }
}
