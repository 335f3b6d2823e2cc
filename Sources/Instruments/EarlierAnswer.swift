internal import Definitions
package import Expressions

/// What an instrument uses of an answer to another one: a goal that is asked about again by name, a
/// weight that was given once.
package struct EarlierAnswer: Hashable, Sendable {
  /// The other instrument's id.
  package let instrument: String
  /// The item of it.
  package let item: String
  /// What its answers are in expressions.
  package let type: ValueType

  /// What expressions and texts call it: `own-goals.goal_1`.
  package var name: String { "\(instrument).\(item)" }
}

extension EarlierAnswer {
  /// Reads an answer that was typed, which only its own instrument could check further.
  func answer(reading text: String) throws(AnswerRefusal) -> Answer {
    guard type == .number else { return .text(text) }
    guard let number = plainNumber(plainNumerals(text)) else {
      throw AnswerRefusal(item: name, expected: "a number")
    }
    return .number(number)
  }
}

extension Instrument {
  /// What is wrong with an answer that this instrument wants of another one; nil if nothing is.
  ///
  /// - Parameter other: the instrument of which it is an item.
  package static func objection(to wanted: EarlierAnswer, of other: Instrument) -> String? {
    guard let item = other.item(wanted.item), let type = item.valueType else {
      return "which \(other.id) does not ask"
    }
    return type == wanted.type ? nil : "which is \(type) in \(other.id), not \(wanted.type)"
  }
}
