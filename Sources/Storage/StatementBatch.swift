import Foundation
import GRDB
import GRDBSQLite

/// A statement that stays prepared while a transaction lasts.
struct PreparedStatement {
  /// Where SQLite keeps it: a number, so that another thread can be told.
  let address: Int
  /// How many values it takes.
  let parameters: Int
  /// The table that it writes.
  let table: String
  /// Whether it only adds rows, or changes what may be there.
  let isAdding: Bool
  /// Whether it takes rows away.
  let isRemoving: Bool

  /// - Parameter sql: the statement's text, which begins with the verb and the table.
  init(_ statement: Statement, sql: String) {
    address = Int(bitPattern: statement.sqliteStatement)
    parameters = Int(sqlite3_bind_parameter_count(statement.sqliteStatement))
    let words = sql.split(maxSplits: 3, whereSeparator: \.isWhitespace)
    let place = words.first == "UPDATE" ? 1 : 2
    table = words.count > place ? String(words[place]) : ""
    isAdding = words.first == "INSERT"
    isRemoving = words.first == "DELETE"
  }
}

/// Writes with their values, in the order in which they are to be done.
///
/// The values stand as bytes in one buffer. SQLite binds them where they are, so nothing is copied again,
/// and a whole batch can be handed to another thread.
struct StatementBatch: Sendable {
  /// One run of a statement.
  private struct Run {
    var statement: Int
    var parameters: Int
    var values = 0
    /// Where its values begin.
    var start: Int
  }

  /// What a value is, before its bytes.
  private enum Tag: UInt8 {
    case null, integer, number, text, blob
  }

  private var bytes: [UInt8] = []
  private var runs: [Run] = []
  /// The run whose values are added.
  private var current = 0
  /// Events of which nothing but the order of their runs is known yet: the first run of each.
  private var unsealed: [(run: Int, event: EventToSeal, sealer: ChainSealer)] = []

  /// How many runs there are.
  var count: Int { runs.count }
  /// About how many bytes the values take.
  var size: Int { bytes.count + unsealed.count * Self.sizeOfEvent }
  /// The link of an event takes 320 bytes, its hash 64, and contents some hundreds.
  private static let sizeOfEvent = 1024

  /// Begins another run; its values are added next, in the order of the question marks.
  mutating func begin(_ statement: PreparedStatement) {
    current = runs.count
    runs.append(
      Run(
        statement: statement.address, parameters: statement.parameters, start: bytes.count))
  }

  /// Takes over an event, which must be sealed before it is written.
  mutating func add(_ event: EventToSeal, sealer: ChainSealer) {
    unsealed.append((runs.count, event, sealer))
    begin(sealer.statements.event)
    begin(sealer.statements.content)
  }

  /// Seals the events, in the order in which they came.
  mutating func seal() {
    for (run, event, sealer) in unsealed {
      let sealed = sealer.seal(event)
      (current, runs[run].start) = (run, bytes.count)
      add(event.row)
      add(event.chain)
      add(event.number)
      add(event.kind)
      add(event.happened)
      add(blob: sealed.link)
      add(sealed.hash)
      (current, runs[run + 1].start) = (run + 1, bytes.count)
      add(event.row)
      add(blob: sealed.content)
      add(blob: sealed.key)
    }
    unsealed.removeAll()
  }

  mutating func add(_ value: (any DatabaseValueConvertible)?) {
    switch value?.databaseValue.storage {
    case nil, .null: addNull()
    case .int64(let integer): add(integer)
    case .double(let number): add(number)
    case .string(let text): add(text)
    case .blob(let data): add(blob: data)
    }
  }

  mutating func add(_ value: CanonicalJSON) {
    switch value {
    case .integer(let integer): add(integer)
    case .number(let number): add(number)
    case .text(let text): add(text)
    case .null, .list, .object: addNull()
    }
  }

  mutating func addNull() { tag(.null) }

