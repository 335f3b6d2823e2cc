import Foundation
import GRDB

/// What can be read and written inside one transaction. It is only valid inside its closure.
///
/// Each change appends its event to the chain that it belongs to; there is no way to write one
/// without the other.
package final class ResearchTransaction: ResearchSnapshot {
  /// Where UUIDs and keys come from.
  package let secrets: Secrets

  init(_ database: Database, secrets: Secrets) {
    self.secrets = secrets
    super.init(database)
  }

  /// Runs `body` so that, if it throws, it alone is undone.
  package func savepoint<T>(_ body: () throws -> T) throws -> T {
    var result: Result<T, any Error>?
    do {
      try database.inSavepoint {
        result = .success(try body())
        return .commit
      }
    } catch let error as DatabaseError {
      throw StorageError(error)
    }
    guard let result else { throw StorageError(.engine, "a savepoint ended without a result") }
    return try result.get()
  }

  /// Runs one statement that returns nothing.
  ///
  /// - Returns: how many rows it changed.
  @discardableResult
  func run(_ sql: String, _ arguments: StatementArguments) throws(StorageError) -> Int {
    try StorageError.wrapping {
      try database.cachedStatement(sql: sql).execute(arguments: arguments)
      return database.changesCount
    }
  }

  /// Runs one `INSERT … RETURNING id`.
  func insert(_ sql: String, _ arguments: StatementArguments) throws(StorageError) -> Int64 {
    guard let id = try first(sql, arguments, { $0[0] as Int64 }) else {
      throw StorageError(.constraint, "an insert returned no row")
    }
    return id
  }
}
