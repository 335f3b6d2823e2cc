/// One coefficient pooled over fits to multiply imputed data, by Rubin's rules.
///
/// The estimate is the mean, its variance the mean variance within fits plus (1 + 1/m) times the
/// variance between them. Degrees of freedom are those of Barnard & Rubin (1999), *Small-sample
/// degrees of freedom with multiple imputation*, which never exceed what complete data would have.
public struct PooledEffect: Hashable, Sendable, Codable {
  /// The coefficient's name.
  public let name: String
  /// The mean of the estimates.
  public let estimate: Double
  /// The square root of the total variance.
  public let standardError: Double
  /// By Barnard & Rubin.
  public let degreesOfFreedom: Double
  /// Estimate over standard error.
  public let statistic: Double
  /// The two-sided p-value of the hypothesis that the effect is 0.
  public let pValue: Double
  /// The lower end of the confidence interval.
  public let lower: Double
  /// The upper end of the confidence interval.
  public let upper: Double
  /// The mean of the squared standard errors.
  public let withinVariance: Double
  /// The variance of the estimates over the imputations.
  public let betweenVariance: Double
  /// The share of the total variance that is due to imputation, λ.
  public let missingShare: Double
  /// The increase of variance due to imputation, relative to the variance within.
  public let relativeIncrease: Double
  /// The fraction of missing information about the coefficient.
  public let missingInformation: Double
}

extension PooledEffect {
  /// Pools one coefficient.
  ///
  /// - Parameters:
  ///   - estimates: One for each imputation, at least two.
  ///   - standardErrors: Beside them, not negative.
  ///   - completeDegreesOfFreedom: Those of the coefficient if no value had been missing; infinite
  ///     when the normal distribution would be used.
  ///   - confidenceLevel: Of the interval, between 0 and 1.
  /// - Throws: ``ModelError/pooling(_:)`` when the lists cannot be pooled.
  public init(
    name: String, estimates: [Double], standardErrors: [Double],
    completeDegreesOfFreedom: Double = .infinity, confidenceLevel: Double = 0.95
  ) throws(ModelError) {
    let count = Double(estimates.count)
    guard estimates.count > 1 else { throw .pooling("at least two imputations are needed") }
    guard standardErrors.count == estimates.count else {
      throw .pooling("‘\(name)’ has another number of standard errors than of estimates")
    }
    guard (estimates + standardErrors).allSatisfy(\.isFinite),
      standardErrors.allSatisfy({ $0 >= 0 })
    else { throw .pooling("‘\(name)’ has an estimate or standard error that is not a number") }
    guard completeDegreesOfFreedom > 0 else {
      throw .pooling("the degrees of freedom of complete data must be positive")
    }
    guard confidenceLevel > 0, confidenceLevel < 1 else {
      throw .pooling("the confidence level must lie between 0 and 1")
    }
    let mean = estimates.reduce(0, +) / count
    let within = standardErrors.reduce(0) { $0 + $1 * $1 } / count
    let between = estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let added = (1 + 1 / count) * between
    let total = within + added
    guard total > 0 else { throw .pooling("‘\(name)’ has no variance") }
    let share = added / total
    let increase = added / within
    let freedom = Self.degreesOfFreedom(
      imputations: count, share: share, complete: completeDegreesOfFreedom)
    let error = total.squareRoot()
    let distribution = StudentDistribution(degreesOfFreedom: freedom)
    let reach = distribution.quantile((1 + confidenceLevel) / 2) * error
    self.name = name
    estimate = mean
    standardError = error
    degreesOfFreedom = freedom
    statistic = mean / error
    pValue = distribution.twoSidedTail(mean / error)
    lower = mean - reach
    upper = mean + reach
    withinVariance = within
    betweenVariance = between
    missingShare = share
    relativeIncrease = increase
    // (r + 2/(ν + 3)) / (1 + r), written in λ so that it holds when the variance within is 0.
    missingInformation = share + 2 / (freedom + 3) * (1 - share)
  }

  /// Barnard & Rubin (1999), equation 3; Rubin's (m − 1)/λ² when complete data have no limit.
  private static func degreesOfFreedom(
    imputations: Double, share: Double, complete: Double
  ) -> Double {
    let rubin = share > 0 ? (imputations - 1) / (share * share) : .infinity
    guard complete.isFinite else { return rubin }
    let observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    guard rubin.isFinite else { return observed }
    // Nothing but imputation varies: what is left of the complete degrees of freedom is nothing.
    guard observed > 0 else { return .leastNormalMagnitude }
    return rubin * observed / (rubin + observed)
  }

  /// Pools the fixed effects of one model fitted to each imputed data set.
  ///
  /// - Parameters:
  ///   - tables: The fixed effects of each fit, with the same names in the same order.
  ///   - completeDegreesOfFreedom: For all coefficients. Without it, each takes the mean of its
  ///     degrees of freedom over the fits, and the normal distribution where these have none.
  ///   - confidenceLevel: Of the intervals, between 0 and 1.
  /// - Throws: ``ModelError/pooling(_:)`` when the tables differ or cannot be pooled.
  public static func pool(
    _ tables: [[LinearMixedModelFit.FixedEffect]], completeDegreesOfFreedom: Double? = nil,
    confidenceLevel: Double = 0.95
  ) throws(ModelError) -> [PooledEffect] {
    guard let first = tables.first else { throw .pooling("there is no fit to pool") }
    let names = first.map(\.name)
    guard tables.allSatisfy({ $0.map(\.name) == names }) else {
      throw .pooling("the fits do not have the same coefficients")
    }
    var pooled: [PooledEffect] = []
    for (position, name) in names.enumerated() {
      let column = tables.map { $0[position] }
      let known = column.compactMap(\.degreesOfFreedom)
      let mean =
        known.count == column.count ? known.reduce(0, +) / Double(known.count) : .infinity
      pooled.append(
        try PooledEffect(
          name: name, estimates: column.map(\.estimate),
          standardErrors: column.map(\.standardError),
          completeDegreesOfFreedom: completeDegreesOfFreedom ?? mean,
          confidenceLevel: confidenceLevel))
    }
    return pooled
  }
}
