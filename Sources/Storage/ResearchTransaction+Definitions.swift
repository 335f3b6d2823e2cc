package import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Publishes a version of the study: its definitions by hash, and that they belong together.
  ///
  /// - Returns: the publication, with the next number.
  package func publish(
    studyID: String, version: String, contentHash: String, definitions: [DefinitionRecord],
    for scope: PublicationScope = .newParticipants, at now: Date
  ) throws(StorageError) -> PublicationRecord {
    let number = (try latestPublication()?.number ?? 0) + 1
    let publication = PublicationRecord(
      number: number, studyID: studyID, version: version, contentHash: contentHash,
      published: Date(utcMilliseconds: now.utcMilliseconds), appliesTo: scope)
    let kind = try one("kind of database", "SELECT kind FROM research_database", []) {
      $0[0] as String
    }
    let event = try append(
      .studyPublished, to: .study,
      content: EventContent.publication(publication, definitions: definitions, kind: kind),
      at: now)
    try run(
      """
      INSERT INTO publications (number, study_id, version, content_hash, published_at, applies_to,
        event)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [number, studyID, version, contentHash, now.utcMilliseconds, scope.rawValue, event])
    for definition in definitions {
      try run(
        """
        INSERT INTO definitions (hash, kind, name, version, bytes) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (hash, kind, name, version) DO NOTHING
        """,
        [
          definition.hash, definition.kind.rawValue, definition.id, definition.version,
          Data(definition.bytes),
        ])
      try run(
        """
        INSERT INTO publication_definitions (publication, definition)
        SELECT ?, id FROM definitions
        WHERE hash = ? AND kind = ? AND name = ? AND version = ?
        ON CONFLICT (publication, definition) DO NOTHING
        """,
        [number, definition.hash, definition.kind.rawValue, definition.id, definition.version])
    }
    return publication
  }

  /// Lets a participant answer another publication from now on.
  package func setPublication(
    _ publication: Int, of pseudonym: String, at now: Date
  ) throws(StorageError) {
    let (id, chain) = try key(of: pseudonym)
    try run(
      "UPDATE participants SET publication = ? WHERE id = ?", [publication, id],
      changing: pseudonym)
    try append(
      .versionChanged, to: chain, content: EventContent.version(publication), at: now)
  }
}
