import Foundation
import GRDB
import LocalTime

/// What can be read, at one moment. It is only valid inside the closure that it is handed to.
///
/// Its methods are grouped by subject in `ResearchSnapshot+Subject.swift`. Every list has a stated
/// order, so that the same content gives the same export.
package class ResearchSnapshot {
  let database: Database
  var memory = TransactionMemory()

  init(_ database: Database) {
    self.database = database
  }

  /// All rows of a query, made into values.
  func list<T>(
    _ sql: String, _ arguments: StatementArguments = [], _ make: (Row) throws -> T
  ) throws(StorageError) -> [T] {
    try StorageError.wrapping {
      let statement = try database.cachedStatement(sql: sql)
      let cursor = try Row.fetchCursor(statement, arguments: arguments)
      var result: [T] = []
      while let row = try cursor.next() { result.append(try make(row)) }
      return result
    }
  }

  /// The first row of a query, if there is one.
  func first<T>(
    _ sql: String, _ arguments: StatementArguments = [], _ make: (Row) throws -> T
  ) throws(StorageError) -> T? {
    try StorageError.wrapping {
      let statement = try database.cachedStatement(sql: sql)
      return try Row.fetchOne(statement, arguments: arguments).map(make)
    }
  }

  /// The one row that must be there.
  func one<T>(
    _ subject: String, _ sql: String, _ arguments: StatementArguments, _ make: (Row) throws -> T
  ) throws(StorageError) -> T {
    guard let value = try first(sql, arguments, make) else {
      throw StorageError(.unknownRecord, subject)
    }
    return value
  }
}

// MARK: - Columns

extension Row {
  func date(_ column: String) -> Date { Date(utcMilliseconds: self[column]) }

  func optionalDate(_ column: String) -> Date? {
    (self[column] as Int64?).map(Date.init(utcMilliseconds:))
  }

  func truth(_ column: String) -> Bool { (self[column] as Int64) != 0 }

  func uuid(_ column: String) throws -> UUID {
    guard let uuid = UUID(text: self[column]) else {
      throw StorageError(.damaged, "column \(column)")
    }
    return uuid
  }

  /// One of the words that a column may hold.
  func word<Word: RawRepresentable<String>>(_ column: String) throws -> Word {
    guard let word = Word(rawValue: self[column]) else {
      throw StorageError(.damaged, "column \(column)")
    }
    return word
  }

  /// A list of texts from its JSON.
  func texts(_ column: String) throws -> [String] {
    let json: String = self[column]
    guard case .list(let values)? = CanonicalJSON.parse(Array(json.utf8)) else {
      throw StorageError(.damaged, "column \(column)")
    }
    let texts = values.compactMap { value -> String? in
      guard case .text(let text) = value else { return nil }
      return text
    }
    guard texts.count == values.count else { throw StorageError(.damaged, "column \(column)") }
    return texts
  }
}
