package import Storage
import Studies

/// What a participant has agreed to, and whether that is enough to be asked anything.
package struct ConsentStanding: Hashable, Sendable {
  /// The version of the consent that the participant's version of the study has.
  package let version: Int
  /// The version that the participant decided about last; nil before the first decision.
  package let decided: Int?
  /// The parts agreed to, in the order of the version decided about.
  package let agreed: [String]
  /// The required parts without which nothing is asked; empty when all is well.
  package let missing: [String]

  /// Whether a new version waits for the participant's decision.
  package var needsRenewal: Bool { decided.map { $0 < version } ?? false }
}

extension StudyDesk {
  /// What a participant has agreed to.
  ///
  /// The last decision about each part of the version decided about holds. When the study has a
  /// newer one, the old agreement holds by the old version's rules, or is worth nothing, as the
  /// newer one says (`earlier: holds` or `lapses`).
  ///
  /// - Throws: ``CollectionError`` when the participant is unknown.
  package func consentStanding(of pseudonym: String) async throws -> ConsentStanding {
    try await database.read { try consentStanding(of: pseudonym, in: $0) }
  }

  /// The same within a snapshot; see ``consentStanding(of:)``.
  ///
  /// - Throws: ``CollectionError``.
  package func consentStanding(
    of pseudonym: String, in snapshot: ResearchSnapshot
  ) throws -> ConsentStanding {
    guard let participant = try snapshot.participant(pseudonym) else {
      throw CollectionError(.unknownParticipant, pseudonym)
    }
    return try consentStanding(of: participant, in: snapshot)
  }

  /// The same of a participant who is at hand.
  func consentStanding(
    of participant: ParticipantRecord, in snapshot: ResearchSnapshot
  ) throws -> ConsentStanding {
    consentStanding(
      decisions: try snapshot.consents(of: participant.pseudonym),
      under: try version(participant.publication).study.consent)
  }

  func consentStanding(
    decisions: [ConsentRecord], under consent: Consent
  ) -> ConsentStanding {
    let required = consent.parts.filter(\.isRequired).map(\.id)
    guard let decided = decisions.last?.version else {
      return ConsentStanding(version: consent.version, decided: nil, agreed: [], missing: required)
    }
    let answers = Dictionary(
      decisions.filter { $0.version == decided }.map { ($0.part, $0.isAgreed) },
      uniquingKeysWith: { $1 })
    let asked = decided == consent.version ? consent : self.consent(ofVersion: decided) ?? consent
    let lapses = decided < consent.version && consent.earlier == .lapses
    return ConsentStanding(
      version: consent.version, decided: decided,
      agreed: asked.parts.map(\.id).filter { answers[$0] == true },
      missing: lapses
        ? required : asked.parts.filter { $0.isRequired && answers[$0.id] != true }.map(\.id))
  }

  /// A version of the consent, from the last publication that had it.
  private func consent(ofVersion number: Int) -> Consent? {
    versions.values.filter { $0.study.consent.version == number }
      .max { $0.publication.number < $1.publication.number }?.study.consent
  }
}
