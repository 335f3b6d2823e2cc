/// Texts in language maps: `{"en": "…", "es": "…"}`, also with gaps, plain texts and JSON-LD's values.
struct LanguageMaps {
  /// The language of the form, as in the maps.
  let base: String

  /// The text of a value in all its languages; the form's own is another one where it is missing.
  func text(_ value: JSONValue?) -> LocalText {
    switch value {
    case .text(let text): return LocalText(text)
    case .object(let fields):
      if let text = fields["@value"]?.text { return LocalText(text) }
      return text(of: fields.compactMapValues(\.text))
    case .list(let values):
      var words: [String: String] = [:]
      for value in values {
        guard let text = value["@value"]?.text else { continue }
        words[value["@language"]?.text ?? base] = text
      }
      if words.isEmpty { return LocalText(values.lazy.compactMap(\.text).first ?? "") }
      return text(of: words)
    default: return LocalText("")
    }
  }

  private func text(of words: [String: String]) -> LocalText {
    let there = words.filter { !$0.value.isBlank }
    let own = there[base] ?? there["en"] ?? there.min { $0.key < $1.key }?.value
    var text = LocalText(own ?? "")
    if there[base] == nil, let own {
      text.borrowed = there["en"] == own ? "en" : there.filter { $0.value == own }.keys.min()
    }
    for (language, words) in there where language != base {
      if let tag = LanguageTag.of(language) { text.others[tag] = words }
    }
    return text
  }

  /// All languages that occur in a form.
  static func languages(of form: FormDraft) -> Set<String> {
    form.items.reduce(into: []) { found, item in
      found.formUnion(item.text.others.keys)
      found.formUnion(item.stem?.others.keys.map(\.self) ?? [])
      for option in item.kind.options ?? [] { found.formUnion(option.label.others.keys) }
    }
  }
}
