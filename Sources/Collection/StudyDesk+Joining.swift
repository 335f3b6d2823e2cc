package import Foundation
import Identities
package import Storage
import Studies

/// What joining came to.
package struct Joining: Hashable, Sendable {
  /// Who joined.
  package let participant: ParticipantRecord
  /// How many occasions were planned.
  package let planned: Int
}

extension StudyDesk {
  /// Lets somebody join who has agreed to what the study requires: enrolment, every part of the
  /// consent and the plan of occasions are stored in one transaction, or nothing is.
  ///
  /// With a contact, all of this is stored as pending until the contact is; see
  /// ``settlePendingEnrolments(now:)``.
  ///
  /// - Parameters:
  ///   - parts: the parts agreed to; the others are recorded as declined.
  ///   - language: the language in which the text was shown; the participant's own by default.
  ///   - generator: gives the pseudonym; the system's generator in a real study.
  /// - Throws: ``CollectionError`` `consentMissing` when a required part is not among them, and as
  ///   ``enrol(_:now:using:)`` and ``consent(_:to:language:now:)`` do.
  package func enrol(
    _ enrolment: Enrolment, agreeingTo parts: Set<String>, language: String? = nil, now: Date,
    using generator: inout some RandomNumberGenerator
  ) async throws -> Joining {
    let seed = generator.next()
    guard let contact = enrolment.contact else {
      return try await database.write { transaction in
        try join(
          enrolment, agreeingTo: parts, language: language, status: .enrolled, seed: seed,
          now: now, in: transaction)
      }
    }
    let participant = try await storing(contact, now: now) { transaction in
      try join(
        enrolment, agreeingTo: parts, language: language, status: .pending, seed: seed, now: now,
        in: transaction
      ).participant.pseudonym
    }
    let occasions = try await database.read { try $0.occasions(of: participant.pseudonym) }
    return Joining(participant: participant, planned: occasions.count)
  }

  /// The same for somebody without a contact, within a transaction; see
  /// ``enrol(_:agreeingTo:language:now:using:)``.
  ///
  /// - Throws: ``CollectionError``; `noIdentities` when there is a contact.
  package func enrol(
    _ enrolment: Enrolment, agreeingTo parts: Set<String>, language: String? = nil, now: Date,
    using generator: inout some RandomNumberGenerator, in transaction: ResearchTransaction
  ) throws -> Joining {
    let seed = generator.next()
    guard enrolment.contact == nil else {
      throw CollectionError(.noIdentities, "a new participant")
    }
    return try join(
      enrolment, agreeingTo: parts, language: language, status: .enrolled, seed: seed, now: now,
      in: transaction)
  }

  private func join(
    _ enrolment: Enrolment, agreeingTo parts: Set<String>, language: String?,
    status: ParticipantStatus, seed: UInt64, now: Date, in transaction: ResearchTransaction
  ) throws -> Joining {
    let consent = current.study.consent
    try checkKnown(parts, in: consent)
    let missing = consent.parts.filter { $0.isRequired && !parts.contains($0.id) }.map(\.id)
    guard missing.isEmpty else {
      throw CollectionError(
        .consentMissing, "who wants to join",
        detail: "ask for \(missing.joined(separator: ", "))")
    }
    let participant = try enrol(
      enrolment, status: status, seed: seed, now: now, in: transaction)
    let outcome = try self.consent(
      participant, to: parts, language: language, now: now, in: transaction)
    if let answers = enrolment.screening {
      try keepScreening(answers, of: participant, now: now, in: transaction)
      if !enrolment.isTest {
        try transaction.count(.joined, site: participant.site, at: now.wholeMilliseconds)
      }
    }
    return Joining(participant: participant, planned: outcome.planned)
  }
}

extension StudyDesk {
  /// The same for somebody who joins by the web and goes on at their own page: with the token of their
  /// personal link, in one transaction.
  ///
  /// - Throws: ``CollectionError``, also `noLinkKey`; `noIdentities` when there is a contact.
  package func enrolWithLink(
    _ enrolment: Enrolment, agreeingTo parts: Set<String>, language: String? = nil, now: Date,
    using generator: inout some RandomNumberGenerator
  ) async throws -> ParticipantToken {
    guard enrolment.contact == nil else {
      throw CollectionError(.noIdentities, "a new participant")
    }
    let seed = generator.next()
    return try await database.write { transaction in
      let joining = try join(
        enrolment, agreeingTo: parts, language: language, status: .enrolled, seed: seed, now: now,
        in: transaction)
      return try token(of: joining.participant.pseudonym, now: now, in: transaction)
    }
  }

  /// Whether somebody can join by a code, as it was typed.
  package func isOpen(code typed: String) async throws -> Bool {
    try await database.read { snapshot in
      do { return try invitation(for: .code(typed), in: snapshot) != nil } catch let error
        as CollectionError where error.code == .notInvited
      {
        return false
      }
    }
  }
}
