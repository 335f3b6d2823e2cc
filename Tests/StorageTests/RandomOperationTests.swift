import Foundation
import Storage
import Testing

/// SplitMix64 (Steele, Lea & Flood 2014): small, seeded, good enough to vary tests.
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

struct RandomOperationTests {
  /// Whatever is done in whatever order, chains verify and rows are what a plain model says.
  @Test(arguments: 1...8, [false, true])
  func `random operations keep the chains whole`(seed: UInt64, isBehind: Bool) async throws {
    let world = try await World(secrets: .seeded(seed))
    let model =
      isBehind
      ? try await world.database.writeBehind { try Self.operate(on: $0, seed: seed) }
      : try await world.database.write { try Self.operate(on: $0, seed: seed) }
    #expect(try await world.database.verify() == [])
    let rows = try await world.database.read { try $0.responseRows() }
    let stored = Dictionary(grouping: rows, by: \.response.session).mapValues { rows in
      Dictionary(
        rows.map { ($0.response.item, $0.response.answer.number) }, uniquingKeysWith: { $1 })
    }
    #expect(stored == model.filter { !$0.value.isEmpty }.mapValues { $0.mapValues { $0 } })
  }

  /// - Returns: the last answer to each item, by session.
  static func operate(
    on transaction: ResearchTransaction, seed: UInt64
  ) throws -> [UUID: [String: Double]] {
    var generator = TestGenerator(state: seed)
    var sessions: [UUID] = []
    var model: [UUID: [String: Double]] = [:]
    for step in 0..<120 {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0:
        let name = "P-\(step)"
        for occasion in try transaction.enrol(name, occasions: 2) {
          let session = try transaction.begin(occasion, of: name)
          sessions.append(session)
          model[session] = [:]
        }
      case 3:
        let name = "P-\(step)"
        let occasions = try transaction.enrol(name, occasions: 3)
        let later = Double(Int.random(in: 1...9, using: &generator)) * 3600
        try transaction.insert(
          PauseRecord(firstDay: "2027-02-01", lastDay: "2027-02-03", decided: World.start),
          of: name)
        try transaction.insert(
          WakingRecord(since: World.start, wakes: "09:00:00", sleeps: "21:00:00"), of: name)
        try transaction.close(occasions[2], as: .cancelled, session: .expired, at: World.start)
        let moved = (1...2).map { transaction.plannedOccasion($0, of: name, later: later) }
        #expect(try transaction.reschedule(moved, of: name, at: World.start) == 1)
      case 1: try transaction.recordChainHeads(at: World.start)
      case 2:
        // A body that fails must leave no trace.
        struct Refusal: Error {}
        guard let session = sessions.randomElement(using: &generator) else { continue }
        #expect(throws: Refusal.self) {
          try transaction.savepoint {
            try transaction.answer("n01", 99, in: session)
            throw Refusal()
          }
        }
      case 4:
        guard let session = sessions.randomElement(using: &generator) else { continue }
        let values = (4...6).map { _ in Double(Int.random(in: 1...7, using: &generator)) }
        let entries = zip(["n04", "n05", "n06"], values).map { item, value in
          PageToSave.Entry(item: item, answer: .number(value), clientTime: World.start)
        }
        let page = PageToSave(
          session: session, instrument: "needs-6", entries: entries, clientKey: "k\(step)")
        #expect(try transaction.save(page, at: World.start) == .saved)
        #expect(try transaction.save(page, at: World.start) == .repeated)
        for entry in entries { model[session]?[entry.item] = entry.answer.number }
      default:
        guard let session = sessions.randomElement(using: &generator) else { continue }
        let item = "n0\(Int.random(in: 1...6, using: &generator))"
        let value = Double(Int.random(in: 1...7, using: &generator))
        try transaction.answer(item, value, in: session, key: "k\(step)")
        model[session]?[item] = value
      }
    }
    return model
  }
}
