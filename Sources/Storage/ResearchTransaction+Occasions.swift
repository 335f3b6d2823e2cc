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
    let (id, chain) = try key(of: pseudonym)
    var known: Set<Repetition> = []
    if memory.newcomers.remove(pseudonym) == nil {
      // Of one occasion, as events are, it is asked whether it is there; of a plan, what is.
      let one: Values? = occasions.count == 1 ? occasions.first.map { [$0.plan, $0.index] } : nil
      known = Set(
        try list(
          """
          SELECT plan, number FROM occasions WHERE participant = ?
          \(one == nil ? "" : "AND plan = ? AND number = ?")
          """, [id] + (one ?? [])
        ) { Repetition(plan: $0[0], index: $0[1]) })
    }
    let added = occasions.filter {
      known.insert(Repetition(plan: $0.plan, index: $0.index)).inserted
    }
    guard !added.isEmpty else { return 0 }
    let columns = Columns(EventContent.planned, of: added)
    try insert(columns, into: "occasions", with: [("participant", id)])
    try append(
      .occasionsPlanned, to: chain, content: .object(["occasions": columns.json]), at: now)
    return added.count
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
    let event = try append(
      .occasionClosed, to: chain,
      content: EventContent.closing(of: occasion, as: state, session: session), at: now)
    try setState(state, ofOccasion: id, event: event, at: now)
  }

  /// - Parameter event: what accounts for a state that ends an occasion without a submission.
  func setState(
    _ state: OccasionState, ofOccasion id: Int64, event: Int64? = nil, at now: Date
  ) throws(StorageError) {
    try run(
      "UPDATE occasions SET state = ?, state_since = ?, event = ? WHERE id = ?",
      [state.rawValue, now.utcMilliseconds, event, id])
  }
}
