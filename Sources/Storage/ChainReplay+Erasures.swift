extension ChainReplay {
  mutating func requestErasure(_ event: Event) {
    let rest: Fields = ["removed_at": .null, "counts": .null, "completed_at": .null]
    put(event.content.fields.with(event).merging(rest) { $1 }, in: .erasures, event)
  }

  /// Takes in what was erased: which contents are gone, and with them the rows that they accounted
  /// for. What is left of sessions is told by the events that follow.
  mutating func performErasure(_ event: Event) {
    let content = event.content
    for range in content["events"]?.values ?? [] {
      guard case .integer(let first)? = range.values.first,
        case .integer(let last)? = range.values.last, first <= last
      else { continue }
      erased.append(first...last)
    }
    if let participant = content["participant"] {
      let kept = Set(TableErasure.keptOfParticipant.map(\.title))
      remove { name, _ in !kept.contains(name.table) }
      put(participant.fields, in: .participants, event)
    }
    if content["reach"] == .truth(true) {
      let gone = Set([ChainTable.links, .messages].map(\.title))
      remove { name, _ in gone.contains(name.table) }
    }
    if content["logs"] == .truth(true) { removeInteractions(and: [.donations]) }
    change(
      ["uuid": content["erasure"] ?? .null], in: .erasures,
      to: [
        "removed_at": .integer(event.happened), "counts": .text(content["counts"]?.text ?? ""),
      ], event)
  }

  mutating func completeErasure(_ event: Event) {
    change(
      ["uuid": event.content["erasure"] ?? .null], in: .erasures,
      to: ["completed_at": .integer(event.happened)], event)
  }

  /// Takes in what is left of a session after some of its answers were erased.
  mutating func restate(_ event: Event) {
    let session = event.content["session"] ?? .null
    let tables = ChainTable.restated
    let titles = Set(tables.map(\.title))
    remove { name, fields in titles.contains(name.table) && fields["session"] == session }
    for table in tables {
      for row in event.content["rows"]?[table.title]?.values ?? [] {
        put(row.fields, in: table, event)
      }
    }
    change(
      ["uuid": session], in: .sessions, to: event.content["state"]?.fields ?? [:], event)
    change(
      ["uuid": event.content["occasion"] ?? .null], in: .occasions,
      to: event.content["occasion_state"]?.fields ?? [:], event)
  }
}

extension ChainTable {
  /// What hangs on a session and is told again after an erasure.
  static let restated = [responses, savedKeys, scores]
}

extension TableErasure {
  /// The tables of which a participant's rows stay.
  static let keptOfParticipant: [ChainTable] = [.consents, .allocations, .erasures]
}
