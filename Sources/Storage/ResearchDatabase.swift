package import Foundation
import GRDB

/// The research database: one study's definitions, participants, occasions, answers and events.
///
/// It is one SQLite file in WAL mode, written by one connection at a time and read by many. A
/// write that has returned is on disk. What is stored about people is under pseudonyms; contacts
/// live in another database.
///
/// ```swift
/// let database = try ResearchDatabase.open(at: url, mode: .existing)
/// let people = try await database.read { try $0.participants() }
/// ```
package struct ResearchDatabase: Sendable {
  /// What to do about the file.
  package enum Mode: Hashable, Sendable {
    /// A new file, readable by its owner only; one that exists is refused.
    case create(kind: DatabaseKind)
    /// A file that exists, of either kind.
    case existing
    /// A file of this kind, created where there is none.
    case openOrCreate(kind: DatabaseKind)
  }

  let pool: DatabasePool
  package let secrets: Secrets
  /// Where writes wait for each other; nil where each has a transaction of its own.
  var commits: CommitQueue?
  /// Whether it holds people or simulated people, for ever.
  package let kind: DatabaseKind
  /// Where it is.
  package let url: URL

  /// Opens the database, brings its tables up to date, and makes sure that commits are durable.
  ///
  /// - Parameters:
  ///   - secrets: where event keys and UUIDs come from; a seed only for simulated databases.
  ///   - synchronous: the level to ask SQLite for. Any but `.full` is refused; the parameter exists
  ///     so that the refusal can be tested.
  /// - Throws: ``StorageError`` with what to do about it.
  package static func open(
    at url: URL, mode: Mode, secrets: Secrets = .system, synchronous: Durability = .full
  ) throws(StorageError) -> ResearchDatabase {
    try prepareFile(at: url, mode: mode)
    try checkHeader(at: url)
    return try StorageError.wrapping {
      let pool = try DatabasePool(path: url.path, configuration: configuration)
      try checkFile(pool, url: url, mode: mode)
      // The pool sets NORMAL when it enters WAL mode, so FULL can only be asked for afterwards.
      try pool.writeWithoutTransaction { database in
        try synchronous.demand(of: database, path: url.path)
      }
      if mode != .existing { try pool.write(Schema.mark) }
      try Schema.migrator.migrate(pool)
      let kind = try settleKind(pool, url: url, mode: mode)
      guard kind == .simulated || !secrets.isSeeded else {
        throw StorageError(.seededSecrets, url.path)
      }
      return ResearchDatabase(pool: pool, secrets: secrets, kind: kind, url: url)
    }
  }

  /// Closes the connections; what is open elsewhere is waited for.
  ///
  /// - Throws: ``StorageError`` when a statement is still running.
  package func close() throws(StorageError) {
    try StorageError.wrapping { try pool.close() }
  }

  // MARK: - Opening

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "research"
    configuration.foreignKeysEnabled = true
    // The default is to fail at once; a second process (a researcher's export beside the server)
    // holds the lock for milliseconds, a checkpoint for longer.
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      // Deleted content is overwritten, not left in free pages: erasure depends on it.
      try database.execute(sql: "PRAGMA secure_delete = ON")
      // SQLite's 2 MiB spill into the log again and again where one transaction touches the rows of
      // thousands of people; it takes no more than it needs of the 64 MiB.
      try database.execute(sql: "PRAGMA cache_size = -65536")
    }
    return configuration
  }

  private static func prepareFile(at url: URL, mode: Mode) throws(StorageError) {
    let exists = FileManager.default.fileExists(atPath: url.path)
    switch mode {
    case .existing where !exists: throw StorageError(.fileMissing, url.path)
    case .create where exists: throw StorageError(.fileExists, url.path)
    case .create, .openOrCreate:
      guard !exists else { return }
      // Made before SQLite does, so that it, the log and the shared memory are the owner's only.
      let descriptor = Foundation.open(url.path, O_CREAT | O_EXCL | O_RDWR, 0o600)
      guard descriptor >= 0 else {
        throw StorageError(.engine, url.path, detail: String(cString: strerror(errno)))
      }
      Foundation.close(descriptor)
    case .existing: return
    }
  }

  /// Refuses files that cannot be ours before SQLite opens them: opening enters WAL mode, which
  /// would change another program's file.
  ///
  /// By the file format's header (https://www.sqlite.org/fileformat.html): ours say WAL, and carry
  /// our mark as soon as their first page is checkpointed; until then they are empty.
  private static func checkHeader(at url: URL) throws(StorageError) {
    guard let handle = try? FileHandle(forReadingFrom: url),
      let header = try? handle.read(upToCount: 100)
    else { return }
    let bytes = Array(header)
    guard !bytes.isEmpty else { return }
    guard bytes.count == 100, bytes.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw StorageError(.foreignFile, url.path)
    }
    let isWAL = bytes[18] == 2 && bytes[19] == 2
    let mark = bytes[68..<72].reduce(0) { $0 << 8 | UInt32($1) }
    guard mark == UInt32(bitPattern: Schema.applicationID) || (mark == 0 && isWAL) else {
      throw StorageError(.foreignFile, url.path)
    }
  }

  /// Refuses files that are not ours, or not yet known, before anything is written to them.
  private static func checkFile(_ pool: DatabasePool, url: URL, mode: Mode) throws {
    try pool.read { database in
      let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
      let mark = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
      guard tables > 0 || mode != .existing else { throw StorageError(.unfinished, url.path) }
      guard mark == Schema.applicationID || (tables == 0 && mark == 0) else {
        throw StorageError(.foreignFile, url.path)
      }
      guard try !Schema.migrator.hasBeenSuperseded(database) else {
        throw StorageError(.newerSchema, url.path)
      }
    }
  }

  private static func settleKind(_ pool: DatabasePool, url: URL, mode: Mode) throws -> DatabaseKind
  {
    let asked: DatabaseKind? =
      switch mode {
      case .create(let kind), .openOrCreate(let kind): kind
      case .existing: nil
      }
    let stored = try pool.write { database in
      if let asked {
        try database.execute(
          sql: """
            INSERT INTO research_database (one, kind) VALUES (1, ?) ON CONFLICT (one) DO NOTHING
            """, arguments: [asked.rawValue])
        // What was begun and holds no study has nobody in it, and may become either.
        if try !holdsStudy(database) {
          try database.execute(
            sql: "UPDATE research_database SET kind = ?", arguments: [asked.rawValue])
        }
      }
      return try String.fetchOne(database, sql: "SELECT kind FROM research_database")
    }
    guard let stored else { throw StorageError(.unfinished, url.path) }
    guard let kind = DatabaseKind(rawValue: stored) else {
      throw StorageError(.damaged, url.path)
    }
    if let asked, asked != kind {
      throw StorageError(
        .wrongKind, url.path, detail: "it holds \(kind.rawValue) data, not \(asked.rawValue)")
    }
    return kind
  }
}
