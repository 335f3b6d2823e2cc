/// A test of several coefficients together, pooled over fits to multiply imputed data.
///
/// D₁ of Li, Raghunathan & Rubin (1991), *Large-sample significance levels from multiply imputed data
/// using moment-based statistics and an F reference distribution*, J. Am. Stat. Assoc. 86: the mean
/// estimates in the metric of the mean covariance, over their number and the mean increase of variance
/// by imputation. Denominators are theirs, or where complete data have a limited number of degrees of
/// freedom those of Reiter (2007), *Small-sample degrees of freedom for multi-component significance
/// tests with multiple imputation for missing data*, Biometrika 94. A single coefficient is tested as
/// ``PooledEffect`` tests it.
public struct PooledTest: Hashable, Sendable, Codable {
  /// The term as it is named in the formula.
  public let term: String
  /// The pooled F test.
  public let test: FTest
  /// The mean increase of variance due to imputation, relative to the variance within.
  public let relativeIncrease: Double
}

/// All combinations of one term that a type III test holds to be 0, with their covariance.
public struct TermEstimates: Hashable, Sendable, Codable {
  /// The term as it is named in the formula.
  public let term: String
  /// The estimates of the combinations.
  public let values: [Double]
  /// Their covariance matrix.
  public let covariance: Matrix
  /// The degrees of freedom of the denominator of the test in this fit; infinite without a
  /// small-sample method.
  public let denominator: Double

  /// Takes the combinations as another program estimated them.
  public init(term: String, values: [Double], covariance: Matrix, denominator: Double) {
    self.term = term
    self.values = values
    self.covariance = covariance
    self.denominator = denominator
  }
}

extension MixedModelFit {
  /// What the type III tests test, to be pooled over imputations.
  public func typeThreeEstimates() throws(ModelError) -> [TermEstimates] {
    try typeThreeContrasts().map { term, contrasts, test in
      TermEstimates(
        term: term, values: contrasts * fixedEffects.map(\.estimate),
        covariance: (contrasts * tables.inference.covariance * contrasts.transposed).symmetrised,
        denominator: test.denominator)
    }
  }
}

extension PooledTest {
  /// Pools the test of one term.
  ///
  /// - Parameter fits: One for each imputation, at least two.
  /// - Throws: ``ModelError/pooling(_:)`` when they are not of the same term or cannot be pooled.
  public init(_ fits: [TermEstimates]) throws(ModelError) {
    guard let first = fits.first, fits.count > 1 else {
      throw .pooling("at least two imputations are needed")
    }
    let size = first.values.count
    guard fits.allSatisfy({ $0.term == first.term && $0.values.count == size }) else {
      throw .pooling("the fits do not test ‘\(first.term)’ by the same combinations")
    }
    let count = Double(fits.count)
    let denominators = fits.map(\.denominator)
    let complete = denominators.reduce(0, +) / count
    term = first.term
    if size == 1 {
      let pooled = try PooledEffect(
        name: first.term, estimates: fits.map { $0.values[0] },
        standardErrors: fits.map { $0.covariance[0, 0].squareRoot() },
        completeDegreesOfFreedom: complete)
      test = FTest(
        statistic: pooled.statistic * pooled.statistic, numerator: 1,
        denominator: pooled.degreesOfFreedom)
      relativeIncrease = pooled.relativeIncrease
      return
    }
    var within = Matrix(rows: size, columns: size)
    var mean = [Double](repeating: 0, count: size)
    for fit in fits {
      within += (1 / count) * fit.covariance
      mean = zip(mean, fit.values).map { $0 + $1 / count }
    }
    guard let factor = Cholesky(within.symmetrised) else {
      throw .pooling("the combinations of ‘\(first.term)’ cannot be told apart")
    }
    // tr(B U⁻¹) is the sum of squared deviations in the metric of U.
    let spread = fits.reduce(0.0) { sum, fit in
      let half = factor.solveLower(zip(fit.values, mean).map(-))
      return sum + dot(half, half)
    }
    let increase = (1 + 1 / count) * spread / (count - 1) / Double(size)
    let half = factor.solveLower(mean)
    test = FTest(
      statistic: dot(half, half) / (Double(size) * (1 + increase)), numerator: Double(size),
      denominator: Self.denominator(
        combinations: Double(size), imputations: count, increase: increase, complete: complete))
    relativeIncrease = increase
  }

  /// Li, Raghunathan & Rubin (1991), equation 1.17, or Reiter (2007), equations 1 and 2.
  private static func denominator(
    combinations k: Double, imputations: Double, increase r: Double, complete: Double
  ) -> Double {
    let t = k * (imputations - 1)
    var large = Double.infinity
    if r > 0 {
      large =
        t > 4
        ? 4 + (t - 4) * ((1 + (1 - 2 / t) / r) * (1 + (1 - 2 / t) / r))
        : t * (1 + 1 / k) * (1 + 1 / r) * (1 + 1 / r) / 2
    }
    guard complete.isFinite else { return large }
    let observed = (complete + 1) / (complete + 3) * complete
    let a = r * t / (t - 2)
    // With so few imputations or rows Reiter's expansion has no terms to stand on.
    guard t > 4, observed > 4 * (1 + a) else { return min(large, observed / (1 + r)) }
    let c0 = 1 / (t - 4)
    let c1 = observed - 2 * (1 + a)
    let c2 = observed - 4 * (1 + a)
    let squared = a * a
    let first = squared * c1 / ((1 + a) * (1 + a) * c2)
    let second = 8 * squared * c1 / ((1 + a) * c2 * c2) + 4 * squared / ((1 + a) * c2)
    let third = 4 * squared / (c2 * c1) + 16 * squared * c1 / (c2 * c2 * c2)
    let fourth = 8 * squared / (c2 * c2)
    return 4 + 1 / (1 / c2 + c0 * (first + second + third + fourth))
  }

  /// Pools the tests of all terms of one model fitted to each imputed data set.
  ///
  /// - Parameter tables: The terms of each fit, the same in the same order.
  /// - Throws: ``ModelError/pooling(_:)`` when the tables differ or cannot be pooled.
  public static func pool(_ tables: [[TermEstimates]]) throws(ModelError) -> [PooledTest] {
    guard let first = tables.first else { throw .pooling("there is no fit to pool") }
    guard tables.allSatisfy({ $0.map(\.term) == first.map(\.term) }) else {
      throw .pooling("the fits do not have the same terms")
    }
    var pooled: [PooledTest] = []
    for position in first.indices {
      pooled.append(try PooledTest(tables.map { $0[position] }))
    }
    return pooled
  }
}
