import Definitions
package import Foundation
package import Storage

/// The ways to stop.
package enum Withdrawal: String, Hashable, Sendable, CaseIterable {
  /// No more messages; the participant goes on.
  case stopReminders = "stop_reminders"
  /// No more of anything; what was collected is kept.
  case stopAndKeep = "stop_and_keep"
}

/// What a withdrawal did, to show to the participant.
package struct WithdrawalReceipt: Hashable, Sendable {
  /// The participant's name in research data.
  package let pseudonym: String
  /// The way that was chosen.
  package let withdrawal: Withdrawal
  /// When it took effect.
  package let at: Date
  /// How many occasions will not take place.
  package let cancelled: Int
  /// Whether it had been done before; then nothing was done.
  package let isRepeated: Bool
}

extension StudyDesk {
  /// Stops messages, or stops everything and keeps what was collected.
  ///
  /// - Throws: ``CollectionError`` when there is no such participant.
  @discardableResult
  package func withdraw(
    _ pseudonym: String, _ withdrawal: Withdrawal, now: Date
  ) async throws -> WithdrawalReceipt {
    try await database.write { try withdraw(pseudonym, withdrawal, now: now, in: $0) }
  }

  /// The same within a transaction; see ``withdraw(_:_:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func withdraw(
    _ pseudonym: String, _ withdrawal: Withdrawal, now: Date,
    in transaction: ResearchTransaction
  ) throws -> WithdrawalReceipt {
    guard try transaction.participant(pseudonym) != nil else {
      throw CollectionError(.unknownParticipant, quoted(pseudonym))
    }
    let now = now.wholeMilliseconds
    func receipt(cancelled: Int, isNew: Bool) -> WithdrawalReceipt {
      WithdrawalReceipt(
        pseudonym: pseudonym, withdrawal: withdrawal, at: now, cancelled: cancelled,
        isRepeated: !isNew)
    }
    switch withdrawal {
    case .stopReminders:
      return receipt(
        cancelled: 0, isNew: try transaction.stopReminders(for: pseudonym, at: now))
    case .stopAndKeep:
      guard try transaction.withdraw(pseudonym, at: now) else {
        return receipt(cancelled: 0, isNew: false)
      }
      // What had expired before is missed, not cancelled: compliance must not improve by leaving.
      _ = try close(now: now, in: transaction)
      let remaining = try transaction.occasions(of: pseudonym).filter { !$0.state.isFinal }
      for occasion in remaining { try cancel(occasion, now: now, in: transaction) }
      return receipt(cancelled: remaining.count, isNew: true)
    }
  }

  private func cancel(
    _ occasion: OccasionRecord, now: Date, in transaction: ResearchTransaction
  ) throws {
    let begun = try transaction.session(ofOccasion: occasion.uuid)
    try transaction.close(occasion.uuid, as: .cancelled, session: .withdrawn, at: now)
    guard let begun else { return }
    let current = try session(begun.uuid, in: transaction)
    try give(.withdrawn, toMissingIn: current, now: now, in: transaction)
  }
}
