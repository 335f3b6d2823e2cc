import Foundation
import GRDB

extension ChainVerification {
  /// Rows whose content is not what their event says.
  func rowFindings() throws(StorageError) -> [ChainFinding] {
    try responseFindings() + submissionFindings() + closingFindings() + unsubmittedFindings()
      + consentFindings() + allocationFindings()
  }

  /// Compares each row of a query, which joins its event as `e` and the content as `c`.
  private func compare(
    _ sql: String, subject: (Row) -> String, content: (Row) throws -> CanonicalJSON
  ) throws(StorageError) -> [ChainFinding] {
    try snapshot.list(sql) { row -> ChainFinding? in
      // Without content the link was erased or has been reported already.
      guard let stored = row["content"] as Data? else { return nil }
      guard try Array(stored) != content(row).bytes else { return nil }
      return finding(.rowDiffers, row["chain"], row["event_number"], subject(row))
    }.compactMap(\.self)
  }

  private static let eventColumns = "e.chain, e.number AS event_number, c.content"
  private static let contentJoin = "LEFT JOIN event_contents c ON c.event = e.id"

  private func responseFindings() throws(StorageError) -> [ChainFinding] {
    try compare(
      """
      SELECT s.uuid, r.instrument, r.item, r.number, r.text, r.client_key, \(Self.eventColumns)
      FROM responses r JOIN sessions s ON s.id = r.session
      JOIN events e ON e.id = r.event \(Self.contentJoin)
      ORDER BY r.id
      """,
      subject: { "response to \($0["instrument"] as String) \($0["item"] as String)" },
      content: { row in
        EventContent.response(
          session: row["uuid"], instrument: row["instrument"], item: row["item"],
          answer: StoredAnswer(number: row["number"], text: row["text"]),
          clientKey: row["client_key"])
      })
  }

  private func submissionFindings() throws(StorageError) -> [ChainFinding] {
    let scores = try snapshot.list(
      """
      SELECT event, instrument, name, scoring_hash, value, answered, items, is_prorated
      FROM scores ORDER BY instrument, name
      """
    ) { row in
      let content = EventContent.score(
        row["instrument"], name: row["name"], hash: row["scoring_hash"], value: row["value"],
        answered: row["answered"], items: row["items"], isProrated: row.truth("is_prorated"))
      return (event: row["event"] as Int64, content: content)
    }
    let scoresOfEvent = Dictionary(grouping: scores, by: \.event)
    return try compare(
      """
      SELECT s.uuid, s.submitted_at, s.is_late, e.id AS event, \(Self.eventColumns)
      FROM sessions s JOIN events e ON e.id = s.event \(Self.contentJoin)
      WHERE s.state = 'submitted' ORDER BY s.id
      """,
      subject: { "session \($0["uuid"] as String)" },
      content: { row in
        EventContent.submission(
          of: row["uuid"], at: row["submitted_at"], isLate: row.truth("is_late"),
          scores: scoresOfEvent[row["event"], default: []].map(\.content))
      })
  }

  private func closingFindings() throws(StorageError) -> [ChainFinding] {
    try compare(
      """
      SELECT o.uuid, o.state, \(Self.eventColumns)
      FROM occasions o JOIN events e ON e.id = o.event \(Self.contentJoin)
      ORDER BY o.id
      """,
      subject: { "occasion \($0["uuid"] as String)" },
      content: { row in
        EventContent.closing(of: try row.uuid("uuid"), as: try row.word("state"))
      })
  }

  /// Occasions that say submitted without a session that was, in time.
  private func unsubmittedFindings() throws(StorageError) -> [ChainFinding] {
    try snapshot.list(
      """
      SELECT o.uuid, p.uuid AS chain FROM occasions o
      JOIN participants p ON p.id = o.participant
      LEFT JOIN sessions s ON s.occasion = o.id AND s.state = 'submitted' AND s.is_late = 0
      WHERE o.state = 'submitted' AND s.id IS NULL ORDER BY o.id
      """
    ) { finding(.rowDiffers, $0["chain"], nil, "occasion \($0["uuid"] as String)") }
  }

