/// A mistake in a model formula, with its place.
///
/// ```swift
/// try ModelFormula.parse("y ~ x +")   // column 8: found the end, expected a variable
/// ```
public struct FormulaError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The character at which the mistake was found, counted from 1.
  public let column: Int
  /// What stands there.
  public let found: String
  /// What could stand there.
  public let expected: String

  /// The place and the mistake in one line.
  public var description: String {
    "formula, column \(column): found \(found), expected \(expected)"
  }
}
