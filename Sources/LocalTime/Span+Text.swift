/// A text that is not a span of time.
package struct SpanProblem: Error, Hashable, Sendable {
  /// What would be accepted.
  package let expected: String
  /// What was probably meant.
  package let suggestion: String?
}

extension Span: CustomStringConvertible {
  /// Reads the short form, `1w`, `3d`, `48h`, `30m`, `90s`, `6mo`, `1y`, or an ISO 8601 duration
  /// of whole numbers, `P1M`, `P7D`, `PT30M`, `P1DT12H`.
  ///
  /// - Throws: ``SpanProblem`` for anything else.
  package static func parse(_ text: String) throws(SpanProblem) -> Span {
    var scanner = DigitScanner(text)
    if let span = scanner.skip("P") ? scanner.isoSpan() : scanner.shortSpan(), scanner.isAtEnd {
      return span
    }
    throw SpanProblem(
      expected: "a span of time such as 30m, 48h, 3d, 1w, 6mo, or P7D, PT30M",
      suggestion: suggestion(for: text))
  }

  /// What people write for a span: `1 week`, `2days`, `90 min`, `1W`.
  private static func suggestion(for text: String) -> String? {
    let plain = text.lowercased().filter { $0 != " " }
    let digits = plain.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, digits.count <= 5 else { return nil }
    let words = [
      ("second", "s"), ("minute", "m"), ("hour", "h"), ("day", "d"), ("week", "w"),
      ("month", "mo"), ("year", "y"), ("hr", "h"), ("wk", "w"), ("yr", "y"),
    ]
    let word = plain.dropFirst(digits.count)
    guard !word.isEmpty else { return nil }
    let unit = words.first { $0.0.hasPrefix(word) || word.hasPrefix($0.0) || $0.1 == word }
    return unit.map { digits + $0.1 }
  }

  /// The short form where one unit says it all, else ISO 8601; reads back as an equal span.
  package var description: String {
    switch (months != 0, days != 0, seconds != 0) {
    case (false, false, false): "0s"
    case (true, false, false): months % 12 == 0 ? "\(months / 12)y" : "\(months)mo"
    case (false, true, false): days % 7 == 0 ? "\(days / 7)w" : "\(days)d"
    case (false, false, true): shortSeconds
    default:
      "P" + (months == 0 ? "" : "\(months)M") + (days == 0 ? "" : "\(days)D")
        + (seconds == 0 ? "" : "T" + shortSeconds.uppercased())
    }
  }

  private var shortSeconds: String {
    if seconds % 3600 == 0 { return "\(seconds / 3600)h" }
    return seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s"
  }
}

extension DigitScanner {
  /// Five digits: 99,999 days are 273 years, enough for any study and too few to overflow.
  private static let digits = 5

  fileprivate mutating func shortSpan() -> Span? {
    guard let count = number(atMost: DigitScanner.digits) else { return nil }
    if skip("m") { return skip("o") ? Span(months: count) : Span(seconds: count * 60) }
    if skip("s") { return Span(seconds: count) }
    if skip("h") { return Span(seconds: count * 3600) }
    if skip("d") { return Span(days: count) }
    if skip("w") { return Span(days: count * 7) }
    if skip("y") { return Span(months: count * 12) }
    return nil
  }

  /// What follows `P`: each unit at most once, in order, at least one.
  fileprivate mutating func isoSpan() -> Span? {
    var span = Span.zero
    var count = 0
    guard
      units(
        [
          ("Y", Span(months: 12)), ("M", Span(months: 1)), ("W", Span(days: 7)),
          ("D", Span(days: 1)),
        ],
        into: &span, count: &count)
    else { return nil }
    if skip("T") {
      let before = count
      guard
        units(
          [("H", Span(seconds: 3600)), ("M", Span(seconds: 60)), ("S", Span(seconds: 1))],
          into: &span, count: &count), count > before
      else { return nil }
    }
    return count > 0 ? span : nil
  }

  private mutating func units(
    _ units: [(Unicode.Scalar, Span)], into span: inout Span, count: inout Int
  ) -> Bool {
    var left = units[...]
    while let amount = number(atMost: DigitScanner.digits) {
      while let unit = left.first, !skip(unit.0) { left = left.dropFirst() }
      guard let unit = left.popFirst() else { return false }
      span = span + unit.1 * amount
      count += 1
    }
    return true
  }
}
