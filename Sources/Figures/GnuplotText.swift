/// Text as gnuplot must see it: data, never a command.
///
/// Within single quotes gnuplot expands no macro, no backtick and no backslash. Only a quote or the
/// end of the line ends the string: control characters become spaces, and a straight apostrophe
/// becomes the typographic one (gnuplot 5.4 refuses some strings with doubled quotes). With
/// `noenhanced` set for the whole terminal, `_ ^ { } @ &` are ordinary characters too.
package enum GnuplotText {
  /// The text as a single-quoted string.
  package static func quoted(_ text: String) -> String {
    "'" + oneLine(text).replacing("'", with: "\u{2019}") + "'"
  }

  /// The text as the label of a tic, which gnuplot takes for a format unless per cents are doubled.
  package static func quotedTic(_ text: String) -> String {
    quoted(text.replacing("%", with: "%%"))
  }

  /// At most this many characters, with an ellipsis for the rest.
  package static func shortened(_ text: String, to limit: Int) -> String {
    text.count <= limit ? text : text.prefix(limit - 1) + "…"
  }

  /// The text without line ends, other control characters, or marks that reorder what follows.
  static func oneLine(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: line.append(" ")
      case .format where scalar != "\u{200C}" && scalar != "\u{200D}": continue
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// A number as gnuplot and a reader take it back; a missing one is `NaN`.
  static func number(_ value: Double) -> String {
    value.isFinite ? "\(value)" : "NaN"
  }
}
