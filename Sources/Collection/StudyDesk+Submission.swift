import Expressions
package import Foundation
import Instruments
package import Storage
import Studies

/// What a submission came to.
package struct Submission: Sendable {
  /// The session as it is now.
  package let session: SessionRecord
  /// By instrument and name.
  package let scores: [ScoreRecord]
  /// The arm that this submission drew, if it drew one.
  package let allocation: AllocationRecord?
  /// Whether it had been submitted before; then nothing was done.
  package let isRepeated: Bool
}

extension StudyDesk {
  /// Completes a session: scores and, where the study says so, the participant's arm are stored in
  /// the same transaction, which is on disk when this returns.
  ///
  /// After the window and its grace a submission is kept and flagged as late; its occasion counts
  /// as partial, whether or not it was closed as missed before, and nobody is randomised by it.
  ///
  /// - Throws: ``CollectionError`` when the session is unknown, the participant withdrew or
  ///   took back consent, or an item that must be answered is not.
  @discardableResult
  package func submit(_ session: UUID, now: Date) async throws -> Submission {
    try await database.write { try submit(session, now: now, in: $0) }
  }

  /// The same within a transaction; see ``submit(_:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func submit(
    _ uuid: UUID, now: Date, in transaction: ResearchTransaction
  ) throws -> Submission {
    let current = try session(uuid, in: transaction)
    guard current.session.state != .submitted else {
      return Submission(
        session: current.session, scores: try transaction.scores(ofSession: uuid),
        allocation: nil, isRepeated: true)
    }
    let participant = try takingPart(current.session.pseudonym, in: transaction)
    try checkConsent(of: participant, for: current.occasion, in: transaction)
    return try submit(current, of: participant, now: now, in: transaction)
  }

  /// Submits the session of somebody who may.
  func submit(
    _ current: SessionInProgress, of participant: ParticipantRecord, now: Date,
    in transaction: ResearchTransaction
  ) throws -> Submission {
    let shown = current.shownItems
    try checkRequired(current, showing: shown)
    let now = now.wholeMilliseconds
    let isLate = now >= current.occasion.graceEnds || current.occasion.state.isFinal
    let scores = try computedScores(of: current, now: now)
      .sorted { ($0.instrument, $0.name) < ($1.instrument, $1.name) }
    try transaction.submit(
      current.session.uuid, isLate: isLate,
      unanswered: missing(in: current, showing: shown, reason: .leftBlank), scores: scores,
      at: now)
    let allocation =
      isLate
      ? nil
      : try drawArm(of: participant, after: current, scores: scores, now: now, in: transaction)
    var session = current.session
    (session.state, session.submitted, session.isLate) = (.submitted, now, isLate)
    session.lastActive = now
    return Submission(
      session: session, scores: scores, allocation: allocation, isRepeated: false)
  }

  private func checkRequired(
    _ current: SessionInProgress, showing shown: [String: [Item]]
  ) throws {
    let missing = current.instruments.flatMap { instrument in
      (shown[instrument.id] ?? [])
        .filter {
          $0.requirement == .hard && $0.valueType != nil
            && current.answers[instrument.id]?[$0.id] == nil
        }
        .map { "\(instrument.id) \($0.id)" }
    }
    guard missing.isEmpty else {
      throw CollectionError(.answerRequired, missing.joined(separator: ", "))
    }
  }

  /// The items of a session without an answer, with the reason, and those hidden at the end, which
  /// keep what was answered before as not shown.
  ///
  /// - Parameter shown: the items shown at the end, by instrument, where they are at hand.
  func missing(
    in current: SessionInProgress, showing shown: [String: [Item]]? = nil, reason: MissingReason
  ) -> [(instrument: String, item: String, reason: MissingReason)] {
    let visible = shown ?? current.shownItems
    var missing: [(instrument: String, item: String, reason: MissingReason)] = []
    for instrument in current.instruments {
      let answers = current.answers[instrument.id] ?? [:]
      let shown = Set((visible[instrument.id] ?? []).map(\.id))
      for item in instrument.items where item.valueType != nil {
        if !shown.contains(item.id) {
          missing.append((instrument.id, item.id, .notShown))
        } else if answers[item.id] == nil {
          missing.append((instrument.id, item.id, reason))
        }
      }
    }
    return missing
  }

  func computedScores(
    of current: SessionInProgress, now: Date
  ) throws -> [ScoreRecord] {
    let version = try version(current.session.publication)
    return current.instruments.flatMap { instrument in
      version.scores(
        of: current.session.uuid, instrument, answers: current.answers[instrument.id] ?? [:],
        carried: current.carried[instrument.id] ?? [:], now: now)
    }
  }

  /// Draws the participant's arm when this was the occasion that the study draws after.
  private func drawArm(
    of participant: ParticipantRecord, after current: SessionInProgress, scores: [ScoreRecord],
    now: Date, in transaction: ResearchTransaction
  ) throws -> AllocationRecord? {
    let occasion = current.occasion
    let study = try version(participant.publication).study
    guard let allocation = study.allocation, allocation.after == occasion.plan,
      try transaction.allocation(of: occasion.pseudonym) == nil
    else { return nil }
    guard let sequence = AllocationSequence(of: study, seed: allocationSeed) else { return nil }
    let tally = AllocationTally(try transaction.allocationCounts())
    let facts = sequence.measures ? current.facts(with: scores) : [:]
    let stratum = sequence.stratum(
      site: participant.site, language: participant.language, isTest: participant.isTest
    ) { facts[$0] ?? .missing }
    guard let arm = sequence.next(stratum: stratum, after: tally) else { return nil }
    let record = AllocationRecord(
      pseudonym: occasion.pseudonym, arm: arm.id, method: allocation.method.name,
      stratum: stratum, draw: tally.draws + 1, drawn: now)
    try transaction.insert(record)
    return record
  }
}

extension SessionInProgress {
  /// What a study file can name of a session: numbers that were answered to items shown, and scores, by
  /// instrument and name.
  func facts(with scores: [ScoreRecord]) -> [String: Value] {
    var facts: [String: Value] = [:]
    for instrument in instruments {
      for item in shownItems(of: instrument) {
        if case .number(let number)? = answers[instrument.id]?[item.id] {
          facts["\(instrument.id).\(item.id)"] = .number(number)
        }
      }
    }
    for score in scores {
      facts["\(score.instrument).\(score.name)"] = score.value.map(Value.number) ?? .missing
    }
    return facts
  }
}

extension StudyVersion {
  /// The scores and computed items of one instrument of a session, as this version computes them.
  func scores(
    of session: UUID, _ instrument: Instrument, answers: [String: Answer],
    carried: [String: Answer], now: Date
  ) -> [ScoreRecord] {
    let values = instrument.results(of: answers, carried: carried, cutoffs: cutoffs)
    return values.map { score in
      ScoreRecord(
        session: session, instrument: instrument.id, name: score.name,
        version: instrument.version, scoringHash: scoringHashes[instrument.id] ?? "",
        value: score.value,
        absence: score.absence.flatMap { Storage.ScoreAbsence(rawValue: $0.rawValue) },
        answered: score.answered, items: score.items, isProrated: score.isProrated, computed: now)
    }
  }
}
