import Foundation
import GRDB
import Testing

@testable import Storage

struct ErasureTests {
  static let name = "P-222222"

  /// A world in which two people have a row in every table that people have rows in.
  private func peopledWorld(answers: Int = 6) async throws -> World {
    let world = try await World(kind: .real)
    try await world.database.write { transaction in
      for name in [Self.name, "P-333333"] {
        let occasions = try transaction.enrol(name, occasions: 3)
        try transaction.insert(
          PauseRecord(firstDay: "2027-02-01", lastDay: "2027-02-03", decided: World.start),
          of: name)
        try transaction.insert(
          WakingRecord(since: World.start, wakes: "09:00:00", sleeps: "21:00:00"), of: name)
        try transaction.insert(
          AllocationRecord(
            pseudonym: name, arm: "usual", method: "simple", stratum: "main",
            draw: name == Self.name ? 1 : 2, drawn: World.start))
        try transaction.insert(
          LinkRecord(
            person: try #require(try transaction.participant(name)).uuid, generation: 1,
            tokenHash: EventLink.hash(of: Array(name.utf8)), made: World.start))
        try transaction.insert(
          InvitationRecord(
            uuid: try #require(try transaction.participant(name)).uuid, pseudonym: name,
            site: "main", language: "en", codeHash: EventLink.hash(of: Array("code \(name)".utf8)),
            invited: World.start))
        _ = try transaction.claim(
          MessageRecord(
            uuid: transaction.secrets.uuid(for: "message \(name)"),
            person: try #require(try transaction.participant(name)).uuid, occasion: occasions[0],
            kind: .opening, channel: "email", due: World.start, expires: .distantFuture),
          at: World.start)
        try transaction.donate(of: name)
        let session = try transaction.begin(occasions[0], of: name)
        for index in 1...answers {
          try transaction.answer("n\(index)", 5, in: session, key: "key \(index)")
        }
        try transaction.finish(session)
        try transaction.close(occasions[1], as: .missed, session: .expired, at: World.start)
      }
      try transaction.recordChainHeads(at: World.start)
    }
    return world
  }

  private func erase(
    _ scope: ErasureScope = .everything, in world: World
  ) async throws -> ErasureRecord {
    try await world.database.write { transaction in
      let wish = try transaction.requestErasure(scope, of: Self.name, at: World.start)
      return try transaction.performErasure(wish.uuid, at: World.start)
    }
  }

