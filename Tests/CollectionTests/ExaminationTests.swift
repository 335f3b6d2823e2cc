import Collection
import Foundation
import Instruments
import LocalTime
import Messages
import Storage
import Studies
import Testing

@Suite("The doctor", .enabled(if: Stage.canTamper, "python3 plays the SQLite shell"))
struct ExaminationTests {
  /// A study that has run for a while: one wave with its messages, answered.
  private func office() async throws -> PostOffice {
    let office = try await PostOffice()
    try await office.step(at: PostOffice.hours(0))
    let session = try await office.stage.begin(
      "week", of: office.pseudonym, now: PostOffice.hours(1))
    try await office.stage.save("m1", .number(4), in: session, now: PostOffice.hours(1))
    try await office.desk.submit(session, now: PostOffice.hours(1))
    try await office.step(at: PostOffice.hours(1))
    return office
  }

  private func kinds(_ office: PostOffice, at hours: Double) async throws -> Set<Finding.Kind> {
    Set(
      try await office.desk.examine(now: PostOffice.hours(hours), channels: [.email]).map(\.kind))
  }

  @Test func `finds nothing in a study that is well`() async throws {
    let office = try await office()
    #expect(try await office.desk.examine(now: PostOffice.hours(2), channels: [.email]) == [])
  }

  /// What somebody with an SQLite shell could do, and what must be found besides the broken record.
  static let damages: [(sql: String, hours: Double, kind: Finding.Kind)] = [
    ("DELETE FROM messages WHERE kind = 'thanks'", 2, .unsent),
    (
      """
      DROP INDEX messages_of_occasion;
      INSERT INTO messages (uuid, person, occasion, kind, number, channel, due_at, expires_at, state,
        attempts, claimed_at, settled_at, next_at, failure, event)
      SELECT '00000000-0000-4000-8000-000000000000', person, occasion, kind, number, channel, due_at,
        expires_at, state, attempts, claimed_at, settled_at, next_at, failure, event
      FROM messages LIMIT 1
      """, 2, .sentTwice
    ),
    ("UPDATE messages SET state = 'uncertain'", 2, .uncertain),
    ("UPDATE messages SET state = 'claimed', settled_at = NULL", 5, .uncertain),
    ("UPDATE messages SET state = 'failed'", 2, .failed),
    ("UPDATE sessions SET begun_at = begun_at - 86400000", 2, .outsideWindow),
    (
      "UPDATE occasions SET grace_ends_at = 1, closes_at = 1, opens_at = 0 WHERE number = 0", 2,
      .outsideWindow
    ),
    ("DELETE FROM occasions WHERE number = 1", 2, .occasionMissing),
    ("UPDATE occasions SET number = 7 WHERE number = 1", 2, .occasionExtra),
    ("UPDATE occasions SET opens_at = opens_at + 1000 WHERE number = 1", 2, .occasionMisplaced),
    (
      """
      UPDATE events SET happened_at = happened_at - 7200000 WHERE kind = 'session.submitted'
      """, 2, .clockJump
    ),
    ("UPDATE participants SET status = 'pending'", 2, .enrolmentPending),
    ("UPDATE scores SET value = value + 1", 2, .staleScore),
    ("UPDATE responses SET number = 1 WHERE number IS NOT NULL", 2, .staleScore),
    ("UPDATE responses SET number = 1 WHERE number IS NOT NULL", 2, .chain),
    ("DELETE FROM events WHERE kind = 'response.saved'", 2, .chain),
  ]

  @Test(arguments: damages.indices)
  func `finds each damage`(index: Int) async throws {
    let (sql, hours, kind) = Self.damages[index]
    let office = try await office()
    try office.stage.tamper(sql)
    let found = try await kinds(office, at: hours)
    #expect(found.contains(kind), "\(sql): \(found)")
  }

  @Test func `finds a message that is late, once it is late`() async throws {
    let office = try await PostOffice()
    #expect(try await kinds(office, at: 0.1) == [])
    #expect(try await kinds(office, at: 0.5) == [.unsent])
    // Where nothing says how messages leave, that is said; where nobody is written to, nothing is late.
    #expect(
      try await office.desk.examine(now: PostOffice.hours(0.1), channels: nil).map(\.kind)
        == [.unsent])
    #expect(try await office.desk.examine(now: PostOffice.hours(0.5), channels: []) == [])
  }

  @Test func `finds that nobody was told, for a week, whether or not the window has closed`()
    async throws
  {
    let office = try await PostOffice()
    _ = try await office.desk.closeExpired(now: PostOffice.hours(100))
    let found = try await office.desk.examine(now: PostOffice.hours(100), channels: [.email])
    #expect(found.map(\.kind) == [.unsent])
    #expect(found.first?.subject == "\(office.pseudonym) on 2026-01-13")
    // The second wave has opened since; the first is forgotten.
    let later = try await office.desk.examine(now: PostOffice.hours(24 * 13), channels: [.email])
    #expect(later.map(\.subject) == ["\(office.pseudonym) on 2026-01-20"])
  }

  @Test(arguments: ["pause", "stop", "begun"])
  func `does not miss a message that nobody was to get`(why: String) async throws {
    let office = try await PostOffice()
    switch why {
    case "pause":
      let days = try #require(LocalDate("2026-01-12"))...#require(LocalDate("2026-01-16"))
      try await office.desk.pause(office.pseudonym, on: days, now: PostOffice.hours(-1))
    case "stop":
      try await office.desk.withdraw(office.pseudonym, .stopReminders, now: PostOffice.hours(-1))
    default:
      _ = try await office.stage.begin("week", of: office.pseudonym, now: PostOffice.hours(0.1))
    }
    #expect(try await kinds(office, at: 100).isEmpty)
  }

  @Test func `judges each stretch by the version that held in it`() async throws {
    let office = try await PostOffice()
    for hour in [0.0, 24, 45] { try await office.step(at: PostOffice.hours(hour)) }
    let edited = try EditedStudy("reminders")
    try edited.edit(
      "study.yaml",
      edits: [
        ("version: 1.0.0", "version: 1.1.0"),
        (
          "occasions:\n",
          "occasions:\n  - { id: extra, days: 1-20, time: \"12:00\", open_for: 1h, "
            + "instruments: [mood] }\n"
        ),
      ])
    let now = PostOffice.hours(50)
    let with = try await office.desk.publish(try edited.folder(), for: .everyone, now: now).desk
    let found = try await with.examine(now: now, channels: [])
    #expect(found == [])
    try edited.edit(
      "study.yaml",
      edits: [
        ("version: 1.1.0", "version: 1.2.0"),
        (
          "  - { id: extra, days: 1-20, time: \"12:00\", open_for: 1h, instruments: [mood] }\n",
          ""
        ),
      ])
    let later = PostOffice.hours(100)
    _ = try await with.closeExpired(now: later)
    let without = try await with.publish(try edited.folder(), for: .everyone, now: later).desk
    #expect(try await without.examine(now: later, channels: []) == [])
    try office.stage.tamper("DELETE FROM occasions WHERE plan = 'extra' AND number = 3")
    let kinds = Set(try await without.examine(now: later, channels: []).map(\.kind))
    #expect(kinds.contains(.occasionMissing))
  }

  @Test func `finds a clock that was moved, for a week`() async throws {
    let office = try await office()
    try await office.desk.database.write {
      try $0.recordClockJump(from: PostOffice.hours(1), to: PostOffice.hours(3))
    }
    #expect(try await kinds(office, at: 4) == [.clockJump])
    #expect(try await !kinds(office, at: 24 * 8).contains(.clockJump))
  }
}
