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
    } catch {
      // Rows and ends of chains are what they were before it.
      memory = TransactionMemory()
      throw (error as? DatabaseError).map(StorageError.init) ?? error
    }
    guard let result else { throw StorageError(.engine, "a savepoint ended without a result") }
    return try result.get()
  }

  /// Runs one statement that returns nothing.
  ///
  /// - Returns: how many rows it changed.
  @discardableResult
  func run(_ sql: String, _ values: Values) throws(StorageError) -> Int {
    try StorageError.wrapping {
      try prepared(sql, values).execute()
      memory.forget(whatIsChangedBy: sql)
      return database.changesCount
    }
  }

  /// Runs one `INSERT` of one row, without any clause about conflicts.
  ///
  /// - Returns: the row's id.
  func insert(_ sql: String, _ values: Values) throws(StorageError) -> Int64 {
    try run(sql, values)
    return database.lastInsertedRowID
  }

  /// How many rows one statement takes at most: enough for a long questionnaire, and few enough that the
  /// statements of each length can be kept prepared.
  static let rowsAtOnce = 40

  /// Runs `INSERT … VALUES …` for several rows, as few statements as can be.
  ///
  /// - Parameters:
  ///   - sql: up to and without `VALUES`.
  ///   - rows: the values of each row; all of the same length.
  ///   - ending: what follows the values.
  func insert(
    _ sql: String, rows: [Values], ending: String = ""
  ) throws(StorageError) {
    for first in stride(from: 0, to: rows.count, by: Self.rowsAtOnce) {
      let rows = rows[first..<min(first + Self.rowsAtOnce, rows.count)]
      let marks = "(?" + String(repeating: ",?", count: rows[first].count - 1) + ")"
      let more = String(repeating: "," + marks, count: rows.count - 1)
      try StorageError.wrapping {
        try prepared("\(sql) VALUES \(marks)\(more) \(ending)", rows.joined()).execute()
      }
    }
    memory.forget(whatIsChangedBy: sql)
  }
}
