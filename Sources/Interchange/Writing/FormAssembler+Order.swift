internal import Instruments

/// Where calculations stand. Other formats calculate again at each answer, wherever the field is; here a
/// computed item stands after what it is made of and before what hangs on it.
extension FormAssembler {
  /// The calculations that conditions, texts and other calculations before scoring need.
  mutating func neededCalculations(_ items: [NamedItem]) -> Set<String> {
    let sources = calculations(items)
    guard !sources.isEmpty else { return [] }
    var needed: Set<String> = []
    let piped = namesInTexts
    for item in items { needed.formUnion(uses(of: item.draft, piped)) }
    needed.formIntersection(sources.keys)
    var waiting = Array(needed)
    while let name = waiting.popLast() {
      guard let source = sources[name] else { continue }
      for other in names(in: source) where sources[other] != nil {
        if needed.insert(other).inserted { waiting.append(other) }
      }
    }
    return needed
  }

  private func calculations(_ items: [NamedItem]) -> [String: ForeignSource] {
    var sources: [String: ForeignSource] = [:]
    for item in items {
      if case .calculation(let source) = item.draft.kind, ids[item.draft.name] == item.id {
        sources[item.draft.name] = source
      }
    }
    return sources
  }

  private var namesInTexts: PipedText {
    let all = Dictionary(uniqueKeysWithValues: ids.keys.map { ($0, $0) })
    return PipedText(style: draft.piping, earlier: all, known: [])
  }

  /// The names that an item's condition and texts use.
  ///
  /// - Parameter piped: shows every item by its foreign name.
  private mutating func uses(of item: ItemDraft, _ piped: PipedText) -> Set<String> {
    var used = item.condition.map { names(in: $0) } ?? []
    guard piped.style != .none else { return used }
    for text in [item.text, item.stem].compactMap(\.self) {
      used.formUnion(Piping.names(in: piped.translate(text.base).text))
    }
    return used
  }

  /// The items with each needed calculation after what it is made of and before what needs it, if it does
  /// not stand so; one that is made of itself stays.
  mutating func ordered(_ items: [NamedItem], calculations needed: Set<String>) -> [NamedItem] {
    guard !needed.isEmpty else { return items }
    let indices = Dictionary(
      items.enumerated().map { ($1.draft.name, $0) }, uniquingKeysWith: { first, _ in first })
    var inputs: [String: Set<String>] = [:]
    for (name, source) in calculations(items) where needed.contains(name) {
      inputs[name] = names(in: source).filter { indices[$0] != nil }
    }
    let sequence = Self.sorted(inputs)
    var firstUse: [String: Int] = [:]
    func note(_ name: String, usedAt index: Int) {
      firstUse[name] = min(firstUse[name] ?? .max, index)
    }
    let piped = namesInTexts
    for (index, item) in items.enumerated() where inputs[item.draft.name] == nil {
      for name in uses(of: item.draft, piped) where inputs[name] != nil {
        note(name, usedAt: index)
      }
    }
    for name in sequence.reversed() {
      guard let use = firstUse[name] else { continue }
      for input in inputs[name] ?? [] where inputs[input] != nil { note(input, usedAt: use) }
    }
    /// After which item it stands, and which of those that stand there it is.
    var places: [String: (index: Int, turn: Int)] = [:]
    for (turn, name) in sequence.enumerated() {
      let last = (inputs[name] ?? []).compactMap { input -> (index: Int, turn: Int)? in
        inputs[input] == nil ? indices[input].map { ($0, 0) } : places[input]
      }.max { $0 < $1 }
      let own = indices[name] ?? 0
      let stands = (last.map { $0 < (own, 0) } ?? true) && own < firstUse[name] ?? .max
      places[name] = stands ? (own, 0) : (last?.index ?? -1, turn + 1)
    }
    return items.enumerated().sorted { first, second in
      let (left, right) = (
        places[first.element.draft.name] ?? (first.offset, 0),
        places[second.element.draft.name] ?? (second.offset, 0)
      )
      return left == right ? first.offset < second.offset : left < right
    }.map(\.element)
  }

  /// Names so that each comes after those it is made of; those of a circle are left out (Kahn 1962).
  private static func sorted(_ inputs: [String: Set<String>]) -> [String] {
    var users: [String: [String]] = [:]
    var waiting: [String: Int] = [:]
    for (name, made) in inputs {
      let others = made.filter { inputs[$0] != nil }
      waiting[name] = others.count
      for other in others { users[other, default: []].append(name) }
    }
    var ready = waiting.filter { $0.value == 0 }.keys.sorted()
    var sorted: [String] = []
    while let name = ready.popLast() {
      sorted.append(name)
      for user in (users[name] ?? []).sorted() {
        waiting[user, default: 0] -= 1
        if waiting[user] == 0 { ready.append(user) }
      }
    }
    return sorted
  }
}
