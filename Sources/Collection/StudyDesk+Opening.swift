package import Foundation
package import Identities
package import Storage
package import Studies

extension StudyDesk {
  /// Opens a study.
  ///
  /// The first time, the folder's definitions are published into the database, byte by byte. From
  /// then on the database's are used, whatever the folder says; see ``isUpToDate(with:)``.
  ///
  /// - Parameters:
  ///   - identities: the contacts, where this door needs them.
  ///   - folder: the study's folder; a study that runs already needs none.
  ///   - allocationSeed: the secret that arms are drawn from, from a key file
  ///     (`SecretKey.seed(for: "allocation")`) in a real study.
  ///   - linkKey: the secret that personal links are made with, where this door makes any.
  /// - Throws: ``CollectionError`` `notPublished` when the database is empty and there is no folder;
  ///   `unreadableStudy`; `StorageError`.
  package static func open(
    _ database: ResearchDatabase, identities: IdentityDatabase? = nil,
    publishing folder: StudyFolder? = nil, allocationSeed: UInt64,
    linkKey: SecretKey? = nil, now: Date
  ) async throws -> StudyDesk {
    // Reading comes first: opening a running study must not wait for whoever is writing.
    var versions = try await database.read { try StudyVersion.all(in: $0) }
    if versions.isEmpty, let folder {
      versions = try await database.write { transaction in
        if try transaction.latestPublication() == nil {
          _ = try transaction.publish(
            studyID: folder.study.id, version: folder.study.version,
            contentHash: folder.contentHash,
            definitions: folder.documents.compactMap(DefinitionRecord.init), at: now)
        }
        return try StudyVersion.all(in: transaction)
      }
    }
    guard let current = versions.last else {
      throw CollectionError(.notPublished, database.url.path)
    }
    return StudyDesk(
      database: database, identities: identities,
      versions: Dictionary(
        versions.map { ($0.publication.number, $0) }, uniquingKeysWith: { $1 }),
      current: current, allocationSeed: allocationSeed, linkKey: linkKey)
  }

  /// Whether a folder says what participants meet, byte by byte of what is published: the study
  /// file, the instruments that it uses and all its texts.
  ///
  /// If not, the folder was changed after publication, and the changes do not hold. Callers that
  /// have the folder at hand (commands, the server at its start) ask once and say so, with the
  /// published version. What lies in the folder and is not used by the study does not count. It
  /// hashes what is in memory, some kilobytes, and reads neither disk nor database.
  package func isUpToDate(with folder: StudyFolder) -> Bool {
    folder.contentHash == current.publication.contentHash
  }
}

extension DefinitionRecord {
  init?(_ document: StudyDocument) {
    guard let kind = Kind(rawValue: document.kind.rawValue) else { return nil }
    self.init(
      kind: kind, id: document.id, version: document.version, bytes: document.bytes)
  }
}
