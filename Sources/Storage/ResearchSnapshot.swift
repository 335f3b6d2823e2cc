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

  /// What the question marks of a statement stand for, in their order.
  typealias Values = [(any DatabaseValueConvertible)?]

  /// A statement that stays prepared, with its values bound.
  ///
  /// They are bound by their places, one by one: matching hundreds of them with names that there are none
  /// of takes longer than to insert them.
  func prepared(
    _ sql: String, _ values: some Sequence<(any DatabaseValueConvertible)?>
  ) throws -> Statement {
    let statement = try database.cachedStatement(sql: sql)
    assert((try? statement.validateArguments(StatementArguments(values))) != nil, sql)
    // Takes away what was bound before, and says that all is bound that is to be.
    statement.setUncheckedArguments([])
    var place: CInt = 0
    for value in values {
      place += 1
      guard let value else { continue }
      let code = value.bind(to: statement.sqliteStatement, at: place)
      guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
    return statement
  }

  /// Runs a read; a transaction first sees to it that what it reads is written.
  ///
  /// - Parameter isUntouched: whether the transaction has written nothing of what is read; see
  ///   ``isUntouched(_:)``.
  func reading<T>(
    _ sql: String, isUntouched: Bool, _ body: () throws -> T
  ) throws -> T { try body() }

  /// Whether nothing of a participant's own rows was added or changed since the snapshot began: each write
  /// that is by pseudonym looks up the participant's row first.
  func isUntouched(_ pseudonym: String) -> Bool { memory.participants[pseudonym] == nil }

  /// All rows of a query, made into values.
  func list<T>(
    _ sql: String, _ values: Values = [], isUntouched: Bool = false, _ make: (Row) throws -> T
  ) throws(StorageError) -> [T] {
    try StorageError.wrapping {
      try reading(sql, isUntouched: isUntouched) {
        let cursor = try Row.fetchCursor(try prepared(sql, values))
        var result: [T] = []
        while let row = try cursor.next() { result.append(try make(row)) }
        return result
      }
    }
  }

  /// The first row of a query, if there is one.
  func first<T>(
    _ sql: String, _ values: Values = [], isUntouched: Bool = false, _ make: (Row) throws -> T
  ) throws(StorageError) -> T? {
    try StorageError.wrapping {
      try reading(sql, isUntouched: isUntouched) {
        try Row.fetchOne(try prepared(sql, values)).map(make)
      }
    }
  }

  /// The one row that must be there.
  func one<T>(
    _ subject: String, _ sql: String, _ values: Values, isUntouched: Bool = false,
    _ make: (Row) throws -> T
  ) throws(StorageError) -> T {
    guard let value = try first(sql, values, isUntouched: isUntouched, make) else {
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
