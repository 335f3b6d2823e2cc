/// A text in the language of a form, and in the others that the form has it in.
struct LocalText: Hashable, Sendable {
  /// In the form's own language.
  var base: String
  /// By language tag.
  var others: [String: String] = [:]
  /// The language of which the words stand for the form's own, where that has none.
  var borrowed: String?

  /// A text with its translations.
  init(_ base: String, _ others: [String: String] = [:]) {
    self.base = base
    self.others = others
  }

  /// Whether nobody would read anything.
  var isBlank: Bool { base.allSatisfy(\.isWhitespace) }

  /// The same with each wording changed.
  func map(_ change: (String) -> String) -> LocalText {
    var changed = LocalText(change(base), others.mapValues(change))
    changed.borrowed = borrowed
    return changed
  }
}
