/// The languages of an XLSForm, and texts in them: `label`, `label::Deutsch (de)`, `label:fr`.
struct XLSFormTexts {
  /// The language of the form, as in headers; nil for columns without one.
  let base: String?
  /// Tags of the other languages, by their names in headers.
  let others: [String: String]
  /// The tag of the form's language; nil where none is stated.
  let baseTag: String?
  /// Names that could not be made a tag.
  let unknown: [String]

  /// - Parameter stated: the default language of the settings, or nothing.
  init(_ tables: SurveyTables, stated: String) {
    let headers = tables.survey.header + (tables.choices?.header ?? [])
    var names: [String] = []
    for header in headers {
      guard let name = Self.language(of: header, "label"), !names.contains(name) else { continue }
      names.append(name)
    }
    let hasPlain = tables.survey.has("label")
    let found =
      names.first { $0.lowercased() == stated.lowercased() }
      ?? names.first { LanguageTag.of($0) != nil && LanguageTag.of($0) == LanguageTag.of(stated) }
    base = hasPlain ? nil : found ?? names.first
    baseTag = (base ?? stated.nonEmpty).flatMap(LanguageTag.of)
    var others: [String: String] = [:]
    var unknown: [String] = []
    for name in names where name != base {
      if let tag = LanguageTag.of(name), tag != baseTag {
        others[name] = tag
      } else if LanguageTag.of(name) == nil {
        unknown.append(name)
      }
    }
    self.others = others
    self.unknown = unknown
  }

  /// The language of a column of a kind: `Deutsch (de)` for `label::Deutsch (de)`.
  private static func language(of header: String, _ kind: String) -> String? {
    let parts = header.lowercased()
    for separator in ["::", ":"] where parts.hasPrefix(kind + separator) {
      return String(header.dropFirst(kind.count + separator.count)).trimmed.nonEmpty
    }
    return nil
  }

  /// The text of a kind in a row, in all languages.
  func text(_ row: Sheet.Row, _ kind: String, in sheet: Sheet) -> LocalText {
    func worded(_ language: String) -> String {
      sheet.text(row, ["\(kind)::\(language)", "\(kind):\(language)", "\(kind):: \(language)"])
    }
    var text = LocalText(sheet.text(row, kind))
    if let base, text.isBlank { text.base = worded(base) }
    for (name, tag) in others {
      let words = worded(name)
      if !words.isEmpty { text.others[tag] = words }
    }
    if text.isBlank, let first = text.others.min(by: { $0.key < $1.key }) {
      text.base = first.value
      text.borrowed = first.key
    }
    return text
  }

  /// The columns of a kind that are read, in small letters; in a language without a tag they are listed for
  /// the whole form.
  func columns(of kind: String) -> Set<String> {
    let languages = [base].compactMap(\.self) + others.keys + unknown
    return languages.reduce(into: [kind]) { columns, language in
      for separator in ["::", ":", ":: "] {
        columns.insert("\(kind)\(separator)\(language)".lowercased())
      }
    }
  }
}
