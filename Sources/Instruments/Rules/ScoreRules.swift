import Definitions
import Expressions

/// Means and sums have numbers as operands, each once, and ask for no more than they have; expressions
/// fit together and give a number.
enum OperandsRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let scoreTypes = draft.scores.map { ($0.name.value, ValueType.number) }
    let types = draft.itemTypes.merging(scoreTypes) { first, _ in first }
    for score in draft.scores {
      for expression in score.expressions where draft.itemsAreKnown {
        expression.check(
          names: types, expecting: score.isCategory ? .truth : .number, problems: &problems)
      }
      if score.isCategory { checkCategories(score, problems: &problems) }
      var seen: Set<String> = []
      for name in score.listed {
        if !seen.insert(name.value).inserted {
          problems.report(
            at: name.place, found: "\(quoted(name.value)) twice in one score",
            expected: "each item once")
        }
      }
      for name in score.expressions.isEmpty ? score.references : []
      where types[name.value] == .text {
        problems.report(
          at: name.place, found: "the text item \(quoted(name.value))",
          expected: "items answered by numbers")
      }
      if score.formula != nil, score.listed.isEmpty, score.expressions.isEmpty, !score.isCategory {
        problems.report(
          at: score.name.place, found: "a score of no items", expected: "at least one")
      }
      if let answered = score.answered, !score.listed.isEmpty,
        !(1...score.listed.count).contains(answered.value)
      {
        problems.report(
          at: answered.place, found: "\(answered.value) needed of \(score.listed.count)",
          expected: "a whole number from 1 to \(score.listed.count)")
      }
    }
  }
}

extension OperandsRule {
  /// Each category has a number and a label of its own, and a rule unless it is the last.
  private static func checkCategories(_ score: ScoreDraft, problems: inout Problems) {
    guard case .category(let categories) = score.formula else { return }
    var labels: Set<String> = []
    for (index, category) in categories.enumerated() {
      if !labels.insert(category.label.value).inserted {
        problems.report(
          at: category.label.place, found: "the label \(quoted(category.label.value)) twice",
          expected: "a label of its own for each category")
      }
      let isLast = index == categories.count - 1
      if isLast != (category.rule == nil) {
        problems.report(
          at: category.value.place,
          found: isLast ? "a last category with a rule" : "a category without a rule",
          expected: "a rule (when) for each but the last, which holds when no other does")
      }
    }
    if categories.count < 2 {
      problems.report(
        at: score.name.place, found: "\(categories.count) categories", expected: "at least two")
    }
  }
}

/// An item belongs to one score, unless a score says that it overlaps.
enum OverlapRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let items = Set(draft.items.map(\.id.value))
    var owners: [String: Located<String>] = [:]
    for score in draft.scores where !score.overlaps && !score.isWeighted {
      // Twice in one score is another rule's business.
      for name in score.listed where items.contains(name.value) {
        let owner = owners.updateValue(score.name, forKey: name.value)
        guard let owner, owner.value != score.name.value else { continue }
        problems.report(
          at: name.place,
          found:
            "\(quoted(name.value)) in \(quoted(score.name.value)) and in \(quoted(owner.value))",
          expected: "an item in one score, or overlaps: true")
      }
    }
  }
}

/// No score is computed from itself, directly or through others.
enum CycleRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    for cycle in draft.scoreCycles {
      guard let first = draft.scores.first(where: { $0.name.value == cycle.first }) else {
        continue
      }
      let path = (cycle + cycle.prefix(1)).map { quoted($0) }.joined(separator: " from ")
      problems.report(
        at: first.name.place, found: "a circle of scores: \(path)",
        expected: "scores computed from items or from scores outside the circle")
    }
  }
}

/// A mean or sum is over items of one range, unless it says that the ranges differ; so is `first_of`.
enum EqualRangesRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let ranges = draft.operandRanges
    for score in draft.scores {
      if !score.mixedRanges {
        checkEqual(score.listed, ranges, advice: ", or mixed_ranges: true", problems: &problems)
      }
      for located in score.expressions {
        checkFirstOf(in: located, ranges, problems: &problems)
      }
    }
    for item in draft.items {
      if let condition = item.showIf { checkFirstOf(in: condition, ranges, problems: &problems) }
    }
  }

  private static func checkFirstOf(
    in located: LocatedExpression, _ ranges: [String: ClosedRange<Double>],
    problems: inout Problems
  ) {
    for names in located.expression.namesGiven(to: .firstOf) {
      checkEqual(
        names.map { Located($0, at: located.node.place) }, ranges, advice: " in first_of",
        problems: &problems)
    }
  }

  private static func checkEqual(
    _ names: [Located<String>], _ ranges: [String: ClosedRange<Double>], advice: String,
    problems: inout Problems
  ) {
    let known = names.compactMap { name in ranges[name.value].map { (name, $0) } }
    guard let (first, range) = known.first else { return }
    for (name, other) in known.dropFirst() where other != range {
      problems.report(
        at: name.place, found: "\(quoted(name.value)) from \(written(other))",
        expected: "\(written(range)) like \(quoted(first.value))\(advice)")
    }
  }

  private static func written(_ range: ClosedRange<Double>) -> String {
    "\(numeral(range.lowerBound)) to \(numeral(range.upperBound))"
  }
}

/// A range that a mean or sum states is the one it has.
enum StatedRangeRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let ranges = draft.operandRanges
    for score in draft.scores {
      guard let stated = score.range, !score.isExpression,
        let derived = score.derivedRange(operands: ranges), derived != stated.value
      else { continue }
      problems.report(
        at: stated.place,
        found:
          "the range \(numeral(stated.value.lowerBound)) to \(numeral(stated.value.upperBound))",
        expected:
          "\(numeral(derived.lowerBound)) to \(numeral(derived.upperBound)), which its items give")
    }
  }
}

/// Each score has a worked example; an imported file is only warned.
enum WorkedExamplesRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let shown = Set(draft.examples.flatMap { $0.scores.map(\.name.value) })
    for score in draft.scores where !shown.contains(score.name.value) {
      problems.report(
        draft.imported == nil ? .error : .warning, at: score.name.place,
        found: "the score \(quoted(score.name.value)) without a worked example",
        expected: "an example of it under tests")
    }
    let items = draft.readItems
    let earlier = Dictionary(
      draft.earlier.map { ($0.value.name, $0.value.type) }, uniquingKeysWith: { first, _ in first })
    for example in draft.examples {
      for (name, answer) in example.answers {
        if let type = earlier[name.value], type != answer.value.type {
          problems.report(at: answer.place, found: answer.value.summary, expected: type.description)
        }
        if let item = items[name.value], item.valueType != nil, !item.accepts(answer.value) {
          problems.report(
            at: answer.place, found: answer.value.summary, expected: item.expectedAnswer)
        }
      }
    }
  }
}
