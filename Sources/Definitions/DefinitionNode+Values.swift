extension DefinitionNode {
  // MARK: Scalars

  /// The text of a scalar that is not nothing; reports anything else.
  ///
  /// A number or `no` without quotes is taken as the text it is written as.
  ///
  /// - Parameter expected: what is expected, as a noun phrase.
  package func string(expecting expected: String = "a text", problems: inout Problems) -> String? {
    guard case .scalar(let scalar) = content, !scalar.isNothing else {
      problems.report(at: place, found: summary, expected: expected)
      return nil
    }
    return scalar.text
  }

  /// A whole number in decimal digits, without quotes; reports anything else.
  ///
  /// `010` is refused because YAML 1.1 reads it as eight and YAML 1.2 as ten.
  ///
  /// - Parameter range: the numbers that are accepted.
  package func integer(in range: ClosedRange<Int>? = nil, problems: inout Problems) -> Int? {
    let expected =
      range.map { "a whole number from \($0.lowerBound) to \($0.upperBound)" } ?? "a whole number"
    guard case .scalar(let scalar) = content, let value = wholeNumber(scalar.text) else {
      problems.report(
        at: place, found: summary, expected: expected, suggestion: suggestedWholeNumber)
      return nil
    }
    guard scalar.style == .plain else {
      problems.report(
        at: place, found: "\(summary) in quotes", expected: expected, suggestion: scalar.text)
      return nil
    }
    guard range?.contains(value) ?? true else {
      problems.report(at: place, found: summary, expected: expected)
      return nil
    }
    return value
  }

  /// A finite decimal number, without quotes; reports anything else.
  ///
  /// - Parameters:
  ///   - range: the numbers that are accepted.
  ///   - expectation: what is expected, as a noun phrase, if it is more than a number in the range.
  package func number(
    in range: ClosedRange<Double>? = nil, expecting expectation: String? = nil,
    problems: inout Problems
  ) -> Double? {
    let expected =
      expectation ?? range.map {
        "a number from \(numeral($0.lowerBound)) to \(numeral($0.upperBound))"
      } ?? "a number"
    guard case .scalar(let scalar) = content, let value = plainNumber(scalar.text) else {
      problems.report(at: place, found: summary, expected: expected)
      return nil
    }
    guard scalar.style == .plain else {
      problems.report(
        at: place, found: "\(summary) in quotes", expected: expected, suggestion: scalar.text)
      return nil
    }
    guard range?.contains(value) ?? true else {
      problems.report(at: place, found: summary, expected: expected)
      return nil
    }
    return value
  }

  /// `true` or `false`, without quotes; reports anything else, `yes` and `no` with a suggestion.
  package func bool(problems: inout Problems) -> Bool? {
    if case .scalar(let scalar) = content {
      if scalar.style == .plain, scalar.text == "true" { return true }
      if scalar.style == .plain, scalar.text == "false" { return false }
      let suggestions = [
        "yes": "true", "on": "true", "true": "true", "no": "false", "off": "false",
        "false": "false",
      ]
      problems.report(
        at: place, found: summary, expected: "true or false",
        suggestion: suggestions[scalar.text.lowercased()])
      return nil
    }
    problems.report(at: place, found: summary, expected: "true or false")
    return nil
  }

  /// One of the names of an enumeration; reports anything else with the nearest name.
  package func choice<Choice: RawRepresentable<String> & CaseIterable>(
    of type: Choice.Type = Choice.self, problems: inout Problems
  ) -> Choice? {
    choice(among: type.allCases.map(\.rawValue), problems: &problems).flatMap(Choice.init)
  }

  /// One of the given names; reports anything else with the nearest one.
  package func choice(among names: [String], problems: inout Problems) -> String? {
    let expected = names.count == 1 ? names[0] : "one of \(names.joined(separator: ", "))"
    guard let name = string(expecting: expected, problems: &problems) else { return nil }
    guard names.contains(name) else {
      problems.report(
        at: place, found: summary, expected: expected,
        suggestion: nearestName(to: name, among: names))
      return nil
    }
    return name
  }

  // MARK: Lists

  /// The elements of a list; reports anything else.
  ///
  /// - Parameter expected: what is expected, as a noun phrase.
  package func list(
    expecting expected: String = "a list", problems: inout Problems
  ) -> [DefinitionNode]? {
    guard case .list(let nodes) = content else {
      problems.report(at: place, found: summary, expected: expected)
      return nil
    }
    return nodes
  }

  /// The texts of a list of texts, or of one text alone; reports anything else.
  package func strings(
    expecting expected: String = "a text or a list of texts", problems: inout Problems
  ) -> [Located<String>]? {
    guard case .list(let nodes) = content else {
      return string(expecting: expected, problems: &problems).map { [Located($0, at: place)] }
    }
    let texts = nodes.map { node in
      node.string(problems: &problems).map { Located($0, at: node.place) }
    }
    return texts.contains { $0 == nil } ? nil : texts.compactMap(\.self)
  }

  // MARK: Mappings

  /// The entries of a mapping in file order; reports anything else.
  ///
  /// - Parameter expected: what is expected, as a noun phrase.
  package func entries(
    expecting expected: String = "a mapping", problems: inout Problems
  ) -> [Entry]? {
    guard case .mapping(let entries) = content else {
      problems.report(at: place, found: summary, expected: expected)
      return nil
    }
    return entries
  }

  /// The entries of a mapping whose keys are whole numbers in increasing order; reports anything else.
  package func integerEntries(
    expecting expected: String = "a mapping from whole numbers", problems: inout Problems
  ) -> [(key: Located<Int>, value: DefinitionNode)]? {
    guard let entries = entries(expecting: expected, problems: &problems) else { return nil }
    var result: [(key: Located<Int>, value: DefinitionNode)] = []
    for entry in entries {
      guard let key = wholeNumber(entry.key.value) else {
        problems.report(
          at: entry.key.place, found: "the key \(quoted(entry.key.value))",
          expected: "a whole number")
        continue
      }
      if let last = result.last?.key.value, key <= last {
        problems.report(
          at: entry.key.place, found: "the key \(key) after \(last)",
          expected: "keys in increasing order")
      }
      result.append((Located(key, at: entry.key.place), entry.value))
    }
    return result.count == entries.count ? result : nil
  }

  /// A nearby whole number that was perhaps meant: `10` for `010` or `10.0`.
  private var suggestedWholeNumber: String? {
    guard case .scalar(let scalar) = content, let value = Double(scalar.text),
      value == value.rounded(), abs(value) < 1e15
    else { return nil }
    return String(Int(value))
  }
}

