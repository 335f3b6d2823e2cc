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
  func run(_ sql: String, _ arguments: StatementArguments) throws(StorageError) -> Int {
    try StorageError.wrapping {
      try database.cachedStatement(sql: sql).execute(arguments: arguments)
      memory.forget(whatIsChangedBy: sql)
      return database.changesCount
    }
  }

  /// Runs one `INSERT` of one row, without any clause about conflicts.
  ///
  /// - Returns: the row's id.
  func insert(_ sql: String, _ arguments: StatementArguments) throws(StorageError) -> Int64 {
    try run(sql, arguments)
    return database.lastInsertedRowID
  }

  /// How many rows one statement takes at most: enough for a long questionnaire, and few enough that the
  /// statements of each length can be kept prepared.
  private static let rowsAtOnce = 40

  /// Runs `INSERT … VALUES …` for several rows, as few statements as can be.
  ///
  /// - Parameters:
  ///   - sql: up to and without `VALUES`.
  ///   - rows: the values of each row; all of the same length.
  ///   - ending: what follows the values.
  func insert(
    _ sql: String, rows: [[(any DatabaseValueConvertible)?]], ending: String = ""
  ) throws(StorageError) {
    for first in stride(from: 0, to: rows.count, by: Self.rowsAtOnce) {
      let last = min(first + Self.rowsAtOnce, rows.count)
      let marks = "(?" + String(repeating: ",?", count: rows[first].count - 1) + ")"
      let more = String(repeating: "," + marks, count: last - first - 1)
      let text = "\(sql) VALUES \(marks)\(more) \(ending)"
      try StorageError.wrapping {
        let statement = try database.cachedStatement(sql: text)
        // Bound by place, one by one: matching hundreds of values with names that there are none of took
        // longer than the insert.
        statement.setUncheckedArguments([])
        var place: CInt = 0
        for row in rows[first..<last] {
          for value in row {
            place += 1
            let code = (value?.databaseValue ?? .null).bind(
              to: statement.sqliteStatement, at: place)
            guard code == 0 else { throw StorageError(.engine, "a value that cannot be bound") }
          }
        }
        try statement.execute()
      }
    }
  }
}
