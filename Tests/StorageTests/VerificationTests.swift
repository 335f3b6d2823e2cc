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
      sql: "UPDATE responses SET item = 'n09' WHERE item = 'n01'", expected: [.rowDiffers]),
    Damage(
      testDescription: "one byte of an event",
      sql: """
        UPDATE events SET bytes = CAST(replace(CAST(bytes AS TEXT), 'saved', 'Saved') AS BLOB)
        WHERE id = \(someResponse)
        """, expected: [.alteredEvent]),
    Damage(
      testDescription: "the time of an event",
      sql: "UPDATE events SET happened_at = happened_at + 1 WHERE id = \(someResponse)",
      expected: [.alteredEvent]),
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
      expected: [.contentMissing]),
    Damage(
      testDescription: "an event in the middle deleted",
      sql: """
        DELETE FROM event_contents WHERE event = (SELECT id FROM events WHERE chain <> 'study' AND number = 3);
        DELETE FROM events WHERE chain <> 'study' AND number = 3
        """, expected: [.gap]),
    Damage(
      testDescription: "the tail of a chain deleted, with its rows",
      sql: """
        DELETE FROM event_contents WHERE event IN
          (SELECT id FROM events WHERE chain <> 'study' AND number > 6);
        DELETE FROM responses; DELETE FROM scores; DELETE FROM session_instruments;
        DELETE FROM sessions; DELETE FROM allocations;
        UPDATE occasions SET state = 'planned' WHERE state = 'submitted';
        DELETE FROM events WHERE chain <> 'study' AND number > 6
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
      testDescription: "a score deleted", sql: "DELETE FROM scores", expected: [.rowDiffers]),
    Damage(
      testDescription: "a missed occasion called cancelled",
      sql: "UPDATE occasions SET state = 'cancelled' WHERE state = 'missed'",
      expected: [.rowDiffers]),
    Damage(
      testDescription: "a missed occasion called submitted",
      sql: "UPDATE occasions SET state = 'submitted', event = NULL WHERE state = 'missed'",
      expected: [.rowMissing, .rowDiffers]),
    Damage(
      testDescription: "a submission moved in time",
      sql: "UPDATE sessions SET submitted_at = submitted_at - 1", expected: [.rowDiffers]),
  ]

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
