import Foundation
import GRDB
import Testing

@testable import Storage

struct OpeningTests {
  @Test(arguments: DatabaseKind.allCases)
  func `a database that holds a study keeps its kind for ever`(kind: DatabaseKind) async throws {
    let folder = try TemporaryFolder()
    let database = try ResearchDatabase.open(at: folder.database, mode: .create(kind: kind))
    #expect(database.kind == kind)
    _ = try await database.write {
      try $0.publish(
        studyID: "s", version: "1.0.0", contentHash: "c", definitions: [], at: World.start)
    }
    try database.close()

    #expect(try ResearchDatabase.open(at: folder.database, mode: .existing).kind == kind)
    let same = ResearchDatabase.Mode.openOrCreate(kind: kind)
    #expect(try ResearchDatabase.open(at: folder.database, mode: same).kind == kind)
    let other: DatabaseKind = kind == .real ? .simulated : .real
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(at: folder.database, mode: .openOrCreate(kind: other))
    }
    #expect(error?.code == .wrongKind)
    #expect(error?.description.contains("it holds \(kind.rawValue) data") == true)
  }

  @Test func `a file that is not there is not created in passing`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(at: folder.database, mode: .existing)
    }
    #expect(error?.code == .fileMissing)
    #expect(!FileManager.default.fileExists(atPath: folder.database.path))
  }

  @Test func `creating never takes a file that exists`() throws {
    let folder = try TemporaryFolder()
    try Data("notes".utf8).write(to: folder.database)
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(at: folder.database, mode: .create(kind: .real))
    }
    #expect(error?.code == .fileExists)
  }

  @Test(arguments: [Durability.off, .normal])
  func `a database that would not sync its commits is refused`(level: Durability) throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(
        at: folder.database, mode: .create(kind: .real), synchronous: level)
    }
    #expect(error?.code == .notDurable)
    #expect(
      error?.detail == "PRAGMA synchronous reads \(level.rawValue), expected 2")
  }

  @Test func `secrets from a seed are refused where people are real`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(
        at: folder.database, mode: .create(kind: .real), secrets: .seeded(1))
    }
    #expect(error?.code == .seededSecrets)
  }

  @Test func `a file of plain text is refused as foreign and left as it was`() throws {
    let folder = try TemporaryFolder()
    let bytes = Data(String(repeating: "not a database. ", count: 100).utf8)
    try bytes.write(to: folder.database)
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(at: folder.database, mode: .existing)
    }
    #expect(error?.code == .foreignFile)
    #expect(try Data(contentsOf: folder.database) == bytes)
  }

  @Test func `a file that was made and never filled is told from a foreign one, and can be filled`()
    throws
  {
    let folder = try TemporaryFolder()
    try Data().write(to: folder.database)
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(at: folder.database, mode: .existing)
    }
    #expect(error?.code == .unfinished)
    try ResearchDatabase.open(at: folder.database, mode: .openOrCreate(kind: .real)).close()
  }

  @Test func `a beginning without a study may go on as either kind, and one with a study may not`()
    async throws
  {
    let folder = try TemporaryFolder()
    try ResearchDatabase.open(at: folder.database, mode: .create(kind: .simulated)).close()
    let database = try ResearchDatabase.open(
      at: folder.database, mode: .openOrCreate(kind: .real))
    #expect(database.kind == .real)
    #expect(try !database.holdsStudy())
    _ = try await database.write {
      try $0.publish(
        studyID: "s", version: "1.0.0", contentHash: "c", definitions: [], at: World.start)
    }
    #expect(try database.holdsStudy())
    #expect(try await database.verify() == [])
    try database.close()
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(at: folder.database, mode: .openOrCreate(kind: .simulated))
    }
    #expect(error?.code == .wrongKind)
  }

  @Test(arguments: ["", "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)"])
  func `a file that was left between its first commits can be filled`(tables: String) throws {
    let folder = try TemporaryFolder()
    let pool = try DatabasePool(path: folder.database.path)
    try pool.write(Schema.mark)
    try pool.write { try $0.execute(sql: tables) }
    try pool.close()
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(at: folder.database, mode: .existing)
    }
    #expect(error?.code == .unfinished)
    try ResearchDatabase.open(at: folder.database, mode: .openOrCreate(kind: .real)).close()
  }

  @Test(arguments: [
    ResearchDatabase.Mode.existing, .openOrCreate(kind: .real),
  ])
  func `another program's database is refused as foreign`(mode: ResearchDatabase.Mode) throws {
    let folder = try TemporaryFolder()
    let queue = try DatabaseQueue(path: folder.database.path)
    try queue.inDatabase { try $0.execute(sql: "CREATE TABLE notes (text TEXT)") }
    try queue.close()
    let bytes = try Data(contentsOf: folder.database)
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(at: folder.database, mode: mode)
    }
    #expect(error?.code == .foreignFile)
    #expect(try Data(contentsOf: folder.database) == bytes)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count == 1)
  }

  @Test func `another program's database in WAL mode is refused as foreign`() throws {
    let folder = try TemporaryFolder()
    let pool = try DatabasePool(path: folder.database.path)
    try pool.write { try $0.execute(sql: "CREATE TABLE notes (text TEXT)") }
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(at: folder.database, mode: .openOrCreate(kind: .real))
    }
    #expect(error?.code == .foreignFile)
  }

  @Test(arguments: 1...40)
  func `any bytes in place of the file are refused, never a trap`(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    var generator = TestGenerator(state: seed)
    var bytes = (0..<Int.random(in: 1...9000, using: &generator)).map { _ in
      UInt8.random(in: 0...255, using: &generator)
    }
    // Half of them begin like a database of ours.
    if seed.isMultiple(of: 2) {
      bytes.replaceSubrange(0..<min(16, bytes.count), with: Array("SQLite format 3\0".utf8))
      if bytes.count > 72 {
        bytes[18] = 2
        bytes[19] = 2
        bytes.replaceSubrange(68..<72, with: [0x4C, 0x57, 0x52, 0x44])
      }
    }
    try Data(bytes).write(to: folder.database)
    #expect(throws: StorageError.self) {
      try ResearchDatabase.open(at: folder.database, mode: .openOrCreate(kind: .real))
    }
  }

  @Test func `a database of a later version is refused`() async throws {
    let world = try await World()
    try world.database.close()
    try world.tamper("INSERT INTO grdb_migrations (identifier) VALUES ('9 from the future')")
    let error = #expect(throws: StorageError.self) {
      try ResearchDatabase.open(at: world.folder.database, mode: .existing)
    }
    #expect(error?.code == .newerSchema)
  }

  @Test func `only the owner can read the files`() async throws {
    let world = try await World()
    for suffix in ["", "-wal", "-shm"] {
      let path = world.folder.database.path + suffix
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(path)")
    }
  }

  @Test func `a creation that was cut short is finished at the next start`() throws {
    let folder = try TemporaryFolder()
    try Data().write(to: folder.database)
    let database = try ResearchDatabase.open(
      at: folder.database, mode: .openOrCreate(kind: .real))
    #expect(database.kind == .real)
  }
}
