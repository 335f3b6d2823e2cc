import Definitions
import LocalTime

/// Reads the parts that many places of a study file have in common, each with its problem.
enum StudyReader {
  /// A name for files, tables and formulas: `companion-rct`, `week`, `after_chat`.
  static func identifier(
    _ name: Located<String>?, problems: inout Problems
  ) -> String? {
    guard let name else { return nil }
    // 40 characters fit a table's column; longer names are titles.
    let isValid =
      (1...40).contains(name.value.utf8.count) && name.value.utf8.first.map(isSmallLetter) == true
      && name.value.utf8.allSatisfy {
        isSmallLetter($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
          || $0 == UInt8(ascii: "_")
      }
    guard isValid else {
      problems.report(
        at: name.place, found: "the name \(quoted(name.value))",
        expected: "up to 40 small letters, digits, '-' and '_', a letter first")
      return nil
    }
    return name.value
  }

  private static func isSmallLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) }

  /// A span such as `1w`, longer than nothing unless `allowingZero`.
  static func span(
    _ text: Located<String>?, allowingZero: Bool = false, problems: inout Problems
  ) -> Span? {
    guard let text else { return nil }
    do throws(SpanProblem) {
      let span = try Span.parse(text.value)
      guard allowingZero || span != .zero else {
        problems.report(
          at: text.place, found: quoted(text.value), expected: "a span longer than nothing")
        return nil
      }
      return span
    } catch {
      problems.report(
        at: text.place, found: quoted(text.value), expected: error.expected,
        suggestion: error.suggestion)
      return nil
    }
  }

  /// A wall-clock time such as `"09:00"`.
  static func time(_ text: Located<String>?, problems: inout Problems) -> ClockTime? {
    guard let text else { return nil }
    if let time = ClockTime(text.value) { return time }
    let padded = "0" + text.value
    problems.report(
      at: text.place, found: quoted(text.value),
      expected: "a time of day in quotes, such as \"09:00\"",
      suggestion: ClockTime(padded) == nil ? nil : padded)
    return nil
  }

  /// An e-mail address, as far as its shape tells.
  static func address(_ text: Located<String>?, problems: inout Problems) -> String? {
    guard let text else { return nil }
    let parts = text.value.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && !$0.contains(where: \.isWhitespace) })
    else {
      problems.report(
        at: text.place, found: quoted(text.value), expected: "an address such as team@example.org")
      return nil
    }
    return text.value
  }

  /// Reports every name that stands twice.
  static func refuseTwins(_ names: [Located<String>], of what: String, problems: inout Problems) {
    var firsts: [String: Place] = [:]
    for name in names {
      if let first = firsts[name.value] {
        problems.report(
          at: name.place, found: "\(what) \(quoted(name.value)) a second time",
          expected: "each \(what) once (the first is in line \(first.line))")
      } else {
        firsts[name.value] = name.place
      }
    }
  }

  /// The path of a text inside the study folder, with a place for the language where it needs one.
  static func template(
    _ text: Located<String>?, languages: [String], problems: inout Problems
  ) -> TextTemplate? {
    guard let text else { return nil }
    let pattern = text.value
    guard StudyFolder.staysInside(pattern) else {
      problems.report(
        at: text.place, found: "the path \(quoted(pattern))",
        expected: "a path inside the study folder, without '..' or a leading '/'")
      return nil
    }
    let rest = pattern.split(separator: "{language}", omittingEmptySubsequences: false)
    guard !rest.contains(where: { $0.contains("{") || $0.contains("}") }) else {
      problems.report(
        at: text.place, found: "the path \(quoted(pattern))",
        expected: "no other braces than {language}")
      return nil
    }
    guard rest.count > 1 || languages.count < 2 else {
      problems.report(
        at: text.place, found: "one path for \(languages.count) languages",
        expected: "{language} in the path, such as consent/v1.{language}.md")
      return nil
    }
    return TextTemplate(pattern: pattern)
  }
}
