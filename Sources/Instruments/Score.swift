package import Expressions

/// A number computed from answers.
package struct Score: Hashable, Sendable {
  /// How it is computed.
  package enum Formula: Hashable, Sendable {
    /// The mean of items or scores.
    case mean([String])
    /// The sum of items or scores.
    case sum([String])
    /// The mean of items or scores, each with the weight that another item or score gives it.
    case weighted([Weighting])
    /// One of several categories, by the first rule that is true; a cut-off on other scores is one too.
    case category([Category])
    /// Any expression over items and scores. Items stand for the numbers that scores use, reversed
    /// where the item is.
    case expression(Expression)
  }

  /// An operand of a weighted mean.
  package struct Weighting: Hashable, Sendable {
    /// The item or score that counts.
    package let value: String
    /// The item or score that says how much; below 0 counts as 0.
    package let weight: String
  }

  /// One of the categories that a score can come to.
  package struct Category: Hashable, Sendable {
    /// The number that stands for it.
    package let value: Int
    /// What it is called.
    package let label: String
    /// When it holds, over what scores use; nil for the one that holds when no other does.
    package let rule: Expression?
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
    case .weighted(let pairs): pairs.flatMap { [$0.value, $0.weight] }
    case .category(let categories):
      Set(categories.flatMap { $0.rule?.names ?? [] }).sorted()
    case .expression(let expression): expression.names.sorted()
    }
  }

  /// Whether it needs a cut-off, which holds only for the published wording.
  package var isCutoff: Bool {
    if case .category = formula { true } else { false }
  }

  /// The label of a category; nil for a number that is none, and for other scores.
  package func label(of value: Double) -> String? {
    guard case .category(let categories) = formula else { return nil }
    return categories.first { Double($0.value) == value }?.label
  }
}

/// Whether categories and cut-offs are computed.
package enum CutoffUse: Hashable, Sendable {
  /// Only where the wording is the published one, word by word.
  case publishedWording
  /// Always: a study says `cutoffs: exploratory`, and every table repeats it.
  case exploratory
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