/// A number as people write it: whole numbers without a fraction.
package func numeral(_ number: Double) -> String {
  number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
}

/// The whole number that a text is: decimal digits without leading zeros, perhaps a sign, within Int.
func wholeNumber(_ text: String) -> Int? {
  guard isDecimal(text, allowsFraction: false) else { return nil }
  return Int(text)
}

/// The finite number that a text is, in decimal notation, perhaps with a sign, a fraction and an
/// exponent; nil for anything else that Swift would take, such as `0x1F`, `nan` and `.5`.
package func plainNumber(_ text: String) -> Double? {
  guard isDecimal(text, allowsFraction: true), let value = Double(text), value.isFinite else {
    return nil
  }
  return value
}

/// Whether a text is a number as JSON writes it (RFC 8259, section 6), a leading plus allowed.
private func isDecimal(_ text: String, allowsFraction: Bool) -> Bool {
  var rest = text.utf8[...]
  func digits(_ rest: inout Substring.UTF8View) -> Int {
    let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
    rest = rest.dropFirst(count)
    return count
  }
  if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
    rest = rest.dropFirst()
  }
  let startsWithZero = rest.first == UInt8(ascii: "0")
  let whole = digits(&rest)
  guard whole > 0, !(startsWithZero && whole > 1) else { return false }
  guard allowsFraction else { return rest.isEmpty }
  if rest.first == UInt8(ascii: ".") {
    rest = rest.dropFirst()
    guard digits(&rest) > 0 else { return false }
  }
  if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
    rest = rest.dropFirst()
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
      rest = rest.dropFirst()
    }
    guard digits(&rest) > 0 else { return false }
  }
  return rest.isEmpty
}
