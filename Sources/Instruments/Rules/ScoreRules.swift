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
      for names in [score.listed] + score.expressions.flatMap(\.averaged) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name.value).inserted {
          problems.report(
            at: name.place, found: "\(quoted(name.value)) twice in one score",
            expected: "each item once")
        }
      }
      for name in score.expressions.isEmpty ? score.references : []
      where types[name.value] == .text {
        checkNumbers(name, in: draft, problems: &problems)
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
  /// Reports an operand that is no number, with the numbers that stand for it if it has any.
  private static func checkNumbers(
    _ name: Located<String>, in draft: InstrumentDraft, problems: inout Problems
  ) {
    let item = draft.items.first { $0.id.value == name.value }?.item
    let numbers = (item?.names ?? [:]).filter { $0.value == .number }.keys.sorted()
    problems.report(
      at: name.place,
      found: numbers.isEmpty
        ? "the text item \(quoted(name.value))"
        : "\(quoted(name.value)), whose answer is a list of options",
      expected: numbers.first.map { "an expression with \($0)" } ?? "items answered by numbers")
  }

  /// Each category has a number and a label of its own, and a rule unless it is the last.
  private static func checkCategories(_ score: ScoreDraft, problems: inout Problems) {
    guard case .category(let categories) = score.formula else { return }
    var labels: Set<String> = []
    var values: Set<Int> = []
    for (index, category) in categories.enumerated() {
      if !values.insert(category.value.value).inserted {
        problems.report(
          at: category.value.place, found: "the value \(category.value.value) twice",
          expected: "a value of its own for each category")
      }
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

/// An item belongs to one mean or sum, unless a score says that it overlaps; so it does to one within an
/// expression.
enum OverlapRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let items = Set(draft.items.map(\.id.value))
    var owners: [String: Located<String>] = [:]
    for score in draft.scores where !score.overlaps && !score.isWeighted {
      // Twice in one score is another rule's business.
      let averaged =
        score.isExpression ? score.expressions.flatMap(\.averaged).flatMap(\.self) : []
      for name in score.listed + averaged where items.contains(name.value) {
        let owner = owners.updateValue(score.name, forKey: name.value)
        guard let owner, owner.value != score.name.value else { continue }
        problems.report(
          draft.imported == nil || !score.isExpression ? .error : .warning, at: name.place,
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

/// A mean or sum is over items of one range, unless it says that the ranges differ, also one within an
/// expression; so is `first_of`. Arithmetic says itself what it does.
enum EqualRangesRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let ranges = draft.operandRanges
    let advice = ", or mixed_ranges: true"
    // Whoever wrote the form that was imported cannot say so.
    let severity = draft.imported == nil ? Problem.Severity.error : .warning
    for score in draft.scores {
      if !score.mixedRanges {
        checkEqual(.error, score.listed, ranges, advice, problems: &problems)
        for names in score.expressions.flatMap(\.averaged) {
          checkEqual(severity, names, ranges, advice, problems: &problems)
        }
      }
      for located in score.expressions {
        checkFirstOf(.error, in: located, ranges, problems: &problems)
      }
    }
    for item in draft.items {
      for names in item.mixedRanges ? [] : item.computed?.averaged ?? [] {
        checkEqual(severity, names, ranges, advice, problems: &problems)
      }
      if let condition = item.showIf {
        checkFirstOf(.error, in: condition, ranges, problems: &problems)
      }
      if let computed = item.computed {
        checkFirstOf(severity, in: computed, ranges, problems: &problems)
      }
    }
  }

  private static func checkFirstOf(
    _ severity: Problem.Severity, in located: LocatedExpression,
    _ ranges: [String: ClosedRange<Double>], problems: inout Problems
  ) {
    for names in located.expression.namesGiven(to: .firstOf) {
      checkEqual(
        severity, names.map { Located($0, at: located.node.place) }, ranges, " in first_of",
        problems: &problems)
    }
  }

  private static func checkEqual(
    _ severity: Problem.Severity, _ names: [Located<String>],
    _ ranges: [String: ClosedRange<Double>], _ advice: String, problems: inout Problems
  ) {
    let known = names.compactMap { name in ranges[name.value].map { (name, $0) } }
    guard let (first, range) = known.first else { return }
    for (name, other) in known.dropFirst() where other != range {
      problems.report(
        severity, at: name.place, found: "\(quoted(name.value)) from \(written(other))",
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
    checkCategories(of: draft, problems: &problems)
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

  /// Each category has a worked example: one that a rule before it always takes has none.
  private static func checkCategories(of draft: InstrumentDraft, problems: inout Problems) {
    for score in draft.scores {
      guard case .category(let categories) = score.formula else { continue }
      let shown = draft.examples.flatMap(\.scores)
        .filter { $0.name.value == score.name.value }.compactMap(\.value.value)
      // A score without any example is reported as such.
      guard !shown.isEmpty else { continue }
      for category in categories where !shown.contains(Double(category.value.value)) {
        problems.report(
          draft.imported == nil ? .error : .warning, at: category.value.place,
          found: "the category \(quoted(category.label.value)) without a worked example",
          expected:
            "an example under tests that comes to \(category.value.value); where there can be"
            + " none, a rule before it takes them all")
      }
    }
  }
}
