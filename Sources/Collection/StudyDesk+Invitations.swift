import Definitions
package import Foundation
import Identities
import Storage
import Studies

/// What inviting people came to, in the order of the rows.
package struct Inviting: Sendable {
  /// One row of the sheet.
  package struct Guest: Sendable {
    /// The place that is kept for the person, or the participant that they are already.
    package let pseudonym: String
    /// Whether the person had been invited before, or takes part; then nothing was done.
    package let isKnown: Bool
  }

  package let guests: [Guest]
}

extension StudyDesk {
  /// Invites the people of a sheet: their contacts go to the database of contacts, encrypted, and
  /// each has a pseudonym kept for them.
  ///
  /// People are known again by their e-mail address, or by name and site without one, so that the
  /// same sheet can be used twice, or with more rows. The contacts are stored first, together: a
  /// crash before the invitations are leaves contacts that the next try finishes. Where the study sends
  /// invitations, one to each person with an address or a number is queued with the place that is kept.
  ///
  /// - Throws: ``CollectionError`` `noIdentities` where the contacts are not at hand.
  package func invite(
    _ sheet: ContactSheet, now: Date, using generator: inout some RandomNumberGenerator
  ) async throws -> Inviting {
    guard let identities else { throw CollectionError(.noIdentities, "people to invite") }
    let records = try await database.read { snapshot in
      (invitations: try snapshot.invitations(), participants: try snapshot.participants())
    }
    var taken = Set(records.invitations.map(\.pseudonym) + records.participants.map(\.pseudonym))
    var sites = Dictionary(
      records.participants.map { ($0.pseudonym, $0.site) }, uniquingKeysWith: { $1 })
    sites.merge(records.invitations.map { ($0.pseudonym, $0.site) }) { $1 }
    var known: [ContactSheet.Identity: String] = [:]
    for (pseudonym, contact) in try await identities.contacts() {
      known[ContactSheet.Identity(contact, site: sites[pseudonym])] = pseudonym
      // Without a site on record it is a contact whose invitation a crash left out.
      if sites[pseudonym] == nil {
        for site in current.study.sites {
          known[ContactSheet.Identity(contact, site: site)] = pseudonym
        }
      }
    }
    var guests: [Inviting.Guest] = []
    var contacts: [(pseudonym: String, contact: ContactDetails)] = []
    var invited: [(pseudonym: String, row: ContactSheet.Row)] = []
    for row in sheet.rows {
      if let pseudonym = known[ContactSheet.Identity(row.contact, site: row.site)] {
        let isKnown = taken.contains(pseudonym)
        if !isKnown { invited.append((pseudonym, row)) }
        guests.append(Inviting.Guest(pseudonym: pseudonym, isKnown: isKnown))
        continue
      }
      let pseudonym = Self.newPseudonym(besides: &taken, using: &generator)
      contacts.append((pseudonym, row.contact))
      invited.append((pseudonym, row))
      guests.append(Inviting.Guest(pseudonym: pseudonym, isKnown: false))
    }
    try interruption(.begun)
    try await identities.store(contacts, at: now)
    try interruption(.contactStored)
    let places = invited
    try await database.write { transaction in
      for (pseudonym, row) in places where try transaction.invitation(pseudonym) == nil {
        let invitation = InvitationRecord(
          uuid: transaction.secrets.uuid(for: "invitation \(pseudonym)"), pseudonym: pseudonym,
          site: row.site, language: row.language, invited: now.wholeMilliseconds)
        try transaction.insert(invitation)
        try queueMessage(of: invitation, to: row.contact, in: transaction)
      }
    }
    try interruption(.confirmed)
    return Inviting(guests: guests)
  }

  /// For how long an invitation is tried to be sent, in seconds: after a standstill of more than two
  /// weeks somebody should look before people are written to.
  private static let invitationTime: TimeInterval = 14 * 86_400

  private func queueMessage(
    of invitation: InvitationRecord, to contact: ContactDetails,
    in transaction: ResearchTransaction
  ) throws {
    guard current.study.messages[.invitation] != nil, contact.email ?? contact.phone != nil else {
      return
    }
    try transaction.queue(
      MessageRecord(
        uuid: transaction.secrets.uuid(for: "message of invitation \(invitation.pseudonym)"),
        person: invitation.uuid, occasion: nil, kind: .invitation,
        channel: MessageRecord.anyChannel, due: invitation.invited,
        expires: invitation.invited.addingTimeInterval(Self.invitationTime)),
      at: invitation.invited)
  }

  private static func newPseudonym(
    besides taken: inout Set<String>, using generator: inout some RandomNumberGenerator
  ) -> String {
    while true {
      let pseudonym = Pseudonym.make(using: &generator)
      if taken.insert(pseudonym).inserted { return pseudonym }
    }
  }

  /// Makes invitations without a contact, each with a code to hand out.
  ///
  /// - Throws: ``CollectionError`` `noLinkKey`, or when the site is unknown.
  package func makeCodes(
    _ count: Int, site: String?, now: Date, using generator: inout some RandomNumberGenerator
  ) async throws -> [(pseudonym: String, code: InvitationCode)] {
    let key = try readLinkKey()
    let site = try checked(site: site, in: current.study)
    let seeds = (0..<count).map { _ in generator.next() }
    return try await database.write { transaction in
      try seeds.map { seed in
        let pseudonym = try freePseudonym(seed: seed, in: transaction)
        let uuid = transaction.secrets.uuid(for: "invitation \(pseudonym)")
        let code = InvitationCode(of: uuid, key: key)
        try transaction.insert(
          InvitationRecord(
            uuid: uuid, pseudonym: pseudonym, site: site,
            language: current.study.languages.first ?? "en", codeHash: code.hash,
            invited: now.wholeMilliseconds))
        return (pseudonym, code)
      }
    }
  }

  /// Takes an open invitation back.
  ///
  /// - Throws: ``CollectionError`` when there is none, or it is over.
  package func revokeInvitation(_ pseudonym: String, now: Date) async throws {
    try await database.write { transaction in
      guard let invitation = try transaction.invitation(pseudonym) else {
        throw CollectionError(.unknownParticipant, pseudonym)
      }
      try checkOpen(invitation)
      try transaction.end(invitation.uuid, as: .revoked, at: now.wholeMilliseconds)
    }
  }

  /// The invitation that an entry needs, which must be open; nil where it needs none.
  func invitation(
    for entry: Enrolment.Entry, in snapshot: ResearchSnapshot
  ) throws -> InvitationRecord? {
    let mode = current.study.enrolment.mode
    switch entry {
    case .team: return nil
    case .open:
      guard mode == .open else {
        throw CollectionError(
          .notInvited, "the study's address", detail: "people join by \(mode.rawValue)")
      }
      return nil
    case .invitation(let pseudonym):
      guard let invitation = try snapshot.invitation(pseudonym) else {
        throw CollectionError(.notInvited, pseudonym, detail: "there is no invitation of this name")
      }
      try checkOpen(invitation)
      return invitation
    case .code(let typed):
      guard let hash = InvitationCode.hash(of: typed),
        let invitation = try snapshot.invitation(codeHash: hash)
      else {
        throw CollectionError(.notInvited, "this code", detail: "check how it is typed")
      }
      try checkOpen(invitation)
      return invitation
    }
  }

  func checkOpen(_ invitation: InvitationRecord) throws {
    guard invitation.state == .open else {
      throw CollectionError(
        .notInvited, invitation.pseudonym,
        detail: "the invitation is over (\(invitation.state.rawValue))")
    }
  }
}
