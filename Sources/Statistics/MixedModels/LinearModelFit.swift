/// A fitted linear mixed or marginal model, its residuals independent or structured.
public protocol LinearModelFit: MixedModelFit {
  /// REML or ML.
  var method: EstimationMethod { get }
  /// The residual standard deviation of a row of weight 1; of the first stratum where there are
  /// several.
  var sigma: Double { get }
  /// How the residuals of the rows relate.
  var residualCovariance: ResidualCovariance { get }

  /// The predicted random effects (BLUPs) with their conditional covariances, by term.
  func randomEffects() -> [ConditionalModes]
}

/// What a residual of a linear model is measured in.
public enum LinearResidualKind: String, Hashable, Sendable, Codable, CaseIterable {
  /// Response minus fitted value.
  case response
  /// That over its standard deviation given the random effects.
  case pearson
  /// What is new in a residual given those before it in its block, over its standard deviation:
  /// Pearson's freed of correlation, nlme's `residuals(type = "normalized")` for autoregressive
  /// structures.
  case normalized
  /// What is new in response minus Xb given the rows before it in its cluster, over its standard
  /// deviation, random effects and residuals together: Cholesky residuals (Houseman, Ryan & Coull
  /// 2004). Independent and standard normal if the model holds, which the others are not, because
  /// predicted random effects shrink.
  case marginal
}

extension LinearModelFit {
  /// The fitted values, fixed and random, for every row of the data; NaN for rows set aside.
  public func fittedValues() -> [Double] { tables.frame.spread(linearPredictor()) }

  /// The residuals for every row of the data; NaN for rows set aside.
  ///
  /// Correlated blocks and, for marginal ones, clusters cost the cube of their rows.
  ///
  /// - Throws: ``ModelError/unsupported(_:)`` for marginal residuals where grouping factors cross.
  public func residuals(
    _ kind: LinearResidualKind
  ) throws(ModelError) -> [Double] {
    guard kind != .marginal else {
      return tables.frame.spread(try MarginalClusters(self).whitened())
    }
    let raw = zip(tables.frame.response, linearPredictor()).map(-)
    switch kind {
    case .response, .marginal: return tables.frame.spread(raw)
    case .pearson:
      let deviations = residualCovariance.deviations(rowCount: raw.count)
      return tables.frame.spread(zip(raw, deviations).map { $0 / (sigma * $1) })
    case .normalized:
      return tables.frame.spread(residualCovariance.whitened(raw).map { $0 / sigma })
    }
  }

  /// Response minus fitted value for every row of the data; NaN for rows set aside.
  public func residuals() -> [Double] {
    tables.frame.spread(zip(tables.frame.response, linearPredictor()).map(-))
  }

  private func linearPredictor() -> [Double] {
    tables.frame.linearPredictor(estimates, of: tables.estimable, modes: randomEffects())
  }
}
