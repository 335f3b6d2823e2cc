package import Expressions

/// A number computed from answers.
package struct Score: Hashable, Sendable {
  /// How it is computed.
  package enum Formula: Hashable, Sendable {
    /// The mean of items or scores.
    case mean([String])
    /// The sum of items or scores.
    case sum([String])
    /// Any expression over items and scores. Items stand for the numbers that scores use, reversed
    /// where the item is.
    case expression(Expression)
  }

  /// Its name in expressions, plans and tables.
  package let name: String
  /// How it is computed.
  package let formula: Formula
  /// The fewest operands of a mean or sum that must be there; 0 for an expression, where what is
  /// missing stays missing.
  package let least: Int
  /// The smallest and largest value it can have, if both are known.
  package let range: ClosedRange<Double>?
  /// The ids of all items that it rests on, directly or through other scores, in the order of the
  /// instrument.
  package let items: [String]
}

extension Score {
  /// The items and scores that it is computed from directly.
  package var operands: [String] {
    switch formula {
    case .mean(let names), .sum(let names): names
    case .expression(let expression): expression.names.sorted()
    }
  }
}

/// What a score came to for one set of answers.
package struct ScoreValue: Hashable, Sendable {
  /// The score's name.
  package let name: String
  /// Its value; nil if too few items were answered.
  package let value: Double?
  /// How many of its items were shown and answered.
  package let answered: Int
  /// How many items it rests on in all.
  package let items: Int
  /// Whether it is, or uses, a sum over fewer than all operands, filled up as mean × number.
  package let isProrated: Bool
  /// Whether an expression left the range that its score states; the value is then nil.
  package let isOutOfRange: Bool
}
