package import Foundation
import GRDB
import LocalTime

/// An answer of a session that was submitted, as later sessions may build on it.
package struct StandingAnswer: Hashable, Sendable {
  /// The session's UUID.
  package var session: UUID
  /// The instrument's id.
  package var instrument: String
  /// The item's id.
  package var item: String
  /// What was answered.
  package var answer: StoredAnswer
}

/// A session that was submitted, with the current scores of one of its instruments.
package struct ScoredSession: Hashable, Sendable {
  /// The session's UUID.
  package var session: UUID
  /// The participant's name in research data.
  package var pseudonym: String
  /// The occasion's id in the study file, and its repetition from 0.
  package var plan: String
  /// Which repetition, from 0.
  package var index: Int
  /// The instrument's id.
  package var instrument: String
  /// The scoring hash of each current score, by name.
  package var hashes: [String: String]
}

extension ResearchSnapshot {
  /// What a participant had answered to some instruments and submitted up to a moment and including it,
  /// oldest submission first; answers that ended up hidden are left out.
  ///
  /// - Parameter session: one that does not count, such as the one that builds on them.
  package func answers(
    of pseudonym: String, to instruments: Set<String>, submittedBy moment: Date,
    except session: UUID
  ) throws(StorageError) -> [StandingAnswer] {
    guard !instruments.isEmpty else { return [] }
    let places = Array(repeating: "?", count: instruments.count).joined(separator: ", ")
    return try list(
      """
      SELECT s.uuid, r.instrument, r.item, r.number, r.text
      FROM responses r
      JOIN sessions s ON s.id = r.session
      JOIN occasions o ON o.id = s.occasion
      JOIN participants p ON p.id = o.participant
      WHERE p.pseudonym = ? AND s.submitted_at <= ? AND s.uuid <> ? AND r.reason IS NULL
        AND r.instrument IN (\(places))
      ORDER BY s.submitted_at, s.id, r.item
      """,
      [pseudonym, moment.utcMilliseconds, session.text] + instruments.sorted()
    ) { row in
      StandingAnswer(
        session: try row.uuid("uuid"), instrument: row["instrument"], item: row["item"],
        answer: StoredAnswer(number: row["number"], text: row["text"]))
    }
  }

  /// Every answer that stands to some items, submitted or not, by its time.
  ///
  /// - Parameter items: by instrument.
  package func responseRows(
    to items: [String: Set<String>]
  ) throws(StorageError) -> [ResponseRow] {
    // Few items ask about distress, and few answers are to them: the whole is filtered here.
    try responseRows(includingTests: true)
      .filter { row in
        row.response.answer != .none
          && items[row.response.instrument]?.contains(row.response.item) == true
      }
      .sorted { $0.response.serverTime < $1.response.serverTime }
  }

  /// Each instrument of each session that was submitted, by pseudonym, opening and order of asking; those
  /// whose answers were erased are left out.
  ///
  /// - Parameter instrument: one alone, or `nil` for all.
  package func scoredSessions(
    of instrument: String? = nil
  ) throws(StorageError) -> [ScoredSession] {
    let rows = try list(
      """
      SELECT s.uuid, p.pseudonym, o.plan, o.number AS occasion_number, i.instrument, c.name,
        c.scoring_hash
      FROM session_instruments i
      JOIN sessions s ON s.id = i.session
      JOIN occasions o ON o.id = s.occasion
      JOIN participants p ON p.id = o.participant
      LEFT JOIN scores c
        ON c.session = s.id AND c.instrument = i.instrument AND c.is_current = 1
      WHERE s.state = 'submitted' AND (? IS NULL OR i.instrument = ?)
        AND EXISTS (
          SELECT 1 FROM responses r WHERE r.session = s.id AND r.instrument = i.instrument
            AND r.reason IS NOT 'withdrawn')
      ORDER BY p.pseudonym, o.opens_at, o.plan, o.number, i.position, c.name
      """, [instrument, instrument]
    ) { row in
      let name = row["name"] as String?
      let hash = row["scoring_hash"] as String?
      return ScoredSession(
        session: try row.uuid("uuid"), pseudonym: row["pseudonym"], plan: row["plan"],
        index: row["occasion_number"], instrument: row["instrument"],
        hashes: name.flatMap { name in hash.map { [name: $0] } } ?? [:])
    }
    return rows.reduce(into: []) { sessions, row in
      if let last = sessions.last, last.session == row.session, last.instrument == row.instrument {
        sessions[sessions.count - 1].hashes.merge(row.hashes) { $1 }
      } else {
        sessions.append(row)
      }
    }
  }

  /// Each instrument of each session, in which words and order it was asked, by pseudonym, opening and
  /// order of asking.
  package func sessionInstrumentRows(
    includingTests: Bool = false
  ) throws(StorageError) -> [SessionInstrumentRow] {
    try list(
      """
      SELECT p.pseudonym, o.plan, o.number AS occasion_number, i.instrument, i.version,
        i.content_hash, i.language, i.overlay, i.overlay_version, i.overlay_hash,
        i.overlay_is_reviewed, i.item_order
      FROM session_instruments i
      JOIN sessions s ON s.id = i.session
      JOIN occasions o ON o.id = s.occasion
      JOIN participants p ON p.id = o.participant
      WHERE p.is_test <= ? AND p.status NOT IN ('pending', 'undone')
      ORDER BY p.pseudonym, o.opens_at, o.plan, o.number, i.position
      """, [includingTests ? 1 : 0]
    ) { row in
      SessionInstrumentRow(
        pseudonym: row["pseudonym"], plan: row["plan"], index: row["occasion_number"],
        instrument: try row.sessionInstrument)
    }
  }
}
