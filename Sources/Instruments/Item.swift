package import Expressions

/// One question of an instrument, or a text between questions.
package struct Item: Hashable, Sendable {
  /// What kind of answer an item takes, with its response scale.
  package enum Kind: Hashable, Sendable {
    /// One of several categories.
    case single(ResponseScale)
    /// One of several ordered steps.
    case likert(ResponseScale)
    /// A position between two ends.
    case slider(SliderScale)
    /// A number that is typed.
    case number(NumberRange)
    /// A text that is typed.
    case text(TextLimit)
    /// No answer: something to read.
    case instruction
  }

  /// Whether a participant may go on without an answer.
  package enum Requirement: String, Hashable, Sendable, CaseIterable {
    /// Asked once more, then let go: the default, because forced answers are worse than missing ones.
    case soft
    /// Not let go.
    case hard
    /// Not asked again.
    case no
  }

  /// Its name in expressions, scores and tables.
  package let id: String
  /// What the participant reads.
  package let text: String
  /// What kind of answer it takes.
  package let kind: Kind
  /// Whether scores use minimum + maximum − answer.
  package let isReversed: Bool
  /// Whether it may be left blank.
  package let requirement: Requirement
  /// When it is shown, by earlier answers; always if nil. Unknown counts as not shown.
  package let showIf: Expression?
  /// Whether it asks about distress, so that a study must say what happens then.
  package let isDistress: Bool
}

extension Item {
  /// The smallest and largest answer, or nil if the answer is no number or has an open end.
  package var range: ClosedRange<Double>? {
    switch kind {
    case .single(let scale), .likert(let scale): scale.range
    case .slider(let scale): scale.range
    case .number(let range): range.range
    case .text, .instruction: nil
    }
  }

  /// What its answers are in expressions, or nil if it takes none.
  package var valueType: ValueType? {
    switch kind {
    case .single, .likert, .slider, .number: .number
    case .text: .text
    case .instruction: nil
    }
  }

  /// The numbers it can be answered with, if they are options; nil otherwise.
  package var options: [ResponseScale.Option]? {
    switch kind {
    case .single(let scale), .likert(let scale): scale.options
    case .slider, .number, .text, .instruction: nil
    }
  }

  /// The number that scores use for an answer: reversed if the item is.
  func keyed(_ answer: Double) -> Double {
    guard isReversed, let range else { return answer }
    return range.lowerBound + range.upperBound - answer
  }
}
