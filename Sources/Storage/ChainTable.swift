import GRDB

/// A table as verification reads it: the rows of one chain, every column that means something.
///
/// Rows belong to a chain by their owner, never by the event that they name: a row moved to
/// somebody else is missing in one chain and without event in the other.
struct ChainTable {
  /// How findings call it.
  let title: String
  /// The rows of the chain in the argument, or all rows for the study's.
  let sql: String
  /// The columns that tell rows of one chain apart; none when a chain has one row.
  let key: [String]

  /// What tells a row from all others of its chain.
  struct RowName: Hashable, CustomStringConvertible {
    let table: String
    let key: [String]

    var description: String { ([table] + key).joined(separator: " ") }
  }

  func name(of fields: ChainReplay.Fields) -> RowName {
    RowName(
      table: title,
      key: key.map { column in
        guard case .text(let text)? = fields[column] else { return fields[column]?.text ?? "" }
        return text
      })
  }

  // MARK: - A participant's

  static let participants = ChainTable(
    title: "participant",
    sql: """
      SELECT pseudonym, site, language, status, is_test, wants_reminders, enrolled_at, ended_at,
        zone, publication, event
      FROM participants WHERE uuid = ?
      """, key: [])
  static let zoneHistory = ChainTable(
    title: "time zone",
    sql: """
      SELECT z.since, z.zone, z.data_version FROM zone_history z
      JOIN participants p ON p.id = z.participant WHERE p.uuid = ?
      """, key: ["since"])
  static let wakingHistory = ChainTable(
    title: "waking hours",
    sql: """
      SELECT w.since, w.wakes, w.sleeps FROM waking_history w
      JOIN participants p ON p.id = w.participant WHERE p.uuid = ?
      """, key: ["since"])
  static let pauses = ChainTable(
    title: "pause",
    sql: """
      SELECT s.first_day, s.last_day, s.decided_at FROM pauses s
      JOIN participants p ON p.id = s.participant WHERE p.uuid = ?
      """, key: ["first_day", "last_day", "decided_at"])
  static let links = ChainTable(
    title: "link",
    sql: "SELECT generation, token_hash, made_at, event FROM links WHERE person = ?", key: [])
  static let consents = ChainTable(
    title: "consent",
    sql: """
      SELECT c.version, c.part, c.is_agreed, c.text_hash, c.language, c.decided_at, c.event
      FROM consents c JOIN participants p ON p.id = c.participant WHERE p.uuid = ?
      """, key: ["event"])
  static let allocations = ChainTable(
    title: "allocation",
    sql: """
      SELECT a.arm, a.method, a.stratum, a.draw, a.drawn_at, a.event
      FROM allocations a JOIN participants p ON p.id = a.participant WHERE p.uuid = ?
      """, key: [])
  static let occasions = ChainTable(
    title: "occasion",
    sql: """
      SELECT o.uuid, o.plan, o.number, o.opens_at, o.opens_local, o.offset_seconds, o.zone,
        o.zone_data_version, o.closes_at, o.grace_ends_at, o.instruments, o.is_event,
        o.publication, o.state, o.state_since, o.event
      FROM occasions o JOIN participants p ON p.id = o.participant WHERE p.uuid = ?
      """, key: ["uuid"])
  static let sessions = ChainTable(
    title: "session",
    sql: """
      SELECT s.uuid, o.uuid AS occasion, s.state, s.begun_at, s.last_active_at, s.submitted_at,
        s.is_late, s.imported_at, s.publication, s.event
      \(fromSessions)
      """, key: ["uuid"])
  static let sessionInstruments = ChainTable(
    title: "instrument of session",
    sql: """
      SELECT s.uuid AS session, i.position, i.instrument, i.version, i.content_hash, i.language,
        i.overlay, i.overlay_version, i.overlay_hash, i.overlay_is_reviewed, i.item_order
      \(fromSessions(joining: "session_instruments i ON i.session = s.id"))
      """, key: ["session", "position"])
  static let responses = ChainTable(
    title: "response",
    sql: """
      SELECT s.uuid AS session, r.instrument, r.item, r.number, r.text, r.reason, r.client_at,
        r.server_at, r.changes, r.client_key, r.event
      \(fromSessions(joining: "responses r ON r.session = s.id"))
      """, key: ["session", "instrument", "item"])
  static let savedKeys = ChainTable(
    title: "saved key",
    sql: """
      SELECT s.uuid AS session, k.client_key, k.event
      \(fromSessions(joining: "saved_keys k ON k.session = s.id"))
      """, key: ["session", "event"])
  static let scores = ChainTable(
    title: "score",
    sql: """
      SELECT s.uuid AS session, c.instrument, c.name, c.version, c.scoring_hash, c.value,
        c.absence, c.answered, c.items, c.is_prorated, c.is_current, c.computed_at, c.event
      \(fromSessions(joining: "scores c ON c.session = s.id"))
      """, key: ["session", "instrument", "name", "scoring_hash"])

  static let erasures = ChainTable(
    title: "erasure",
    sql: """
      SELECT e.uuid, e.scope, e.requested_at, e.removed_at, e.counts, e.completed_at, e.event
      FROM erasures e JOIN participants p ON p.id = e.participant WHERE p.uuid = ?
      """, key: ["uuid"])

  static let ofParticipant =
    [
      participants, zoneHistory, wakingHistory, pauses, invitations, links, consents, allocations,
      occasions, sessions, sessionInstruments, responses, savedKeys, scores, messages, erasures,
      donations,
    ] + interactions

  private static let fromSessions = """
    FROM participants p JOIN occasions o ON o.participant = p.id
    JOIN sessions s ON s.occasion = o.id WHERE p.uuid = ?
    """

  private static func fromSessions(joining table: String) -> String {
    """
    FROM participants p JOIN occasions o ON o.participant = p.id
    JOIN sessions s ON s.occasion = o.id JOIN \(table) WHERE p.uuid = ?
    """
  }

  // MARK: - The study's

  static let databases = ChainTable(
    title: "kind of database",
    sql: "SELECT kind FROM research_database WHERE EXISTS (SELECT 1 FROM publications)", key: [])
  static let publications = ChainTable(
    title: "publication",
    sql: """
      SELECT number, study_id, version, content_hash, published_at, applies_to, event FROM publications
      """, key: ["number"])
  static let publishedDefinitions = ChainTable(
    title: "definition of publication",
    sql: """
      SELECT p.publication, d.kind, d.name, d.version, d.hash
      FROM publication_definitions p JOIN definitions d ON d.id = p.definition
      """, key: ["publication", "kind", "name", "version", "hash"])

  static let ofStudy = [
    databases, publications, publishedDefinitions, screeningCounts, researchers, recoveryCodes,
    webSessions, apiTokens,
  ]
}

extension Row {
  /// The columns by name, whatever is in them.
  var fields: ChainReplay.Fields {
    Dictionary(
      map { column, value in
        let field: CanonicalJSON =
          switch value.storage {
          case .null: .null
          case .int64(let integer): .integer(integer)
          case .double(let number): .number(number)
          case .string(let text): .text(text)
          case .blob: .null
          }
        return (column, field)
      }, uniquingKeysWith: { $1 })
  }
}
