/// Whether one person's change is more than the scale's error (Jacobson & Truax 1991).
///
/// RCI = (after − before)/(√2 s √(1 − r)), s the standard deviation before, r the reliability.
public struct ReliableChange: Hashable, Sendable {
  /// A change against the level asked for.
  public enum Direction: String, Hashable, Sendable, Codable {
    case risen, fallen, unchanged
  }

  /// The reliability that the error rests on.
  public let reliability: Double
  /// The standard deviation before.
  public let standardDeviation: Double
  /// The smallest change that is more than error at the level asked for.
  public let threshold: Double

  /// The standard error of a difference of two scores.
  public var differenceError: Double {
    standardDeviation * (2 * (1 - reliability)).squareRoot()
  }

  /// - Parameters:
  ///   - reliability: From 0 to below 1; say where it comes from.
  ///   - standardDeviation: Of the scores before, above 0.
  ///   - confidenceLevel: Between 0 and 1.
  /// - Throws: ``ReliabilityError/outOfRange(option:expected:)``.
  public init(
    reliability: Double, standardDeviation: Double, confidenceLevel: Double = 0.95
  ) throws(ReliabilityError) {
    guard reliability >= 0, reliability < 1 else {
      throw .outOfRange(option: "the reliability", expected: "from 0 to below 1")
    }
    guard standardDeviation > 0, standardDeviation.isFinite else {
      throw .outOfRange(option: "the standard deviation", expected: "above 0")
    }
    guard confidenceLevel > 0, confidenceLevel < 1 else {
      throw .outOfRange(option: "the confidence level", expected: "between 0 and 1")
    }
    self.reliability = reliability
    self.standardDeviation = standardDeviation
    threshold =
      NormalDistribution().quantile(1 - (1 - confidenceLevel) / 2) * standardDeviation
      * (2 * (1 - reliability)).squareRoot()
  }

  /// The change in units of its error; NaN when either score is missing.
  public func index(before: Double, after: Double) -> Double { (after - before) / differenceError }

  /// Whether the change is more than error; nil when either score is missing.
  public func direction(before: Double, after: Double) -> Direction? {
    let change = after - before
    guard !change.isNaN else { return nil }
    if abs(change) <= threshold { return .unchanged }
    return change > 0 ? .risen : .fallen
  }
}
