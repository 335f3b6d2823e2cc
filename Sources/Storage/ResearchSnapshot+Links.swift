package import Foundation
import GRDB

extension ResearchSnapshot {
  private static let linkColumns = "SELECT person, generation, token_hash, made_at FROM links"

  private static func link(_ row: Row) throws -> LinkRecord {
    LinkRecord(
      person: try row.uuid("person"), generation: row["generation"],
      tokenHash: row["token_hash"], made: row.date("made_at"))
  }

  /// The link of a person that holds now, or `nil` before the first was made.
  package func link(of person: UUID) throws(StorageError) -> LinkRecord? {
    try first("\(Self.linkColumns) WHERE person = ?", [person.text], Self.link)
  }

  /// The link with the hash of a token, or `nil`.
  package func link(hashed tokenHash: String) throws(StorageError) -> LinkRecord? {
    try first("\(Self.linkColumns) WHERE token_hash = ?", [tokenHash], Self.link)
  }
}
