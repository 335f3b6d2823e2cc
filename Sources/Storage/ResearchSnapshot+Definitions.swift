import Foundation
import GRDB

extension ResearchSnapshot {
  private static let publicationColumns = """
    SELECT number, study_id, version, content_hash, published_at, applies_to FROM publications
    """

  private static func publication(_ row: Row) throws -> PublicationRecord {
    PublicationRecord(
      number: row["number"], studyID: row["study_id"], version: row["version"],
      contentHash: row["content_hash"], published: row.date("published_at"),
      appliesTo: try row.word("applies_to"))
  }

  /// Every publication, oldest first.
  package func publications() throws(StorageError) -> [PublicationRecord] {
    try list("\(Self.publicationColumns) ORDER BY number", [], Self.publication)
  }

  /// The publication that new participants answer, or `nil` before the first.
  package func latestPublication() throws(StorageError) -> PublicationRecord? {
    try first("\(Self.publicationColumns) ORDER BY number DESC LIMIT 1", [], Self.publication)
  }

  /// The definitions of a publication, by kind and id.
  package func definitions(
    ofPublication number: Int
  ) throws(StorageError) -> [DefinitionRecord] {
    try list(
      """
      SELECT d.kind, d.name, d.version, d.bytes, d.hash FROM definitions d
      JOIN publication_definitions p ON p.definition = d.id
      WHERE p.publication = ? ORDER BY d.kind, d.name, d.version
      """, [number]
    ) { row in
      let bytes: Data = row["bytes"]
      let record = DefinitionRecord(
        kind: try row.word("kind"), id: row["name"], version: row["version"], bytes: Array(bytes))
      guard record.hash == row["hash"] else {
        throw StorageError(.damaged, "definition \(record.id)")
      }
      return record
    }
  }
}
