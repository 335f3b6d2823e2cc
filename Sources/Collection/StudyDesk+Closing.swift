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
  /// Occasions that could not be answered, because consent had lapsed or was taken back.
  package var cancelled = 0

  package init(missed: Int = 0, partial: Int = 0, skipped: Int = 0, cancelled: Int = 0) {
    self.missed = missed
    self.partial = partial
    self.skipped = skipped
    self.cancelled = cancelled
  }
}

extension StudyDesk {
  /// Closes occasions whose window, or grace for those begun, has passed: missed without an
  /// answer, partial with one, cancelled where consent was missing. Once a day the ends of the chains are recorded in the study's chain.
  ///
  /// Running it twice, or late, comes to the same. It cannot be taken back, so only what goes by
  /// the real clock calls it: the server's scheduler, and exports and analyses of now. A listing
  /// does not need it; ``due(of:now:)`` leaves out by itself what has expired.
  ///
  /// - Parameter clock: the real clock. In a study of real people nothing is closed ahead of it;
  ///   moments that are tried out are for simulated studies. `nil` where `now` is the real clock.
  /// - Throws: ``CollectionError`` `clockRefused` when, in a study of real people, `now` is ahead
  ///   of the clock, or on a day (UTC) before the last one on record.
  @discardableResult
  package func closeExpired(now: Date, clock: Date? = nil) async throws -> Closing {
    try await database.write { try closeExpired(now: now, clock: clock, in: $0) }
  }

  /// The same within a transaction; see ``closeExpired(now:clock:)``.
  ///
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func closeExpired(
    now: Date, clock: Date? = nil, in transaction: ResearchTransaction
  ) throws -> Closing {
    try checkClock(now: now, clock: clock, in: transaction)
    return try close(now: now, in: transaction)
  }

  private func checkClock(
    now: Date, clock: Date?, in snapshot: ResearchSnapshot
  ) throws {
    guard database.kind == .real else { return }
    if let clock, now > clock {
      throw CollectionError(
        .clockRefused, now.utcText,
        detail: "it is \(clock.utcText); try moments out in a simulated study")
    }
    if let last = try snapshot.lastChainHeads(), Self.day(of: now) < Self.day(of: last) {
      throw CollectionError(
        .clockRefused, now.utcText,
        detail: "the study's record has reached \(last.utcText); set the clock right")
    }
  }

  /// Days since 1970 in UTC.
  private static func day(of date: Date) -> Int64 { date.utcMilliseconds / 86_400_000 }

  /// Closes what has expired of everybody, without asking about the clock.
  func close(now: Date, in transaction: ResearchTransaction) throws -> Closing {
    let closing = try close(now: now, of: nil, in: transaction)
    try recordHeadsOncePerDay(now: now, in: transaction)
    return closing
  }

  /// The same of one participant, or of everybody: whoever withdraws must not be held up by the clock.
  @discardableResult
  func close(
    now: Date, of pseudonym: String?, in transaction: ResearchTransaction
  ) throws -> Closing {
    let now = now.wholeMilliseconds
    var closing = Closing()
    closing.skipped = try skipUnmet(now: now, of: pseudonym, in: transaction)
    for occasion in try transaction.overdueOccasions(at: now, of: pseudonym) {
      switch try close(occasion, now: now, in: transaction) {
      case .partial: closing.partial += 1
      case .cancelled: closing.cancelled += 1
      default: closing.missed += 1
      }
    }
    return closing
  }

  /// What a save into a session comes to that time had closed as unanswered: partial, as if the
  /// closing had come after it.
  func reopenAsPartial(
    _ occasion: UUID, session uuid: UUID, now: Date, in transaction: ResearchTransaction
  ) throws {
    try transaction.close(occasion, as: .partial, session: .partial, at: now)
    try give(
      .partialSession, toMissingIn: try session(uuid, in: transaction), now: now, in: transaction)
  }

  /// - Returns: what became of the occasion: missed, partial with answers, or cancelled where consent
  ///   was missing and nobody could have begun it.
  private func close(
    _ occasion: OccasionRecord, now: Date, in transaction: ResearchTransaction
  ) throws -> OccasionState {
    guard occasion.state == .open,
      let begun = try transaction.session(ofOccasion: occasion.uuid)
    else {
      let mayAnswer = try missingConsent(for: occasion, in: transaction).isEmpty
      let state = mayAnswer ? OccasionState.missed : .cancelled
      try transaction.close(occasion.uuid, as: state, session: .expired, at: now)
      return state
    }
    let current = try session(begun.uuid, in: transaction)
    let hasAnswers = current.answers.values.contains { !$0.isEmpty }
    try transaction.close(
      occasion.uuid, as: hasAnswers ? .partial : .missed,
      session: hasAnswers ? .partial : .expired, at: now)
    try give(
      hasAnswers ? .partialSession : .expired, toMissingIn: current, now: now, in: transaction)
    return hasAnswers ? .partial : .missed
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
    if let last = try transaction.lastChainHeads(), Self.day(of: last) >= Self.day(of: now) {
      return
    }
    try transaction.recordChainHeads(at: now)
  }
}
