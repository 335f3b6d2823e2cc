package import Foundation
import GRDB

extension ResearchSnapshot {
  private static let erasureColumns = """
    SELECT e.uuid, coalesce(p.pseudonym, i.pseudonym) AS pseudonym, e.person, e.scope,
      e.requested_at, e.removed_at, e.counts, e.completed_at
    FROM erasures e LEFT JOIN participants p ON p.uuid = e.person
    LEFT JOIN invitations i ON i.uuid = e.person
    """

  private static func erasure(_ row: Row) throws -> ErasureRecord {
    guard let scope = ErasureScope(CanonicalJSON.parse(Array((row["scope"] as String).utf8)))
    else { throw StorageError(.damaged, "column scope") }
    let counts = (row["counts"] as String?).flatMap { CanonicalJSON.parse(Array($0.utf8)) }
    return ErasureRecord(
      uuid: try row.uuid("uuid"), pseudonym: row["pseudonym"],
      participant: try row.uuid("person"), scope: scope,
      requested: row.date("requested_at"), removed: row.optionalDate("removed_at"),
      counts: (counts?.fields ?? [:]).compactMapValues { value in
        guard case .integer(let count) = value else { return nil }
        return Int(count)
      }, completed: row.optionalDate("completed_at"))
  }

  /// The ledger of erasures, in the order of asking.
  package func erasures() throws(StorageError) -> [ErasureRecord] {
    try list("\(Self.erasureColumns) ORDER BY e.id", [], Self.erasure)
  }

  /// The erasures that some file of the study may still contradict, in the order of asking.
  package func pendingErasures() throws(StorageError) -> [ErasureRecord] {
    try list(
      "\(Self.erasureColumns) WHERE e.completed_at IS NULL ORDER BY e.id", [], Self.erasure)
  }

  /// One erasure, or `nil`.
  package func erasure(_ uuid: UUID) throws(StorageError) -> ErasureRecord? {
    try first("\(Self.erasureColumns) WHERE e.uuid = ?", [uuid.text], Self.erasure)
  }

  /// The erasure of a person's contact, with everything else or alone, or `nil` where none was asked for.
  package func contactErasure(of pseudonym: String) throws(StorageError) -> ErasureRecord? {
    try erasure(of: pseudonym, \.coversContact)
  }

  private func erasure(
    of pseudonym: String, _ isMeant: (ErasureScope) -> Bool
  ) throws(StorageError) -> ErasureRecord? {
    try list(
      "\(Self.erasureColumns) WHERE ?1 IN (p.pseudonym, i.pseudonym) ORDER BY e.id", [pseudonym],
      Self.erasure
    ).first { isMeant($0.scope) }
  }

  /// The UUID of a participant, or of the invitation that keeps a pseudonym.
  ///
  /// - Throws: ``StorageError`` `unknownRecord`.
  func person(_ pseudonym: String) throws(StorageError) -> UUID {
    try one(
      "participant \(pseudonym)",
      """
      SELECT uuid FROM participants WHERE pseudonym = ?1
      UNION SELECT uuid FROM invitations WHERE pseudonym = ?1
      """, [pseudonym]
    ) { try $0.uuid("uuid") }
  }

  /// The erasure of everything of a participant, or `nil` where none was asked for.
  package func fullErasure(of pseudonym: String) throws(StorageError) -> ErasureRecord? {
    try erasure(of: pseudonym) { $0 == .everything }
  }
}
