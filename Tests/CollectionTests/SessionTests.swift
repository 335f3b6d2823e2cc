import Collection
import Foundation
import Instruments
import Storage
import Studies
import Testing

struct SessionTests {
  @Test func `what is due follows the windows`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    func due(_ hours: Double) async throws -> [String] {
      try await stage.desk.due(now: Stage.after(hours: hours)).map {
        "\($0.occasion.plan) \($0.occasion.index)"
      }
    }
    #expect(try await due(-0.001) == [])
    #expect(try await due(0) == ["baseline 0"])
    #expect(try await due(71.999) == ["baseline 0"])
    #expect(try await due(72) == [])
    #expect(try await due(7 * 24 - 2) == ["week 0"])
    #expect(try await due(14 * 24 - 2) == ["week 1"])
    let other = await refusal { _ = try await stage.desk.due(of: "P-000000", now: Stage.start) }
    #expect(other?.code == .unknownParticipant)
    let session = try await stage.begin("baseline", of: name)
    let mine = try await stage.desk.due(of: name, now: Stage.start)
    #expect(mine.map(\.session) == [session])
  }

  @Test func `a session is begun in its window only`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let week = try await stage.occasion("week", of: name)
    let baseline = try await stage.occasion("baseline", of: name)
    let early = await refusal {
      _ = try await stage.desk.begin(week.uuid, of: name, now: Stage.start)
    }
    #expect(early?.code == .notYetOpen)
    #expect(early?.detail == "it opens at 2026-01-19T09:00:00 (Europe/Amsterdam)")
    let late = await refusal {
      _ = try await stage.desk.begin(baseline.uuid, of: name, now: baseline.closes)
    }
    #expect(late?.code == .windowClosed)
    try await stage.desk.closeExpired(now: baseline.closes)
    let missed = await refusal {
      _ = try await stage.desk.begin(baseline.uuid, of: name, now: Stage.start)
    }
    #expect(missed?.code == .windowClosed)
  }

  @Test func `somebody else's occasion does not exist`() async throws {
    let stage = try await Stage()
    let (first, second) = (try await stage.enrol(), try await stage.enrol())
    let occasion = try await stage.occasion("baseline", of: first)
    let stranger = await refusal {
      _ = try await stage.desk.begin(occasion.uuid, of: second, now: Stage.start)
    }
    let nothing = await refusal {
      _ = try await stage.desk.begin(UUID(), of: second, now: Stage.start)
    }
    #expect(stranger?.code == .unknownOccasion)
    #expect(nothing?.code == .unknownOccasion)
  }

  @Test func `an unfinished session goes on where it was left`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let occasion = try await stage.occasion("baseline", of: name)
    let first = try await stage.desk.begin(occasion.uuid, of: name, now: Stage.start)
    #expect(first.instruments.map(\.id) == ["mood", "use"])
    #expect(first.unanswered.map(\.item) == ["m1", "m2", "used", "note"])
    try await stage.save("m1", .number(4), in: first.session.uuid)
    try await stage.save("used", .number(1), in: first.session.uuid)

    let later = Stage.after(hours: 30)
    let again = try await stage.desk.begin(occasion.uuid, of: name, now: later)
    #expect(again.session.uuid == first.session.uuid)
    #expect(again.session.begun == Stage.start)
    #expect(again.answers == ["mood": ["m1": .number(4)], "use": ["used": .number(1)]])
    #expect(again.unanswered.map(\.item) == ["m2", "hours", "note"])
    #expect(
      try await stage.database.read { try $0.occasionRows() }.compactMap(\.session).count == 1)
  }

  @Test func `a session begun by two devices at once is one session`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let occasion = try await stage.occasion("baseline", of: name)
    let sessions = try await withThrowingTaskGroup(of: UUID.self) { group in
      for _ in 0..<20 {
        group.addTask {
          try await stage.desk.begin(occasion.uuid, of: name, now: Stage.start).session.uuid
        }
      }
      return try await group.reduce(into: Set<UUID>()) { $0.insert($1) }
    }
    #expect(sessions.count == 1)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a session keeps the content hashes of what it asked`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let session = try await stage.begin("baseline", of: name)
    let record = try await stage.desk.session(session).session
    let instruments = stage.desk.current.definitions.instruments
    #expect(
      record.instruments.map(\.contentHash)
        == ["mood", "use"].map { instruments[$0]?.contentHash })
  }
}
