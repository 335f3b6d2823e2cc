/// What a participant gave to one item: a number (the option's, for closed items) or a text.
package enum Answer: Hashable, Sendable {
  /// The number of an option, a slider's position, or a typed number.
  case number(Double)
  /// A typed text.
  case text(String)
}

extension Answer: Codable {
  /// Reads a number or a string.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// Writes a number or a string.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    }
  }
}

/// An answer that an item does not take.
///
/// It says what would have been taken and never what was given: answers do not belong in logs.
package struct AnswerRefusal: Error, Hashable, Sendable {
  /// The item's id.
  package let item: String
  /// What the item takes, as a noun phrase.
  package let expected: String

  /// A refusal for an item.
  package init(item: String, expected: String) {
    self.item = item
    self.expected = expected
  }
}

extension AnswerRefusal: CustomStringConvertible {
  /// "n01 takes a number from 1 to 5".
  package var description: String { "\(item) takes \(expected)" }
}
