import Foundation
import Storage
import Testing

/// What a participant changes about the plan, and what the chain says of it.
struct PlanChangeTests {
  private static let name = "P-222222"

  private func changedWorld() async throws -> World {
    let world = try await World(secrets: .seeded(1))
    try await world.database.write { transaction in
      try transaction.enrol(Self.name, occasions: 3)
      let pause = PauseRecord(
        firstDay: "2027-01-20", lastDay: "2027-01-22", decided: World.start)
      try transaction.insert(pause, of: Self.name)
      try transaction.insert(pause, of: Self.name)
      for wakes in ["09:00:00", "10:00:00"] {
        try transaction.insert(
          WakingRecord(since: World.start, wakes: wakes, sleeps: "22:00:00"), of: Self.name)
      }
      let moved = try transaction.reschedule(
        (1...2).map { transaction.plannedOccasion($0, of: Self.name, later: 3600) },
        of: Self.name, at: World.start)
      #expect(moved == 2)
      try transaction.insert(
        [transaction.plannedOccasion(3, of: Self.name, isEvent: true)], of: Self.name,
        at: World.start)
      try transaction.close(
        transaction.plannedOccasion(2, of: Self.name).uuid, as: .skipped, session: .expired,
        at: World.start)
    }
    return world
  }

  @Test func `moves, pauses, hours and events are accounted for by the chain`() async throws {
    let world = try await changedWorld()
    #expect(try await world.database.verify() == [])
    try await world.database.read { snapshot throws in
      #expect(try snapshot.pauses(of: Self.name).count == 1)
      #expect(try snapshot.wakingHistory(of: Self.name).map(\.wakes) == ["10:00:00"])
      #expect(try snapshot.occasions(of: Self.name).map(\.isEvent) == [false, false, false, true])
    }
  }

  /// One column or row changed at a time, with an SQLite shell, and nothing else.
  @Test(arguments: [
    "UPDATE pauses SET last_day = '2027-01-23'", "UPDATE pauses SET decided_at = 1",
    "DELETE FROM pauses",
    "INSERT INTO pauses SELECT 9, participant, '2027-02-01', '2027-02-02', 1 FROM pauses",
    "INSERT INTO pauses SELECT 9, participant, first_day, last_day, decided_at FROM pauses",
    "UPDATE waking_history SET wakes = '09:00:00'", "UPDATE waking_history SET since = since - 1",
    "DELETE FROM waking_history", "UPDATE occasions SET is_event = 1 - is_event",
    "UPDATE occasions SET opens_at = opens_at - 3600000 WHERE number = 1",
    "UPDATE occasions SET offset_seconds = 0 WHERE number = 1",
    "UPDATE occasions SET grace_ends_at = grace_ends_at + 1 WHERE number = 1",
    "UPDATE occasions SET state = 'missed' WHERE state = 'skipped'",
  ])
  func `a change without an event is found`(sql: String) async throws {
    let world = try await changedWorld()
    try world.tamper(sql)
    #expect(try await world.database.verify() != [])
  }
}
