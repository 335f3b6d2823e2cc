import GRDB

/// How hard SQLite works to have a commit on disk before it returns: `PRAGMA synchronous`.
///
/// In WAL mode only `full` syncs the log at every commit. `normal` may lose acknowledged
/// transactions when the power fails (https://www.sqlite.org/pragma.html#pragma_synchronous).
package enum Durability: Int, Hashable, Sendable {
  case off = 0
  case normal = 1
  case full = 2

  /// Sets the level and reads it back: what a driver sets behind our back must not go unnoticed.
  ///
  /// - Throws: ``StorageError`` `notDurable` unless the connection then reads 2.
  func demand(of database: Database, path: String) throws {
    try database.execute(sql: "PRAGMA synchronous = \(rawValue)")
    let found = try Int.fetchOne(database, sql: "PRAGMA synchronous")
    guard found == Durability.full.rawValue else {
      throw StorageError(
        .notDurable, path,
        detail: "PRAGMA synchronous reads \(found.map(String.init) ?? "nothing"), expected 2")
    }
    let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
    guard journal == "wal" else {
      throw StorageError(
        .notDurable, path,
        detail: "PRAGMA journal_mode reads \(journal ?? "nothing"), expected wal")
    }
  }
}
