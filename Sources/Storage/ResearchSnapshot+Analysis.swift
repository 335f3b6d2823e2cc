import Foundation
import GRDB

extension ResearchSnapshot {
  /// All participants with their arms, by pseudonym; test participants only if asked for.
  package func participantRows(
    includingTests: Bool = false
  ) throws(StorageError) -> [ParticipantRow] {
    let allocated = Dictionary(
      try allocations().map { ($0.pseudonym, $0) }, uniquingKeysWith: { $1 })
    return try participants().filter { $0.status.hasJoined && (includingTests || !$0.isTest) }.map {
      participant in
      let allocation = allocated[participant.pseudonym]
      return ParticipantRow(
        participant: participant, arm: allocation?.arm, allocated: allocation?.drawn)
    }
  }

  /// All occasions, missed and cancelled ones too, by pseudonym, opening, plan and index.
  package func occasionRows(
    includingTests: Bool = false
  ) throws(StorageError) -> [OccasionRow] {
    try list(
      """
      SELECT o.uuid, p.pseudonym, o.plan, o.number, o.opens_at, o.opens_local, o.offset_seconds,
        o.zone, o.zone_data_version, o.closes_at, o.grace_ends_at, o.instruments, o.is_event,
      o.publication, o.state,
        o.state_since, p.site, p.language, p.enrolled_at, p.is_test, a.arm,
        s.uuid AS session_uuid, s.state AS session_state, s.begun_at, s.last_active_at,
        s.submitted_at, s.is_late, s.imported_at
      FROM occasions o
      JOIN participants p ON p.id = o.participant
      LEFT JOIN allocations a ON a.participant = p.id
      LEFT JOIN sessions s ON s.occasion = o.id
      WHERE p.is_test <= ? AND p.status NOT IN ('pending', 'undone')
      ORDER BY p.pseudonym, o.opens_at, o.plan, o.number
      """, [includingTests ? 1 : 0]
    ) { row in
      let hasSession = row["session_uuid"] as String? != nil
      return OccasionRow(
        occasion: try Self.occasion(row), site: row["site"], language: row["language"],
        enrolled: row.date("enrolled_at"), isTest: row.truth("is_test"), arm: row["arm"],
        session: hasSession ? try row.uuid("session_uuid") : nil,
        sessionState: hasSession ? try row.word("session_state") : nil,
        begun: row.optionalDate("begun_at"), lastActive: row.optionalDate("last_active_at"),
        submitted: row.optionalDate("submitted_at"), isLate: hasSession && row.truth("is_late"),
        isImported: row.optionalDate("imported_at") != nil)
    }
  }

  /// All responses, blank ones too, by pseudonym, opening, instrument in the order of asking and
  /// item. Occasions without a session have none: their state says why.
  package func responseRows(
    includingTests: Bool = false
  ) throws(StorageError) -> [ResponseRow] {
    try list(
      """
      SELECT p.pseudonym, o.plan, o.number AS occasion_number, s.uuid, s.state, s.is_late,
        i.version, i.content_hash, r.instrument, r.item, r.number, r.text, r.reason, r.client_at,
        r.server_at, r.changes
      FROM responses r
      JOIN sessions s ON s.id = r.session
      JOIN session_instruments i ON i.session = s.id AND i.instrument = r.instrument
      JOIN occasions o ON o.id = s.occasion
      JOIN participants p ON p.id = o.participant
      WHERE p.is_test <= ? AND p.status NOT IN ('pending', 'undone')
      ORDER BY p.pseudonym, o.opens_at, o.plan, o.number, i.position, r.item
      """, [includingTests ? 1 : 0]
    ) { row in
      ResponseRow(
        pseudonym: row["pseudonym"], plan: row["plan"], index: row["occasion_number"],
        sessionState: try row.word("state"), isLate: row.truth("is_late"),
        instrumentVersion: row["version"], instrumentHash: row["content_hash"],
        response: ResponseRecord(
          session: try row.uuid("uuid"), instrument: row["instrument"], item: row["item"],
          answer: StoredAnswer(number: row["number"], text: row["text"]),
          reason: try row.reason("reason"), clientTime: row.optionalDate("client_at"),
          serverTime: row.date("server_at"), changes: row["changes"]))
    }
  }

  /// All scores, those that others have taken the place of too, by pseudonym, opening, instrument, name
  /// and the order in which they were computed.
  package func scoreRows(includingTests: Bool = false) throws(StorageError) -> [ScoreRow] {
    try list(
      """
      SELECT p.pseudonym, o.plan, o.number AS occasion_number, s.uuid, s.is_late, c.instrument,
        c.name, c.version, c.scoring_hash, c.value, c.absence, c.answered, c.items, c.is_prorated, c.is_current,
        c.computed_at
      FROM scores c
      JOIN sessions s ON s.id = c.session
      JOIN occasions o ON o.id = s.occasion
      JOIN participants p ON p.id = o.participant
      WHERE p.is_test <= ? AND p.status NOT IN ('pending', 'undone')
      ORDER BY p.pseudonym, o.opens_at, o.plan, o.number, c.instrument, c.name, c.event
      """, [includingTests ? 1 : 0]
    ) { row in
      ScoreRow(
        pseudonym: row["pseudonym"], plan: row["plan"], index: row["occasion_number"],
        isLate: row.truth("is_late"),
        isCurrent: row.truth("is_current"), score: try row.score)
    }
  }
}
