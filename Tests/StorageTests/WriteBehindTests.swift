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
