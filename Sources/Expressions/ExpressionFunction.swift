/// The functions of the scalar language, by the names they have in files.
///
/// Functions propagate missing: one missing argument makes the result missing. The exceptions are
/// `count`, `answered`, `missing` and `first_of`, which are about what is missing.
///
/// Functions of a column (`lag`, `within`, …) need the other rows of an analysis table and are no
/// case here; `ColumnFunction` keeps their names.
package enum ExpressionFunction: String, Hashable, Sendable, CaseIterable {
  /// The arithmetic mean of numbers.
  case mean
  /// The sum of numbers.
  case sum
  /// The smallest of numbers.
  case min
  /// The largest of numbers.
  case max
  /// How many truths are true, or how many numbers or texts have a value. Never missing.
  case count
  /// Whether every argument has a value. Never missing.
  case answered
  /// Whether any argument has no value; the opposite of `answered`. Never missing.
  case missing
  /// The first argument that has a value, missing when none has.
  case firstOf = "first_of"
}

/// The names of the functions over a column, which only an analysis plan can compute.
///
/// They are reserved here so that an expression elsewhere that uses one is told why it cannot.
enum ColumnFunction: String, CaseIterable {
  case within, between, lag, lead
  case daysSince = "days_since"
}
