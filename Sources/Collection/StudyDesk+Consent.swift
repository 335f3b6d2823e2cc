import Definitions
package import Foundation
import LocalTime
package import Storage
import Studies

/// What a consent came to.
package struct ConsentOutcome: Hashable, Sendable {
  /// Whether everything that the study requires is agreed to.
  package let isComplete: Bool
  /// How many occasions were planned by it.
  package let planned: Int
}

extension StudyDesk {
  /// Records what a participant agrees to and not, part by part, and plans the occasions once all
  /// that is required is agreed to. What rests on a part that is taken back ends; its answers are kept,
  /// donated logs are to be erased (``completeErasures(at:now:)``).
  ///
  /// - Parameters:
  ///   - parts: the parts agreed to; the others are recorded as declined.
  ///   - language: the language in which the text was shown; the participant's own by default.
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func consent(
    _ pseudonym: String, to parts: Set<String>, language: String? = nil, now: Date
  ) async throws -> ConsentOutcome {
    try await database.write { transaction in
      try consent(pseudonym, to: parts, language: language, now: now, in: transaction)
    }
  }

  /// The same within a transaction; see ``consent(_:to:language:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  @discardableResult
  package func consent(
    _ pseudonym: String, to parts: Set<String>, language: String? = nil, now: Date,
    in transaction: ResearchTransaction
  ) throws -> ConsentOutcome {
    let participant = try takingPart(pseudonym, in: transaction)
    return try consent(participant, to: parts, language: language, now: now, in: transaction)
  }

  /// The same for somebody whose enrolment may not be finished.
  func consent(
    _ participant: ParticipantRecord, to parts: Set<String>, language: String?, now: Date,
    in transaction: ResearchTransaction
  ) throws -> ConsentOutcome {
    let pseudonym = participant.pseudonym
    let version = try version(participant.publication)
    let consent = version.study.consent
    try checkKnown(parts, in: consent)
    let language = try checked(language: language ?? participant.language, in: version.study)
    let textHash = try version.consentTextHash(language: language)
    // What has expired is missed or cancelled by what was agreed to until now.
    if try !transaction.consents(of: pseudonym).isEmpty {
      try close(now: now, of: pseudonym, in: transaction)
    }
    let before = try consentStanding(of: participant, in: transaction).agreed
    for part in consent.parts {
      try transaction.insert(
        ConsentRecord(
          version: consent.version, part: part.id, isAgreed: parts.contains(part.id),
          textHash: textHash, language: language, decided: now.wholeMilliseconds),
        of: pseudonym)
    }
    for part in before where !parts.contains(part) {
      _ = try stop(
        part, of: pseudonym, erasing: false, now: now.wholeMilliseconds, in: transaction)
    }
    try eraseDonationsIfRevoked(of: pseudonym, now: now, in: transaction)
    guard try missingConsent(of: pseudonym, in: transaction).isEmpty else {
      return ConsentOutcome(isComplete: false, planned: 0)
    }
    let planned = try plan(participant, version: version, now: now, in: transaction)
    return ConsentOutcome(isComplete: true, planned: planned)
  }

  func checkKnown(_ parts: Set<String>, in consent: Consent) throws {
    let known = consent.parts.map(\.id)
    guard let unknown = parts.sorted().first(where: { !known.contains($0) }) else { return }
    throw CollectionError(
      .unknownConsentPart, quoted(unknown), detail: didYouMean(unknown, among: known))
  }

  /// A participant who takes part now.
  ///
  /// - Throws: ``CollectionError`` when there is none, or not any more.
  func takingPart(
    _ pseudonym: String, in snapshot: ResearchSnapshot
  ) throws -> ParticipantRecord {
    guard let participant = try snapshot.participant(pseudonym) else {
      throw CollectionError(.unknownParticipant, quoted(pseudonym))
    }
    try checkTakingPart(participant.status, pseudonym)
    return participant
  }

  func checkTakingPart(_ status: ParticipantStatus, _ pseudonym: String) throws {
    switch status {
    case .enrolled: return
    case .pending:
      throw CollectionError(.notTakingPart, pseudonym, detail: "the enrolment is not finished")
    case .withdrawn, .erased, .undone:
      throw CollectionError(.notTakingPart, pseudonym, detail: "withdrawn")
    }
  }
}

/// A hint at the nearest name, or all names.
func didYouMean(_ name: String, among names: [String]) -> String {
  nearestName(to: name, among: names).map { "did you mean \($0)?" }
    ?? "there are \(names.joined(separator: ", "))"
}
