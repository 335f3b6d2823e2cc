import Definitions
package import Foundation
import Identities
import LocalTime
package import Storage
import Studies

extension StudyDesk {
  /// Lets somebody join: a new pseudonym, nothing planned before consent.
  ///
  /// With a contact the two databases are written one after the other. The participant is pending
  /// until the contact is stored; ``settlePendingEnrolments(now:)`` finishes or undoes what a crash
  /// left between.
  ///
  /// - Parameter generator: gives the pseudonym; the system's generator in a real study.
  /// - Throws: ``CollectionError`` when zone, site or language are unknown or the database is of
  ///   the other kind.
  package func enrol(
    _ enrolment: Enrolment, now: Date, using generator: inout some RandomNumberGenerator
  ) async throws -> ParticipantRecord {
    let seed = generator.next()
    guard let contact = enrolment.contact else {
      return try await database.write { transaction in
        try enrol(enrolment, status: .enrolled, seed: seed, now: now, in: transaction)
      }
    }
    return try await storing(contact, now: now) { transaction in
      try enrol(enrolment, status: .pending, seed: seed, now: now, in: transaction).pseudonym
    }
  }

  /// Runs what makes somebody pending, stores the contact, and ends the pending state.
  func storing(
    _ contact: ContactDetails, now: Date,
    after makePending: @escaping @Sendable (ResearchTransaction) throws -> String
  ) async throws -> ParticipantRecord {
    guard let identities else { throw CollectionError(.noIdentities, "a new participant") }
    try interruption(.begun)
    let pseudonym = try await database.write(makePending)
    try interruption(.pending)
    try await identities.store(contact, of: pseudonym, at: now)
    try interruption(.contactStored)
    let participant = try await database.write { transaction in
      try transaction.confirmEnrolment(of: pseudonym, at: now)
      return try takingPart(pseudonym, in: transaction)
    }
    try interruption(.confirmed)
    return participant
  }

  /// Lets somebody without a contact join, within a transaction; see
  /// ``enrol(_:now:using:)``.
  ///
  /// - Throws: ``CollectionError``; `noIdentities` when there is a contact.
  package func enrol(
    _ enrolment: Enrolment, now: Date, using generator: inout some RandomNumberGenerator,
    in transaction: ResearchTransaction
  ) throws -> ParticipantRecord {
    let seed = generator.next()
    guard enrolment.contact == nil else {
      throw CollectionError(.noIdentities, "a new participant")
    }
    return try enrol(enrolment, status: .enrolled, seed: seed, now: now, in: transaction)
  }

  func enrol(
    _ enrolment: Enrolment, status: ParticipantStatus, seed: UInt64, now: Date,
    in transaction: ResearchTransaction
  ) throws -> ParticipantRecord {
    guard enrolment.isSimulated == (database.kind == .simulated) else {
      throw CollectionError(
        .wrongKind,
        enrolment.isSimulated
          ? "a simulated person cannot join a study of real people"
          : "a real person cannot join a simulated study",
        detail: database.url.path)
    }
    let zone: TimeZone
    do throws(ZoneProblem) {
      zone = try timeZone(named: enrolment.zone)
    } catch {
      throw CollectionError(.unknownZone, quoted(enrolment.zone), detail: suggestion(error))
    }
    let study = current.study
    let invitation = try invitation(for: enrolment.entry, in: transaction)
    let language = try checked(
      language: enrolment.language ?? invitation?.language, in: study)
    let site = try checked(site: enrolment.site, invitation: invitation, in: study)
    try checkEligible(enrolment)
    if let capacity = study.capacity, !enrolment.isTest,
      try transaction.enrolmentCount() >= capacity
    {
      throw CollectionError(.full, study.id, detail: "its capacity is \(capacity)")
    }
    // The place that an invitation keeps may be that of an enrolment that was undone: then who comes
    // after all has a new one.
    let place = try invitation.flatMap {
      try transaction.participant($0.pseudonym) == nil ? $0 : nil
    }
    let pseudonym = try place?.pseudonym ?? freePseudonym(seed: seed, in: transaction)
    let participant = ParticipantRecord(
      uuid: place?.uuid ?? transaction.secrets.uuid(for: "participant \(pseudonym)"),
      pseudonym: pseudonym,
      site: site, language: language, status: status, isTest: enrolment.isTest,
      enrolled: now.wholeMilliseconds, zone: zone.identifier,
      publication: current.publication.number)
    try transaction.insert(participant, zoneDataVersion: zoneDataVersion)
    if let invitation {
      try transaction.end(invitation.uuid, as: .accepted, at: now.wholeMilliseconds)
    }
    return participant
  }

  private func suggestion(_ problem: ZoneProblem) -> String {
    problem.suggestion.map { "did you mean \($0)?" }
      ?? "use an IANA name such as Europe/Amsterdam"
  }

  func freePseudonym(seed: UInt64, in transaction: ResearchTransaction) throws -> String {
    var generator = SeededGenerator(seed: seed)
    // With a million participants one draw in 700 is taken; a hundred in a row never are.
    for _ in 0..<100 {
      let candidate = Pseudonym.make(using: &generator)
      if try !transaction.isTaken(candidate) { return candidate }
    }
    throw CollectionError(.wrongKind, "no free pseudonym was found")
  }

  /// The site that was named, or the only one.
  func checked(
    site: String?, invitation: InvitationRecord? = nil, in study: Study
  ) throws -> String {
    if let invitation {
      guard site == nil || site == invitation.site else {
        throw CollectionError(
          .unknownSite, site.map { quoted($0) } ?? "", detail: "invited by \(invitation.site)")
      }
      return invitation.site
    }
    if let site, study.sites.contains(site) { return site }
    if site == nil, study.sites.count == 1, let only = study.sites.first { return only }
    throw CollectionError(
      .unknownSite, site.map { quoted($0) } ?? "without a name",
      detail:
        "there \(study.sites.count == 1 ? "is" : "are") \(study.sites.joined(separator: ", "))")
  }

  func checked(language: String?, in study: Study) throws -> String {
    guard let language else { return study.languages.first ?? "en" }
    guard study.languages.contains(language) else {
      throw CollectionError(
        .unknownLanguage, quoted(language),
        detail: "it has \(study.languages.joined(separator: ", "))")
    }
    return language
  }
}

extension Date {
  /// The instant as the database keeps it, so that what is returned equals what is stored.
  var wholeMilliseconds: Date { Date(utcMilliseconds: utcMilliseconds) }
}
