package import Foundation
import GRDB
import LocalTime

extension ResearchSnapshot {
  private static let sessionColumns = """
    SELECT s.id, s.uuid, o.uuid AS occasion, p.pseudonym, s.state, s.begun_at, s.last_active_at,
      s.submitted_at, s.is_late, s.imported_at, s.publication
    FROM sessions s
    JOIN occasions o ON o.id = s.occasion
    JOIN participants p ON p.id = o.participant
    """

  private func session(
    where condition: String, _ arguments: Values
  ) throws(StorageError) -> SessionRecord? {
    let found = try first("\(Self.sessionColumns) WHERE \(condition)", arguments) { row in
      let record = SessionRecord(
        uuid: try row.uuid("uuid"), occasion: try row.uuid("occasion"),
        pseudonym: row["pseudonym"], state: try row.word("state"), begun: row.date("begun_at"),
        lastActive: row.date("last_active_at"), submitted: row.optionalDate("submitted_at"),
        isLate: row.truth("is_late"), imported: row.optionalDate("imported_at"),
        publication: row["publication"], instruments: [])
      return (id: row["id"] as Int64, record: record)
    }
    guard let found else { return nil }
    var record = found.record
    record.instruments = try list(
      """
      SELECT instrument, version, content_hash, language, overlay, overlay_version, overlay_hash,
        overlay_is_reviewed, item_order
      FROM session_instruments WHERE session = ? ORDER BY position
      """, [found.id]
    ) { try $0.sessionInstrument }
    return record
  }

  /// One session, or `nil`.
  package func session(_ uuid: UUID) throws(StorageError) -> SessionRecord? {
    try session(where: "s.uuid = ?", [uuid.text])
  }

  /// The session of an occasion, or `nil` before it was begun.
  package func session(ofOccasion uuid: UUID) throws(StorageError) -> SessionRecord? {
    try session(where: "o.uuid = ?", [uuid.text])
  }

  /// The current scores of what a participant submitted in time, up to a moment and including it,
  /// oldest submission first.
  package func scores(
    of pseudonym: String, submittedBy moment: Date
  ) throws(StorageError) -> [ScoreRecord] {
    try list(
      """
      SELECT s.uuid, c.instrument, c.name, c.version, c.scoring_hash, c.value, c.absence,
        c.answered, c.items, c.is_prorated, c.computed_at
      FROM scores c
      JOIN sessions s ON s.id = c.session
      JOIN occasions o ON o.id = s.occasion
      JOIN participants p ON p.id = o.participant
      WHERE p.pseudonym = ? AND s.submitted_at <= ? AND s.is_late = 0 AND c.is_current = 1
      ORDER BY s.submitted_at, s.id, c.instrument, c.name
      """, [pseudonym, moment.utcMilliseconds]
    ) { try $0.score }
  }

  /// The responses of a session, by instrument in the order of asking, then by item.
  package func responses(ofSession uuid: UUID) throws(StorageError) -> [ResponseRecord] {
    try list(
      """
      SELECT r.instrument, r.item, r.number, r.text, r.reason, r.client_at, r.server_at, r.changes
      FROM responses r
      JOIN sessions s ON s.id = r.session
      JOIN session_instruments i ON i.session = s.id AND i.instrument = r.instrument
      WHERE s.uuid = ? ORDER BY i.position, r.item
      """, [uuid.text]
    ) { row in
      ResponseRecord(
        session: uuid, instrument: row["instrument"], item: row["item"],
        answer: StoredAnswer(number: row["number"], text: row["text"]),
        reason: try row.reason("reason"), clientTime: row.optionalDate("client_at"),
        serverTime: row.date("server_at"), changes: row["changes"])
    }
  }

  /// The current scores of a session, by instrument and name.
  package func scores(ofSession uuid: UUID) throws(StorageError) -> [ScoreRecord] {
    try list(
      """
      SELECT s.uuid, c.instrument, c.name, c.version, c.scoring_hash, c.value, c.absence,
        c.answered, c.items, c.is_prorated, c.computed_at
      FROM scores c JOIN sessions s ON s.id = c.session
      WHERE s.uuid = ? AND c.is_current = 1 ORDER BY c.instrument, c.name
      """, [uuid.text]
    ) { try $0.score }
  }

  /// The row of a session, for use inside Storage only.
  func key(
    ofSession uuid: UUID
  ) throws(StorageError) -> (id: Int64, occasion: Int64, chain: EventChain) {
    if let known = memory.sessions[uuid] { return known }
    let key = try one(
      "session \(uuid.text)",
      """
      SELECT s.id, s.occasion, p.uuid FROM sessions s
      JOIN occasions o ON o.id = s.occasion
      JOIN participants p ON p.id = o.participant
      WHERE s.uuid = ?
      """, [uuid.text]
    ) { row in
      (
        id: row["id"] as Int64, occasion: row["occasion"] as Int64,
        chain: EventChain.participant(try row.uuid("uuid"))
      )
    }
    memory.sessions[uuid] = key
    return key
  }

  /// The row of an occasion, for use inside Storage only.
  func key(ofOccasion uuid: UUID) throws(StorageError) -> (id: Int64, chain: EventChain) {
    if let known = memory.occasions[uuid] { return known }
    let key = try one(
      "occasion \(uuid.text)",
      """
      SELECT o.id, p.uuid FROM occasions o JOIN participants p ON p.id = o.participant
      WHERE o.uuid = ?
      """, [uuid.text]
    ) { (id: $0["id"] as Int64, chain: EventChain.participant(try $0.uuid("uuid"))) }
    memory.occasions[uuid] = key
    return key
  }
}

extension StoredAnswer {
  /// The answer that two columns hold; the schema allows one of them at most.
  init(number: Double?, text: String?) {
    if let number {
      self = .number(number)
    } else if let text {
      self = .text(text)
    } else {
      self = .none
    }
  }
}

extension Row {
  /// A missing reason, or `nil` for NULL.
  func reason(_ column: String) throws -> MissingReason? {
    guard self[column] as String? != nil else { return nil }
    return try word(column) as MissingReason
  }

  /// A score with the UUID of its session.
  var score: ScoreRecord {
    get throws {
      ScoreRecord(
        session: try uuid("uuid"), instrument: self["instrument"], name: self["name"],
        version: self["version"], scoringHash: self["scoring_hash"], value: self["value"],
        absence: self["absence"] as String? == nil ? nil : try word("absence") as ScoreAbsence,
        answered: self["answered"], items: self["items"], isProrated: truth("is_prorated"),
        computed: date("computed_at"))
    }
  }

  /// An instrument as a session asked it.
  var sessionInstrument: SessionInstrument {
    get throws {
      let id = self["overlay"] as String?
      let order = self["item_order"] as String?
      return SessionInstrument(
        id: self["instrument"], version: self["version"], contentHash: self["content_hash"],
        language: self["language"],
        overlay: id.map {
          SessionOverlay(
            id: $0, version: self["overlay_version"], hash: self["overlay_hash"],
            isReviewed: truth("overlay_is_reviewed"))
        },
        itemOrder: order.map { order in
          (CanonicalJSON.parse(Array(order.utf8))?.values ?? []).map(\.string)
        })
    }
  }
}
