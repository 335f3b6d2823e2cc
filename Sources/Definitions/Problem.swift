/// One thing that is wrong with a definition file, as data: where, what was found, what was expected.
///
/// ``description`` is the only place where the sentence is made:
///
///     needs-24.yaml:12:5: error: found the unknown field 'scal', expected …; did you mean 'scale'?
package struct Problem: Hashable, Sendable, Codable {
  /// Whether the file can be used all the same.
  package enum Severity: String, Hashable, Sendable, Codable {
    /// The definition cannot be used.
    case error
    /// The definition can be used, but its author should look.
    case warning
  }

  /// Whether the file can be used all the same.
  package var severity: Severity
  /// Where the problem is.
  package var place: Place
  /// What stands there, as a noun phrase: "the text 'abc'".
  package var found: String
  /// What should stand there, as a noun phrase: "a whole number".
  package var expected: String
  /// The nearest thing that would have been right, if one is near.
  package var suggestion: String?

  /// A problem at a position.
  package init(
    _ severity: Severity = .error, at place: Place, found: String, expected: String,
    suggestion: String? = nil
  ) {
    self.severity = severity
    self.place = place
    self.found = found
    self.expected = expected
    self.suggestion = suggestion
  }
}

extension Problem: CustomStringConvertible {
  /// `file:line:column: error: found …, expected …; did you mean …?`
  package var description: String {
    let question = suggestion.map { "; did you mean \(quoted($0))?" } ?? ""
    return "\(place): \(severity.rawValue): found \(found), expected \(expected)\(question)"
  }
}

/// A text from a file as it appears in a problem: in single quotes, on one line, without control
/// characters (which could redraw a terminal), and cut after `limit` characters.
///
/// - Parameter limit: 60 by default, so that a problem fits on two lines of a terminal.
package func quoted(_ text: some StringProtocol, limit: Int = 60) -> String {
  var shown = ""
  for character in text.unicodeScalars.prefix(limit) {
    switch character {
    case "\n": shown += "\\n"
    case "\t": shown += "\\t"
    default:
      switch character.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
        shown += "\\u{\(String(character.value, radix: 16))}"
      default: shown.unicodeScalars.append(character)
      }
    }
  }
  let isCut = text.unicodeScalars.dropFirst(limit).first != nil
  return "'\(shown)\(isCut ? "…" : "")'"
}
