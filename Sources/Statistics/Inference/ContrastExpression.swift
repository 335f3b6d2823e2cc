extension MixedModelFit {
  /// The estimate of a combination of fixed effects written by their names.
  ///
  /// - Parameter text: Names as in `fixedEffects`, each with a number and `*` before it or `/` and a
  ///   number behind where it counts otherwise than once: `gw - 0.5*gv`, `gv/2 + gw/2`.
  /// - Throws: ``ModelError/unsupported(_:)`` that says what could not be read.
  public func contrast(
    _ text: String
  ) throws(ModelError) -> LinearMixedModelFit.FixedEffect {
    var reader = CombinationReader(
      text: text[...], names: tables.fixedEffects.map(\.name), setAside: tables.setAside)
    return contrast(try reader.weights(), name: text)
  }
}

/// Reads a sum of named effects.
private struct CombinationReader {
  var text: Substring
  let names: [String]
  let setAside: [String]

  mutating func weights() throws(ModelError) -> [Double] {
    var weights = [Double](repeating: 0, count: names.count)
    var isFirst = true
    skipSpaces()
    while !text.isEmpty {
      let sign = take("-") ? -1.0 : 1.0
      guard sign < 0 || take("+") || isFirst else { throw unread("a sign between effects") }
      isFirst = false
      skipSpaces()
      var factor = sign
      let start = text
      // A number is a factor if a star follows; it may else begin a name.
      if let number = self.number(), take("*") {
        factor *= number
        skipSpaces()
      } else {
        text = start
      }
      let position = try name()
      skipSpaces()
      if take("/") {
        skipSpaces()
        guard let divisor = self.number(), divisor != 0 else { throw unread("a number behind ‘/’") }
        factor /= divisor
        skipSpaces()
      }
      weights[position] += factor
    }
    guard weights.contains(where: { $0 != 0 }) else { throw unread("at least one effect") }
    return weights
  }

  /// The longest name that the text goes on with, as one may begin with another.
  private mutating func name() throws(ModelError) -> Int {
    let known = names.indices.filter { text.hasPrefix(names[$0]) }
    let repeated = setAside.filter { text.hasPrefix($0) }.max { $0.count < $1.count }
    let longest = known.max { names[$0].count < names[$1].count }
    if let repeated, repeated.count > longest.map({ names[$0].count }) ?? 0 {
      throw .unsupported(
        "the contrast names \(repeated), which has no estimate: it repeats other columns")
    }
    guard let longest else {
      throw unread("one of \(names.joined(separator: ", "))")
    }
    text = text.dropFirst(names[longest].count)
    return longest
  }

  private mutating func number() -> Double? {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    guard let value = Double(digits) else { return nil }
    text = text.dropFirst(digits.count)
    skipSpaces()
    return value
  }

  private mutating func take(_ character: Character) -> Bool {
    guard text.first == character else { return false }
    text = text.dropFirst()
    return true
  }

  private mutating func skipSpaces() { text = text.drop { $0 == " " } }

  private func unread(_ expected: String) -> ModelError {
    let found = text.isEmpty ? "its end" : "‘\(text.prefix(40))’"
    return .unsupported("the contrast could not be read: found \(found), expected \(expected)")
  }
}
