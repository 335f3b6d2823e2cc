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
  package fileprivate(set) var standing: ConsentStanding
  /// Whether it had been decided so before; then nothing was decided again.
  package let isRepeated: Bool
  /// How many sessions under way it ended.
  package fileprivate(set) var ended = 0
  /// How far the erasure of what rests on the part has come, where that was chosen and there is any.
  package fileprivate(set) var erasure: ErasureRecord?
  /// What the erasure waits for; `nil` when it is complete.
  package fileprivate(set) var obstacle: ErasureObstacle?
}

extension StudyDesk {
  /// Whether nobody can take part without a part; revoking it means to withdraw.
  ///
  /// - Throws: ``CollectionError`` when participant or part are unknown.
  package func isRequired(_ part: String, for pseudonym: String) async throws -> Bool {
    try await database.read { try isRequired(part, for: pseudonym, in: $0) }
  }

  /// How many occasions with answers rest on a part: what taking it back with erasure would erase.
  ///
  /// - Throws: ``CollectionError`` when participant or part are unknown.
  package func collected(under part: String, of pseudonym: String) async throws -> Int {
    try await database.read { snapshot in
      let participant = try takingPart(pseudonym, in: snapshot)
      try checkKnown([part], in: try version(participant.publication).study.consent)
      return try answered(under: part, of: pseudonym, in: snapshot).count
    }
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
  /// Revoking a part stops what rests on it: sessions under way end, and occasions to come are not
  /// asked unless the part is agreed to again in time. Answers are kept or erased; logs that were donated
  /// under it are erased always. A required part cannot be revoked here: whoever takes it back withdraws.
  ///
  /// - Parameters:
  ///   - erasing: whether, with `isAgreed` false, the answers to what rests on the part are erased; also
  ///     where the part was taken back before.
  ///   - places: what the erasure has to reach besides the research database; without them it is put on
  ///     record alone, and ``completeErasures(at:now:)`` does it.
  /// - Throws: ``CollectionError`` `renewalNeeded` when a new version waits to be decided about as a
  ///   whole, `consentMissing` for a required part, and when participant or part are unknown. An error of
  ///   a file throws only before the wish to erase is on record; later ones leave the erasure pending.
  package func change(
    _ part: String, to isAgreed: Bool, of pseudonym: String, erasing: Bool = false, now: Date,
    at places: ErasurePlaces? = nil
  ) async throws -> ConsentChange {
    var change = try await database.write { transaction in
      try decide(
        part, to: isAgreed, of: pseudonym, erasing: erasing, now: now.wholeMilliseconds,
        in: transaction)
    }
    guard let wish = change.erasure, let places else { return change }
    (change.erasure, change.obstacle) = try await carryOut(wish, at: places, now: now)
    return change
  }

  private func decide(
    _ part: String, to isAgreed: Bool, of pseudonym: String, erasing: Bool, now: Date,
    in transaction: ResearchTransaction
  ) throws -> ConsentChange {
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
    var change = ConsentChange(
      part: part, isAgreed: isAgreed, standing: before,
      isRepeated: before.agreed.contains(part) == isAgreed)
    if !change.isRepeated {
      try close(now: now, of: pseudonym, in: transaction)
      try record(part, as: isAgreed, of: participant, now: now, in: transaction)
      change.standing = try consentStanding(of: pseudonym, in: transaction)
    }
    if !isAgreed {
      (change.ended, change.erasure) = try stop(
        part, of: pseudonym, erasing: erasing, now: now, in: transaction)
    }
    if !change.isRepeated, change.erasure == nil {
      change.erasure = try eraseDonationsIfRevoked(of: pseudonym, now: now, in: transaction)
    }
    return change
  }

  /// Ends what is under way and rests on a part of the consent that was taken back, and puts on record
  /// that its answers are to be erased where that was chosen.
  func stop(
    _ part: String, of pseudonym: String, erasing: Bool, now: Date,
    in transaction: ResearchTransaction
  ) throws -> (ended: Int, erasure: ErasureRecord?) {
    let open = try occasions(restingOn: part, of: pseudonym, in: transaction).filter {
      $0.state == .open
    }
    for occasion in open { try cancel(occasion, now: now, in: transaction) }
    let plans =
      erasing ? Set(try answered(under: part, of: pseudonym, in: transaction).map(\.plan)) : []
    guard !plans.isEmpty else { return (open.count, nil) }
    let wish = try requestErasure(
      .part(part, occasions: plans, instruments: []), of: pseudonym, now: now, in: transaction)
    return (open.count, wish)
  }
}
