package import Foundation
import GRDB

/// What the rules about a session ask for, in one row.
package struct SessionContext: Hashable, Sendable {
  package var session: UUID
  package var state: SessionState
  package var isLate: Bool
  package var publication: Int
  package var occasion: UUID
  /// The occasion's id in the study file, and its repetition from 0.
  package var plan: String
  package var index: Int
  package var occasionState: OccasionState
  package var graceEnds: Date
  package var pseudonym: String
  package var status: ParticipantStatus
}

extension ResearchSnapshot {
  /// What the rules about a session ask for, or `nil` when there is no such session.
  package func context(ofSession uuid: UUID) throws(StorageError) -> SessionContext? {
    try first(
      """
      SELECT s.state, s.is_late, s.publication, o.uuid, o.plan, o.number,
        o.state AS occasion_state, o.grace_ends_at, p.pseudonym, p.status
      FROM sessions s
      JOIN occasions o ON o.id = s.occasion
      JOIN participants p ON p.id = o.participant
      WHERE s.uuid = ?
      """, [uuid.text]
    ) { row in
      SessionContext(
        session: uuid, state: try row.word("state"), isLate: row.truth("is_late"),
        publication: row["publication"], occasion: try row.uuid("uuid"), plan: row["plan"],
        index: row["number"], occasionState: try row.word("occasion_state"),
        graceEnds: row.date("grace_ends_at"), pseudonym: row["pseudonym"],
        status: try row.word("status"))
    }
  }
}