  @Test func `every table says what erasure does to it`() async throws {
    let world = try await World()
    let queue = try DatabaseQueue(path: world.folder.database.path)
    let tables = try queue.inDatabase {
      try String.fetchAll(
        $0, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    }
    #expect(tables.sorted() == TableErasure.all.map(\.table).sorted())
  }

  /// Words are planted in every column that takes any, in many rows of every table: whatever is
  /// added to the schema is searched for without another test.
  @Test func `no byte of what anybody could have written is left`() async throws {
    let world = try await peopledWorld(answers: 400)
    let queue = try DatabaseQueue(path: world.folder.database.path)
    let words = try await queue.writeWithoutTransaction { database in
      try database.execute(
        sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
      var words = PlantedWords()
      try database.inTransaction {
        try plantEverywhere(&words, database)
        return .commit
      }
      return words
    }
    try queue.close()
    let planted = try words.found(in: world.folder.url).values.reduce(0, +)
    #expect(planted > 3000, "what was planted must be found before")
    let record = try await erase(in: world)
    #expect(record.removed != nil)
    #expect(try await world.database.rewrite())
    #expect(try words.found(in: world.folder.url) == [:])
  }

  private func plantEverywhere(_ words: inout PlantedWords, _ database: Database) throws {
    let id = try #require(
      try Int64.fetchOne(
        database, sql: "SELECT id FROM participants WHERE pseudonym = ?", arguments: [Self.name]))
    for entry in TableErasure.all {
      guard case .removed(let condition) = entry.deed else { continue }
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT \(try keyColumns(of: entry.table, database).joined(separator: ", "))
          FROM \(entry.table) WHERE \(condition)
          """, arguments: [id])
      #expect(!rows.isEmpty, "the test plants nothing in \(entry.table): give it a row")
      try plant(&words, in: entry.table, rows: rows, database)
    }
    let contents = try Row.fetchAll(
      database,
      sql: """
        SELECT c.event, e.kind FROM event_contents c JOIN events e ON e.id = c.event
        JOIN participants p ON p.uuid = e.chain WHERE p.id = ?
        """, arguments: [id]
    ).filter { EventKind.erasing($0["kind"]) != .kept }
    try plant(&words, in: "event_contents", rows: contents, database)
    for column in ["language", "zone"] {
      try database.execute(
        sql: "UPDATE participants SET \(column) = ? WHERE id = ?", arguments: [words.next(), id])
    }
  }

  private func keyColumns(of table: String, _ database: Database) throws -> [String] {
    try String.fetchAll(
      database, sql: "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk",
      arguments: [table])
  }

  /// - Parameter rows: each with the columns of the table's primary key.
  private func plant(
    _ words: inout PlantedWords, in table: String, rows: [Row], _ database: Database
  ) throws {
    // It names whose row it is, and must go on doing so.
    let owner = table == "invitations" ? "uuid" : "person"
    let columns = try Row.fetchAll(
      database, sql: "SELECT name FROM pragma_table_info(?) WHERE type IN ('TEXT', 'BLOB')",
      arguments: [table]
    ).map { $0["name"] as String }.filter { $0 != owner }
    guard !columns.isEmpty else { return }
    let isBlob = table == "event_contents"
    let key = try keyColumns(of: table, database)
    for row in rows {
      let values = columns.map { _ in words.next() as (any DatabaseValueConvertible)? }
      try database.execute(
        sql: """
          UPDATE \(table)
          SET \(columns.map { "\($0) = \(isBlob ? "CAST(? AS BLOB)" : "?")" }.joined(separator: ", "))
          WHERE \(key.map { "\($0) = ?" }.joined(separator: " AND "))
          """,
        arguments: StatementArguments(values + key.map { row[$0] as DatabaseValue }))
    }
  }

  @Test func `chains verify after an erasure, and others keep all that is theirs`() async throws {
    let world = try await peopledWorld()
    let before = try await world.database.read { try $0.responseRows() }
    let record = try await erase(in: world)
    #expect(record.counts["responses"] == 7)
    #expect(record.counts["occasions"] == 3)
    #expect(record.counts["scores"] == 1)
    #expect(try await world.database.verify() == [])
    try await world.database.read { snapshot throws in
      let participant = try #require(try snapshot.participant(Self.name))
      #expect(participant.status == .erased)
      #expect(participant.zone == "Etc/Unknown")
      #expect(try snapshot.occasions(of: Self.name) == [])
      #expect(try snapshot.consents(of: Self.name).count == 1)
      #expect(try snapshot.allocation(of: Self.name)?.arm == "usual")
      #expect(try snapshot.responseRows() == before.filter { $0.pseudonym != Self.name })
      #expect(try snapshot.pendingErasures().map(\.uuid) == [record.uuid])
    }
    #expect(try await erase(in: world) == record, "asked twice, it is done once")
    #expect(try await world.database.rewrite())
    try await world.database.write { try $0.completeErasure(record.uuid, at: World.start) }
    #expect(try await world.database.read { try $0.pendingErasures() } == [])
    #expect(try await world.database.verify() == [])
  }

  @Test func `content that comes back, and content that goes without a wish, are found`()
    async throws
  {
    let world = try await peopledWorld()
    let chain = "(SELECT uuid FROM participants WHERE pseudonym = '\(Self.name)')"
    _ = try await erase(in: world)
    try world.tamper(
      """
      INSERT INTO event_contents (event, content, key)
      SELECT id, '{}', randomblob(32) FROM events WHERE chain = \(chain) AND number = 1
      """.replacingOccurrences(of: "'{}'", with: "CAST('{}' AS BLOB)"))
    let back = try await world.database.verify().map(\.kind)
    #expect(back == [.alteredContent, .contentNotErased])
    let other = "(SELECT uuid FROM participants WHERE pseudonym = 'P-333333')"
    try world.tamper(
      """
      DELETE FROM event_contents
      WHERE event = (SELECT id FROM events WHERE chain = \(other) AND kind = 'waking.chosen')
      """)
    #expect(try await world.database.verify().map(\.kind).contains(.contentMissing))
  }

  @Test func `while somebody reads an older state the erasure cannot be complete`() async throws {
    let world = try await peopledWorld()
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let reader = try DatabaseQueue(
      path: world.folder.database.path, configuration: configuration)
    try await reader.writeWithoutTransaction { database in
      try database.execute(sql: "BEGIN")
      _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM responses")
    }
    _ = try await erase(in: world)
    #expect(try await world.database.rewrite() == false)
    #expect(try await world.database.rewrite() == false)
    try await reader.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    #expect(try await world.database.rewrite())
    let log = try FileManager.default.attributesOfItem(
      atPath: world.folder.database.path + "-wal")
    #expect(log[.size] as? Int == 0)
    try reader.close()
  }

  @Test func `a part that is erased leaves the other answers, and why its own are missing`()
    async throws
  {
    let world = try await World(kind: .real)
    var planting = PlantedWords()
    let secret = planting.next()
    let words = planting
    let session = try await world.database.write { transaction in
      let occasions = try transaction.enrol(Self.name, occasions: 2)
      let uuid = transaction.secrets.uuid(for: "session")
      try transaction.insert(
        SessionRecord(
          uuid: uuid, occasion: occasions[0], pseudonym: Self.name, begun: World.start,
          lastActive: World.start, publication: 1,
          instruments: ["needs-6", "diary"].map {
            SessionInstrument(id: $0, version: "1.0.0", contentHash: World.hash)
          }))
      try transaction.answer("n01", 5, in: uuid, key: "a")
      _ = try transaction.save(
        ResponseToSave(
          session: uuid, instrument: "diary", item: "d1", answer: .text(secret),
          clientKey: "b"), at: World.start)
      try transaction.submit(
        uuid, isLate: false,
        unanswered: [("needs-6", "n06", .leftBlank), ("diary", "d2", .notShown)],
        scores: ["needs-6", "diary"].map {
          ScoreRecord(
            session: uuid, instrument: $0, name: "s", version: "1.0.0",
            scoringHash: World.hash, value: 4.25, answered: 3, items: 3, isProrated: false,
            computed: World.start)
        }, at: World.start)
      return uuid
    }
    let scope = ErasureScope.part("diaries", occasions: [], instruments: ["diary"])
    let record = try await erase(scope, in: world)
    #expect(record.counts == ["responses": 1, "scores": 1])
    #expect(record.scope == scope)
    #expect(try await world.database.verify() == [])
    let responses = try await world.database.read { try $0.responses(ofSession: session) }
    #expect(responses.map(\.item) == ["n01", "n06", "d1", "d2"])
    #expect(responses.map(\.answer) == [.number(5), .none, .none, .none])
    #expect(responses.map(\.reason) == [nil, .leftBlank, .withdrawn, .withdrawn])
    let scores = try await world.database.read { try $0.scores(ofSession: session) }
    #expect(scores.map(\.instrument) == ["needs-6"])
    #expect(try await world.database.rewrite())
    #expect(try words.found(in: world.folder.url) == [:])

    let second = try await erase(
      .part("needs", occasions: ["week"], instruments: []), in: world)
    #expect(second.uuid != record.uuid)
    #expect(try await world.database.verify() == [])
    _ = try await erase(in: world)
    #expect(try await world.database.verify() == [])
    #expect(try await world.database.read { try $0.erasures() }.count == 3)
  }

  /// Whatever is asked, answered, closed and erased in whatever order, chains and rows agree.
  @Test(arguments: 1...8)
  func `random erasures keep the chains whole`(seed: UInt64) async throws {
    let world = try await World(secrets: .seeded(seed))
    try await world.database.write { transaction in
      var generator = TestGenerator(state: seed)
      let names = (0..<4).map { "P-\($0)" }
      var sessions: [(name: String, uuid: UUID)] = []
      for name in names {
        for occasion in try transaction.enrol(name, occasions: 3) {
          sessions.append((name, try transaction.begin(occasion, of: name)))
        }
      }
      func isThere(_ session: UUID) throws -> Bool {
        try transaction.session(session)?.state == .open
      }
      for step in 0..<80 {
        guard let session = sessions.randomElement(using: &generator) else { continue }
        switch Int.random(in: 0..<12, using: &generator) {
        case 0:
          let wish = try transaction.requestErasure(
            .part("x\(step)", occasions: [], instruments: ["needs-6"]), of: session.name,
            at: World.start)
          try transaction.performErasure(wish.uuid, at: World.start)
        case 1 where step > 40:
          let wish = try transaction.requestErasure(
            .everything, of: session.name, at: World.start)
          try transaction.performErasure(wish.uuid, at: World.start)
          try transaction.completeErasure(wish.uuid, at: World.start)
        case 2: if try isThere(session.uuid) { try transaction.finish(session.uuid) }
        case 3:
          if try isThere(session.uuid), let occasion = try transaction.session(session.uuid) {
            try transaction.close(
              occasion.occasion, as: .partial, session: .partial, at: World.start)
            try transaction.setReason(
              .partialSession, ofItems: [("needs-6", "n07")], session: session.uuid,
              at: World.start)
          }
        case 4:
          guard try !transaction.scores(ofSession: session.uuid).isEmpty else { continue }
          let hash = step % 2 == 0 ? "0" : "1"
          try transaction.rescore(
            session.uuid, instrument: "needs-6",
            scores: [
              ScoreRecord(
                session: session.uuid, instrument: "needs-6", name: "satisfaction",
                version: "1.\(hash).0", scoringHash: String(repeating: hash, count: 64),
                value: Double(step), answered: 1, items: 3, isProrated: false,
                computed: World.start)
            ], at: World.start)
        default:
          guard try isThere(session.uuid) else { continue }
          let item = "n0\(Int.random(in: 1...6, using: &generator))"
          try transaction.answer(item, Double(step), in: session.uuid, key: "k\(step)")
        }
      }
    }
    #expect(try await world.database.verify() == [])
    let erasures = try await world.database.read { try $0.erasures() }
    #expect(!erasures.isEmpty)
  }

  @Test func `the events of an erased chain are named by ranges`() {
    #expect(EventContent.ranges(of: []) == [])
    #expect(EventContent.ranges(of: [1, 2, 3, 7, 9, 10]) == [1...3, 7...7, 9...10])
  }
}
