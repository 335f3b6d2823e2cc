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

  @Test func `a listing of any moment needs no closing and writes nothing`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let before = try await stage.database.read { try $0.occasionRows() }
    #expect(
      try await stage.desk.due(of: name, now: Stage.start).map(\.occasion.plan) == ["baseline"])
    for hours: Double in [72, 80, 8760] {
      let due = try await stage.desk.due(of: name, now: Stage.after(hours: hours))
      #expect(due.allSatisfy { $0.until > Stage.after(hours: hours) })
      #expect(!due.contains { $0.occasion.plan == "baseline" })
    }
    #expect(try await stage.database.read { try $0.occasionRows() } == before)
  }

  @Test func `real people's occasions are not closed ahead of the clock`() async throws {
    let stage = try await Stage()
    _ = try await stage.enrol()
    let ahead = Stage.after(hours: 24 * 365)
    let error = await refusal {
      try await stage.desk.closeExpired(now: ahead, clock: Stage.start)
    }
    #expect(error?.code == .clockRefused)
    #expect(
      try await stage.database.read { try $0.occasionRows() }
        .allSatisfy { $0.occasion.state == .planned })
    #expect(try await stage.desk.closeExpired(now: ahead, clock: ahead).missed > 0)
  }

  @Test func `closing does not go back behind the record, but withdrawing can`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    try await stage.desk.closeExpired(now: Stage.after(hours: 48))
    let error = await refusal { try await stage.desk.closeExpired(now: Stage.start) }
    #expect(error?.code == .clockRefused)
    #expect(try await !stage.desk.withdraw(name, .stopAndKeep, now: Stage.start).isRepeated)
  }

  @Test func `a simulated study is closed as of any moment`() async throws {
    let stage = try await Stage(kind: .simulated)
    _ = try await stage.enrol()
    let ahead = Stage.after(hours: 72)
    #expect(try await stage.desk.closeExpired(now: ahead, clock: Stage.start).missed == 1)
    #expect(try await stage.desk.closeExpired(now: Stage.start) == Closing())
  }

  /// Whether somebody looked in between must not show.
  @Test(arguments: [[], ["m1"]], [true, false])
  func `late answers count alike, closed before or not`(
    before: [String], isSubmitted: Bool
  ) async throws {
    func outcome(isClosedBefore: Bool) async throws -> [OccasionState] {
      let stage = try await Stage()
      let session = try await stage.begin("baseline", of: try await stage.enrol())
      for item in before { try await stage.save(item, .number(5), in: session) }
      let late = Stage.after(hours: 80)
      if isClosedBefore { try await stage.desk.closeExpired(now: late) }
      try await stage.save("used", .number(0), in: session, now: late)
      if isSubmitted { #expect(try await stage.desk.submit(session, now: late).session.isLate) }
      try await stage.desk.closeExpired(now: late)
      #expect(try await stage.database.verify() == [])
      return try await stage.database.read { snapshot in
        try snapshot.occasionRows().filter { $0.session != nil }.map(\.occasion.state)
      }
    }
    #expect(try await outcome(isClosedBefore: true) == [.partial])
    #expect(try await outcome(isClosedBefore: false) == [.partial])
  }
}
