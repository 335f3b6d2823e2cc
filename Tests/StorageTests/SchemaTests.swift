import Foundation
import GRDB
import Storage
import Testing

struct SchemaTests {
  /// Rows that no caller may ever manage to store.
  static let forbidden = [
    "UPDATE participants SET site = NULL",
    "UPDATE participants SET site = ''",
    "UPDATE participants SET status = 'gone'",
    "UPDATE participants SET status = 'withdrawn'",
    "UPDATE participants SET is_test = 2",
    "UPDATE participants SET enrolled_at = 'yesterday'",
    "UPDATE participants SET publication = 99",
    "UPDATE occasions SET state = 'late'",
    "UPDATE occasions SET closes_at = opens_at",
    "UPDATE occasions SET grace_ends_at = closes_at - 1",
    "UPDATE sessions SET submitted_at = 1",
    "UPDATE sessions SET state = 'submitted'",
    "UPDATE responses SET number = 'five'",
    "UPDATE responses SET text = 'five'",
    "UPDATE responses SET number = NULL",
    "UPDATE responses SET reason = 'forgot'",
    "UPDATE responses SET reason = 'left_blank'",
    "UPDATE responses SET changes = -1",
    "UPDATE responses SET event = NULL",
    "UPDATE responses SET session = 99",
    "INSERT INTO responses (session, instrument, item, number, server_at, changes, event) "
      + "SELECT session, instrument, item, number, server_at, changes, event FROM responses",
    "INSERT INTO research_database (one, kind) VALUES (2, 'real')",
    "UPDATE research_database SET kind = 'both'",
    "INSERT INTO events (chain, number, kind, happened_at, bytes, hash) "
      + "SELECT chain, number, kind, happened_at, bytes, hash FROM events",
    "UPDATE event_contents SET key = x'00'",
    "DELETE FROM participants",
  ]

  @Test(arguments: forbidden)
  func `the schema refuses`(sql: String) async throws {
    let world = try await World()
    try await world.database.write { transaction in
      let session = try transaction.begin(try transaction.enrol("P-222222")[0], of: "P-222222")
      try transaction.answer("n01", 5, in: session)
    }
    let queue = try DatabaseQueue(path: world.folder.database.path)
    let error = #expect(throws: DatabaseError.self) {
      try queue.inDatabase { try $0.execute(sql: sql) }
    }
    #expect(error?.resultCode == .SQLITE_CONSTRAINT, "\(String(describing: error))")
  }

  @Test func `every table is strict`() async throws {
    let world = try await World()
    let queue = try DatabaseQueue(path: world.folder.database.path)
    let lax = try queue.inDatabase { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'
            AND strict = 0 AND name NOT LIKE 'sqlite%' AND name <> 'grdb_migrations'
          """)
    }
    #expect(lax == [])
  }

  @Test func `errors of the engine carry no answer`() async throws {
    let world = try await World()
    let planted = "planted words"
    let error = await #expect(throws: StorageError.self) {
      try await world.database.write { transaction in
        try transaction.enrol("P-222222")
        try transaction.insert(
          ConsentRecord(
            version: 1, part: planted, isAgreed: true, textHash: planted, language: "en",
            decided: World.start), of: "P-222222")
      }
    }
    #expect(error?.code == .constraint)
    #expect(error.map { "\($0) \($0.subject)".contains(planted) } == false)
  }
}
