/// The options of a REDCap field: `1, Yes | 0, No`.
enum REDCapChoices {
  /// Reads options: split at each `|` (or line, as older files have them), then at the first comma;
  /// without a comma the code is the label.
  static func read(_ text: String) -> [OptionDraft] {
    var separator: Character = "|"
    // Older versions wrote `\n` between options.
    var text = text
    if !text.contains("|") {
      text = text.replacing("\\n", with: "\n")
      if text.contains("\n") { separator = "\n" }
    }
    return text.split(separator: separator).compactMap { part in
      let part = part.trimmed
      guard !part.isEmpty else { return nil }
      guard let comma = part.firstIndex(of: ",") else {
        return OptionDraft(code: part, label: LocalText(part))
      }
      let code = part[..<comma].trimmed
      let label = part[part.index(after: comma)...].trimmed
      return OptionDraft(code: code, label: LocalText(label.isEmpty ? code : label))
    }
  }

  /// Writes options so that they are read as the same; `|` would end one.
  static func written(_ options: [(value: Int, label: String)]) -> String {
    options.map { "\($0.value), \($0.label.replacing("|", with: "/").replacing("\n", with: " "))" }
      .joined(separator: " | ")
  }
}
