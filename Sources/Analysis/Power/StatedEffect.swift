import Definitions

/// A coefficient of a plan's model and the value that it is to have: `growth.week:arm[supportive]=0.1`.
package struct StatedEffect: Hashable, Sendable {
  /// The model's id; nil for the primary one.
  package let model: String?
  /// The coefficient, as a plan writes it.
  package let term: String
  package let value: Double

  /// Reads `[MODEL.]TERM=VALUE`.
  ///
  /// - Parameter models: the ids that a name before a dot can be; other dots belong to the term.
  /// - Throws: ``PowerProblem`` for a text that is written otherwise.
  package init(_ text: String, models: [String]) throws(PowerProblem) {
    guard let sign = text.lastIndex(of: "="), let value = Double(text[text.index(after: sign)...]),
      value.isFinite
    else { throw .unreadableEffect(text) }
    let left = text[..<sign].filter { $0 != " " }
    let prefix = left.prefix { $0 != "." }
    let hasModel = prefix.count < left.count && models.contains(String(prefix))
    let term = hasModel ? String(left.dropFirst(prefix.count + 1)) : left
    guard !term.isEmpty else { throw .unreadableEffect(text) }
    self.model = hasModel ? String(prefix) : nil
    self.term = term
    self.value = value
  }
}
