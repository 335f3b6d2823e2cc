import Definitions
package import Foundation
package import Storage

/// What forgetting a contact did, to show to the person.
package struct ContactReceipt: Hashable, Sendable {
  /// The person's name in research data.
  package let pseudonym: String
  /// Whether the person takes part, or did; otherwise they were only invited.
  package let isParticipant: Bool
  /// When it was asked for; the first time, where it is repeated.
  package let at: Date
  /// Whether it had been asked for before; then nothing was done.
  package let isRepeated: Bool
  /// How far the erasure has come.
  package var erasure: ErasureRecord?
  /// What the erasure waits for; `nil` when it is complete.
  package var obstacle: ErasureObstacle?
  /// How many backups were made since the person was known: they hold the contact, sealed, until they
  /// are restored.
  package let backups: Int
  /// When that was last.
  package let lastBackup: Date?
}

extension StudyDesk {
  /// Whether a place was kept for somebody who has not joined.
  package func isOnlyInvited(_ pseudonym: String) async throws -> Bool {
    try await database.read { snapshot in
      try snapshot.participant(pseudonym) == nil && snapshot.invitation(pseudonym) != nil
    }
  }

  /// Erases the contact of a participant, whose answers stay, or of somebody who never joined, together
  /// with the personal link and what is known of messages.
  ///
  /// A participant gets no messages any more, and can go on by the link. An open invitation is taken
  /// back. The wish is in the ledger, so that a backup does not bring the contact back.
  ///
  /// - Throws: ``CollectionError`` `unknownParticipant`; `notTakingPart` while the enrolment is under way.
  package func forgetContact(
    of pseudonym: String, now: Date, erasingAt places: ErasurePlaces
  ) async throws -> ContactReceipt {
    let now = now.wholeMilliseconds
    var receipt = try await database.write { transaction in
      let participant = try transaction.participant(pseudonym)
      let invitation = try transaction.invitation(pseudonym)
      guard let since = participant?.enrolled ?? invitation?.invited else {
        throw CollectionError(.unknownParticipant, quoted(pseudonym))
      }
      guard participant?.status != .pending else {
        throw CollectionError(.notTakingPart, pseudonym, detail: "the enrolment is under way")
      }
      let earlier = try transaction.contactErasure(of: pseudonym)
      if earlier == nil { try endReach(pseudonym, now: now, in: transaction) }
      let wish = try transaction.requestErasure(.contact, of: pseudonym, at: now)
      let backups = try transaction.occurrences(
        of: .backupMade, since: invitation?.invited ?? since)
      return ContactReceipt(
        pseudonym: pseudonym, isParticipant: participant != nil, at: wish.requested,
        isRepeated: earlier != nil, erasure: wish, backups: backups.count,
        lastBackup: backups.last)
    }
    guard let wish = receipt.erasure else { return receipt }
    (receipt.erasure, receipt.obstacle) = try await carryOut(wish, at: places, now: now)
    return receipt
  }

  /// Ends what needs the contact: messages to a participant, or an open invitation.
  func endReach(
    _ pseudonym: String, now: Date, in transaction: ResearchTransaction
  ) throws {
    if try transaction.participant(pseudonym) != nil {
      _ = try transaction.stopReminders(for: pseudonym, at: now)
    } else if let invitation = try transaction.invitation(pseudonym) {
      try transaction.end(invitation.uuid, as: .revoked, at: now)
    }
  }

  /// Lets messages go again to a participant who had stopped them.
  ///
  /// - Returns: whether they had been stopped.
  /// - Throws: ``CollectionError`` when the person does not take part; `noContact` where the contact was
  ///   erased.
  @discardableResult
  package func resumeReminders(for pseudonym: String, now: Date) async throws -> Bool {
    try await database.write { transaction in
      let participant = try takingPart(pseudonym, in: transaction)
      guard try transaction.contactErasure(of: participant.pseudonym) == nil else {
        throw CollectionError(.noContact, pseudonym)
      }
      return try transaction.resumeReminders(for: pseudonym, at: now.wholeMilliseconds)
    }
  }
}
