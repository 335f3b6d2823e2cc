package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// What tells the occasions of one participant apart.
  private struct Repetition: Hashable {
    var plan: String
    var index: Int
  }

  /// Adds planned occasions of one participant. Those that exist, by (plan, index), are left alone.
  ///
  /// - Returns: how many were new.
  @discardableResult
  package func insert(
    _ occasions: [OccasionRecord], of pseudonym: String, at now: Date
  ) throws(StorageError) -> Int {
    let isNew = memory.newcomers.remove(pseudonym) != nil
    // Of one occasion, as events are, it is known whether it is there; of a plan, it is asked what is.
    if occasions.count == 1, let one = occasions.first, let opened = memory.openings[one.key] {
      return opened[one.index] == nil ? try add(one, at: now) : 0
    }
    let (id, chain) = try key(of: pseudonym)
    var known: Set<Repetition> = []
    if !isNew {
      known = Set(
        try list("SELECT plan, number FROM occasions WHERE participant = ?", [id]) {
          Repetition(plan: $0[0], index: $0[1])
        })
    }
    let added = occasions.filter {
      known.insert(Repetition(plan: $0.plan, index: $0.index)).inserted
    }
    guard !added.isEmpty else { return 0 }
    for occasion in added { memory.openings[occasion.key] = nil }
    // SQLite counts as `nextRow` does.
    if let last = memory.lastRows["occasions"] {
      memory.lastRows["occasions"] = last + Int64(added.count)
    }
    let columns = Columns(EventContent.planned, of: added)
    try insert(columns, into: "occasions", with: [("participant", id)])
    try append(.occasionsPlanned, to: chain, at: now) { .object(["occasions": columns.json]) }
    return added.count
  }

  /// Adds an occasion that is not there, and remembers it: who opens one begins it next.
  private func add(_ occasion: OccasionRecord, at now: Date) throws(StorageError) -> Int {
    let (participant, chain) = try key(of: occasion.pseudonym)
    let id = try nextRow(of: "occasions")
    let columns = Columns(EventContent.planned, of: [occasion])
    try insert(columns, into: "occasions", with: [("id", id), ("participant", participant)])
    try append(.occasionsPlanned, to: chain, at: now) { .object(["occasions": columns.json]) }
    memory.openings[occasion.key]?[occasion.index] = occasion.opens.utcMilliseconds
    memory.occasions[occasion.uuid] = (id, chain)
    if occasion.state == .planned { memory.planned[occasion.uuid] = occasion.stored }
    return 1
  }

  /// Gives occasions of one participant that have not opened other times, instruments or another
  /// publication. What has been begun, answered or closed is left alone.
  ///
  /// - Returns: how many were changed.
  @discardableResult
  package func reschedule(
    _ occasions: [OccasionRecord], of pseudonym: String, at now: Date
  ) throws(StorageError) -> Int {
    let (_, chain) = try key(of: pseudonym)
    var moved: [OccasionRecord] = []
    for occasion in occasions {
      let changed = try change(
        """
        UPDATE occasions SET opens_at = ?, opens_local = ?, offset_seconds = ?, zone = ?,
          zone_data_version = ?, closes_at = ?, grace_ends_at = ?, instruments = ?,
          publication = ?
        WHERE uuid = ? AND state = 'planned'
        """,
        [
          occasion.opens.utcMilliseconds, occasion.opensLocal, occasion.offsetSeconds,
          occasion.zone, occasion.zoneDataVersion, occasion.closes.utcMilliseconds,
          occasion.graceEnds.utcMilliseconds, occasion.instrumentsText,
          occasion.publication, occasion.uuid.text,
        ])
      memory.planned[occasion.uuid] = nil
      memory.openings[occasion.key] = nil
      if changed > 0 { moved.append(occasion) }
    }
    guard !moved.isEmpty else { return 0 }
    try append(.occasionsMoved, to: chain, content: EventContent.moves(of: moved), at: now)
    return moved.count
  }

  /// Ends an occasion that nobody submitted in time, and the session on it, unless that was
  /// submitted.
  ///
  /// - Parameters:
  ///   - state: `partial`, `missed`, `cancelled` or `skipped`.
  ///   - session: what becomes of a session that is not submitted.
  package func close(
    _ occasion: UUID, as state: OccasionState, session: SessionState, at now: Date
  ) throws(StorageError) {
    let (id, chain) = try key(ofOccasion: occasion)
    memory.planned[occasion] = nil
    try run(
      "UPDATE sessions SET state = ? WHERE occasion = ? AND state <> 'submitted'",
      [session.rawValue, id])
    let event = try append(.occasionClosed, to: chain, at: now) {
      EventContent.closing(of: occasion, as: state, session: session)
    }
    try setState(state, ofOccasion: id, event: event, at: now)
  }

  /// - Parameter event: what accounts for a state that ends an occasion without a submission.
  func setState(
    _ state: OccasionState, ofOccasion id: Int64, event: Int64? = nil, at now: Date
  ) throws(StorageError) {
    try run(
      "UPDATE occasions SET state = ?, state_since = ?, event = ? WHERE id = ?"
    ) { values in
      values.add(state.rawValue)
      values.add(now.utcMilliseconds)
      values.add(event)
      values.add(id)
    }
  }
}

extension OccasionRecord {
  /// Whose occasion of which plan it is.
  fileprivate var key: TransactionMemory.PlanOfPerson {
    TransactionMemory.PlanOfPerson(pseudonym: pseudonym, plan: plan)
  }

  fileprivate var stored: OccasionRecord {
    var record = self
    (record.opens, record.closes) = (opens.stored, closes.stored)
    (record.graceEnds, record.stateSince) = (graceEnds.stored, stateSince.stored)
    return record
  }
}
