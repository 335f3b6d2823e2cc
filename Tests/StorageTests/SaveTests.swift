import Foundation
import Storage
import Testing

struct SaveTests {
  private func session(in world: World) async throws -> UUID {
    try await world.database.write { transaction in
      try transaction.begin(try transaction.enrol("P-222222")[0], of: "P-222222")
    }
  }

  @Test func `a save sent a hundred times at once counts once`() async throws {
    let world = try await World()
    let session = try await session(in: world)
    let outcomes = try await withThrowingTaskGroup(of: SaveOutcome.self) { group in
      for _ in 0..<100 {
        group.addTask {
          try await world.database.write { try $0.answer("n01", 4, in: session, key: "k1") }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 == .saved }.count == 1)
    #expect(outcomes.filter { $0 == .repeated }.count == 99)
    let responses = try await world.database.read { try $0.responses(ofSession: session) }
    #expect(responses.count == 1)
    #expect(responses.first?.changes == 0)
    #expect(try await world.database.verify() == [])
  }

  @Test func `a key used for another answer or item is told apart`() async throws {
    let world = try await World()
    let session = try await session(in: world)
    let outcomes = try await world.database.write { transaction in
      [
        try transaction.answer("n01", 4, in: session, key: "k1"),
        try transaction.answer("n01", 5, in: session, key: "k1"),
        try transaction.answer("n02", 4, in: session, key: "k1"),
        try transaction.answer("n01", 5, in: session, key: "k2"),
        // The first send, late: it was applied, and must not undo the second.
        try transaction.answer("n01", 4, in: session, key: "k1"),
      ]
    }
    #expect(outcomes == [.saved, .keyReused, .keyReused, .saved, .repeated])
    let responses = try await world.database.read { try $0.responses(ofSession: session) }
    #expect(responses.map(\.answer) == [.number(5)])
    #expect(responses.map(\.changes) == [1])
  }

  @Test func `changes count replacements by something different`() async throws {
    let world = try await World()
    let session = try await session(in: world)
    let changes = try await world.database.write { transaction in
      func save(_ answer: StoredAnswer) throws -> Int? {
        _ = try transaction.save(
          ResponseToSave(session: session, instrument: "needs-6", item: "n01", answer: answer),
          at: World.start)
        return try transaction.responses(ofSession: session).first?.changes
      }
      return [
        try save(.none), try save(.number(1)), try save(.number(1)), try save(.number(2)),
        try save(.text("2")), try save(.none), try save(.none), try save(.number(2)),
      ]
    }
    #expect(changes == [0, 0, 0, 1, 2, 3, 3, 3])
    #expect(try await world.database.verify() == [])
  }

  @Test func `an answer that ends up hidden is kept as not shown`() async throws {
    let world = try await World()
    let session = try await session(in: world)
    let response = try await world.database.write { transaction in
      try transaction.answer("n01", 4, in: session)
      try transaction.setReason(
        .leftBlank, ofItems: [("needs-6", "n01")], session: session, at: World.start)
      #expect(try transaction.responses(ofSession: session).first?.reason == nil)
      try transaction.setReason(
        .notShown, ofItems: [("needs-6", "n01")], session: session, at: World.start)
      return try transaction.responses(ofSession: session).first
    }
    #expect(response?.answer == .number(4))
    #expect(response?.reason == .notShown)
    #expect(try await world.database.verify() == [])
  }

  @Test func `of a batch, only the body that throws is undone`() async throws {
    let world = try await World()
    let session = try await session(in: world)
    struct Refusal: Error {}
    let bodies: [@Sendable (ResearchTransaction) throws -> Void] = [
      { _ = try $0.answer("n01", 1, in: session) },
      { transaction in
        _ = try transaction.answer("n02", 2, in: session)
        throw Refusal()
      },
      { _ = try $0.answer("n03", 3, in: session) },
    ]
    let results = try await world.database.write(batch: bodies)
    #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
    #expect(throws: Refusal.self) { try results[1].get() }
    let responses = try await world.database.read { try $0.responses(ofSession: session) }
    #expect(responses.map(\.item) == ["n01", "n03"])
    #expect(try await world.database.verify() == [])
  }
}
