/// A text in the language of a form, and in the others that the form has it in.
struct LocalText: Hashable, Sendable {
  /// In the form's own language.
  var base: String
  /// By language tag.
  var others: [String: String] = [:]

  /// A text with its translations.
  init(_ base: String, _ others: [String: String] = [:]) {
    self.base = base
    self.others = others
  }

  /// Whether nobody would read anything.
  var isBlank: Bool { base.allSatisfy(\.isWhitespace) }

  /// The same with each wording changed.
  func map(_ change: (String) -> String) -> LocalText {
    LocalText(change(base), others.mapValues(change))
  }
}
