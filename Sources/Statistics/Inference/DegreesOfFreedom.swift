/// How the degrees of freedom of tests of fixed effects are found.
public enum DegreesOfFreedom: String, Hashable, Sendable, Codable, CaseIterable {
  /// None: the normal and χ² distributions, which are right for many groups only.
  case none
  /// Matches the variance of each variance estimate (Satterthwaite 1946; Fai & Cornelius 1996), as
  /// lmerTest does.
  case satterthwaite
  /// Corrects the standard errors for small samples too (Kenward & Roger 1997), as pbkrtest does;
  /// REML only.
  case kenwardRoger = "kenward-roger"

  /// Refuses what a way of estimation does not define.
  ///
  /// - Throws: ``ModelError/unsupported(_:)`` for Kenward-Roger by ML.
  func check(_ method: EstimationMethod) throws(ModelError) {
    guard self != .kenwardRoger || method == .reml else {
      throw .unsupported("Kenward-Roger degrees of freedom need a fit by REML")
    }
  }
}

/// A test that one or more combinations of fixed effects are 0.
public struct FTest: Hashable, Sendable, Codable {
  /// The F statistic.
  public let statistic: Double
  /// The number of independent combinations.
  public let numerator: Double
  /// Degrees of freedom of the denominator; infinite without a small-sample method.
  public let denominator: Double

  /// The probability of a larger statistic if all combinations are 0.
  public var pValue: Double {
    FDistribution(numerator: numerator, denominator: denominator).upperTail(statistic)
  }
}

/// What is known of the precision of the fixed effects, for tests of any combination of them.
protocol FixedEffectInference: Sendable {
  /// The covariance matrix of the fixed effects.
  var covariance: Matrix { get }

  /// That matrix without a correction for small samples.
  var uncorrected: Matrix { get }

  /// The degrees of freedom of the t statistic of one combination; `nil` for the normal.
  func degreesOfFreedom(_ contrast: [Double]) -> Double?

  /// The test that every row of `contrasts` is 0; `nil` if no row says anything.
  func test(_ contrasts: Matrix, of estimates: [Double]) -> FTest?
}

extension FixedEffectInference {
  var uncorrected: Matrix { covariance }
}

/// Tests by the normal and χ² distributions.
struct AsymptoticInference: FixedEffectInference {
  let covariance: Matrix

  func degreesOfFreedom(_ contrast: [Double]) -> Double? { nil }

  func test(_ contrasts: Matrix, of estimates: [Double]) -> FTest? {
    guard let parts = IndependentContrasts(contrasts, covariance: covariance) else { return nil }
    return FTest(
      statistic: parts.meanSquare(of: estimates), numerator: Double(parts.count),
      denominator: .infinity)
  }
}

/// Combinations of fixed effects turned so that their estimates are uncorrelated.
struct IndependentContrasts {
  /// One combination a row.
  let rows: Matrix
  /// The variance of each.
  let variances: [Double]

  var count: Int { variances.count }

  /// The share of the largest variance below which a combination repeats others.
  static let tolerance = 1e-10

  init?(_ contrasts: Matrix, covariance: Matrix) {
    guard let eigen = SymmetricEigen(contrasts * covariance * contrasts.transposed),
      let largest = eigen.values.first, largest > 0
    else { return nil }
    let kept = eigen.values.indices.filter { eigen.values[$0] > Self.tolerance * largest }
    variances = kept.map { eigen.values[$0] }
    let basis = eigen.vectors.part(rows: Array(0..<contrasts.rows), columns: kept)
    rows = basis.transposed * contrasts
  }

  /// The mean of the squared t statistics, which is F.
  func meanSquare(of estimates: [Double]) -> Double {
    let values = rows * estimates
    return zip(values, variances).reduce(0) { $0 + $1.0 * $1.0 / $1.1 } / Double(count)
  }

  func row(_ position: Int) -> [Double] { (0..<rows.columns).map { rows[position, $0] } }
}

extension Matrix {
  /// x′Ax.
  func quadratic(_ vector: [Double]) -> Double { dot(vector, self * vector) }
}
