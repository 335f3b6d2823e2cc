import Definitions
package import Foundation
package import Storage
import Studies

/// What a change of one part of the consent did.
package struct ConsentChange: Hashable, Sendable {
  /// The part that was decided about.
  package let part: String
  /// Whether the participant agrees to it now.
  package let isAgreed: Bool
  /// What the participant has agreed to since.
  package let standing: ConsentStanding
  /// Whether it had been decided so before; then nothing was done.
  package let isRepeated: Bool
  /// The erasure of what rested on the part and cannot be kept without it: donated logs.
  package var erasure: ErasureRecord?
}

extension StudyDesk {
  /// Whether nobody can take part without a part; revoking it means to withdraw.
  ///
  /// - Throws: ``CollectionError`` when participant or part are unknown.
  package func isRequired(_ part: String, for pseudonym: String) async throws -> Bool {
    try await database.read { try isRequired(part, for: pseudonym, in: $0) }
  }

  private func isRequired(
    _ part: String, for pseudonym: String, in snapshot: ResearchSnapshot
  ) throws -> Bool {
    let participant = try takingPart(pseudonym, in: snapshot)
    let consent = try version(participant.publication).study.consent
    try checkKnown([part], in: consent)
    return consent.parts.contains { $0.id == part && $0.isRequired }
  }

  /// Records that a participant takes back a part without which nobody can take part, and ends the
  /// participation, in one transaction; then erases at once what can be erased, where that was chosen.
  ///
  /// - Parameters:
  ///   - erasing: whether what was collected, and the contact, is erased; else it is kept.
  ///   - places: what the erasure has to reach besides the research database.
  /// - Throws: ``CollectionError`` when participant or part are unknown.
  package func revokeRequired(
    _ part: String, of pseudonym: String, erasing: Bool = false, now: Date,
    at places: ErasurePlaces = ErasurePlaces()
  ) async throws -> WithdrawalReceipt {
    let receipt = try await database.write { transaction in
      let participant = try takingPart(pseudonym, in: transaction)
      try record(part, as: false, of: participant, now: now, in: transaction)
      return try withdraw(
        pseudonym, erasing ? .stopAndErase : .stopAndKeep, now: now, in: transaction)
    }
    return try await erase(for: receipt, at: places, now: now)
  }

  /// Records what a participant who goes on taking part agrees to and not; see
  /// ``consent(_:to:language:now:)``.
  ///
  /// - Throws: ``CollectionError`` `consentMissing` when a required part is not among them: who takes
  ///   that back withdraws instead, and says whether what was collected is kept.
  @discardableResult
  package func agree(
    _ pseudonym: String, to parts: Set<String>, now: Date
  ) async throws -> ConsentOutcome {
    try await database.write { transaction in
      let participant = try takingPart(pseudonym, in: transaction)
      let required = try version(participant.publication).study.consent.parts.filter(\.isRequired)
      let missing = required.map(\.id).filter { !parts.contains($0) }
      guard missing.isEmpty else {
        throw CollectionError(
          .consentMissing, pseudonym, detail: "ask for \(missing.joined(separator: ", "))")
      }
      return try consent(participant, to: parts, language: nil, now: now, in: transaction)
    }
  }

  private func record(
    _ part: String, as isAgreed: Bool, of participant: ParticipantRecord, now: Date,
    in transaction: ResearchTransaction
  ) throws {
    let version = try version(participant.publication)
    try checkKnown([part], in: version.study.consent)
    try transaction.insert(
      ConsentRecord(
        version: version.study.consent.version, part: part, isAgreed: isAgreed,
        textHash: try version.consentTextHash(language: participant.language),
        language: participant.language, decided: now.wholeMilliseconds),
      of: participant.pseudonym)
  }

  /// Records that a participant agrees to a part of the consent, or not any more, without touching
  /// the others.
  ///
  /// Revoking a part stops what rests on it from now on; what was donated under it is erased. A required part cannot be revoked here:
  /// whoever takes it back withdraws, and says whether what was collected is kept.
  ///
  /// - Throws: ``CollectionError`` `renewalNeeded` when a new version waits to be decided about as a
  ///   whole, `consentMissing` for a required part, and when participant or part are unknown.
  package func change(
    _ part: String, to isAgreed: Bool, of pseudonym: String, now: Date
  ) async throws -> ConsentChange {
    try await database.write { transaction in
      let participant = try takingPart(pseudonym, in: transaction)
      let consent = try version(participant.publication).study.consent
      try checkKnown([part], in: consent)
      let before = try consentStanding(of: pseudonym, in: transaction)
      guard before.decided == consent.version else {
        throw CollectionError(
          .renewalNeeded, pseudonym, detail: "ask about version \(consent.version) as a whole")
      }
      if !isAgreed, try isRequired(part, for: pseudonym, in: transaction) {
        throw CollectionError(
          .consentMissing, pseudonym,
          detail: "nobody can take part without \(part); withdraw instead")
      }
      guard before.agreed.contains(part) != isAgreed else {
        return ConsentChange(part: part, isAgreed: isAgreed, standing: before, isRepeated: true)
      }
      try record(part, as: isAgreed, of: participant, now: now, in: transaction)
      let erasure = try eraseDonationsIfRevoked(of: pseudonym, now: now, in: transaction)
      return ConsentChange(
        part: part, isAgreed: isAgreed,
        standing: try consentStanding(of: pseudonym, in: transaction), isRepeated: false,
        erasure: erasure)
    }
  }
}
