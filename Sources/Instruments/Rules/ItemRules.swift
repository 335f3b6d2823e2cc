import Definitions
import Expressions

/// What follows a published scale says which, and in which words.
enum BasisRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    guard let wording = draft.wording, wording.value != .original, draft.basis == nil else {
      return
    }
    // A basis that is there but wrong is reported already.
    guard !draft.hasBasis else { return }
    problems.report(
      at: wording.place, found: "a wording that is \(wording.value.rawValue), without a basis",
      expected: "the published scale under basis")
  }
}

/// Each named scale is used; a leftover one is perhaps a misspelt one.
enum ScaleUseRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    guard draft.itemsAreKnown else { return }
    let used = Set(draft.items.compactMap(\.scale?.value))
    for scale in draft.scales where !used.contains(scale.name.value) {
      problems.report(
        .warning, at: scale.name.place,
        found: "the scale \(quoted(scale.name.value)), which no item uses",
        expected: "a scale that is used")
    }
  }
}

/// An item can be reversed only between two ends.
enum ReverseRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    for draft in draft.items {
      guard let reverse = draft.reverse, reverse.value, let item = draft.item, item.range == nil
      else { continue }
      problems.report(
        at: reverse.place, found: "a reversed item whose scale has no two ends",
        expected: "a scale with a smallest and a largest answer")
    }
  }
}

/// A condition uses earlier items only, and there are answers that make it true.
enum ReachableItemsRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    guard draft.itemsAreKnown else { return }
    var earlier = EarlierItems(of: draft)
    var options: [String: [Value]] = [:]
    let types = draft.itemTypes
    var budget = Self.mostCombinations
    for item in draft.items {
      earlier.enter()
      defer { earlier.leave(item) }
      if let condition = item.showIf {
        let later = condition.expression.names
          .filter { types[$0] != nil && !earlier.names.contains($0) }.sorted()
        for name in later {
          problems.report(
            at: condition.node.place,
            found: "a condition on \(quoted(name)), which is not asked before",
            expected: "conditions on earlier items")
        }
        var local = Problems()
        condition.check(names: types, expecting: .truth, problems: &local)
        problems.append(local)
        if later.isEmpty, !local.hasErrors,
          !canBeTrue(condition.expression, options: options, budget: &budget)
        {
          problems.report(
            at: condition.node.place, found: Instrument.unreachable,
            expected: "an item that can be reached")
        }
      }
      guard item.kind != .instruction else { continue }
      if item.item?.valueType == .number, let values = item.item?.options {
        options[item.id.value] = values.map { .number(Double($0.value)) }
      }
    }
  }

  /// The combinations of answers that are tried for all conditions of a file: four items of ten options
  /// for one, or two items for a thousand. Conditions beyond that are taken to be possible.
  private static let mostCombinations = 100_000

  /// Whether some answers make a condition true; assumed if there are too many to try.
  private static func canBeTrue(
    _ condition: Expression, options: [String: [Value]], budget: inout Int
  ) -> Bool {
    let names = condition.names.sorted()
    var combinations = 1
    for name in names {
      guard let count = options[name]?.count else { return true }
      combinations *= count + 1
      if combinations > budget { return true }
    }
    budget -= combinations
    return (0..<combinations).contains { combination in
      var rest = combination
      var values: [String: Value] = [:]
      for name in names {
        let choices = (options[name] ?? []) + [.missing]
        values[name] = choices[rest % choices.count]
        rest /= choices.count
      }
      return condition.evaluate { values[$0] ?? .missing } == .truth(true)
    }
  }
}

/// An attention check expects an answer that its item takes.
enum ChecksRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let items = draft.readItems
    for check in draft.checks {
      if let item = items[check.item.value], !item.accepts(check.expected.value),
        item.valueType != nil
      {
        problems.report(
          at: check.expected.place, found: check.expected.value.summary,
          expected: item.expectedAnswer)
      }
    }
  }
}

extension Answer {
  /// The answer as a definition file has it, for a problem; never used for participants' answers.
  var summary: String {
    switch self {
    case .number(let number): "the number \(numeral(number))"
    case .text(let text): "the text \(quoted(text))"
    }
  }
}

extension Instrument {
  /// What a problem calls the condition of an item that nobody is ever asked.
  package static let unreachable = "a condition that no answers make true"
}
