import Foundation
import GRDB
import Testing

@testable import Storage

struct ConnectionTests {
  /// What the writer's connection must say of itself, whatever the driver and the build set before.
  @Test(arguments: [
    ("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1"), ("secure_delete", "1"),
    ("busy_timeout", "5000"),
  ])
  func `the writer's settings read back`(pragma: String, expected: String) async throws {
    let world = try await World()
    try world.database.close()
    let reopened = try ResearchDatabase.open(at: world.folder.database, mode: .existing)
    let found = try await reopened.pool.writeWithoutTransaction {
      try String.fetchOne($0, sql: "PRAGMA \(pragma)")
    }
    #expect(found == expected)
  }

  @Test func `what is deleted leaves no trace in the file`() async throws {
    let world = try await World()
    let planted = "planted words that somebody wrote"
    let session = try await world.database.write { transaction in
      let session = try transaction.begin(try transaction.enrol("P-222222")[0], of: "P-222222")
      _ = try transaction.save(
        ResponseToSave(
          session: session, instrument: "needs-6", item: "n01", answer: .text(planted)),
        at: World.start)
      return session
    }
    #expect(try await world.database.read { try $0.responses(ofSession: session) }.count == 1)
    try await world.database.pool.write { database in
      try database.execute(sql: "DELETE FROM responses")
      try database.execute(sql: "DELETE FROM event_contents")
    }
    _ = try await world.database.pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    try world.database.close()
    let bytes = try Data(contentsOf: world.folder.database)
    #expect(bytes.range(of: Data(planted.utf8)) == nil)
  }
}
