internal import Expressions

/// What a participant gave to one item: a number (the option's, for closed items) or a text.
///
/// Several options are a text too, a JSON list of their numbers without spaces: `[1,3]` for a choice,
/// in increasing order; `[3,1,2]` for a ranking, from first to last. A date is `2026-11-21`, a time
/// `07:05`.
package enum Answer: Hashable, Sendable {
  /// The number of an option, a slider's position, or a typed number.
  case number(Double)
  /// A typed text.
  case text(String)
}

extension Answer {
  /// What it is in expressions.
  var type: ValueType { if case .number = self { .number } else { .text } }

  /// The answer that a list of options' numbers is.
  package static func list(_ numbers: [Int]) -> Answer {
    .text("[" + numbers.map(String.init).joined(separator: ",") + "]")
  }

  /// The numbers of a list of options; nil for anything that is not written exactly as one.
  package var list: [Int]? {
    guard case .text(let text) = self, text.hasPrefix("["), text.hasSuffix("]"),
      text.utf8.count <= 10_000
    else { return nil }
    let numbers = text.dropFirst().dropLast().split(separator: ",").compactMap { Int($0) }
    return Answer.list(numbers) == self ? numbers : nil
  }
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
