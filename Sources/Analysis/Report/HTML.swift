/// A piece of a page. Text that comes in by interpolation is escaped; only literals and other pieces
/// are markup, so that no title, label or name can become code.
///
/// ```swift
/// let piece: HTML = "<p>\(title)</p>"     // title = "<script>" gives <p>&lt;script&gt;</p>
/// ```
struct HTML: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// The markup.
  let source: String

  init(stringLiteral value: String) { source = value }

  init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

  /// Takes markup as it is: figures drawn by this program, nothing from outside.
  init(trusted source: String) { self.source = source }

  /// Text within an element or a quoted attribute.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      default:
        // Control characters are not allowed in HTML, and marks that turn the direction of what
        // follows could make a page read otherwise than it is written.
        let isHidden =
          scalar.properties.generalCategory == .control
          || ("\u{202A}"..."\u{202E}").contains(scalar)
          || ("\u{2066}"..."\u{2069}").contains(scalar)
        escaped.unicodeScalars.append(isHidden ? " " : scalar)
      }
    }
    return escaped
  }

  /// The same text without its elements, to stand in an attribute.
  var withoutElements: HTML { HTML(trusted: source.replacing(#/<[^>]*>/#, with: "")) }

  struct StringInterpolation: StringInterpolationProtocol {
    var source = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    mutating func appendLiteral(_ literal: String) { source += literal }
    mutating func appendInterpolation(_ text: String) { source += HTML.escaped(text) }
    mutating func appendInterpolation(_ number: Int) { source += String(number) }
    mutating func appendInterpolation(_ piece: HTML) { source += piece.source }
    mutating func appendInterpolation(_ pieces: [HTML]) {
      for piece in pieces { source += piece.source }
    }
  }
}
