/// Text made safe for a terminal: nothing in an instrument or a study can move the cursor, change
/// colours, or retitle the window.
enum TerminalText {
  /// The text with control characters replaced; line breaks stay.
  ///
  /// Replaces C0 and C1 controls, DEL, and the Unicode bidirectional overrides (which reorder what
  /// surrounds them) by U+FFFD.
  static func safe(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A: scalars.append(scalar)
      case 0x09: scalars.append(" ")
      case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: scalars.append("\u{FFFD}")
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  /// The text safe, on one line, cut with an ellipsis: for tables.
  static func cell(_ text: String, width: Int) -> String {
    let line = safe(text).replacing("\n", with: " ")
    guard line.count > width else { return line }
    return line.prefix(width - 1) + "…"
  }

  /// A text file as paragraphs of the terminal's width: lines that continue each other are joined.
  ///
  /// Headings, list entries and empty lines of Markdown keep their own lines.
  static func prose(_ text: String, width: Int = 80) -> String {
    var paragraphs: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let startsOwn =
        line.isEmpty || paragraphs.last?.isEmpty != false || "#-*>".contains(line.prefix(1))
        || paragraphs.last?.hasPrefix("#") == true
      if startsOwn {
        paragraphs.append(String(line))
      } else {
        paragraphs[paragraphs.count - 1] += " " + line.drop { $0 == " " }
      }
    }
    return paragraphs.flatMap { wrapped($0, width: width) }.joined(separator: "\n")
  }

  /// The text safe and broken at spaces into lines of at most `width` characters.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in safe(text).split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        if !line.isEmpty, line.count + 1 + word.count > width {
          lines.append(line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
      }
      lines.append(line)
    }
    return lines
  }
}
