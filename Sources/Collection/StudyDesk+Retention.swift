package import Foundation
import Identities
import LocalTime
import Storage
import Studies

/// Something that the study's retention says should be gone by now.
package struct RetentionDue: Hashable, Sendable {
  /// What it is.
  package enum Kind: String, Hashable, Sendable {
    /// The contact of one person.
    case identity
    /// All answers.
    case data
  }

  package let kind: Kind
  /// Whose contact it is; nil for the data.
  package let pseudonym: String?
  /// Since when it should be gone.
  package let since: Date
}

extension StudyDesk {
  /// What is kept longer than the study says (`retention`), oldest first; empty where it says
  /// nothing.
  ///
  /// A participant's end is withdrawal, or the end of the last occasion; that of somebody who never
  /// joined is the end of the invitation, or, while it is open, the inviting. The study's end is that
  /// of its last participant. Erased people have nothing that could be kept too long.
  ///
  /// - Parameter contacts: the database of contacts, whose key is not needed.
  /// - Returns: contacts that are there, where the database of contacts is at hand; without it, all
  ///   people whose contact would have to be gone.
  package func retentionDue(now: Date, contacts: URL? = nil) async throws -> [RetentionDue] {
    guard let retention = current.study.retention else { return [] }
    let (ends, invited) = try await database.read { snapshot in
      (try participantEnds(in: snapshot), try invitationEnds(in: snapshot))
    }
    let stored = try await contactsAtHand(contacts)
    var due: [RetentionDue] = []
    if let span = retention.identities {
      for (pseudonym, end) in ends.merging(invited, uniquingKeysWith: { joined, _ in joined })
      where stored?.contains(pseudonym) ?? true {
        let since = Self.date(span, after: end)
        if since <= now {
          due.append(RetentionDue(kind: .identity, pseudonym: pseudonym, since: since))
        }
      }
    }
    if let span = retention.data, let last = ends.values.max() {
      let since = Self.date(span, after: last)
      if since <= now { due.append(RetentionDue(kind: .data, pseudonym: nil, since: since)) }
    }
    return due.sorted { ($0.since, $0.pseudonym ?? "") < ($1.since, $1.pseudonym ?? "") }
  }

  /// Whose contact is there, by the database that is named or else the desk's own; nil without either.
  private func contactsAtHand(_ contacts: URL?) async throws -> Set<String>? {
    if let contacts { return try await IdentityDatabase.pseudonyms(in: contacts) }
    guard let identities else { return nil }
    return Set(try await identities.pseudonyms())
  }

  private func invitationEnds(in snapshot: ResearchSnapshot) throws -> [String: Date] {
    Dictionary(
      try snapshot.invitations().filter { $0.state != .accepted }.map {
        ($0.pseudonym, $0.stateSince)
      }, uniquingKeysWith: { $1 })
  }

  private func participantEnds(in snapshot: ResearchSnapshot) throws -> [String: Date] {
    var ends: [String: Date] = [:]
    for participant in try snapshot.participants()
    where participant.status.hasJoined && participant.status != .erased {
      let last = try snapshot.occasions(of: participant.pseudonym).map(\.graceEnds).max()
      ends[participant.pseudonym] = participant.ended ?? last ?? participant.enrolled
    }
    return ends
  }

  private static func date(_ span: Span, after end: Date) -> Date {
    LocalMoment(end, in: .gmt).adding(span, in: .gmt).instant
  }
}