  private func consentFindings() throws(StorageError) -> [ChainFinding] {
    try compare(
      """
      SELECT t.version, t.part, t.is_agreed, t.text_hash, t.language, t.decided_at,
        \(Self.eventColumns)
      FROM consents t JOIN events e ON e.id = t.event \(Self.contentJoin)
      ORDER BY t.id
      """,
      subject: { "consent to \($0["part"] as String)" },
      content: { row in
        EventContent.consent(
          ConsentRecord(
            version: row["version"], part: row["part"], isAgreed: row.truth("is_agreed"),
            textHash: row["text_hash"], language: row["language"],
            decided: row.date("decided_at")))
      })
  }

  private func allocationFindings() throws(StorageError) -> [ChainFinding] {
    try compare(
      """
      SELECT a.arm, a.method, a.stratum, a.draw, a.drawn_at, \(Self.eventColumns)
      FROM allocations a JOIN events e ON e.id = a.event \(Self.contentJoin)
      ORDER BY a.draw
      """,
      subject: { "allocation \($0["draw"] as Int)" },
      content: { row in
        EventContent.allocation(
          AllocationRecord(
            pseudonym: "", arm: row["arm"], method: row["method"], stratum: row["stratum"],
            draw: row["draw"], drawn: row.date("drawn_at")))
      })
  }

  // MARK: - Rows that are gone

  /// Events that tell of a row which is not there, or not the last that they tell of.
  func missingRowFindings() throws(StorageError) -> [ChainFinding] {
    try unreferenced(.consentRecorded, by: "consents")
      + unreferenced(.allocationDrawn, by: "allocations")
      + unreferenced(.sessionSubmitted, by: "sessions")
      + unreferenced(.participantEnrolled, by: "participants")
      + unreferenced(.occasionClosed, by: "occasions") + missingResponses()
  }

  private func unreferenced(
    _ kind: EventKind, by table: String
  ) throws(StorageError) -> [ChainFinding] {
    try snapshot.list(
      """
      SELECT e.chain, e.number FROM events e
      WHERE e.kind = ? AND NOT EXISTS (SELECT 1 FROM \(table) t WHERE t.event = e.id)
      ORDER BY e.chain, e.number
      """, [kind.rawValue]
    ) { finding(.rowMissing, $0["chain"], $0["number"], "in \(table)") }
    .filter { !isErased($0) }
  }

  /// For each item that was answered, its row must rest on the last event about it.
  private func missingResponses() throws(StorageError) -> [ChainFinding] {
    struct Content: Decodable, Hashable {
      var session: String
      var instrument: String
      var item: String
    }
    let referenced = Set(
      try snapshot.list("SELECT event FROM responses WHERE event IS NOT NULL") { $0[0] as Int64 })
    var last: [Content: (event: Int64, finding: ChainFinding)] = [:]
    let decoder = JSONDecoder()
    _ = try snapshot.list(
      """
      SELECT e.id, e.chain, e.number, c.content FROM events e
      JOIN event_contents c ON c.event = e.id
      WHERE e.kind = ? ORDER BY e.id
      """, [EventKind.responseSaved.rawValue]
    ) { row in
      // Content that cannot be read has been reported as altered.
      guard let content = try? decoder.decode(Content.self, from: row["content"] as Data) else {
        return
      }
      last[content] = (
        row["id"],
        finding(
          .rowMissing, row["chain"], row["number"],
          "response to \(content.instrument) \(content.item)")
      )
    }
    return last.values.filter { !referenced.contains($0.event) }.map(\.finding)
      .sorted { ($0.chain, $0.number ?? 0) < ($1.chain, $1.number ?? 0) }
  }
}
