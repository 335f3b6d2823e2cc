import Definitions
import Expressions

/// The names that an item can use: those of items that every session asks before it.
///
/// Within a block in random order no item can use another one, as it may come later.
struct EarlierItems {
  private(set) var names: Set<String>
  private var waiting: [String] = []
  private let blocks: [Range<Int>]
  private var position = 0

  /// Before the first item of a draft.
  init(of draft: InstrumentDraft) {
    names = Set(draft.earlierNames)
    // Inner blocks lie within outer ones, which alone decide.
    blocks = draft.randomBlocks.map(\.extent)
  }

  /// Goes on to the next item, whose earlier items ``names`` then are.
  mutating func enter() {
    guard !blocks.contains(where: { $0.lowerBound < position && $0.contains(position) }) else {
      return
    }
    names.formUnion(waiting)
    waiting = []
  }

  /// Leaves the item that was entered.
  mutating func leave(_ item: ItemDraft) {
    position += 1
    guard item.kind != .instruction else { return }
    waiting += item.item?.names.keys.map(\.self) ?? [item.id.value]
  }
}

/// Earlier answers are named like items of an instrument, and like nothing of this one.
enum EarlierAnswersRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let items = Set(draft.items.map(\.id.value))
    for answer in draft.earlier {
      let name = answer.value.name
      if (try? Expression.parse("\(name) == \(name)"))?.names != [name] {
        problems.report(
          at: answer.place, found: "the earlier answer \(quoted(name))",
          expected: "an instrument's id and an item's, such as own-goals and goal_1")
      } else if items.contains(answer.value.instrument)
        || answer.value.instrument == draft.id?.value
      {
        problems.report(
          at: answer.place, found: "an earlier answer to \(quoted(answer.value.instrument))",
          expected: "one to another instrument, whose id is no item's")
      }
    }
  }
}

/// A number of concern is one that scores can use for the item's answers.
enum DistressRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    for draft in draft.items {
      guard let mark = draft.distress, let number = mark.value.number, let item = draft.item,
        !(item.scoredRange?.contains(number) ?? false)
      else { continue }
      problems.report(
        at: mark.place, found: "the number of concern \(numeral(number))",
        expected: item.scoredRange.map {
          "one from \(numeral($0.lowerBound)) to \(numeral($0.upperBound))"
        } ?? "distress: true, as the answers are no numbers between two ends")
    }
  }
}
