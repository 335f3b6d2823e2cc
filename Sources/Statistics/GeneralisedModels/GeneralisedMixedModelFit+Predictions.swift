import RealModule

/// The scale of fitted values.
public enum PredictionScale: String, Hashable, Sendable, Codable {
  /// The linear predictor.
  case link
  /// The mean: a probability or an expected count.
  case response
}

/// What a residual is measured in.
public enum ResidualKind: String, Hashable, Sendable, Codable {
  /// Observed minus fitted, on the scale of the response.
  case response
  /// That over its standard deviation given the random effects.
  case pearson
  /// The signed root of a row's share of the deviance.
  case deviance
}

extension GeneralisedMixedModelFit {
  /// The predicted random effects with their conditional covariances, by term.
  ///
  /// Modes of the random effects given the data, with covariance TH⁻¹T′ as lme4's
  /// `ranef(condVar = TRUE)` gives it: uncertainty of the estimates is not in it.
  public func randomEffects() -> [ConditionalModes] { optimum.conditionalModes(model.design) }

  /// The fitted values, fixed and random, for every row of the data; NaN for rows set aside.
  public func fittedValues(_ scale: PredictionScale = .response) -> [Double] {
    let predictor = optimum.modes.predictor
    return model.design.spread(scale == .link ? predictor : predictor.map(family.mean))
  }

  /// The residuals for every row of the data; NaN for rows set aside.
  public func residuals(_ kind: ResidualKind = .deviance) -> [Double] {
    let design = model.design
    let means = design.rows.unsorted(optimum.modes.predictor).map(family.mean)
    let observed = model.response.observed(family)
    let values = means.indices.map { row -> Double in
      let weight = model.response.weights[row]
      let raw = observed[row] - means[row]
      switch kind {
      case .response: return raw
      case .pearson: return raw * (weight / variance(means[row])).squareRoot()
      case .deviance:
        let part = max(0, weight * unitDeviance(observed[row], means[row])).squareRoot()
        return raw < 0 ? -part : part
      }
    }
    return design.frame.spread(values)
  }

  private func variance(_ mean: Double) -> Double {
    switch family {
    case .binomial: mean * (1 - mean)
    case .poisson: mean
    case .negativeBinomial: mean + mean * mean / (dispersion ?? .infinity)
    }
  }

  /// Twice the log-likelihood that a row of weight 1 loses by having this mean and not its own.
  private func unitDeviance(_ observed: Double, _ mean: Double) -> Double {
    switch family {
    case .binomial:
      2 * (relativeLog(observed, mean) + relativeLog(1 - observed, 1 - mean))
    case .poisson, .negativeBinomial:
      if let size = dispersion, size.isFinite {
        2
          * (relativeLog(observed, mean)
            - (observed + size) * Double.log((observed + size) / (mean + size)))
      } else {
        2 * (relativeLog(observed, mean) - (observed - mean))
      }
    }
  }
}

/// y log(y / μ), 0 for y = 0.
private func relativeLog(_ observed: Double, _ mean: Double) -> Double {
  observed > 0 ? observed * Double.log(observed / mean) : 0
}

extension GeneralisedMixedModel {
  /// The log-likelihood of a model that fits every row exactly, binomial or Poisson.
  var saturatedLogLikelihood: Double {
    switch family {
    case .binomial:
      zip(response.values, response.weights).reduce(
        binomialConstant(successes: response.values, trials: response.weights)
      ) { sum, row in
        guard row.1 > 0 else { return sum }
        return sum + relativeLog(row.0, row.1) + relativeLog(row.1 - row.0, row.1)
      }
    case .poisson:
      zip(response.values, response.weights).reduce(0) { sum, row in
        sum + row.1 * (relativeLog(row.0, 1) - row.0 - Double.logGamma(row.0 + 1))
      }
    case .negativeBinomial: 0
    }
  }
}
