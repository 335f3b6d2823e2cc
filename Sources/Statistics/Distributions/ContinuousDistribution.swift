import RealModule

/// A distribution of one number, with its tails and quantiles.
///
/// Tails are computed by the GNU Scientific Library, each on its own, so that small p-values keep
/// their digits. Arguments outside a distribution's range give NaN, never a trap.
public protocol ContinuousDistribution: Sendable {
  /// The probability of a value of at most `x`.
  func lowerTail(_ x: Double) -> Double
  /// The probability of a value above `x`.
  func upperTail(_ x: Double) -> Double
  /// The value that is exceeded with probability `1 - probability`.
  func quantile(_ probability: Double) -> Double
}

extension ContinuousDistribution {
  /// The probability of a value at least as far from 0 as `x`, for symmetric distributions.
  public func twoSidedTail(_ x: Double) -> Double { min(1, 2 * upperTail(abs(x))) }
}
