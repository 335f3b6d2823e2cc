package import Foundation
import Identities
import LocalTime
package import Storage
import Studies

/// One participant as the study team sees them.
package struct WatchedParticipant: Hashable, Sendable {
  package let record: ParticipantRecord
  /// In the order of opening.
  package let occasions: [OccasionRecord]

  /// How many occasions have ended by a submission, unfinished or without an answer.
  package var due: Int { occasions.count(where: \.isDue) }
  /// How many of these were submitted.
  package var submitted: Int { occasions.count { $0.isDue && $0.state == .submitted } }
  /// The submitted share of what was due, from 0 to 1; nil as long as nothing is.
  package var share: Double? { due == 0 ? nil : Double(submitted) / Double(due) }
}

/// How to reach a participant, as it is shown to who may see it.
package struct ShownContact: Hashable, Sendable {
  package let name, email, phone: String?
}

extension ShownContact: CustomStringConvertible, CustomReflectable {
  /// A contact never prints itself.
  package var description: String { "a contact" }
  /// A contact has nothing to show to a debugger's dump.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A part of a list, with what to ask for to get the next.
package struct ListPart<Element: Sendable>: Sendable {
  package let elements: [Element]
  /// The name of the last element, where there are more.
  package let next: String?

  /// - Parameter found: one more than fits, where there are more.
  init(_ found: [Element], limit: Int, name: (Element) -> String) {
    elements = Array(found.prefix(limit))
    next = found.count > limit ? elements.last.map(name) : nil
  }
}

/// What the study team looks at. Each function takes who asks: what they may not see is refused, and of
/// participants they see those of their sites.
extension StudyDesk {
  /// Where the study stands, as far as somebody sees it.
  ///
  /// - Throws: ``CollectionError`` `notAllowed`.
  package func overview(for researcher: Researcher) async throws -> StudyOverview {
    try researcher.check(.overview)
    return try await overview(of: researcher.sites)
  }

  /// Participants by pseudonym, with what became of their occasions.
  ///
  /// - Parameter pseudonym: those after this one; nil from the first.
  /// - Throws: ``CollectionError`` `notAllowed`.
  package func participants(
    for researcher: Researcher, after pseudonym: String? = nil, limit: Int
  ) async throws -> ListPart<WatchedParticipant> {
    try researcher.check(.participants)
    return try await database.read { snapshot in
      let found = try snapshot.participants(
        at: researcher.sites, after: pseudonym, limit: limit + 1)
      let people = try found.map {
        WatchedParticipant(record: $0, occasions: try snapshot.occasions(of: $0.pseudonym))
      }
      return ListPart(people, limit: limit) { $0.record.pseudonym }
    }
  }

  /// One participant of a site that somebody sees.
  ///
  /// - Throws: ``CollectionError`` `notAllowed`; `unknownParticipant` also for those of other sites.
  package func participant(
    _ pseudonym: String, for researcher: Researcher
  ) async throws -> WatchedParticipant {
    try researcher.check(.participants)
    return try await database.read { snapshot in
      let record = try watched(pseudonym, by: researcher, in: snapshot)
      return WatchedParticipant(
        record: record, occasions: try snapshot.occasions(of: record.pseudonym))
    }
  }

  private func watched(
    _ pseudonym: String, by researcher: Researcher, in snapshot: ResearchSnapshot
  ) throws -> ParticipantRecord {
    guard let record = try snapshot.participant(pseudonym), researcher.sees(record.site) else {
      throw CollectionError(.unknownParticipant, pseudonym)
    }
    return record
  }

  /// Who a participant is. The look is on record, on disk, before anything is told.
  ///
  /// - Returns: nil where no contact is kept.
  /// - Throws: ``CollectionError`` `notAllowed`, `unknownParticipant`, or `noIdentities`.
  package func identity(
    of pseudonym: String, for researcher: Researcher, now: Date
  ) async throws -> ShownContact? {
    try researcher.check(.identities)
    guard let identities else { throw CollectionError(.noIdentities, pseudonym) }
    try await database.write { transaction in
      let record = try watched(pseudonym, by: researcher, in: transaction)
      try transaction.recordLook(
        by: researcher.uuid, at: [record.pseudonym], now: now.wholeMilliseconds)
    }
    return try await identities.contact(of: pseudonym).map {
      ShownContact(name: $0.name, email: $0.email, phone: $0.phone)
    }
  }

  /// Messages, latest first.
  ///
  /// - Parameter message: those before this one; nil from the latest.
  /// - Throws: ``CollectionError`` `notAllowed`.
  package func messages(
    for researcher: Researcher, before message: UUID? = nil, limit: Int
  ) async throws -> ListPart<(pseudonym: String, record: MessageRecord)> {
    try researcher.check(.messages)
    return try await database.read { snapshot in
      ListPart(
        try snapshot.messages(at: researcher.sites, before: message, limit: limit + 1),
        limit: limit
      ) { $0.record.uuid.uuidString.lowercased() }
    }
  }

  /// Donated logs, latest first.
  ///
  /// - Throws: ``CollectionError`` `notAllowed`.
  package func donations(for researcher: Researcher) async throws -> [DonationRow] {
    try researcher.check(.answers)
    return try await database.read { try $0.donations(at: researcher.sites) }
  }

  /// The mean of each score from occasion to occasion, over all arms together, so that nobody who looks
  /// at the study while it runs learns what differs between them.
  ///
  /// - Throws: ``CollectionError`` `notAllowed`.
  package func scoreMeans(for researcher: Researcher) async throws -> [ScoreMean] {
    try researcher.check(.answers)
    return try await database.read { try $0.scoreMeans(at: researcher.sites) }
  }

  /// What left the database, and what was locked and published: latest first.
  ///
  /// - Throws: ``CollectionError`` `notAllowed`, also to who sees some sites: exports are of all.
  package func exports(for researcher: Researcher, limit: Int) async throws -> [AuditEntry] {
    try researcher.check(.exports)
    let kinds: Set<EventKind> = [.dataExported, .backupMade, .planLocked, .studyPublished]
    return try await database.read { try $0.auditEntries(kinds: kinds, limit: limit) }
  }

  /// The study's own chain, latest first, with who did what.
  ///
  /// - Parameter number: entries before this one; nil from the latest.
  /// - Throws: ``CollectionError`` `notAllowed`, also to who sees some sites.
  package func audit(
    for researcher: Researcher, before number: Int? = nil, limit: Int
  ) async throws -> (entries: ListPart<AuditEntry>, names: [UUID: String]) {
    try researcher.check(.audit)
    return try await database.read { snapshot in
      let found = try snapshot.auditEntries(before: number, limit: limit + 1)
      let names = Dictionary(
        try snapshot.researchers().map { ($0.uuid, $0.name) }, uniquingKeysWith: { $1 })
      return (ListPart(found, limit: limit) { String($0.number) }, names)
    }
  }

  /// The study team with the sittings that are open, by name.
  ///
  /// - Throws: ``CollectionError`` `notAllowed`.
  package func team(
    for researcher: Researcher, now: Date
  ) async throws -> [(record: ResearcherRecord, sittings: Int)] {
    try researcher.check(.team)
    return try await database.read { snapshot in
      try snapshot.researchers().map { record in
        let open = try snapshot.webSessions(of: record.uuid).count { $0.isOpen(at: now) }
        return (record, open)
      }
    }
  }
}
