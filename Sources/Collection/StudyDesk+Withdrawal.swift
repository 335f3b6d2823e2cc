import Definitions
package import Foundation
package import Storage

/// The ways to stop.
package enum Withdrawal: String, Hashable, Sendable, CaseIterable {
  /// No more messages; the participant goes on.
  case stopReminders = "stop_reminders"
  /// No more of anything; what was collected is kept.
  case stopAndKeep = "stop_and_keep"
  /// No more of anything; what was collected, and the contact, is erased.
  case stopAndErase = "stop_and_erase"
}

/// What a withdrawal did, to show to the participant.
package struct WithdrawalReceipt: Hashable, Sendable {
  /// The participant's name in research data.
  package let pseudonym: String
  /// The way that was chosen.
  package let withdrawal: Withdrawal
  /// When it took effect; the first time, where it is repeated.
  package let at: Date
  /// How many occasions will not take place.
  package let cancelled: Int
  /// Whether it had been done before; then nothing was done.
  package let isRepeated: Bool
  /// How far the erasure has come, where that was chosen.
  package var erasure: ErasureRecord?
  /// What the erasure waits for; `nil` when it is complete.
  package var obstacle: ErasureObstacle?
  /// How often data were exported since the participant joined: those files may hold copies.
  package let exports: Int
  /// When that was last.
  package let lastExport: Date?
  /// How many backups were made since then: they hold copies until they are restored.
  package let backups: Int
  /// When that was last.
  package let lastBackup: Date?
}

extension StudyDesk {
  /// Stops messages, or stops everything and keeps what was collected, or stops everything and
  /// erases it.
  ///
  /// What is to be erased is on record when this returns, and nobody can answer any more;
  /// ``withdraw(_:_:now:erasingAt:)`` goes on to erase it.
  ///
  /// - Throws: ``CollectionError`` when there is no such participant.
  @discardableResult
  package func withdraw(
    _ pseudonym: String, _ withdrawal: Withdrawal, now: Date
  ) async throws -> WithdrawalReceipt {
    try await database.write { try withdraw(pseudonym, withdrawal, now: now, in: $0) }
  }

  /// The same, and, where that was chosen, erases at once what can be erased.
  ///
  /// - Parameter places: what the erasure has to reach besides the research database.
  /// - Throws: ``CollectionError`` when there is no such participant. An error of a file throws
  ///   only before the wish is on record; later ones leave the erasure pending.
  @discardableResult
  package func withdraw(
    _ pseudonym: String, _ withdrawal: Withdrawal, now: Date, erasingAt places: ErasurePlaces
  ) async throws -> WithdrawalReceipt {
    try await erase(for: try await withdraw(pseudonym, withdrawal, now: now), at: places, now: now)
  }

  /// Erases what a receipt says is to be erased.
  ///
  /// - Returns: the receipt, with how far that has come.
  func erase(
    for receipt: WithdrawalReceipt, at places: ErasurePlaces, now: Date
  ) async throws -> WithdrawalReceipt {
    var receipt = receipt
    guard let wish = receipt.erasure else { return receipt }
    (receipt.erasure, receipt.obstacle) = try await carryOut(wish, at: places, now: now)
    return receipt
  }

  /// Erases at once what can be erased of a wish that is on record.
  ///
  /// - Returns: how far it has come, and what it waits for.
  func carryOut(
    _ wish: ErasureRecord, at places: ErasurePlaces, now: Date
  ) async throws -> (erasure: ErasureRecord?, obstacle: ErasureObstacle?) {
    var obstacle: ErasureObstacle?
    if wish.completed == nil {
      do {
        let pending = try await completeErasures(at: places, now: now)
        obstacle = pending.first { $0.erasure.uuid == wish.uuid }?.obstacle
      } catch {
        obstacle = .failure
      }
    }
    return (try await database.read { try $0.erasure(wish.uuid) }, obstacle)
  }

  /// The same within a transaction; see ``withdraw(_:_:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func withdraw(
    _ pseudonym: String, _ withdrawal: Withdrawal, now: Date,
    in transaction: ResearchTransaction
  ) throws -> WithdrawalReceipt {
    guard let participant = try transaction.participant(pseudonym) else {
      throw CollectionError(.unknownParticipant, quoted(pseudonym))
    }
    let now = now.wholeMilliseconds
    let exports = try transaction.occurrences(of: .dataExported, since: participant.enrolled)
    let backups = try transaction.occurrences(of: .backupMade, since: participant.enrolled)
    func receipt(
      cancelled: Int = 0, isNew: Bool, at: Date? = nil, erasure: ErasureRecord? = nil
    ) -> WithdrawalReceipt {
      WithdrawalReceipt(
        pseudonym: pseudonym, withdrawal: withdrawal, at: at ?? now, cancelled: cancelled,
        isRepeated: !isNew, erasure: erasure, exports: exports.count, lastExport: exports.last,
        backups: backups.count, lastBackup: backups.last)
    }
    switch withdrawal {
    case .stopReminders:
      return receipt(isNew: try transaction.stopReminders(for: pseudonym, at: now))
    case .stopAndKeep:
      guard let cancelled = try stop(pseudonym, now: now, in: transaction) else {
        return receipt(isNew: false, at: participant.ended)
      }
      return receipt(cancelled: cancelled, isNew: true)
    case .stopAndErase:
      if let earlier = try transaction.fullErasure(of: pseudonym) {
        return receipt(isNew: false, at: earlier.requested, erasure: earlier)
      }
      let cancelled = try stop(pseudonym, now: now, in: transaction) ?? 0
      let wish = try requestErasure(.everything, of: pseudonym, now: now, in: transaction)
      return receipt(cancelled: cancelled, isNew: true, erasure: wish)
    }
  }

  /// Ends taking part and cancels what lies ahead.
  ///
  /// - Returns: how many occasions were cancelled; `nil` when the participant had stopped before.
  func stop(
    _ pseudonym: String, now: Date, in transaction: ResearchTransaction
  ) throws -> Int? {
    guard try transaction.withdraw(pseudonym, at: now) else { return nil }
    // What had expired before is missed, not cancelled: compliance must not improve by leaving.
    try close(now: now, of: pseudonym, in: transaction)
    let remaining = try transaction.occasions(of: pseudonym).filter { !$0.state.isFinal }
    for occasion in remaining { try cancel(occasion, now: now, in: transaction) }
    return remaining.count
  }

  /// Ends an occasion that will not take place, and the session that was begun on it.
  func cancel(
    _ occasion: OccasionRecord, now: Date, in transaction: ResearchTransaction
  ) throws {
    let begun = try transaction.session(ofOccasion: occasion.uuid)
    try transaction.close(occasion.uuid, as: .cancelled, session: .withdrawn, at: now)
    guard let begun else { return }
    let current = try session(begun.uuid, in: transaction)
    try give(.withdrawn, toMissingIn: current, now: now, in: transaction)
  }
}