  mutating func add(_ integer: Int64?) {
    if let integer { add(integer) } else { addNull() }
  }

  mutating func add(_ number: Double?) {
    if let number { add(number) } else { addNull() }
  }

  mutating func add(_ text: String?) {
    if let text { add(text) } else { addNull() }
  }

  mutating func add(_ truth: Bool) { add(truth ? Int64(1) : 0) }

  mutating func add(_ integer: Int) { add(Int64(integer)) }

  mutating func add(_ integer: Int64) {
    tag(.integer)
    append(integer)
  }

  mutating func add(_ number: Double) {
    tag(.number)
    append(number)
  }

  mutating func add(_ text: String) {
    tag(.text)
    append(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func add(blob: some Collection<UInt8>) {
    tag(.blob)
    append(blob.count)
    bytes.append(contentsOf: blob)
  }

  private mutating func tag(_ tag: Tag) {
    runs[current].values += 1
    bytes.append(tag.rawValue)
  }

  private mutating func append(_ value: some BitwiseCopyable) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }

  /// Forgets all runs, and keeps the room for others.
  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    runs.removeAll(keepingCapacity: true)
    unsealed.removeAll()
  }

  /// Does some of the runs in their order; nobody else may use the connection meanwhile.
  ///
  /// - Throws: what the engine says of the first that fails; those after it are not done.
  func perform(_ places: Range<Int>) throws(DatabaseError) {
    var failure: DatabaseError?
    bytes.withUnsafeBytes { bytes in
      for run in runs[places] {
        failure = Self.perform(run, bytes)
        if failure != nil { return }
      }
    }
    if let failure { throw failure }
  }

  /// Does all of the runs.
  func perform() throws(DatabaseError) { try perform(0..<count) }

  private static func perform(_ run: Run, _ bytes: UnsafeRawBufferPointer) -> DatabaseError? {
    let statement = OpaquePointer(bitPattern: run.statement)
    guard run.values == run.parameters else {
      return DatabaseError(
        resultCode: .SQLITE_RANGE, message: "\(run.values) values for \(run.parameters)")
    }
    var code = SQLITE_OK
    var place = run.start
    for parameter in 1...CInt(max(run.parameters, 1)) where run.parameters > 0 {
      code = bind(statement, parameter, bytes, &place)
      guard code == SQLITE_OK else { break }
    }
    if code == SQLITE_OK {
      code = sqlite3_step(statement)
      while code == SQLITE_ROW { code = sqlite3_step(statement) }
    }
    let failure =
      code == SQLITE_DONE
      ? nil
      : DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: sqlite3_errmsg(sqlite3_db_handle(statement)).map { String(cString: $0) })
    sqlite3_reset(statement)
    return failure
  }

  private static func bind(
    _ statement: OpaquePointer?, _ parameter: CInt, _ bytes: UnsafeRawBufferPointer,
    _ place: inout Int
  ) -> CInt {
    func next<Value: BitwiseCopyable>(_: Value.Type) -> Value {
      defer { place += MemoryLayout<Value>.size }
      return bytes.loadUnaligned(fromByteOffset: place, as: Value.self)
    }
    switch Tag(rawValue: next(UInt8.self)) {
    case .integer: return sqlite3_bind_int64(statement, parameter, next(Int64.self))
    case .number: return sqlite3_bind_double(statement, parameter, next(Double.self))
    case .text:
      let count = next(Int.self)
      defer { place += count }
      // Without a destructor the bytes are static to SQLite: they last until it has been run.
      return sqlite3_bind_text(
        statement, parameter,
        bytes.baseAddress?.advanced(by: place)
          .assumingMemoryBound(to: CChar.self), CInt(count), nil)
    case .blob:
      let count = next(Int.self)
      defer { place += count }
      return sqlite3_bind_blob(
        statement, parameter, bytes.baseAddress?.advanced(by: place), CInt(count), nil)
    case .null, nil: return sqlite3_bind_null(statement, parameter)
    }
  }
}
