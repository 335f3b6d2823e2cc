/// One thing wrong with an expression, at its column: data, from which the caller makes the text.
package struct ExpressionProblem: Error, Hashable, Sendable {
  /// Where, counted in Unicode scalars from 1 at the start of the expression's source.
  package let column: Int
  /// What stands there.
  package let found: String
  /// What could stand there instead.
  package let expected: String
  /// The nearest valid name or spelling, when there is one.
  package let suggestion: String?

  /// A problem at a 1-based column.
  package init(column: Int, found: String, expected: String, suggestion: String? = nil) {
    self.column = column
    self.found = found
    self.expected = expected
    self.suggestion = suggestion
  }
}
