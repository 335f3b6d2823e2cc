package import Foundation
import GRDB

extension IdentityDatabase {
  /// Removes all that is stored of some pseudonyms, and rewrites the file without it.
  ///
  /// It needs no key: a key that was lost must not keep anybody's data. What backups hold stays
  /// sealed under the key.
  ///
  /// - Parameter url: the database; where there is none, nothing was stored.
  /// - Returns: whether it was done; not while another process reads or writes the file.
  /// - Throws: ``IdentityError``.
  package static func erase(
    _ pseudonyms: Set<String>, from url: URL
  ) async throws(IdentityError) -> Bool {
    try await erase(pseudonyms, from: url) { try tablesWithPseudonyms($0) }
  }

  /// Destroys the keys of the donated conversations of some pseudonyms, and leaves the contacts; see
  /// ``erase(_:from:)``.
  ///
  /// - Throws: ``IdentityError``.
  package static func eraseLogKeys(
    of pseudonyms: Set<String>, from url: URL
  ) async throws(IdentityError) -> Bool {
    try await erase(pseudonyms, from: url) {
      try tablesWithPseudonyms($0).filter { $0 == "log_keys" }
    }
  }

  /// Removes the contacts of some pseudonyms, and leaves the keys of their donated conversations; see
  /// ``erase(_:from:)``.
  ///
  /// - Throws: ``IdentityError``.
  package static func eraseContacts(
    of pseudonyms: Set<String>, from url: URL
  ) async throws(IdentityError) -> Bool {
    try await erase(pseudonyms, from: url) {
      try tablesWithPseudonyms($0).filter { $0 == "contacts" }
    }
  }

  /// Whose contact a database has; it needs no key, because pseudonyms are not sealed.
  ///
  /// - Returns: their pseudonyms; none where there is no file.
  /// - Throws: ``IdentityError``, also for a file that is no database of contacts.
  package static func pseudonyms(in url: URL) async throws(IdentityError) -> Set<String> {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    do {
      let queue = try DatabaseQueue(path: url.path, configuration: configuration)
      let found = try await queue.read { database -> Set<String> in
        try checkMark(of: database, at: url)
        guard try tablesWithPseudonyms(database).contains("contacts") else { return [] }
        return try String.fetchSet(database, sql: "SELECT pseudonym FROM contacts")
      }
      try queue.close()
      return found
    } catch { throw IdentityError(any: error) }
  }

  private static func erase(
    _ pseudonyms: Set<String>, from url: URL,
    tables: @escaping @Sendable (Database) throws -> [String]
  ) async throws(IdentityError) -> Bool {
    guard FileManager.default.fileExists(atPath: url.path) else { return true }
    do {
      let queue = try DatabaseQueue(path: url.path, configuration: configuration)
      try await queue.write { database in
        try checkMark(of: database, at: url)
        for table in try tables(database) {
          for pseudonym in pseudonyms {
            try database.execute(
              sql: "DELETE FROM \(table) WHERE pseudonym = ?", arguments: [pseudonym])
          }
        }
      }
      // Deleted rows are overwritten, copies of them in rebuilt pages are not.
      try await queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM") }
      try queue.close()
      return true
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      return false
    } catch { throw IdentityError(any: error) }
  }

  /// Every table that has rows about people names them so.
  private static func tablesWithPseudonyms(_ database: Database) throws -> [String] {
    try String.fetchAll(
      database,
      sql: """
        SELECT t.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND c.name = 'pseudonym' ORDER BY t.name
        """)
  }
}
