import Foundation
import GRDB
import Testing

@testable import Storage

struct RecoveryTests {
  @Test func `a transaction that throws leaves nothing behind`() async throws {
    let world = try await World()
    struct Interruption: Error {}
    await #expect(throws: Interruption.self) {
      try await world.database.write { transaction in
        try transaction.enrol("P-222222")
        throw Interruption()
      }
    }
    #expect(try await world.database.read { try $0.participants() } == [])
    #expect(try await world.database.verify() == [])
    try await world.database.write { _ = try $0.enrol("P-222222") }
    #expect(try await world.database.read { try $0.participants() }.count == 1)
  }

  /// The state on disk while a transaction is under way is what a killed process leaves.
  @Test func `a process killed in a transaction loses that transaction and no other`() async throws
  {
    let world = try await World()
    let session = try await world.database.write { transaction in
      let session = try transaction.begin(try transaction.enrol("P-222222")[0], of: "P-222222")
      try transaction.answer("n01", 5, in: session)
      return session
    }
    let copy = try TemporaryFolder()
    try await world.database.write { transaction in
      try transaction.answer("n02", 3, in: session)
      // Enough to spill uncommitted pages into the log.
      for index in 0..<2000 { try transaction.answer("n\(index)", 3, in: session) }
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(
          atPath: world.folder.database.path + suffix, toPath: copy.database.path + suffix)
      }
    }
    let reopened = try ResearchDatabase.open(at: copy.database, mode: .existing)
    let responses = try await reopened.read { try $0.responses(ofSession: session) }
    #expect(responses.map(\.item) == ["n01"])
    #expect(try await reopened.verify() == [])
    _ = try await reopened.write { try $0.answer("n02", 3, in: session) }
    #expect(try await reopened.verify() == [])
  }

  /// Every prefix of the log is a state that a power cut could leave.
  @Test func `a log cut anywhere gives a state that was committed`() async throws {
    let world = try await World()
    let session = try await world.database.write { transaction in
      try transaction.begin(try transaction.enrol("P-222222")[0], of: "P-222222")
    }
    for index in 1...6 {
      _ = try await world.database.write {
        try $0.answer("n0\(index)", Double(index), in: session)
      }
    }
    let main = try Data(contentsOf: world.folder.database)
    let log = try Data(
      contentsOf: URL(fileURLWithPath: world.folder.database.path + "-wal"))
    var counts: [Int] = []
    let parts = Array(stride(from: log.count * 2 / 3, to: log.count, by: 3001)) + [log.count]
    for part in parts {
      let copy = try TemporaryFolder()
      try main.write(to: copy.database)
      try log.prefix(part).write(to: URL(fileURLWithPath: copy.database.path + "-wal"))
      let reopened = try ResearchDatabase.open(at: copy.database, mode: .existing)
      #expect(try await reopened.verify() == [])
      counts.append(try await reopened.read { try $0.responses(ofSession: session) }.count)
      try reopened.close()
    }
    #expect(counts == counts.sorted())
    #expect(counts.last == 6)
  }

  @Test func `a second process waits for the first instead of failing`() async throws {
    let world = try await World()
    let second = try ResearchDatabase.open(at: world.folder.database, mode: .existing)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (database, prefix) in [(world.database, "P-2"), (second, "P-3")] {
        group.addTask {
          for index in 0..<20 {
            _ = try await database.write { try $0.enrol("\(prefix)\(index)") }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await second.read { try $0.participants() }.count == 40)
    #expect(try await second.verify() == [])
  }

  /// A limit on the pages is how SQLite lets a test fill the disk.
  private func limitPages(of database: ResearchDatabase, to pages: Int) throws {
    try database.pool.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA max_page_count = \(pages)")
    }
  }

  private func pages(of database: ResearchDatabase) throws -> Int {
    try database.pool.read { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
  }

  @Test func `a full disk fails the whole change, says so, and is recovered from`() async throws {
    let world = try await World()
    let session = try await world.database.write { transaction in
      try transaction.begin(try transaction.enrol("P-222222")[0], of: "P-222222")
    }
    let fill: @Sendable (ResearchTransaction) throws -> Void = { transaction in
      for index in 0..<500 { try transaction.answer("n\(index)", 3, in: session) }
    }
    let one: @Sendable (ResearchTransaction) throws -> Void = { transaction in
      try transaction.answer("m01", 3, in: session)
    }
    try limitPages(of: world.database, to: try pages(of: world.database) + 2)
    let alone = await #expect(throws: StorageError.self) {
      try await world.database.write { try fill($0) }
    }
    #expect(alone?.code == .diskFull)
    // In a batch the others must not be acknowledged either: their transaction is gone.
    let together = await #expect(throws: StorageError.self) {
      try await world.database.write(batch: [one, fill, one])
    }
    #expect(together?.code == .diskFull)
    #expect(try await world.database.read { try $0.responses(ofSession: session) } == [])
    #expect(try await world.database.verify() == [])

    try limitPages(of: world.database, to: 100_000)
    try await world.database.write { try fill($0) }
    #expect(
      try await world.database.read { try $0.responses(ofSession: session) }.count == 500)
    #expect(try await world.database.verify() == [])
  }
}
