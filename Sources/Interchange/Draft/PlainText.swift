/// Makes plain text of what other formats let their authors format.
enum PlainText {
  /// A text without tags, and whether there was anything to lose: formatting, or a picture.
  struct Result: Hashable {
    var text: String
    var hadFormatting = false
    var hadMedia = false
  }

  /// The text of HTML and of the commonest Markdown, with its paragraphs as lines.
  static func of(_ source: String) -> Result {
    // Most texts of long lists are some letters.
    if isPlain(source) { return Result(text: source) }
    var result = Result(text: "")
    var text = source.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    if text.contains("<") || text.contains("&") {
      text = withoutTags(text, &result)
    }
    if text.contains("](") { text = withoutLinks(text, &result) }
    for mark in ["**", "__"] where text.ranges(of: mark).count >= 2 {
      // Blanks to be filled in are runs of underscores, too.
      guard mark == "**" || !text.contains("___") else { continue }
      text = text.replacing(mark, with: "")
      result.hadFormatting = true
    }
    if text.hasPrefix("#") {
      let heading = text.drop { $0 == "#" }
      if heading.first == " " {
        text = String(heading.dropFirst())
        result.hadFormatting = true
      }
    }
    result.text = tidy(text)
    return result
  }

  /// Whether it is one line of ASCII characters of which none formats anything.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.first != UInt8(ascii: " ") && text.utf8.last != UInt8(ascii: " ")
      && text.utf8.allSatisfy { (0x20...0x7E).contains($0) && !formatting.contains($0) }
  }

  private static let formatting = Array("<&*_#]".utf8)

  /// Markdown's `![picture](address)` as the words that stand for it, `[link](address)` with its address
  /// behind it.
  private static func withoutLinks(_ text: String, _ result: inout Result) -> String {
    var plain = ""
    var rest = text[...]
    while let middle = rest.firstRange(of: "](") {
      // What can be no address ends the search for its end, so that a text is read once.
      let close = rest[middle.upperBound...].firstIndex { ")[]\n".contains($0) }
      guard let open = rest[..<middle.lowerBound].lastIndex(of: "["), let close,
        rest[close] == ")"
      else {
        plain += rest[..<middle.upperBound]
        rest = rest[middle.upperBound...]
        continue
      }
      let words = rest[rest.index(after: open)..<middle.lowerBound]
      // A title may stand behind the address: `[link](address "title")`.
      let address = rest[middle.upperBound..<close].prefix { !$0.isWhitespace }
      let before = rest[..<open]
      if before.last == "!" {
        plain += before.dropLast() + words
        result.hadMedia = true
      } else {
        plain += before + words
        if !address.isEmpty, address != words { plain += " (\(address))" }
        result.hadFormatting = true
      }
      rest = rest[rest.index(after: close)...]
    }
    return plain + rest
  }

  /// Names of tags after which a new line begins.
  private static let lines: Set<String> = [
    "br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "hr",
  ]
  private static let inline: Set<String> = [
    "abbr", "acronym", "b", "i", "u", "em", "strong", "span", "font", "a", "sup", "sub", "small",
    "big", "center",
    "td", "th", "tbody", "thead", "label", "s", "strike", "mark", "section", "article", "tt",
    "code",
    "blockquote", "pre", "body", "html", "col", "colgroup", "input", "button", "style", "script",
  ]
  private static let media: Set<String> = [
    "img", "video", "audio", "iframe", "object", "embed", "svg", "source",
  ]

  private static func withoutTags(_ text: String, _ result: inout Result) -> String {
    var plain = ""
    var rest = text[...]
    // Where the next tag can end, looked for once for each that does.
    var close = rest.firstIndex(of: ">")
    while let open = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
      plain += rest[..<open]
      rest = rest[open...]
      if rest.first == "&" {
        let (character, length) = entity(rest)
        plain += character
        rest = rest.dropFirst(length)
        continue
      }
      // `<` is also "less than": only names of tags begin one.
      let afterSlash = rest.dropFirst().drop { $0 == "/" }
      let name = afterSlash.prefix { $0.isLetter || $0.isNumber }.lowercased()
      let isTag = lines.contains(name) || inline.contains(name) || media.contains(name)
      let isComment = rest.hasPrefix("<!--")
      if let found = close, found < rest.startIndex { close = rest.firstIndex(of: ">") }
      guard isTag || isComment, let end = close, !rest[..<end].dropFirst().contains("<") else {
        plain += "<"
        rest = rest.dropFirst()
        continue
      }
      rest = rest[rest.index(after: end)...]
      if media.contains(name) { result.hadMedia = true } else { result.hadFormatting = true }
      if lines.contains(name) { plain += "\n" }
      if name == "td" || name == "th" { plain += " " }
    }
    return plain + rest
  }

  private static let entities: [String: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ndash": "–",
    "mdash": "—", "hellip": "…", "rsquo": "’", "lsquo": "‘", "rdquo": "”", "ldquo": "“",
    "auml": "ä", "ouml": "ö", "uuml": "ü", "szlig": "ß", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
    "eacute": "é", "egrave": "è", "deg": "°", "times": "×", "ge": "≥", "le": "≤", "bull": "•",
  ]

  /// The character that a text beginning with `&` begins with, and how many characters that takes.
  private static func entity(_ text: Substring) -> (String, Int) {
    let name = text.dropFirst().prefix(10).prefix { $0 != ";" }
    guard text.dropFirst(name.count + 1).first == ";" else { return ("&", 1) }
    let length = name.count + 2
    if let character = entities[String(name)] { return (character, length) }
    guard name.first == "#" else { return ("&", 1) }
    let digits = name.dropFirst()
    let value =
      digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    guard let value, let scalar = Unicode.Scalar(value),
      scalar.properties.generalCategory != .control
    else { return ("&", 1) }
    return (scalar == "\u{A0}" ? " " : String(scalar), length)
  }

  /// Lines without spaces around them, not more than one empty one in a row, no control characters.
  private static func tidy(_ text: String) -> String {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let kept = line.unicodeScalars.filter {
        $0 == "\t" || ($0.properties.generalCategory != .control && $0 != "\u{FEFF}")
      }
      let line = String(String.UnicodeScalarView(kept)).trimmed
      if line.isEmpty, lines.last?.isEmpty ?? true { continue }
      lines.append(line)
    }
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}
