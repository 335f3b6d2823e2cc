import Foundation
import Storage
import Testing

struct RescoringTests {
  private func score(_ session: UUID, _ hash: Character, _ value: Double?, at hours: Double)
    -> ScoreRecord
  {
    ScoreRecord(
      session: session, instrument: "needs-6", name: "satisfaction", version: "1.\(hash).0",
      scoringHash: String(repeating: hash, count: 64), value: value, answered: 3, items: 3,
      isProrated: false, computed: World.start.addingTimeInterval(hours * 3600))
  }

  @Test func `scorings take each other's place, one is current, and the chain knows`() async throws
  {
    let world = try await World()
    let session = try await world.database.write { transaction in
      let occasion = try #require(try transaction.enrol("P-222222").first)
      let session = try transaction.begin(occasion, of: "P-222222")
      try transaction.finish(session)
      return session
    }
    for (hash, hours) in [("1", 1.0), ("2", 2), ("1", 3), ("1", 4), ("2", 5)]
      as [(Character, Double)]
    {
      try await world.database.write { transaction in
        try transaction.rescore(
          session, instrument: "needs-6", scores: [score(session, hash, hours, at: hours)],
          at: World.start.addingTimeInterval(hours * 3600))
      }
      #expect(try await world.database.verify() == [])
      let rows = try await world.database.read { try $0.scoreRows() }
      #expect(rows.count { $0.isCurrent } == 1)
      #expect(rows.first { $0.isCurrent }?.score.version == "1.\(hash).0")
      #expect(try await world.database.read { try $0.scores(ofSession: session) }.count == 1)
    }
    // What is computed again under a hash that was there keeps its first row.
    let rows = try await world.database.read { try $0.scoreRows() }
    #expect(rows.map(\.score.value) == [4.25, 1, 2])
  }

  @Test func `an instrument comes back as the session asked it`() async throws {
    let world = try await World()
    let session = try await world.database.write { transaction in
      let occasion = try #require(try transaction.enrol("P-222222").first)
      return try transaction.begin(occasion, of: "P-222222")
    }
    let read = try #require(try await world.database.read { try $0.session(session) })
    let instrument = try #require(read.instruments.first)
    #expect(instrument.itemOrder == ["n02", "n01"] && instrument.language == "nl")
    #expect(instrument.overlay?.id == "longwell/needs-6.nl")
    #expect(instrument.overlay?.isReviewed == false)
    let rows = try await world.database.read { try $0.sessionInstrumentRows() }
    #expect(rows.map(\.instrument) == [instrument])
  }
}
