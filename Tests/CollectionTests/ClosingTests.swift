import Collection
import Foundation
import Instruments
import Storage
import Testing

struct ClosingTests {
  @Test func `time makes occasions missed or partial, with the reason at each item`() async throws {
    let stage = try await Stage()
    let (absent, opened, stopped) = (
      try await stage.enrol(), try await stage.enrol(), try await stage.enrol()
    )
    _ = try await stage.begin("baseline", of: opened)
    let session = try await stage.begin("baseline", of: stopped)
    try await stage.save("m1", .number(4), in: session)

    let closing = try await stage.desk.closeExpired(now: Stage.after(hours: 72))
    #expect(closing == Closing(missed: 2, partial: 1))
    #expect(try await stage.desk.closeExpired(now: Stage.after(hours: 72)) == Closing())

    try await stage.database.read { snapshot throws in
      let baselines = try snapshot.occasionRows().filter { $0.occasion.plan == "baseline" }
      let states = Dictionary(
        baselines.map { ($0.occasion.pseudonym, $0.occasion.state) }, uniquingKeysWith: { $1 })
      #expect(states == [absent: .missed, opened: .missed, stopped: .partial])
      let sessions = Dictionary(
        baselines.map { ($0.occasion.pseudonym, $0.sessionState) }, uniquingKeysWith: { $1 })
      #expect(sessions == [absent: nil, opened: .expired, stopped: .partial])
      let reasons = try snapshot.responseRows().reduce(into: [String: Set<MissingReason?>]()) {
        $0[$1.pseudonym, default: []].insert($1.response.reason)
      }
      #expect(reasons[absent] == nil)
      #expect(reasons[opened] == [.expired, .notShown])
      #expect(reasons[stopped] == [nil, .partialSession, .notShown])
      // A partial session is exported, unscored.
      #expect(try snapshot.scoreRows().isEmpty)
    }
    #expect(try await stage.database.verify() == [])
  }

  @Test func `the ends of the chains are recorded once a day`() async throws {
    let stage = try await Stage()
    _ = try await stage.enrol()
    var recorded: [Date?] = []
    for hours in [0.0, 1, 13.9, 14, 20] {
      try await stage.desk.closeExpired(now: Stage.after(hours: hours))
      _ = try await stage.enrol(now: Stage.after(hours: hours))
      recorded.append(try await stage.database.read { try $0.lastChainHeads() })
    }
    // Midnight UTC is 14 hours after the start.
    #expect(
      recorded == [
        Stage.start, Stage.start, Stage.start, Stage.after(hours: 14), Stage.after(hours: 14),
      ])
  }
}
