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
    /// Several of several categories, or the one that excludes all others.
    case multiple(ChoiceSet)
    /// Every category, from first to last.
    case rank(ResponseScale)
    /// A text that is typed.
    case text(TextLimit)
    /// A text in the participant's own words that is shown again by name: a goal, a domain.
    case own(TextLimit)
    /// A calendar date.
    case date
    /// A time of day, in hours and minutes.
    case time
    /// A number made from earlier answers, as given: asked from nobody, shown to nobody.
    case computed(Expression)
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
  package internal(set) var text: String
  /// What kind of answer it takes.
  package internal(set) var kind: Kind
  /// What stands above this item and its neighbours of one grid; nil outside grids.
  package internal(set) var stem: String?
  /// The named scale that it uses, if it uses one: what overlays call it.
  package let scaleName: String?
  /// Whether scores use minimum + maximum − answer.
  package let isReversed: Bool
  /// The numbers that scores use for the options; nil where they use the options' own.
  package let recode: [Int: Double]?
  /// Whether it may be left blank.
  package let requirement: Requirement
  /// When it is shown, by earlier answers; always if nil. Unknown counts as not shown.
  package let showIf: Expression?
  /// Whether it asks about distress, so that a study must say what happens then.
  package let isDistress: Bool
  /// The smallest number, as scores use it, at which a participant is shown whom to turn to at once; nil
  /// where that is shown at the end only.
  package let concernedFrom: Double?
  /// Whether its first answer stands for good: later sessions neither ask it nor change it.
  package let isOnce: Bool
}

extension Item {
  /// The smallest and largest answer, or nil if the answer is no number or has an open end.
  package var range: ClosedRange<Double>? {
    switch kind {
    case .single(let scale), .likert(let scale): scale.range
    case .slider(let scale): scale.range
    case .number(let range): range.range
    case .multiple, .rank, .text, .own, .date, .time, .computed, .instruction: nil
    }
  }

  /// The smallest and largest number that scores use for an answer.
  package var scoredRange: ClosedRange<Double>? {
    guard let recode else { return range }
    guard let low = recode.values.min(), let high = recode.values.max() else { return nil }
    return low...high
  }

  /// What its answers are in expressions, or nil if it takes none.
  package var valueType: ValueType? {
    switch kind {
    case .single, .likert, .slider, .number: .number
    case .multiple, .rank, .text, .own, .date, .time: .text
    case .computed, .instruction: nil
    }
  }

  /// Whether somebody who leaves it blank is asked once more.
  package var isAskedAgain: Bool { valueType != nil && requirement != .no }

  /// The options to choose from, one, several or in order; nil for other kinds.
  package var options: [ResponseScale.Option]? {
    switch kind {
    case .single(let scale), .likert(let scale), .rank(let scale): scale.options
    case .multiple(let choices): choices.options
    case .slider, .number, .text, .own, .date, .time, .computed, .instruction: nil
    }
  }

  /// Whether an answer is one after which a participant is shown whom to turn to.
  package func isConcerning(_ answer: Answer) -> Bool {
    guard let concernedFrom, accepts(answer), case .number(let number) = answer else {
      return false
    }
    return keyed(number) >= concernedFrom
  }

  /// The number that scores use for an answer: recoded or reversed if the item is.
  package func keyed(_ answer: Double) -> Double {
    if let recode { return Int(exactly: answer).flatMap { recode[$0] } ?? .nan }
    guard isReversed, let range else { return answer }
    return range.lowerBound + range.upperBound - answer
  }
}

extension Item.Kind {
  /// Its name in files.
  package var name: String {
    switch self {
    case .single: "single"
    case .likert: "likert"
    case .slider: "slider"
    case .number: "number"
    case .multiple: "multiple"
    case .rank: "rank"
    case .text: "text"
    case .own: "own"
    case .date: "date"
    case .time: "time"
    case .computed: "computed"
    case .instruction: "instruction"
    }
  }
}
