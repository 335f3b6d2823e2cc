package import Definitions
package import Foundation
import LocalTime
package import Storage
package import Studies

/// What a publication came to.
package struct Publishing: Sendable {
  /// The study with its new version: what to go on with from here.
  package let desk: StudyDesk
  /// The new version.
  package let publication: PublicationRecord
  /// How many participants answer it from now on.
  package let participants: Int
  /// What became of their occasions that had not opened.
  package let change: PlanChange
  /// How many occasions they have in addition.
  package let added: Int
}

extension StudyDesk {
  /// What keeps a folder from being the study's next version: each place where it would orphan data,
  /// with what to do. None, and it can be published.
  ///
  /// - Parameter scope: whom it would be published for.
  /// - Throws: ``CollectionError`` `nothingToPublish` where the folder says what is published.
  package func publicationProblems(
    of folder: StudyFolder, for scope: PublicationScope, now: Date
  ) async throws -> Problems {
    try await database.read { try publicationProblems(of: folder, for: scope, now: now, in: $0) }
  }

  private func publicationProblems(
    of folder: StudyFolder, for scope: PublicationScope, now: Date, in snapshot: ResearchSnapshot
  ) throws -> Problems {
    guard !isUpToDate(with: folder) else {
      throw CollectionError(.nothingToPublish, "version \(current.study.version)")
    }
    let data = try snapshot.collectedData(now: now)
    var problems = PublicationCheck(
      of: folder, after: current, following: scope == .everyone ? versions : [:], data: data
    ).problems
    problems.append(instrumentVersionProblems(of: folder, data: data))
    return problems
  }

  /// Publishes a changed folder as the study's next version, in one transaction.
  ///
  /// New participants answer it from now on. For everyone, so do those who take part: what has not
  /// opened is planned anew by it, and what it adds is planned as far as it opens from now on. What
  /// has opened stays with the version that it opened in, and a session that was begun finishes on
  /// it.
  ///
  /// - Returns: the desk to go on with; this one does not know the version.
  /// - Throws: `Problems` with every place that would orphan data; ``CollectionError``
  ///   `nothingToPublish`.
  package func publish(
    _ folder: StudyFolder, for scope: PublicationScope, now: Date
  ) async throws -> Publishing {
    try await database.write { transaction in
      let problems = try publicationProblems(of: folder, for: scope, now: now, in: transaction)
      guard !problems.hasErrors else { throw problems }
      let now = now.wholeMilliseconds
      // What has expired ends by the rules of the version that it was asked by.
      _ = try close(now: now, in: transaction)
      let publication = try transaction.publish(
        studyID: folder.study.id, version: folder.study.version, contentHash: folder.contentHash,
        definitions: folder.documents.compactMap(DefinitionRecord.init), for: scope, at: now)
      let desk = adding(try StudyVersion(publication, in: transaction))
      guard scope == .everyone else {
        return Publishing(
          desk: desk, publication: publication, participants: 0, change: PlanChange(), added: 0)
      }
      return try desk.moveEverybody(to: publication, now: now, in: transaction)
    }
  }

  /// The desk with every version that has been published since it was opened: what long-running work
  /// goes on with, because another process may publish. It is cheap where nothing was.
  package func refreshed() async throws -> StudyDesk {
    try await database.read { snapshot in
      guard let latest = try snapshot.latestPublication(),
        latest.number > current.publication.number
      else { return self }
      return try snapshot.publications().filter { versions[$0.number] == nil }
        .reduce(self) { $0.adding(try StudyVersion($1, in: snapshot)) }
    }
  }

  private func adding(_ version: StudyVersion) -> StudyDesk {
    StudyDesk(
      database: database, identities: identities,
      versions: versions.merging([version.publication.number: version]) { $1 }, current: version,
      allocationSeed: allocationSeed, linkKey: linkKey)
  }

  private func moveEverybody(
    to publication: PublicationRecord, now: Date, in transaction: ResearchTransaction
  ) throws -> Publishing {
    var (participants, added) = (0, 0)
    var sum = PlanChange()
    for var participant in try transaction.participants()
    where participant.status == .enrolled || participant.status == .pending {
      try transaction.setPublication(publication.number, of: participant.pseudonym, at: now)
      participant.publication = publication.number
      participants += 1
      // Nothing is planned of those who have not agreed to anything yet.
      guard try !transaction.occasions(of: participant.pseudonym).isEmpty else { continue }
      let change = try replan(participant, now: now, in: transaction)
      sum.moved += change.moved
      sum.skipped += change.skipped
      sum.cancelled += change.cancelled
      added += try plan(
        participant, version: current, opening: now, now: now, in: transaction)
    }
    return Publishing(
      desk: self, publication: publication, participants: participants, change: sum, added: added)
  }
}
