import RealModule

/// An estimate on the scale of the link carried over to that of the response, by the delta method:
/// errors are multiplied by the slope of the inverse link, ends of intervals are carried over as they
/// are (emmeans' `type = "response"`).
public struct ResponseEstimate: Hashable, Sendable, Codable {
  /// The probability, expected count, or ratio.
  public let estimate: Double
  /// Its standard error.
  public let standardError: Double
  /// The lower end of the confidence interval.
  public let lower: Double
  /// The upper end of the confidence interval.
  public let upper: Double
}

extension ResponseEstimate {
  /// A prediction of a mean.
  public init(_ prediction: Prediction) {
    self.init(
      estimate: prediction.value, standardError: prediction.standardError,
      lower: prediction.lower, upper: prediction.upper)
  }
}

extension ResponseEstimate {
  /// A probability, whose interval is found on the scale of log odds, so that it stays between 0 and
  /// 1.
  ///
  /// - Parameter reach: How many standard errors the interval reaches to either side.
  init(probability: Double, standardError: Double, reach: Double) {
    let odds = Double.log(probability / (1 - probability))
    let far = reach * standardError / (probability * (1 - probability))
    let family = ResponseFamily.logistic
    self.init(
      estimate: probability, standardError: standardError, lower: family.mean(odds - far),
      upper: family.mean(odds + far))
  }
}

extension ResponseFamily {
  /// The mean at a value of the linear predictor.
  func mean(_ eta: Double) -> Double {
    switch self {
    case .binomial(.logit):
      return eta >= 0 ? 1 / (1 + Double.exp(-eta)) : Double.exp(eta) / (1 + Double.exp(eta))
    case .binomial(.probit): return NormalDistribution().lowerTail(eta)
    case .poisson, .negativeBinomial: return Double.exp(eta)
    }
  }

  /// The derivative of the mean.
  func slope(_ eta: Double) -> Double {
    switch self {
    case .binomial(.logit): return mean(eta) * mean(-eta)
    case .binomial(.probit): return Double.exp(-eta * eta / 2) / (2 * Double.pi).squareRoot()
    case .poisson, .negativeBinomial: return Double.exp(eta)
    }
  }

  /// What the exponential of a difference on the scale of the link is called; `nil` where it means
  /// nothing.
  public var ratioName: String? {
    switch self {
    case .binomial(.logit): "odds ratio"
    case .binomial(.probit): nil
    case .poisson, .negativeBinomial: "ratio"
    }
  }

  /// An effect carried over to the scale of the response.
  public func onResponseScale(_ effect: LinearMixedModelFit.FixedEffect) -> ResponseEstimate {
    onResponseScale(
      effect.estimate, standardError: effect.standardError, lower: effect.lower,
      upper: effect.upper)
  }

  func onResponseScale(
    _ value: Double, standardError: Double, lower: Double, upper: Double
  ) -> ResponseEstimate {
    ResponseEstimate(
      estimate: mean(value), standardError: slope(value) * standardError, lower: mean(lower),
      upper: mean(upper))
  }
}

extension PairwiseComparison {
  /// The exponential of a difference of logarithms or log odds: a ratio, with its error by the delta
  /// method and the adjusted interval.
  public var ratio: ResponseEstimate {
    ResponseEstimate(
      estimate: Double.exp(effect.estimate),
      standardError: Double.exp(effect.estimate) * effect.standardError,
      lower: Double.exp(adjustedLower), upper: Double.exp(adjustedUpper))
  }
}
