package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Keeps a place for somebody.
  ///
  /// - Throws: ``StorageError`` `constraint` when pseudonym, UUID or code are taken.
  package func insert(_ invitation: InvitationRecord) throws(StorageError) {
    let event = try append(
      .participantInvited, to: .participant(invitation.uuid),
      content: EventContent.invitation(invitation), at: invitation.invited)
    try run(
      """
      INSERT INTO invitations
        (uuid, pseudonym, site, language, code_hash, invited_at, state, state_since, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        invitation.uuid.text, invitation.pseudonym, invitation.site, invitation.language,
        invitation.codeHash, invitation.invited.utcMilliseconds, invitation.state.rawValue,
        invitation.stateSince.utcMilliseconds, event,
      ])
  }

  /// Ends an invitation that is open.
  ///
  /// - Returns: whether it was open.
  @discardableResult
  package func end(
    _ invitation: UUID, as state: InvitationState, at now: Date
  ) throws(StorageError) -> Bool {
    let changed = try change(
      "UPDATE invitations SET state = ?, state_since = ? WHERE uuid = ? AND state = 'open'",
      [state.rawValue, now.utcMilliseconds, invitation.text])
    guard changed > 0 else { return false }
    try append(
      .invitationEnded, to: .participant(invitation),
      content: EventContent.invitationEnd(state, at: now), at: now)
    return true
  }

  /// Counts one person's outcome of the questions before joining; nothing else is kept of it.
  package func count(
    _ outcome: ScreeningOutcome, site: String, at now: Date
  ) throws(StorageError) {
    let event = try append(
      .screeningCounted, to: .study, content: EventContent.screening(outcome, site: site), at: now)
    try run(
      """
      INSERT INTO screening_counts (site, outcome, people, event) VALUES (?, ?, 1, ?)
      ON CONFLICT (site, outcome) DO UPDATE SET people = people + 1, event = excluded.event
      """, [site, outcome.rawValue, event])
  }
}
