import Foundation
import GRDB
import Testing

@testable import Storage

struct WriteBehindTests {
  /// The second thread decides neither what is written nor in which order.
  @Test(arguments: 1...4)
  func `a second thread writes the same rows under the same ids`(seed: UInt64) async throws {
    let (alone, behind) = (
      try await World(secrets: .seeded(seed)), try await World(secrets: .seeded(seed))
    )
    _ = try await alone.database.write { try RandomOperationTests.operate(on: $0, seed: seed) }
    _ = try await behind.database.writeBehind {
      try RandomOperationTests.operate(on: $0, seed: seed)
    }
    #expect(try rows(of: alone) == rows(of: behind))
  }

  @Test func `a transaction meets what it has written`() async throws {
    let world = try await World()
    let found = try await world.database.writeBehind { transaction in
      try (0..<40).map { person in
        let name = "P-\(person)"
        let occasions = try transaction.enrol(name, occasions: 30)
        let session = try transaction.begin(occasions[7], of: name)
        try transaction.answer("n01", 4, in: session)
        return [
          try transaction.occasions(of: name).count,
          try transaction.responses(ofSession: session).count,
          try transaction.zoneHistory(of: name).count, try transaction.consents(of: name).count,
        ]
      }
    }
    #expect(found == Array(repeating: [30, 1, 1, 1], count: 40))
    #expect(try await world.database.verify() == [])
  }

  @Test func `an occasion that somebody opens is there at once, and once`() async throws {
    let world = try await World(secrets: .seeded(1))
    let found = try await world.database.writeBehind { transaction in
      try transaction.enrol("P-222222", occasions: 2)
      let event = transaction.plannedOccasion(7, of: "P-222222", later: 0.0004, isEvent: true)
      let before = try transaction.weeks(of: "P-222222")
      let added = try (0..<2).map { _ in
        try transaction.insert([event], of: "P-222222", at: World.start)
      }
      let occasion = try transaction.occasion(event.uuid)
      _ = try transaction.begin(event.uuid, of: "P-222222")
      // What is planned after it goes on where it left off.
      try transaction.enrol("P-333333", occasions: 3)
      return (before, added, try transaction.weeks(of: "P-222222"), occasion, event.uuid)
    }
    #expect((found.0, found.2) == (2, 3))
    #expect(found.1 == [1, 0])
    let stored = try await world.database.read { try $0.occasion(found.4) }
    #expect(found.3?.opens == stored?.opens && found.3?.closes == stored?.closes)
    #expect(found.3?.state == .planned && stored?.state == .open)
    #expect(try await world.database.read { try $0.weeks(of: "P-333333") } == 3)
    #expect(try await world.database.verify() == [])
  }

  @Test func `an occasion that is undone does not count`() async throws {
    struct Refusal: Error {}
    let world = try await World(secrets: .seeded(1))
    let counts = try await world.database.writeBehind { transaction in
      try transaction.enrol("P-222222", occasions: 2)
      let event = transaction.plannedOccasion(7, of: "P-222222", isEvent: true)
      var counts = [try transaction.weeks(of: "P-222222")]
      #expect(throws: Refusal.self) {
        try transaction.savepoint {
          try transaction.insert([event], of: "P-222222", at: World.start)
          throw Refusal()
        }
      }
      counts.append(try transaction.weeks(of: "P-222222"))
      #expect(try transaction.occasion(event.uuid) == nil)
      try transaction.insert([event], of: "P-222222", at: World.start)
      return counts + [try transaction.weeks(of: "P-222222")]
    }
    #expect(counts == [2, 2, 3])
    #expect(try await world.database.verify() == [])
  }

  @Test func `a change of one person is met, and others are as they were`() async throws {
    let world = try await World()
    let found = try await world.database.writeBehind { transaction in
      try transaction.enrol("P-222222")
      try transaction.enrol("P-333333")
      _ = try transaction.stopReminders(for: "P-222222", at: World.start)
      try transaction.setLanguage("nl", of: "P-222222", at: World.start)
      return try ["P-222222", "P-333333"].compactMap { try transaction.participant($0) }
    }
    #expect(found.map(\.wantsReminders) == [false, true])
    #expect(found.map(\.language) == ["nl", "en"])
    #expect(try await world.database.read { try $0.participants() } == found)
  }

  @Test func `what is refused on the second thread undoes the transaction`() async throws {
    let world = try await World()
    let error = await #expect(throws: StorageError.self) {
      try await world.database.writeBehind { transaction in
        let occasion = try transaction.enrol("P-222222")[0]
        _ = try transaction.begin(occasion, of: "P-222222")
        _ = try transaction.begin(occasion, of: "P-222222")
      }
    }
    #expect(error?.code == .constraint)
    #expect(try await world.database.read { try $0.participants() } == [])
    #expect(try await world.database.verify() == [])
  }

  @Test func `a failure that the body passes over undoes everything`() async throws {
    let world = try await World()
    let error = await #expect(throws: StorageError.self) {
      try await world.database.writeBehind { transaction in
        let occasion = try transaction.enrol("P-222222")[0]
        _ = try transaction.begin(occasion, of: "P-222222")
        _ = try? transaction.begin(occasion, of: "P-222222")
        _ = try? transaction.responseRows()
        _ = try? transaction.enrol("P-333333")
      }
    }
    #expect(error?.code == .constraint)
    #expect(try await world.database.read { try $0.participants() } == [])
  }

  @Test func `what is refused within a savepoint undoes that alone`() async throws {
    let world = try await World()
    try await world.database.writeBehind { transaction in
      let occasions = try transaction.enrol("P-222222", occasions: 2)
      let session = try transaction.begin(occasions[0], of: "P-222222")
      #expect(throws: StorageError.self) {
        try transaction.savepoint {
          try transaction.answer("n01", 1, in: session)
          _ = try transaction.begin(occasions[0], of: "P-222222")
        }
      }
      try transaction.answer("n02", 2, in: session)
      _ = try transaction.begin(occasions[1], of: "P-222222")
    }
    let rows = try await world.database.read { try $0.responseRows() }
    #expect(rows.map(\.response.item) == ["n02"])
    #expect(try await world.database.verify() == [])
  }

  @Test func `a body that throws leaves nothing`() async throws {
    struct Refusal: Error {}
    let world = try await World()
    await #expect(throws: Refusal.self) {
      try await world.database.writeBehind { transaction in
        try transaction.enrol("P-222222", occasions: 50)
        throw Refusal()
      }
    }
    #expect(try await world.database.read { try $0.participants() } == [])
    try await world.database.write { _ = try $0.enrol("P-222222") }
    #expect(try await world.database.verify() == [])
  }

  /// Every row of every table.
  private func rows(of world: World) throws -> [String] {
    let queue = try DatabaseQueue(path: world.folder.database.path)
    return try queue.inDatabase { database in
      try TableErasure.all.map(\.table).sorted().flatMap { table in
        try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }
      }
    }
  }
}

extension ResearchSnapshot {
  /// How many occasions of ``World``'s plan somebody has.
  fileprivate func weeks(of pseudonym: String) throws -> Int {
    try occasionCount(of: pseudonym, plan: "week", opening: .distantPast ..< .distantFuture)
  }
}
