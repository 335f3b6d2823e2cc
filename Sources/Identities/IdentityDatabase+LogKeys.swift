import Crypto
import Foundation
import GRDB

extension IdentityDatabase {
  /// The key under which the conversations of a participant get their names in the study: random, the
  /// participant's own, sealed like a contact. Made when it is first asked for.
  ///
  /// With it gone, after an erasure, the names can be computed again by nobody, and are the same in no other
  /// study.
  ///
  /// - Throws: ``IdentityError`` `damaged` when it does not open.
  package func logKey(of pseudonym: String) async throws -> SecretKey {
    let fresh = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
    let sealed = try seal(fresh.base64EncodedString(), of: pseudonym, field: "log key")
    let stored = try await write { database in
      try database.execute(
        sql: """
          INSERT INTO log_keys (pseudonym, sealed) VALUES (?, ?) ON CONFLICT (pseudonym) DO NOTHING
          """, arguments: [pseudonym, sealed])
      return try Data.fetchOne(
        database, sql: "SELECT sealed FROM log_keys WHERE pseudonym = ?", arguments: [pseudonym])
    }
    guard let stored,
      let bytes = Data(base64Encoded: try unseal(stored, of: pseudonym, field: "log key")),
      bytes.count == SecretKey.byteCount
    else { throw IdentityError(.damaged, pseudonym) }
    return SecretKey(key: SymmetricKey(data: bytes))
  }
}
