/// Earlier answers in texts, from the way of another format to ours: `{{name}}`.
struct PipedText {
  let style: PipingStyle
  /// Our ids of the items that come before, by foreign name.
  let earlier: [String: String]
  /// Foreign names of all that the file asks.
  let known: Set<String>

  /// A text in our way.
  struct Result {
    var text = ""
    /// References that show nothing here, as they are written.
    var left: [String] = []
    /// Questions that would stand within the text.
    var embedded: [String] = []
    /// Whether it had double braces, which mean something here.
    var hadBraces = false
  }

  /// The text in our way, and what in it cannot be said so.
  func translate(_ text: String) -> Result {
    // Braces that mean nothing there must not mean something here.
    let escaped = text.replacing("{{", with: "{ {")
    var result = Result(hadBraces: escaped != text)
    switch style {
    case .none: result.text = escaped
    case .brackets: readBrackets(escaped[...], &result)
    case .dollar: read(escaped[...], opening: "${", closing: "}", &result)
    case .marked:
      let marks = PipingStyle.marks
      read(escaped[...], opening: String(marks.opening), closing: marks.closing, &result)
    }
    return result
  }

  // MARK: XLSForm, FHIR

  private func read(
    _ text: Substring, opening: String, closing: Character, _ result: inout Result
  ) {
    var rest = text
    while let open = rest.firstRange(of: opening),
      let close = rest[open.upperBound...].firstIndex(of: closing)
    {
      result.text += rest[..<open.lowerBound]
      let name = String(rest[open.upperBound..<close]).trimmed
      if let id = earlier[name] {
        result.text += "{{\(id)}}"
      } else {
        result.left.append(name)
        result.text += style == .marked ? "…" : opening + name + String(closing)
      }
      rest = rest[rest.index(after: close)...]
    }
    result.text += rest
  }

  // MARK: REDCap

  /// `[name]`, `[name:label]`; `[event][name]`, `[name][2]` and `[name(1)]` are other answers.
  private func readBrackets(_ text: Substring, _ result: inout Result) {
    var rest = text
    while let close = rest.firstIndex(of: "]") {
      guard let open = rest[..<close].lastIndex(of: "[") else {
        addEmbedding(rest[...close], &result)
        rest = rest[rest.index(after: close)...]
        continue
      }
      addEmbedding(rest[..<open], &result)
      var parts = [rest[rest.index(after: open)..<close]]
      rest = rest[rest.index(after: close)...]
      while rest.first == "[", let close = rest.firstIndex(of: "]") {
        parts.append(rest.dropFirst()[..<close])
        rest = rest[rest.index(after: close)...]
      }
      let written = parts.map { "[\($0)]" }.joined()
      // `[event-name]` is the event at which the form is filled in.
      if parts.count == 2, parts[0] == "event-name" { parts.removeFirst() }
      let name = parts[0].prefix { $0 != ":" && $0 != "(" }.trimmed
      if parts.count == 1, !parts[0].contains("("), parts[0].utf8.count <= 100,
        let id = earlier[name]
      {
        result.text += "{{\(id)}}"
        continue
      }
      if known.contains(name) || Self.namesField(parts[0]) { result.left.append(written) }
      result.text += written
    }
    addEmbedding(rest, &result)
  }

  /// Whether it is written as fields and REDCap's own variables are: `nickname`, `pets:checked`,
  /// `survey-link`.
  private static func namesField(_ part: Substring) -> Bool {
    let name = part.prefix { $0 != ":" && $0 != "(" }
    guard let first = name.unicodeScalars.first, ("a"..."z").contains(first) else { return false }
    return name.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || $0.isASCIIDigit || $0 == "_" || $0 == "-"
    }
  }

  /// `{name}` puts a field into the text there.
  private func addEmbedding(_ text: Substring, _ result: inout Result) {
    result.text += text
    var rest = text
    while let open = rest.firstIndex(of: "{") {
      rest = rest[rest.index(after: open)...]
      // Names of fields have at most 100 characters.
      let inner = rest.prefix(120)
      guard let close = inner.firstIndex(of: "}") else { continue }
      let name = inner[..<close].prefix { $0 != ":" }
      if known.contains(String(name)) { result.embedded.append("{\(name)}") }
    }
  }
}
