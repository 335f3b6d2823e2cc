import Foundation
import GRDB

/// What can be read and written inside one transaction. It is only valid inside its closure.
///
/// Each change appends its event to the chain that it belongs to; there is no way to write one
/// without the other.
package final class ResearchTransaction: ResearchSnapshot {
  /// Where UUIDs and keys come from.
  package let secrets: Secrets

  /// Where writes wait for another thread; nil where each is done at once.
  private let queue: StatementQueue?
  /// Room for the values of one write.
  private var batch = StatementBatch()
  private var statements: [String: PreparedStatement] = [:]
  /// What makes events links of their chains, once there was one.
  private var sealer: ChainSealer?

  /// - Parameter isBehind: whether another thread does the writes, until ``settle()``.
  init(_ database: Database, secrets: Secrets, isBehind: Bool = false) {
    self.secrets = secrets
    queue = isBehind ? StatementQueue() : nil
    super.init(database)
  }

  /// Waits until all that was written is in the database.
  func settle() throws(StorageError) {
    guard let queue else { return }
    try StorageError.wrapping { try queue.settle() }
  }

  override func reading<T>(
    _ sql: String, isUntouched: Bool, _ body: () throws -> T
  ) throws -> T {
    guard let queue else { return try body() }
    return try queue.reading(sql, isUntouched: isUntouched, body)
  }

  /// Runs `body` so that, if it throws, it alone is undone.
  package func savepoint<T>(_ body: () throws -> T) throws -> T {
    var result: Result<T, any Error>?
    // What fails before it is no part of it.
    try settle()
    do {
      try database.inSavepoint {
        let outcome = Result { try body() }
        let settling = Result { try settle() }
        result = .success(try outcome.get())
        try settling.get()
        return .commit
      }
    } catch {
      queue?.forgive()
      // Rows and ends of chains are what they were before it.
      memory = TransactionMemory()
      throw (error as? DatabaseError).map(StorageError.init) ?? error
    }
    guard let result else { throw StorageError(.engine, "a savepoint ended without a result") }
    return try result.get()
  }

  /// Does one write, or has it done.
  ///
  /// - Parameters:
  ///   - sql: an `INSERT`, `UPDATE` or `DELETE`.
  ///   - values: adds the values of its question marks, in their order.
  func run(_ sql: String, values: (inout StatementBatch) -> Void) throws(StorageError) {
    try run(try statement(sql), values: values)
  }

  /// The same with the values as a list.
  ///
  /// - Parameter person: the pseudonym of the only participant whose row it changes.
  func run(
    _ sql: String, _ values: Values, changing person: String? = nil
  ) throws(StorageError) {
    try run(try statement(sql), changing: person) { for value in values { $0.add(value) } }
  }

  /// The same for a statement that is at hand, for many rows.
  func run(
    _ statement: PreparedStatement, changing person: String? = nil,
    values: (inout StatementBatch) -> Void
  ) throws(StorageError) {
    if !statement.isAdding { memory.forget(whatChangesBy: statement, of: person) }
    guard let queue else {
      return try StorageError.wrapping {
        batch.removeAll()
        batch.begin(statement)
        values(&batch)
        try batch.perform()
      }
    }
    queue.add(statement, values)
  }

  /// Writes an event, or has it written.
  func seal(_ event: EventToSeal) throws(StorageError) {
    let sealer = try chainSealer()
    guard let queue else {
      return try StorageError.wrapping {
        batch.removeAll()
        batch.add(event, sealer: sealer)
        batch.seal()
        try batch.perform()
      }
    }
    queue.add(event, sealer: sealer)
  }

  private func chainSealer() throws(StorageError) -> ChainSealer {
    if let sealer { return sealer }
    let made = ChainSealer(
      ChainSealer.Statements(
        event: try statement(ChainSealer.eventSQL), content: try statement(ChainSealer.contentSQL)),
      secrets: secrets)
    sealer = made
    return made
  }

  /// Does one write at once.
  ///
  /// - Parameter person: the pseudonym of the only participant whose row it changes.
  /// - Returns: how many rows it changed.
  func change(
    _ sql: String, _ values: Values, changing person: String? = nil
  ) throws(StorageError) -> Int {
    let statement = try statement(sql)
    if !statement.isAdding { memory.forget(whatChangesBy: statement, of: person) }
    batch.removeAll()
    batch.begin(statement)
    for value in values { batch.add(value) }
    return try StorageError.wrapping {
      if let queue { try queue.perform(batch) } else { try batch.perform() }
      return database.changesCount
    }
  }

  /// Does the same write for several rows.
  ///
  /// - Parameter values: adds the values of one row.
  func run<Row>(
    _ sql: String, for rows: [Row], values: (inout StatementBatch, Row) -> Void
  ) throws(StorageError) {
    guard !rows.isEmpty else { return }
    let statement = try statement(sql)
    for row in rows { try run(statement) { values(&$0, row) } }
  }

  /// The id of the next row of a table whose rows are never removed, by its own counting: nobody else
  /// adds any while this transaction lasts.
  func nextRow(of table: String) throws(StorageError) -> Int64 {
    var last = memory.lastRows[table]
    if last == nil { last = try first("SELECT max(id) FROM \(table)") { $0[0] as Int64? } ?? nil }
    let next = (last ?? 0) + 1
    memory.lastRows[table] = next
    return next
  }

  /// The statement of a text, which stays prepared.
  func statement(_ sql: String) throws(StorageError) -> PreparedStatement {
    if let known = statements[sql] { return known }
    // Preparing reads the schema and no table.
    let statement = try StorageError.wrapping {
      try reading("", isUntouched: true) {
        PreparedStatement(try database.cachedStatement(sql: sql), sql: sql)
      }
    }
    statements[sql] = statement
    return statement
  }
}
