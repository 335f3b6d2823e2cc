import Definitions

extension MappingReader {
  /// A text with something in it.
  mutating func nonEmpty(_ key: String, problems: inout Problems) -> Located<String>? {
    guard let text = string(key, problems: &problems) else { return nil }
    guard text.value.contains(where: { !$0.isWhitespace }) else {
      problems.report(
        at: text.place, found: "an empty text", expected: "a text with something in it")
      return nil
    }
    return text
  }

  /// The id of an instrument: small letters and digits in parts joined by hyphens.
  mutating func name(_ key: String, problems: inout Problems) -> Located<String>? {
    matching(key, expecting: "an id such as needs-24", problems: &problems) { text in
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      return text.utf8.count <= 64 && text.first.map { ("a"..."z").contains($0) } ?? false
        && parts.allSatisfy { part in
          !part.isEmpty && part.utf8.allSatisfy { $0.isSmallLetter || $0.isDigit }
        }
    }
  }

  /// A version of three numbers.
  mutating func version(_ key: String, problems: inout Problems) -> Located<String>? {
    matching(
      key, expecting: "a version such as 1.0.0", problems: &problems, VersionNumbers.areWritten)
  }

  /// A language tag: a language of two or three letters, then parts of letters and digits (BCP 47).
  mutating func language(_ key: String, problems: inout Problems) -> Located<String>? {
    matching(key, expecting: "a language such as en or pt-BR", problems: &problems) { text in
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      return (2...3).contains(parts[0].utf8.count) && parts[0].utf8.allSatisfy(\.isSmallLetter)
        && parts.dropFirst().allSatisfy { part in
          (2...8).contains(part.utf8.count)
            && part.utf8.allSatisfy { $0.isSmallLetter || $0.isCapitalLetter || $0.isDigit }
        }
    }
  }

  /// The window of time that items ask about.
  mutating func recall(
    _ key: String, problems: inout Problems
  ) -> Located<Instrument.Recall>? {
    let expected = "now, today, general, or days such as 14d"
    guard let text = string(key, expecting: expected, problems: &problems) else { return nil }
    let recall: Instrument.Recall? =
      switch text.value {
      case "now": .now
      case "today": .today
      case "general": .general
      case _ where text.value.hasSuffix("d"):
        Int(text.value.dropLast()).flatMap { (1...3660).contains($0) ? .days($0) : nil }
      default: nil
      }
    guard let recall else {
      problems.report(
        at: text.place, found: "the text \(quoted(text.value))", expected: expected,
        suggestion: nearestName(to: text.value, among: ["now", "today", "general"]))
      return nil
    }
    return Located(recall, at: text.place)
  }

  private mutating func matching(
    _ key: String, expecting expected: String, problems: inout Problems,
    _ isRight: (String) -> Bool
  ) -> Located<String>? {
    guard let text = string(key, expecting: expected, problems: &problems) else { return nil }
    guard isRight(text.value) else {
      problems.report(
        at: text.place, found: "the text \(quoted(text.value))", expected: expected)
      return nil
    }
    return text
  }
}

extension UInt8 {
  fileprivate var isSmallLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
  fileprivate var isCapitalLetter: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension DefinitionNode {
  /// Two numbers of which the first is smaller; reports anything else.
  func range(problems: inout Problems) -> ClosedRange<Double>? {
    let expected = "two numbers such as [0, 10]"
    guard let nodes = list(expecting: expected, problems: &problems) else { return nil }
    guard nodes.count == 2 else {
      problems.report(
        at: place, found: "a list of \(nodes.count)", expected: expected)
      return nil
    }
    // Beyond this, steps of one can no longer be told apart.
    let bounds = -1e12...1e12
    let low = nodes[0].number(in: bounds, problems: &problems)
    let high = nodes[1].number(in: bounds, problems: &problems)
    guard let low, let high else { return nil }
    guard low < high else {
      problems.report(
        at: nodes[1].place, found: "a range from \(numeral(low)) to \(numeral(high))",
        expected: "an end above \(numeral(low))")
      return nil
    }
    return low...high
  }
}
