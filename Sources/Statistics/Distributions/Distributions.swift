import CGSL

/// The standard normal distribution.
public struct NormalDistribution: ContinuousDistribution, Hashable {
  /// Mean 0, standard deviation 1.
  public init() {}

  /// The probability of a value of at most `x`.
  public func lowerTail(_ x: Double) -> Double { gsl_cdf_ugaussian_P(x) }
  /// The probability of a value above `x`.
  public func upperTail(_ x: Double) -> Double { gsl_cdf_ugaussian_Q(x) }
  /// The value that is exceeded with probability `1 - probability`.
  public func quantile(_ probability: Double) -> Double {
    isProbability(probability) ? gsl_cdf_ugaussian_Pinv(probability) : .nan
  }
}

/// Student's t distribution; with infinite degrees of freedom, the normal.
public struct StudentDistribution: ContinuousDistribution, Hashable {
  /// Positive, not necessarily whole.
  public let degreesOfFreedom: Double

  /// - Parameter degreesOfFreedom: Positive, not necessarily whole; infinity gives the normal.
  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  /// The probability of a value of at most `x`.
  public func lowerTail(_ x: Double) -> Double { upperTail(-x) }
  /// The probability of a value above `x`.
  public func upperTail(_ x: Double) -> Double {
    guard GSL.returnsErrors, degreesOfFreedom > 0 else { return .nan }
    guard degreesOfFreedom.isFinite else { return gsl_cdf_ugaussian_Q(x) }
    return gsl_cdf_tdist_Q(x, degreesOfFreedom)
  }
  /// The value that is exceeded with probability `1 - probability`.
  public func quantile(_ probability: Double) -> Double {
    guard GSL.returnsErrors, degreesOfFreedom > 0, isProbability(probability) else { return .nan }
    guard degreesOfFreedom.isFinite else { return gsl_cdf_ugaussian_Pinv(probability) }
    return gsl_cdf_tdist_Pinv(probability, degreesOfFreedom)
  }
}

/// The χ² distribution.
public struct ChiSquareDistribution: ContinuousDistribution, Hashable {
  /// Positive, not necessarily whole.
  public let degreesOfFreedom: Double

  /// - Parameter degreesOfFreedom: Positive, not necessarily whole.
  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  /// The probability of a value of at most `x`.
  public func lowerTail(_ x: Double) -> Double {
    guard GSL.returnsErrors, degreesOfFreedom > 0 else { return .nan }
    return x <= 0 ? 0 : gsl_cdf_chisq_P(x, degreesOfFreedom)
  }
  /// The probability of a value above `x`.
  public func upperTail(_ x: Double) -> Double {
    guard GSL.returnsErrors, degreesOfFreedom > 0 else { return .nan }
    return x <= 0 ? 1 : gsl_cdf_chisq_Q(x, degreesOfFreedom)
  }
  /// The value that is exceeded with probability `1 - probability`.
  public func quantile(_ probability: Double) -> Double {
    guard GSL.returnsErrors, degreesOfFreedom > 0, isProbability(probability) else { return .nan }
    return gsl_cdf_chisq_Pinv(probability, degreesOfFreedom)
  }
}

/// The F distribution; with an infinite denominator, χ² over its degrees of freedom.
public struct FDistribution: ContinuousDistribution, Hashable {
  /// Degrees of freedom of the numerator, positive.
  public let numerator: Double
  /// Degrees of freedom of the denominator, positive, perhaps infinite.
  public let denominator: Double

  /// - Parameters:
  ///   - numerator: Degrees of freedom, positive, not necessarily whole.
  ///   - denominator: Degrees of freedom, positive, perhaps infinite.
  public init(numerator: Double, denominator: Double) {
    self.numerator = numerator
    self.denominator = denominator
  }

  private var isValid: Bool { GSL.returnsErrors && numerator > 0 && denominator > 0 }
  private var limit: ChiSquareDistribution { .init(degreesOfFreedom: numerator) }

  /// The probability of a value of at most `x`.
  public func lowerTail(_ x: Double) -> Double {
    guard isValid else { return .nan }
    guard denominator.isFinite else { return limit.lowerTail(x * numerator) }
    return x <= 0 ? 0 : gsl_cdf_fdist_P(x, numerator, denominator)
  }
  /// The probability of a value above `x`.
  public func upperTail(_ x: Double) -> Double {
    guard isValid else { return .nan }
    guard denominator.isFinite else { return limit.upperTail(x * numerator) }
    return x <= 0 ? 1 : gsl_cdf_fdist_Q(x, numerator, denominator)
  }
  /// The value that is exceeded with probability `1 - probability`.
  public func quantile(_ probability: Double) -> Double {
    guard isValid, isProbability(probability) else { return .nan }
    guard denominator.isFinite else { return limit.quantile(probability) / numerator }
    return gsl_cdf_fdist_Pinv(probability, numerator, denominator)
  }
}

private func isProbability(_ value: Double) -> Bool { value >= 0 && value <= 1 }
