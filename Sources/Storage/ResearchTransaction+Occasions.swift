package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Adds planned occasions of one participant. Those that exist, by (plan, index), are left alone.
  ///
  /// - Returns: how many were new.
  @discardableResult
  package func insert(
    _ occasions: [OccasionRecord], of pseudonym: String, at now: Date
  ) throws(StorageError) -> Int {
    let (id, chain) = try key(of: pseudonym)
    var added: [OccasionRecord] = []
    for occasion in occasions {
      let changed = try run(
        """
        INSERT INTO occasions (uuid, participant, plan, number, opens_at, opens_local,
          offset_seconds, zone, zone_data_version, closes_at, grace_ends_at, instruments,
          is_event, publication, state, state_since)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (participant, plan, number) DO NOTHING
        """,
        [
          occasion.uuid.text, id, occasion.plan, occasion.index, occasion.opens.utcMilliseconds,
          occasion.opensLocal, occasion.offsetSeconds, occasion.zone, occasion.zoneDataVersion,
          occasion.closes.utcMilliseconds, occasion.graceEnds.utcMilliseconds,
          CanonicalJSON.texts(occasion.instruments).text, occasion.isEvent ? 1 : 0,
          occasion.publication, occasion.state.rawValue, occasion.stateSince.utcMilliseconds,
        ])
      if changed > 0 { added.append(occasion) }
    }
    guard !added.isEmpty else { return 0 }
    try append(.occasionsPlanned, to: chain, content: EventContent.occasions(added), at: now)
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
      let changed = try run(
        """
        UPDATE occasions SET opens_at = ?, opens_local = ?, offset_seconds = ?, zone = ?,
          zone_data_version = ?, closes_at = ?, grace_ends_at = ?, instruments = ?,
          publication = ?
        WHERE uuid = ? AND state = 'planned'
        """,
        [
          occasion.opens.utcMilliseconds, occasion.opensLocal, occasion.offsetSeconds,
          occasion.zone, occasion.zoneDataVersion, occasion.closes.utcMilliseconds,
          occasion.graceEnds.utcMilliseconds, CanonicalJSON.texts(occasion.instruments).text,
          occasion.publication, occasion.uuid.text,
        ])
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
    let (id, chain) = try one(
      "occasion \(occasion.text)",
      """
      SELECT o.id, p.uuid FROM occasions o JOIN participants p ON p.id = o.participant
      WHERE o.uuid = ?
      """, [occasion.text]
    ) { (id: $0["id"] as Int64, chain: EventChain.participant(try $0.uuid("uuid"))) }
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
