package import Foundation
import GRDB

extension ResearchSnapshot {
  private static let erasureColumns = """
    SELECT e.uuid, p.pseudonym, p.uuid AS participant, e.scope, e.requested_at, e.removed_at,
      e.counts, e.completed_at
    FROM erasures e JOIN participants p ON p.id = e.participant
    """

  private static func erasure(_ row: Row) throws -> ErasureRecord {
    guard let scope = ErasureScope(CanonicalJSON.parse(Array((row["scope"] as String).utf8)))
    else { throw StorageError(.damaged, "column scope") }
    let counts = (row["counts"] as String?).flatMap { CanonicalJSON.parse(Array($0.utf8)) }
    return ErasureRecord(
      uuid: try row.uuid("uuid"), pseudonym: row["pseudonym"],
      participant: try row.uuid("participant"), scope: scope,
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

  /// The erasure of everything of a participant, or `nil` where none was asked for.
  package func fullErasure(of pseudonym: String) throws(StorageError) -> ErasureRecord? {
    try list(
      "\(Self.erasureColumns) WHERE p.pseudonym = ? ORDER BY e.id", [pseudonym], Self.erasure
    ).first { $0.scope == .everything }
  }
}
