package import Foundation
import LocalTime
package import Storage

/// What the passing of time closed.
package struct Closing: Hashable, Sendable {
  /// Occasions that nobody answered.
  package var missed = 0
  /// Occasions with some answers and no submission.
  package var partial = 0
  /// Occasions whose condition was not true when they opened.
  package var skipped = 0

  package init(missed: Int = 0, partial: Int = 0, skipped: Int = 0) {
    self.missed = missed
    self.partial = partial
    self.skipped = skipped
  }
}

extension StudyDesk {
  /// Closes occasions whose window, or grace for those begun, has passed: missed without an
  /// answer, partial with one. Once a day the ends of the chains are recorded in the study's chain.
  ///
  /// Running it twice, or late, comes to the same.
  @discardableResult
  package func closeExpired(now: Date) async throws -> Closing {
    try await database.write { try closeExpired(now: now, in: $0) }
  }

  /// The same within a transaction; see ``closeExpired(now:)``.
  @discardableResult
  package func closeExpired(now: Date, in transaction: ResearchTransaction) throws -> Closing {
    let now = now.wholeMilliseconds
    var closing = Closing()
    closing.skipped = try skipUnmet(now: now, in: transaction)
    for occasion in try transaction.overdueOccasions(at: now) {
      if try close(occasion, now: now, in: transaction) {
        closing.partial += 1
      } else {
        closing.missed += 1
      }
    }
    try recordHeadsOncePerDay(now: now, in: transaction)
    return closing
  }

  /// - Returns: whether the occasion had answers.
  private func close(
    _ occasion: OccasionRecord, now: Date, in transaction: ResearchTransaction
  ) throws -> Bool {
    guard let begun = try transaction.session(ofOccasion: occasion.uuid) else {
      try transaction.close(occasion.uuid, as: .missed, session: .expired, at: now)
      return false
    }
    let current = try session(begun.uuid, in: transaction)
    let hasAnswers = current.answers.values.contains { !$0.isEmpty }
    try transaction.close(
      occasion.uuid, as: hasAnswers ? .partial : .missed,
      session: hasAnswers ? .partial : .expired, at: now)
    try give(
      hasAnswers ? .partialSession : .expired, toMissingIn: current, now: now, in: transaction)
    return hasAnswers
  }

  /// Gives the items of an unfinished session the reason why they have no answer.
  func give(
    _ reason: MissingReason, toMissingIn current: SessionInProgress, now: Date,
    in transaction: ResearchTransaction
  ) throws {
    for (reason, entries) in Dictionary(
      grouping: missing(in: current, reason: reason), by: \.reason
    ).sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      try transaction.setReason(
        reason, ofItems: entries.map { ($0.instrument, $0.item) },
        session: current.session.uuid, at: now)
    }
  }

  private func recordHeadsOncePerDay(
    now: Date, in transaction: ResearchTransaction
  ) throws {
    let day = { (date: Date) in date.utcMilliseconds / 86_400_000 }
    if let last = try transaction.lastChainHeads(), day(last) >= day(now) { return }
    try transaction.recordChainHeads(at: now)
  }
}
