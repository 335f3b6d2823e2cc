/// What an expression works on: a finite number, a text, a truth, or nothing known.
///
/// `missing` stands for every reason a value can be absent (not asked, not shown, left blank); the
/// reason itself travels beside the value in the tables, never through an expression.
package enum Value: Hashable, Sendable {
  case number(Double)
  case text(String)
  case truth(Bool)
  case missing

  /// The number inside, or nil for anything else, a number that is not finite included.
  package var number: Double? {
    guard case .number(let number) = self, number.isFinite else { return nil }
    return number
  }

  /// The truth inside, or nil for anything else.
  package var truth: Bool? {
    guard case .truth(let truth) = self else { return nil }
    return truth
  }

  /// The text inside, or nil for anything else.
  package var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// Whether nothing is known. A number that is not finite counts as missing.
  package var isMissing: Bool {
    switch self {
    case .missing: true
    case .number(let number): !number.isFinite
    case .text, .truth: false
    }
  }

  /// The value with numbers that are not finite turned into `missing`.
  var normalized: Value { isMissing ? .missing : self }

  /// The type of the value, or nil when it is missing.
  package var type: ValueType? {
    switch self {
    case .number: .number
    case .text: .text
    case .truth: .truth
    case .missing: nil
    }
  }
}

/// The type that a name or an expression has before any answer is known.
package enum ValueType: String, Hashable, Sendable, CustomStringConvertible {
  case number, text, truth

  /// How a message names the type: "a number", "a text", "a truth".
  package var description: String { "a \(rawValue)" }
}
