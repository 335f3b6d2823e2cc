import Definitions
import Expressions

extension InstrumentDraft {
  /// Adds an item, the rows of a grid, or what stands in a block; reports what is wrong with them.
  mutating func add(
    _ node: DefinitionNode, scales: [String: ScaleDraft], problems: inout Problems
  ) {
    if let entries = node.randomEntries(problems: &problems) {
      addRandom(entries, at: node.place, scales: scales, problems: &problems)
      return
    }
    let read = ItemDraft.readAll(node, scales: scales, problems: &problems)
    if read.isEmpty { itemsAreKnown = false }
    let start = items.count
    items += read
    if read.count > 1, read.allSatisfy(\.isRandomRow) {
      randomBlocks.append(RandomBlock(units: (start..<items.count).map { $0..<($0 + 1) }))
    }
  }

  private mutating func addRandom(
    _ entries: [DefinitionNode], at place: Place, scales: [String: ScaleDraft],
    problems: inout Problems
  ) {
    var units: [Range<Int>] = []
    for entry in entries {
      let start = items.count
      add(entry, scales: scales, problems: &problems)
      if items.count > start { units.append(start..<items.count) }
    }
    guard entries.count > 1 else {
      problems.report(
        at: place, found: "a block of \(entries.count) in random order", expected: "at least two")
      return
    }
    if units.count > 1 { randomBlocks.append(RandomBlock(units: units)) }
  }
}

extension DefinitionNode {
  /// What stands under `random`, where a node is a block and no grid.
  fileprivate func randomEntries(problems: inout Problems) -> [DefinitionNode]? {
    guard case .mapping(let entries) = content,
      entries.contains(where: { $0.key.value == "random" }),
      !entries.contains(where: { ["grid", "rows"].contains($0.key.value) }),
      var reader = MappingReader(self, describing: "a block", problems: &problems)
    else { return nil }
    let list = reader.list("random", expecting: "a list of items", problems: &problems)
    reader.finish(problems: &problems)
    return list ?? []
  }
}

extension DistressMark {
  /// `distress: true`, or the number from which on it is one; reports anything else.
  static func read(
    _ node: DefinitionNode?, problems: inout Problems
  ) -> Located<DistressMark>? {
    guard let node else { return nil }
    var ignored = Problems()
    if let number = node.number(problems: &ignored) {
      return Located(.from(number), at: node.place)
    }
    var other = Problems()
    if let isMarked = node.bool(problems: &other) {
      return Located(isMarked ? .yes : .no, at: node.place)
    }
    problems.report(
      at: node.place, found: node.summary,
      expected: "true, false, or the smallest answer of concern")
    return nil
  }
}

extension EarlierAnswer {
  /// `earlier: { own-goals: { goal_1: text } }`; reports what is wrong with it.
  static func readAll(
    _ node: DefinitionNode?, problems: inout Problems
  ) -> [Located<EarlierAnswer>] {
    let instruments = node?.entries(
      expecting: "a mapping from instruments to their items", problems: &problems)
    return (instruments ?? []).flatMap { instrument in
      let items = instrument.value.entries(
        expecting: "a mapping from items to number or text", problems: &problems)
      return (items ?? []).compactMap { item -> Located<EarlierAnswer>? in
        guard let type = item.value.choice(of: AnswerType.self, problems: &problems) else {
          return nil
        }
        return Located(
          EarlierAnswer(
            instrument: instrument.key.value, item: item.key.value,
            type: type == .text ? .text : .number), at: item.key.place)
      }
    }
  }

  /// What an earlier answer can be.
  private enum AnswerType: String, CaseIterable { case number, text }
}
