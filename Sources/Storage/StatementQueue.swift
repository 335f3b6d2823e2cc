import Dispatch
import GRDB
import Synchronization

/// Seals the events and runs the writes of one transaction on a thread of its own, in the order in which
/// they were handed over, while the transaction goes on to what comes next.
///
/// A read waits for the writes before it that are to a table it names, so that a transaction meets what
/// it has written, whoever is faster; a read of what was not written waits for none. Neither the order of
/// the writes nor what they write depends on the threads.
final class StatementQueue {
  /// What both threads use.
  private final class Shared: Sendable {
    /// The first failure: what was handed over after it is not done.
    let failure = Mutex<DatabaseError?>(nil)
    /// Whoever holds it may use the connection.
    let connection = Mutex<Void>(())
  }

  private let worker = DispatchQueue(label: "longwell.statements")
  private let shared = Shared()
  /// Keeps what waits within bounds.
  private let room = DispatchSemaphore(value: 16)
  private var batch = StatementBatch()
  private var tables: Set<String> = []
  /// The last batch that was handed over for each table.
  private var handedOver: [String: DispatchGroup] = [:]
  private var last: DispatchGroup?
  /// Whether a statement names a table.
  private var named: [String: [String: Bool]] = [:]
  /// How many reads are under way, one inside another.
  private var reads = 0

  /// How many bytes of values are handed over at once.
  private static let batchSize = 16_384
  /// How many writes are done before a read gets its turn.
  private static let stretch = 8

  /// Takes over a write: its values are added by `values`.
  func add(_ statement: PreparedStatement, _ values: (inout StatementBatch) -> Void) {
    batch.begin(statement)
    values(&batch)
    tables.insert(statement.table)
    if batch.size >= Self.batchSize { handOver() }
  }

  /// Takes over an event to be sealed and written.
  func add(_ event: EventToSeal, sealer: ChainSealer) {
    batch.add(event, sealer: sealer)
    tables.insert(sealer.statements.event.table)
    tables.insert(sealer.statements.content.table)
    if batch.size >= Self.batchSize { handOver() }
  }

  /// Runs a read when the writes are done that it depends on.
  ///
  /// - Parameter isUntouched: whether no write before it is about the rows that it reads.
  func reading<T>(_ sql: String, isUntouched: Bool, _ body: () throws -> T) throws -> T {
    if reads == 0, !isUntouched {
      if tables.contains(where: { names($0, in: sql) }) { handOver() }
      for (table, batch) in handedOver where names(table, in: sql) {
        batch.wait()
        handedOver[table] = nil
      }
    }
    if reads == 0 { try throwFailure() }
    reads += 1
    defer { reads -= 1 }
    guard reads == 1 else { return try body() }
    return try shared.connection.withLock { _ in try body() }
  }

  /// Waits for all writes.
  ///
  /// - Throws: the first failure, again and again until it is forgiven: what came after it is not there.
  func settle() throws {
    handOver()
    last?.wait()
    handedOver = [:]
    last = nil
    try throwFailure()
  }

  /// Does a write at once, after all that were handed over.
  func perform(_ batch: StatementBatch) throws {
    try settle()
    try shared.connection.withLock { _ in try batch.perform() }
  }

  /// Goes on after a failure, once what it was part of is undone.
  func forgive() {
    last?.wait()
    batch.removeAll()
    tables.removeAll()
    shared.failure.withLock { $0 = nil }
  }

  private func throwFailure() throws {
    if let failure = shared.failure.withLock({ $0 }) { throw failure }
  }

  private func handOver() {
    guard batch.count > 0 else { return }
    let (shared, room, full) = (shared, room, batch)
    // A group, because it can be waited for more than once.
    let group = DispatchGroup()
    for table in tables { handedOver[table] = group }
    last = group
    batch = StatementBatch()
    tables.removeAll(keepingCapacity: true)
    room.wait()
    worker.async(group: group) {
      Self.perform(full, shared)
      room.signal()
    }
  }

  private static func perform(_ waiting: StatementBatch, _ shared: Shared) {
    var batch = waiting
    // Nobody has to wait for the connection meanwhile.
    batch.seal()
    for first in stride(from: 0, to: batch.count, by: stretch) {
      guard shared.failure.withLock({ $0 == nil }) else { return }
      do throws(DatabaseError) {
        try shared.connection.withLock { _ throws(DatabaseError) in
          try batch.perform(first..<min(first + stretch, batch.count))
        }
      } catch {
        shared.failure.withLock { $0 = error }
      }
    }
  }

  private func names(_ table: String, in sql: String) -> Bool {
    if let known = named[sql]?[table] { return known }
    let isNamed = sql.contains(table)
    named[sql, default: [:]][table] = isNamed
    return isNamed
  }
}
