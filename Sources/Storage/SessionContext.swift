package import Foundation
import GRDB

/// What the rules about a session ask for, in one row.
package struct SessionContext: Hashable, Sendable {
  /// The session's UUID.
  package var session: UUID
  /// How the session ended, if it did.
  package var state: SessionState
  /// Submitted after the window and its grace.
  package var isLate: Bool
  /// The number of the publication that it finishes on.
  package var publication: Int
  /// The occasion's UUID.
  package var occasion: UUID
  /// The occasion's id in the study file, and its repetition from 0.
  package var plan: String
  /// Which repetition, from 0.
  package var index: Int
  /// What became of the occasion so far.
  package var occasionState: OccasionState
  /// The last moment for submitting in time.
  package var graceEnds: Date
  /// The participant's name in research data.
  package var pseudonym: String
  /// Where the participant stands.
  package var status: ParticipantStatus

  package init(
    session: UUID, state: SessionState, isLate: Bool, publication: Int, occasion: UUID,
    plan: String, index: Int, occasionState: OccasionState, graceEnds: Date, pseudonym: String,
    status: ParticipantStatus
  ) {
    self.session = session
    self.state = state
    self.isLate = isLate
    self.publication = publication
    self.occasion = occasion
    self.plan = plan
    self.index = index
    self.occasionState = occasionState
    self.graceEnds = graceEnds
    self.pseudonym = pseudonym
    self.status = status
  }
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
