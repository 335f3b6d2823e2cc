package import Foundation
package import Storage

/// Who is written to, and wants it no more.
package enum Subscriber: Hashable, Sendable {
  /// Somebody who takes part, and goes on taking part without messages.
  case participant(ParticipantRecord)
  /// Somebody who was invited, and has declined by it.
  case invited(InvitationRecord)
}

extension StudyDesk {
  /// Whose personal link a token is part of, also when the invitation is over; nil for a token that was
  /// never made or was revoked.
  package func subscriber(
    holding token: String, in snapshot: ResearchSnapshot
  ) throws -> Subscriber? {
    if let participant = try participant(holding: token, in: snapshot) {
      return .participant(participant)
    }
    return try anyInvitation(holding: token, in: snapshot).map(Subscriber.invited)
  }

  /// Writes to nobody any more by the link that a token is part of: what a message's way out comes to, in
  /// one step, because mail programs take it without asking (RFC 8058). Done twice, it is done once.
  ///
  /// - Returns: whom it was about; nil for a token that nobody holds.
  package func unsubscribe(holding token: String, now: Date) async throws -> Subscriber? {
    try await database.write { transaction in
      let subscriber = try subscriber(holding: token, in: transaction)
      let now = now.wholeMilliseconds
      switch subscriber {
      case .participant(let participant):
        _ = try transaction.stopReminders(for: participant.pseudonym, at: now)
      case .invited(let invitation):
        try transaction.end(invitation.uuid, as: .declined, at: now)
      case nil: break
      }
      return subscriber
    }
  }
}
