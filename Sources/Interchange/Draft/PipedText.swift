/// Earlier answers in texts, from the way of another format to ours: `{{name}}`.
struct PipedText {
  let style: PipingStyle
  /// Our ids of the items that come before, by foreign name.
  let earlier: [String: String]
  /// Foreign names that would be piped if they could.
  let known: Set<String>

  /// The text in our way, and the names that stay as they were written.
  func translate(_ text: String) -> (text: String, left: [String]) {
    // Braces that mean nothing there must not mean something here.
    let text = text.replacing("{{", with: "{ {")
    switch style {
    case .none: return (text, [])
    case .brackets: return replace(text, opening: "[", closing: "]")
    case .dollar: return replace(text, opening: "${", closing: "}")
    }
  }

  private func replace(
    _ text: String, opening: String, closing: Character
  ) -> (text: String, left: [String]) {
    var result = ""
    var left: [String] = []
    var rest = text[...]
    while let open = rest.firstRange(of: opening),
      let close = rest[open.upperBound...].firstIndex(of: closing)
    {
      result += rest[..<open.lowerBound]
      let inner = rest[open.upperBound..<close]
      let name = String(inner.prefix { $0 != ":" && $0 != "(" }).trimmed
      let isWhole = inner.utf8.count <= 100 && !inner.contains("(")
      // `[event][name]` is an answer of another event.
      let follows = rest[rest.index(after: close)...].first == "[" && opening == "["
      let isFollowed = result.last == "]" && opening == "["
      if isWhole, !follows, !isFollowed, let id = earlier[name] {
        result += "{{\(id)}}"
      } else {
        if known.contains(name) || opening == "${" { left.append(name) }
        result += opening + inner + String(closing)
      }
      rest = rest[rest.index(after: close)...]
    }
    return (result + rest, left)
  }
}
