import Collection
import Foundation
import Instruments
import LocalTime
import Storage
import Studies
import Testing

/// A study of prompts, an event and a condition; see Fixtures/moments.
struct PlanChangeTests {
  /// Monday 2026-01-12, 11:00 in Amsterdam.
  let start = Stage.start

  func occasions(_ stage: Stage, of name: String, _ plan: String) async throws -> [OccasionRecord] {
    try await stage.database.read { try $0.occasions(of: name) }.filter { $0.plan == plan }
  }

  /// The hour that the participant's clocks show at the opening.
  func hour(of occasion: OccasionRecord) -> Int {
    Int(occasion.opensLocal.dropFirst(11).prefix(2)) ?? 0
  }

  @Test func `windows have their grace, and a begun session may be submitted within it`()
    async throws
  {
    let stage = try await Stage(fixture: "moments")
    let name = try await stage.enrol()
    let start = try await stage.occasion("start", of: name)
    #expect(start.graceEnds == start.closes.addingTimeInterval(24 * 3600))
    let session = try await stage.begin("start", of: name, now: start.opens)
    try await stage.desk.closeExpired(now: start.closes.addingTimeInterval(3600))
    let submission = try await stage.desk.submit(
      session, now: start.closes.addingTimeInterval(3600))
    #expect(!submission.session.isLate)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a change of zone moves what has not opened and leaves what has`() async throws {
    let stage = try await Stage(fixture: "moments")
    let name = try await stage.enrol()
    let before = try await occasions(stage, of: name, "prompt")
    let now = Stage.after(hours: 26)
    let change = try await stage.desk.move(name, to: "Asia/Tokyo", now: now)
    let after = try await occasions(stage, of: name, "prompt")
    #expect(change.moved > 0)
    #expect(Set(before.map(\.uuid)) == Set(after.map(\.uuid)))
    let old = Dictionary(before.map { ($0.uuid, $0) }, uniquingKeysWith: { $1 })
    for occasion in after {
      if let earlier = old[occasion.uuid], earlier.opens <= now {
        #expect(occasion == earlier)
      } else if occasion.state == .planned {
        #expect(occasion.zone == "Asia/Tokyo" && occasion.offsetSeconds == 9 * 3600)
        #expect(occasion.opens > now)
        #expect((9...21).contains(hour(of: occasion)))
      } else {
        #expect(occasion.state == .skipped)
      }
    }
    #expect(after.count { $0.state == .skipped } == change.skipped)
    #expect(try await stage.desk.move(name, to: "Asia/Tokyo", now: now) == PlanChange())
    #expect(
      await refusal { try await stage.desk.move(name, to: "Asia/Tokio", now: now) }?.code
        == .unknownZone)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a pause cancels what would open in it`() async throws {
    let stage = try await Stage(fixture: "moments")
    let name = try await stage.enrol()
    let dates =
      try #require(LocalDate("2026-01-14"))...(try #require(LocalDate("2026-01-15")))
    let change = try await stage.desk.pause(name, on: dates, now: Stage.after(hours: 1))
    #expect(change.cancelled == 6 && change.moved == 0 && change.skipped == 0)
    let cancelled = try await occasions(stage, of: name, "prompt").filter { $0.state == .cancelled }
    #expect(Set(cancelled.map { $0.opensLocal.prefix(10) }) == ["2026-01-14", "2026-01-15"])
    #expect(try await stage.database.verify() == [])
  }

  @Test func `chosen hours hold for later prompts, and hours without room are refused`()
    async throws
  {
    let stage = try await Stage(fixture: "moments")
    let name = try await stage.enrol()
    let now = Stage.after(hours: 30)
    func hours(_ from: String, _ to: String) throws -> DayHours {
      DayHours(from: try #require(ClockTime(from)), to: try #require(ClockTime(to)))
    }
    _ = try await stage.desk.choose(hours("15:00", "23:00"), of: name, now: now)
    let prompts = try await occasions(stage, of: name, "prompt").filter { $0.state == .planned }
    let later = prompts.filter { $0.opens > now }.map(hour)
    #expect(later.count > 20 && later.allSatisfy { (15...23).contains($0) })
    let narrow = try hours("15:00", "16:00")
    let refused = await refusal { try await stage.desk.choose(narrow, of: name, now: now) }
    #expect(refused?.code == .hoursRefused)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `hours are refused in which quiet hours would keep prompts unannounced`() async throws
  {
    let stage = try await Stage(fixture: "moments")
    let name = try await stage.enrol()
    let edited = try EditedStudy("moments")
    try edited.edit(
      "study.yaml",
      edits: [
        (
          "version: 1.0.0",
          "version: 1.1.0\nmessages: { opening: standard }\nquiet_hours: [\"22:00\", \"07:00\"]"
        )
      ])
    let now = Stage.after(hours: 30)
    let desk = try await stage.desk.publish(try edited.folder(), for: .everyone, now: now).desk
    func choose(_ from: String, _ to: String) async throws {
      let hours = DayHours(
        from: try #require(ClockTime(from)), to: try #require(ClockTime(to)))
      _ = try await desk.choose(hours, of: name, now: now)
    }
    let early = await refusal { try await choose("06:00", "18:00") }
    #expect(early?.code == .hoursRefused)
    #expect(early?.detail?.contains("between 06:00 and 06:30") == true, "\(early.debugDescription)")
    try await choose("06:30", "22:00")
    #expect(try await stage.database.verify() == [])
  }

  @Test func `an event opens at most so often a study day, and never counts as due`() async throws {
    let stage = try await Stage(fixture: "moments")
    let name = try await stage.enrol()
    let first = try await stage.desk.open("chat", by: name, now: Stage.after(hours: 1))
    #expect(first.isEvent && first.index == 0)
    let session = try await stage.desk.begin(
      first.uuid, of: name, now: Stage.after(hours: 1)
    ).session.uuid
    try await stage.desk.submit(session, now: Stage.after(hours: 1.5))
    _ = try await stage.desk.open("chat", by: name, now: Stage.after(hours: 2))
    let third = await refusal {
      _ = try await stage.desk.open("chat", by: name, now: Stage.after(hours: 3))
    }
    #expect(third?.code == .limitReached)
    // 03:30 of the next date is the same study day, 04:30 another.
    let night = await refusal {
      _ = try await stage.desk.open("chat", by: name, now: Stage.after(hours: 16.5))
    }
    #expect(night?.code == .limitReached)
    #expect(
      try await stage.desk.open("chat", by: name, now: Stage.after(hours: 17.5)).index == 2)
    let late = await refusal {
      _ = try await stage.desk.open("chat", by: name, now: Stage.after(hours: 24 * 20))
    }
    #expect(late?.code == .notYetOpen)
    #expect(
      await refusal { _ = try await stage.desk.open("prompt", by: name, now: start) }?.code
        == .unknownOccasion)
    try await stage.desk.closeExpired(now: Stage.after(hours: 24 * 30))
    let events = try await occasions(stage, of: name, "chat")
    #expect(events.map(\.state) == [.submitted, .missed, .missed])
    #expect(events.allSatisfy { !$0.isDue })
    #expect(try await stage.database.verify() == [])
  }

  @Test(arguments: [(5.0, true), (2.0, false), (nil, false)])
  func `a condition is evaluated with what was known at the opening`(mood: Double?, happens: Bool)
    async throws
  {
    let stage = try await Stage(fixture: "moments")
    let name = try await stage.enrol()
    if let mood {
      let session = try await stage.begin("start", of: name)
      try await stage.save("m1", .number(mood), in: session)
      try await stage.save("m2", .number(6 - mood), in: session)
      try await stage.desk.submit(session, now: Stage.after(hours: 1))
    }
    let later = try await stage.occasion("if-well", of: name)
    let due = try await stage.desk.due(of: name, now: later.opens).map(\.occasion.plan)
    #expect(due.contains("if-well") == happens)
    if happens {
      _ = try await stage.begin("if-well", of: name, now: later.opens)
    } else {
      let refused = await refusal {
        _ = try await stage.begin("if-well", of: name, now: later.opens)
      }
      #expect(refused?.code == .cancelled)
    }
    let closing = try await stage.desk.closeExpired(now: later.opens)
    #expect(closing.skipped == (happens ? 0 : 1))
    #expect(
      try await stage.occasion("if-well", of: name).state == (happens ? .open : .skipped))
    #expect(try await stage.database.verify() == [])
  }

  @Test func `participants see their own course from the second submission on`() async throws {
    let stage = try await Stage(fixture: "moments")
    let name = try await stage.enrol()
    let other = try await stage.enrol()
    for (hours, mood) in [(1.0, 5.0), (3.0, 2.0)] {
      let now = Stage.after(hours: hours)
      #expect(try await stage.desk.ownCourse(of: name, now: now) == [])
      let event = try await stage.desk.open("chat", by: name, now: now)
      let session = try await stage.desk.begin(event.uuid, of: name, now: now).session.uuid
      try await stage.save("m1", .number(mood), in: session, now: now)
      try await stage.desk.submit(session, now: now)
    }
    let course = try await stage.desk.ownCourse(of: name, now: Stage.after(hours: 4))
    #expect(course.map(\.name) == ["mood.mood"])
    #expect(course.first?.points.map(\.value) == [5, 2])
    #expect(course.first?.points.map(\.moment) == [1, 3].map { Stage.after(hours: $0) })
    #expect(try await stage.desk.ownCourse(of: other, now: Stage.after(hours: 4)) == [])
  }
}
