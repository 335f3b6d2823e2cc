import Delimited

/// JSON whose keys keep their order, so that equal results have equal bytes.
package indirect enum JSONText: Hashable, Sendable {
  case null
  case truth(Bool)
  case integer(Int)
  /// Shortest text that reads back to the same double; JSON has no NaN, which becomes `null`.
  case number(Double)
  case text(String)
  case list([JSONText])
  case object([Field])

  /// One key and its value.
  package struct Field: Hashable, Sendable {
    package var key: String
    package var value: JSONText

    /// Creates a pair.
    package init(key: String, value: JSONText) {
      self.key = key
      self.value = value
    }
  }

  /// An object from pairs, in this order.
  package static func fields(_ pairs: KeyValuePairs<String, JSONText>) -> JSONText {
    .object(pairs.map { Field(key: $0, value: $1) })
  }

  /// A text or null.
  package static func optional(_ text: String?) -> JSONText { text.map { .text($0) } ?? .null }

  /// A number or null.
  package static func optional(_ number: Double?) -> JSONText {
    number.map { .number($0) } ?? .null
  }

  /// The document, indented by two spaces, with a line end at the end.
  package var document: String {
    var text = ""
    write(to: &text, indent: 0)
    return text + "\n"
  }

  /// The value on one line, without a line end.
  var line: String {
    var text = ""
    writeLine(to: &text)
    return text
  }

  private func writeLine(to text: inout String) {
    switch self {
    case .list(let values):
      text += "["
      for (position, value) in values.enumerated() {
        if position > 0 { text += "," }
        value.writeLine(to: &text)
      }
      text += "]"
    case .object(let fields):
      text += "{"
      for (position, field) in fields.enumerated() {
        if position > 0 { text += "," }
        Self.quote(field.key, to: &text)
        text += ":"
        field.value.writeLine(to: &text)
      }
      text += "}"
    case .null, .truth, .integer, .number, .text: write(to: &text, indent: 0)
    }
  }

  private func write(to text: inout String, indent: Int) {
    switch self {
    case .null: text += "null"
    case .truth(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? DelimitedWriter.shortest(value) : "null"
    case .text(let value): Self.quote(value, to: &text)
    case .list(let values):
      Self.bracket("[", "]", values, to: &text, indent: indent) { value, text in
        value.write(to: &text, indent: indent + 1)
      }
    case .object(let fields):
      Self.bracket("{", "}", fields, to: &text, indent: indent) { field, text in
        Self.quote(field.key, to: &text)
        text += ": "
        field.value.write(to: &text, indent: indent + 1)
      }
    }
  }

  private static func bracket<Element>(
    _ open: String, _ close: String, _ elements: [Element], to text: inout String, indent: Int,
    _ write: (Element, inout String) -> Void
  ) {
    guard !elements.isEmpty else {
      text += open + close
      return
    }
    text += open
    for (position, element) in elements.enumerated() {
      text += position == 0 ? "\n" : ",\n"
      text += String(repeating: "  ", count: indent + 1)
      write(element, &text)
    }
    text += "\n" + String(repeating: "  ", count: indent) + close
  }

  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      // `<` too, so that the text can stand in a page; the line separators, as in JavaScript.
      case "<", "\u{2028}", "\u{2029}", "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
