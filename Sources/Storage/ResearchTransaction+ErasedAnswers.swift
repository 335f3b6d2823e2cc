import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// An instrument as one session asked it.
  private struct Asked: Hashable {
    var session: String
    var instrument: String
  }

  /// Removes the answers of whole occasions, those to instruments wherever they were asked, and what
  /// was donated under the part of the consent.
  ///
  /// The rows of the items stay, all alike, with the reason `withdrawn`: every missing value says
  /// why it is missing, and which items had been shown is told no longer. Scores go. The events that
  /// told of the answers lose their contents; one that told of others too is followed by a
  /// restatement of what is left.
  ///
  /// - Returns: how many answers, scores and rows of logs were removed.
  func erasePart(
    _ part: String, _ erasure: ErasureRecord, occasions: Set<String>, instruments: Set<String>,
    at now: Date
  ) throws(StorageError) -> [String: Int] {
    let (id, chain) = try key(of: erasure.pseudonym)
    let asked = try list(
      """
      SELECT s.id, s.uuid, o.plan, i.instrument
      FROM participants p JOIN occasions o ON o.participant = p.id
      JOIN sessions s ON s.occasion = o.id JOIN session_instruments i ON i.session = s.id
      WHERE p.pseudonym = ? ORDER BY s.id, i.position
      """, [erasure.pseudonym]
    ) {
      (
        id: $0["id"] as Int64, plan: $0["plan"] as String,
        asked: Asked(session: $0["uuid"], instrument: $0["instrument"])
      )
    }.filter { occasions.contains($0.plan) || instruments.contains($0.asked.instrument) }
    let names = Set(asked.map(\.asked))
    let sessions = Set(asked.map(\.asked.session))
    let events = try contents(of: chain).filter { event in
      let content = CanonicalJSON.parse(Array(event.content))
      let session = content?["session"]?.string ?? ""
      return switch EventKind.erasing(event.kind) {
      case .answer:
        names.contains(
          Asked(session: session, instrument: content?["instrument"]?.string ?? ""))
      case .session: sessions.contains(session)
      case .donation: content?["donation"]?["consent_part"]?.string == part
      case .impersonal, .kept, .content: false
      }
    }
    try deleteContents(of: events.map(\.id))
    let donations = try deleteDonations(of: id, on: part)
    var counts = donations.merging(["responses": 0, "scores": 0]) { $1 }
    for entry in asked {
      let key: Values = [entry.id, entry.asked.instrument]
      counts["responses", default: 0] += try answerCount(key)
      counts["scores", default: 0] += try change(
        "DELETE FROM scores WHERE session = ? AND instrument = ?", key)
      try run(
        """
        UPDATE responses SET number = NULL, text = NULL, reason = 'withdrawn', client_at = NULL,
          server_at = ?, changes = 0, client_key = NULL, event = NULL
        WHERE session = ? AND instrument = ?
        """, [now.utcMilliseconds, entry.id, entry.asked.instrument])
    }
    for event in events { try run("DELETE FROM saved_keys WHERE event = ?", [event.id]) }
    try append(
      .erasurePerformed, to: chain,
      content: EventContent.performance(
        of: erasure.uuid, counts: counts, events: events.map(\.number), participant: nil,
        hasDonations: !donations.isEmpty), at: now)
    for session in sessions.sorted() { try restate(session, in: chain, at: now) }
    return counts
  }

  private func answerCount(_ key: Values) throws(StorageError) -> Int {
    try first(
      """
      SELECT count(*) FROM responses
      WHERE session = ? AND instrument = ? AND (number IS NOT NULL OR text IS NOT NULL)
      """, key
    ) { $0[0] as Int } ?? 0
  }

  /// Tells again what a session and its occasion are, and which rows hang on it.
  private func restate(
    _ session: String, in chain: EventChain, at now: Date
  ) throws(StorageError) {
    let arguments: Values = [chain.description]
    func rows(_ table: ChainTable, _ column: String, _ value: String) throws(StorageError)
      -> [ChainReplay.Fields]
    {
      try list(table.sql, arguments) { $0.fields }.filter { $0[column]?.string == value }
    }
    var state = try rows(.sessions, "uuid", session).first ?? [:]
    let occasion = state.removeValue(forKey: "occasion")?.string ?? ""
    state["uuid"] = nil
    let occasionState = try rows(.occasions, "uuid", occasion).first ?? [:]
    var left: [String: CanonicalJSON] = [:]
    for table in ChainTable.restated {
      left[table.title] = .list(try rows(table, "session", session).map { .object(.init($0)) })
    }
    try append(
      .sessionRestated, to: chain,
      content: .object([
        "session": .text(session), "state": .object(.init(state)), "occasion": .text(occasion),
        "occasion_state": .object(
          .init(occasionState.filter { ["state", "state_since", "event"].contains($0.key) })),
        "rows": .object(.init(left)),
      ]), at: now)
  }
}
