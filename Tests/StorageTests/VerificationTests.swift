import Foundation
import GRDB
import Storage
import Testing

struct VerificationTests {
  /// A way to damage a database, and what must be found.
  struct Damage: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var sql: String
    var expected: Set<ChainFinding.Kind>
  }

  static let someResponse = "(SELECT event FROM responses WHERE item = 'n01')"

  static let damages = [
    Damage(
      testDescription: "an answer changed",
      sql: "UPDATE responses SET number = 1 WHERE item = 'n01'",
      expected: [.rowDiffers]),
    Damage(
      testDescription: "an answer deleted", sql: "DELETE FROM responses WHERE item = 'n01'",
      expected: [.rowMissing]),
    Damage(
      testDescription: "an answer moved to another item",
      sql: "UPDATE responses SET item = 'n09' WHERE item = 'n01'",
      expected: [.rowMissing, .rowUnaccounted]),
    Damage(
      testDescription: "one byte of an event",
      sql: """
        UPDATE events SET bytes = CAST(replace(CAST(bytes AS TEXT), 'saved', 'Saved') AS BLOB)
        WHERE id = \(someResponse)
        """, expected: [.alteredEvent]),
    Damage(
      testDescription: "the time of an event",
      sql: "UPDATE events SET happened_at = happened_at + 1 WHERE id = \(someResponse)",
      expected: [.alteredEvent, .rowDiffers]),
    Damage(
      testDescription: "a hash",
      sql: "UPDATE events SET hash = '\(World.hash)' WHERE id = \(someResponse)",
      expected: [.alteredEvent, .brokenLink]),
    Damage(
      testDescription: "one byte of a content",
      sql: """
        UPDATE event_contents SET content = CAST(replace(CAST(content AS TEXT), ':5,', ':4,') AS BLOB)
        WHERE event = \(someResponse)
        """, expected: [.alteredContent, .rowDiffers]),
    Damage(
      testDescription: "a content and its row together",
      sql: """
        UPDATE event_contents SET content = CAST(replace(CAST(content AS TEXT), ':5,', ':4,') AS BLOB)
        WHERE event = \(someResponse);
        UPDATE responses SET number = 4 WHERE item = 'n01'
        """, expected: [.alteredContent]),
    Damage(
      testDescription: "a content deleted",
      sql: "DELETE FROM event_contents WHERE event = \(someResponse)",
      expected: [.contentMissing, .rowUnaccounted]),
    Damage(
      testDescription: "an event in the middle deleted",
      sql: """
        DELETE FROM event_contents WHERE event = (SELECT id FROM events WHERE chain <> 'study' AND number = 3);
        DELETE FROM events WHERE chain <> 'study' AND number = 3
        """, expected: [.gap, .rowUnaccounted]),
    Damage(
      testDescription: "the tail of a chain deleted, with its rows",
      sql: """
        DELETE FROM event_contents WHERE event IN
          (SELECT id FROM events WHERE chain <> 'study' AND number > 5);
        DELETE FROM responses; DELETE FROM scores; DELETE FROM session_instruments;
        DELETE FROM sessions; DELETE FROM allocations; DELETE FROM saved_keys;
        UPDATE occasions SET state = 'planned' WHERE state = 'submitted';
        DELETE FROM events WHERE chain <> 'study' AND number > 5
        """, expected: [.cutTail]),
    Damage(
      testDescription: "an arm changed", sql: "UPDATE allocations SET arm = 'usual'",
      expected: [.rowDiffers]),
    Damage(
      testDescription: "an allocation deleted", sql: "DELETE FROM allocations",
      expected: [.rowMissing]),
    Damage(
      testDescription: "a consent changed", sql: "UPDATE consents SET part = 'logs'",
      expected: [.rowDiffers]),
    Damage(
      testDescription: "a score changed", sql: "UPDATE scores SET value = 5",
      expected: [.rowDiffers]),
    Damage(
      testDescription: "a score deleted", sql: "DELETE FROM scores", expected: [.rowMissing]),
    Damage(
      testDescription: "a missed occasion called cancelled",
      sql: "UPDATE occasions SET state = 'cancelled' WHERE state = 'missed'",
      expected: [.rowDiffers]),
    Damage(
      testDescription: "a missed occasion called submitted",
      sql: "UPDATE occasions SET state = 'submitted', event = NULL WHERE state = 'missed'",
      expected: [.rowDiffers]),
    Damage(
      testDescription: "a submission moved in time",
      sql: "UPDATE sessions SET submitted_at = submitted_at - 1", expected: [.rowDiffers]),
  ]

  /// One column or row changed at a time, with an SQLite shell, and nothing else.
  static let columns = [
    "UPDATE participants SET pseudonym = 'P-ZZZZZZ'", "UPDATE participants SET is_test = 1",
    "UPDATE participants SET enrolled_at = enrolled_at - 1",
    "UPDATE participants SET site = 'accra'", "UPDATE participants SET zone = 'Asia/Tokyo'",
    "UPDATE participants SET language = 'nl'", "UPDATE participants SET wants_reminders = 0",
    "UPDATE participants SET status = 'withdrawn', ended_at = 1",
    "UPDATE participants SET status = 'erased', ended_at = 1",
    "UPDATE participants SET status = 'pending'",
    "UPDATE zone_history SET zone = 'Asia/Tokyo'", "UPDATE zone_history SET since = since - 1",
    "UPDATE consents SET is_agreed = 0", "UPDATE consents SET decided_at = 1",
    "UPDATE occasions SET opens_at = opens_at - 1", "UPDATE occasions SET number = number + 7",
    "UPDATE occasions SET grace_ends_at = grace_ends_at + 1",
    "UPDATE occasions SET instruments = '[]'",
    "UPDATE occasions SET state = 'planned' WHERE state = 'submitted'",
    "UPDATE occasions SET state = 'missed', event = 1 WHERE state = 'submitted'",
    "UPDATE occasions SET state_since = 1",
    "DELETE FROM occasions WHERE state = 'missed'",
    "UPDATE sessions SET begun_at = begun_at - 1", "UPDATE sessions SET is_late = 1",
    "UPDATE sessions SET state = 'partial', submitted_at = NULL",
    "UPDATE session_instruments SET content_hash = 'x'", "DELETE FROM session_instruments",
    "UPDATE session_instruments SET language = 'en'",
    "UPDATE session_instruments SET overlay = 'other/needs-6.nl'",
    "UPDATE session_instruments SET overlay_is_reviewed = 1",
    "UPDATE session_instruments SET item_order = NULL",
    "UPDATE scores SET version = '9.9.9'", "UPDATE scores SET scoring_hash = 'x'",
    "UPDATE responses SET reason = 'not_shown' WHERE item = 'n01'",
    "UPDATE responses SET reason = 'not_shown' WHERE item = 'n06'",
    "UPDATE responses SET server_at = server_at - 1", "UPDATE responses SET changes = 9",
    "UPDATE responses SET client_at = 1", "DELETE FROM responses WHERE item = 'n06'",
    "DELETE FROM saved_keys", "UPDATE scores SET is_current = 0",
    "UPDATE scores SET computed_at = 1", "UPDATE allocations SET draw = 9",
    "UPDATE publications SET version = '9.9.9'", "UPDATE publications SET published_at = 1",
    "UPDATE definitions SET bytes = x'00'", "UPDATE definitions SET name = 'other'",
    "DELETE FROM publication_definitions", "UPDATE research_database SET kind = 'real'",
    "CREATE TRIGGER planted AFTER INSERT ON responses BEGIN DELETE FROM responses; END",
    "CREATE VIEW planted AS SELECT 1", "DROP INDEX scores_current",
    "ALTER TABLE responses ADD COLUMN planted TEXT",
    """
    UPDATE participants SET status = 'erased', ended_at = 1; DELETE FROM responses;
    DELETE FROM event_contents WHERE event IN (SELECT id FROM events WHERE chain <> 'study')
    """,
  ]

  @Test(arguments: columns)
  func `whatever is changed without an event is found`(sql: String) async throws {
    let world = try await finishedWorld()
    try world.tamper(sql)
    #expect(try await world.database.verify() != [])
  }

  /// Rows of two people, exchanged.
  static let swaps = [
    ("sessions", "occasion"), ("occasions", "participant"), ("allocations", "participant"),
    ("consents", "participant"),
  ]

  @Test(arguments: swaps)
  func `rows exchanged between two people are found`(table: String, owner: String) async throws {
    let world = try await World()
    try await world.database.write { transaction in
      for (draw, name) in ["P-222222", "P-333333"].enumerated() {
        let occasion = try transaction.enrol(name)[0]
        let session = try transaction.begin(occasion, of: name)
        try transaction.answer("n01", 3, in: session)
        try transaction.finish(session)
        try transaction.insert(
          AllocationRecord(
            pseudonym: name, arm: "arm \(draw)", method: "simple", draw: draw + 1,
            drawn: World.start))
      }
    }
    #expect(try await world.database.verify() == [])
    try world.tamper(
      """
      UPDATE \(table) SET \(owner) = -\(owner);
      UPDATE \(table) SET \(owner) = CASE \(owner) WHEN -1 THEN 2 ELSE 1 END
      """)
    let findings = try await world.database.verify()
    #expect(Set(findings.map(\.chain)) == ["P-222222", "P-333333"], "\(findings)")
  }

  @Test func `an end cut off the study's chain is shown by a hash kept elsewhere`() async throws {
    let world = try await finishedWorld()
    let kept = try #require(try await world.database.report().head)
    #expect(kept.kind == .headsRecorded)
    try await world.database.recordExport(of: ["responses": 3], at: World.start)
    let report = try await world.database.report(expecting: kept.hash)
    #expect(report.findings == [])
    #expect(report.head?.kind == .dataExported)
    #expect(report.head?.number == kept.number + 1)

    try world.tamper(
      """
      DELETE FROM event_contents WHERE event IN
        (SELECT id FROM events WHERE chain = 'study' AND number > 1);
      DELETE FROM events WHERE chain = 'study' AND number > 1
      """)
    #expect(try await world.database.verify() == [])
    #expect(
      try await world.database.report(expecting: kept.hash).findings.map(\.kind)
        == [.headUnknown])
  }

  private func finishedWorld(
    secrets: Secrets = .system, answer: Double = 5
  ) async throws -> World {
    let world = try await World(secrets: secrets)
    try await world.database.write { transaction in
      let occasions = try transaction.enrol("P-222222", occasions: 2)
      try transaction.close(occasions[1], as: .missed, session: .expired, at: World.start)
      let session = try transaction.begin(occasions[0], of: "P-222222")
      try transaction.answer("n01", answer, in: session, key: "k1")
      try transaction.answer("n02", 3, in: session)
      try transaction.finish(session)
      try transaction.insert(
        AllocationRecord(
          pseudonym: "P-222222", arm: "supportive", method: "simple", draw: 1, drawn: World.start))
      try transaction.recordChainHeads(at: World.start)
    }
    return world
  }

  @Test(arguments: damages)
  func `damage is found and named`(damage: Damage) async throws {
    let world = try await finishedWorld()
    #expect(try await world.database.verify() == [])
    try world.tamper(damage.sql)
    let findings = try await world.database.verify()
    #expect(Set(findings.map(\.kind)) == damage.expected, "\(findings)")
    #expect(findings.allSatisfy { $0.chain == "P-222222" }, "\(findings)")
  }

  @Test func `a chain made anew is consistent, but not the one that was recorded`() async throws {
    let world = try await finishedWorld(secrets: .seeded(1))
    let forged = try await finishedWorld(secrets: .seeded(1), answer: 7)
    try forged.database.close()
    try world.tamper(
      """
      ATTACH '\(forged.folder.database.path)' AS forged;
      DELETE FROM main.event_contents
        WHERE event IN (SELECT id FROM main.events WHERE chain <> 'study');
      DELETE FROM main.events WHERE chain <> 'study';
      INSERT INTO main.events SELECT * FROM forged.events WHERE chain <> 'study';
      INSERT INTO main.event_contents SELECT * FROM forged.event_contents
        WHERE event IN (SELECT id FROM forged.events WHERE chain <> 'study');
      UPDATE main.responses SET number = 7 WHERE item = 'n01'
      """)
    let findings = try await world.database.verify()
    #expect(findings.map(\.kind) == [.forkedChain], "\(findings)")
  }

  @Test func `heads are recorded when chains have grown, and only then`() async throws {
    let world = try await World()
    let grown = try await world.database.write { transaction in
      try transaction.enrol("P-222222")
      try transaction.enrol("P-333333")
      let first = try transaction.recordChainHeads(at: World.start)
      let second = try transaction.recordChainHeads(at: World.start)
      _ = try transaction.stopReminders(for: "P-333333", at: World.start)
      return [first, second, try transaction.recordChainHeads(at: World.start)]
    }
    #expect(grown == [2, 0, 1])
    #expect(try await world.database.read { try $0.lastChainHeads() } == World.start)
  }

  @Test func `a finding reads as one line`() {
    let finding = ChainFinding(
      kind: .rowDiffers, chain: "P-222222", number: 5, subject: "response to needs-6 n01")
    #expect(
      finding.description
        == "chain P-222222, event 5: row differs (response to needs-6 n01)")
  }
}
