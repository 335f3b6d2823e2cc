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
  /// Whether it is, or uses, a category or a cut-off, which hold only for the published wording; see
  /// ``Instrument/computesCategories(_:)``.
  package let isCutoff: Bool
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

  /// Whether it is one of several categories.
  package var isCategory: Bool {
    if case .category = formula { true } else { false }
  }

  /// How many operands it counts, of which ``least`` must be there; weights are none.
  package var counted: Int {
    if case .weighted(let pairs) = formula { pairs.count } else { operands.count }
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

/// Why a score has no value. Raw values are what files show.
package enum ScoreAbsence: String, Hashable, Sendable, CaseIterable {
  /// Fewer of its items were answered than it needs.
  case tooFewAnswers = "too_few_answers"
  /// Its items were answered, and its formula has no value for them: a division by zero, or weights
  /// that are all zero.
  case notDefined = "not_defined"
  /// Its expression left the range that the file states for it.
  case outOfRange = "out_of_range"
  /// It is a category or cut-off, which were not published for the wording that was read.
  case notForWording = "not_for_wording"
}

/// What a score came to for one set of answers.
package struct ScoreValue: Hashable, Sendable {
  /// The score's name.
  package let name: String
  /// Its value; nil if it has none, for the reason in ``absence``.
  package let value: Double?
  /// How many of its items were shown and answered.
  package let answered: Int
  /// How many items it rests on in all.
  package let items: Int
  /// Whether it is, or uses, a sum over fewer than all operands, filled up as mean × number.
  package let isProrated: Bool
  /// Why there is no value; nil if there is one. A score without a value because of another one has
  /// that one's reason.
  package let absence: ScoreAbsence?
  /// What an expression came to outside the range that its score states; nil for all others.
  package let strayed: Double?
}
