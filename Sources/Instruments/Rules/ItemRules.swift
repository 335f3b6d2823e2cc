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

/// An item can be reversed only between two ends, and should come to one of its own options then.
enum ReverseRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    for draft in draft.items {
      guard let reverse = draft.reverse, reverse.value, let item = draft.item else { continue }
      guard let range = item.range else {
        problems.report(
          at: reverse.place, found: "a reversed item whose scale has no two ends",
          expected: "a scale with a smallest and a largest answer")
        continue
      }
      let numbers = (item.options ?? []).map { Double($0.value) }
      let lone = numbers.first { !numbers.contains(range.lowerBound + range.upperBound - $0) }
      guard let lone else { continue }
      problems.report(
        .warning, at: reverse.place,
        found: "a reversed item whose option \(numeral(lone)) turns into "
          + "\(numeral(range.lowerBound + range.upperBound - lone)), which is none",
        expected: "options at equal distances from both ends, or recode")
    }
  }
}

/// A condition uses earlier items only, and there are answers that make it true.
enum ReachableItemsRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    guard draft.itemsAreKnown else { return }
    var earlier = EarlierItems(of: draft)
    let types = draft.itemTypes
    var search = AnswerSearch(draft)
    for item in draft.items {
      earlier.enter()
      defer { earlier.leave(item) }
      guard let condition = item.showIf else { continue }
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
      if !later.isEmpty || local.hasErrors {
        search.doubt(item)
      } else if !search.canBeTrue(condition.expression) {
        problems.report(
          at: condition.node.place, found: Instrument.unreachable,
          expected: "an item that can be reached")
      }
    }
  }
}

/// An attention check expects an answer that its item takes, one for each item; and the item, which
/// asks for its own answer, belongs to no score.
enum ChecksRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let items = draft.readItems
    var checked: Set<String> = []
    for check in draft.checks {
      if let item = items[check.item.value], !item.accepts(check.expected.value),
        item.valueType != nil
      {
        problems.report(
          at: check.expected.place, found: check.expected.value.summary,
          expected: item.expectedAnswer)
      }
      if !checked.insert(check.item.value).inserted {
        problems.report(
          at: check.item.place, found: "a second check on \(quoted(check.item.value))",
          expected: "one expected answer for each item")
      }
    }
    for score in draft.scores {
      for name in score.references where checked.contains(name.value) {
        problems.report(
          .warning, at: name.place,
          found:
            "the attention check \(quoted(name.value)) in the score \(quoted(score.name.value))",
          expected: "items that measure something")
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
