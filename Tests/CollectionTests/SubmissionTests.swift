import Collection
import Foundation
import Instruments
import Storage
import Studies
import Testing

struct SubmissionTests {
  @Test func `a submission scores the session and draws the arm, all at once`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let session = try await stage.begin("baseline", of: name)
    try await stage.save("m1", .number(5), in: session)
    try await stage.save("m2", .number(2), in: session)
    try await stage.save("used", .number(1), in: session)
    try await stage.save("hours", .number(2), in: session)
    let submission = try await stage.desk.submit(session, now: Stage.after(hours: 1))
    #expect(submission.session.state == .submitted)
    #expect(submission.session.submitted == Stage.after(hours: 1))
    #expect(!submission.session.isLate && !submission.isRepeated)
    // m2 is reversed: (5 + (6 − 2)) / 2.
    #expect(submission.scores.map(\.name) == ["mood", "hours_used"])
    #expect(submission.scores.map(\.value) == [4.5, 2])
    let arm = try #require(submission.allocation)
    #expect(["usual", "supportive"].contains(arm.arm))
    #expect(arm.draw == 1)
    try await stage.database.read { snapshot throws in
      #expect(try snapshot.allocation(of: name) == arm)
      #expect(try snapshot.occasionRows().first?.occasion.state == .submitted)
      #expect(try snapshot.occasionRows().first?.arm == arm.arm)
      #expect(try snapshot.scoreRows().count == 2)
    }
    #expect(try await stage.database.verify() == [])
  }

  @Test func `nobody is randomised by another occasion, or twice`() async throws {
    let stage = try await Stage()
    let name = try await stage.randomised()
    let now = Stage.after(hours: 7 * 24)
    let week = try await stage.begin("week", of: name, now: now)
    #expect(try await stage.desk.submit(week, now: now).allocation == nil)
    #expect(try await stage.database.read { try $0.allocations() }.count == 1)
  }

  @Test func `draws can be re-created by whoever holds the seed`() async throws {
    let stage = try await Stage(allocationSeed: 42)
    for _ in 0..<12 { _ = try await stage.randomised() }
    let audit = try await stage.desk.auditAllocation()
    #expect(audit.count == 12 && audit.allSatisfy { $0.agrees })
    #expect(Set(audit.map(\.allocation.arm)).count == 2)
    let other = try await StudyDesk.open(
      stage.database, allocationSeed: 43, now: Stage.start)
    #expect(try await !other.auditAllocation().allSatisfy { $0.agrees })
    #expect(Set(stage.desk.blindedLabels.values) == ["A", "B"])
  }

  @Test func `blank, hidden and answered items are told apart`() async throws {
    let stage = try await Stage()
    let session = try await stage.begin("baseline", of: try await stage.enrol())
    try await stage.save("m1", .number(5), in: session)
    try await stage.save("used", .number(1), in: session)
    try await stage.save("hours", .number(2), in: session)
    try await stage.save("used", .number(0), in: session)
    try await stage.save("note", .text("well"), in: session)
    try await stage.save("note", nil, in: session)
    let submission = try await stage.desk.submit(session, now: Stage.start)
    let rows = try await stage.database.read { try $0.responseRows() }
    let states = Dictionary(
      rows.map { ($0.response.item, $0.response.reason) }, uniquingKeysWith: { $1 })
    #expect(
      states == [
        "m1": nil, "m2": .leftBlank, "used": nil, "hours": .notShown, "note": .leftBlank,
      ])
    // Kept, but never scored.
    let hours = rows.first { $0.response.item == "hours" }
    #expect(hours?.response.answer == .number(2))
    #expect(submission.scores.last?.value == nil)
    #expect(rows.first { $0.response.item == "used" }?.response.changes == 1)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `an item that must be answered holds the submission back`() async throws {
    let stage = try await Stage()
    let session = try await stage.begin("baseline", of: try await stage.enrol())
    try await stage.save("m1", .number(5), in: session)
    let error = await refusal { try await stage.desk.submit(session, now: Stage.start) }
    #expect(error == CollectionError(.answerRequired, "use used"))
    try await stage.database.read { snapshot throws in
      #expect(try snapshot.session(session)?.state == .open)
      #expect(try snapshot.scoreRows().isEmpty)
      #expect(try snapshot.allocations().isEmpty)
    }
  }

  @Test func `a submission sent a hundred times at once counts once`() async throws {
    let stage = try await Stage()
    let session = try await stage.begin("baseline", of: try await stage.enrol())
    try await stage.save("used", .number(0), in: session)
    let submissions = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<100 {
        group.addTask { try await stage.desk.submit(session, now: Stage.start).isRepeated }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(submissions.count { !$0 } == 1)
    #expect(try await stage.database.read { try $0.allocations() }.count == 1)
    #expect(try await stage.database.verify() == [])
  }

  @Test(arguments: [true, false])
  func `a late submission is kept, flagged, and randomises nobody`(isClosedBefore: Bool)
    async throws
  {
    let stage = try await Stage()
    let session = try await stage.begin("baseline", of: try await stage.enrol())
    try await stage.save("m1", .number(5), in: session)
    let late = Stage.after(hours: 80)
    if isClosedBefore { try await stage.desk.closeExpired(now: late) }
    try await stage.save("used", .number(0), in: session, now: late)
    let submission = try await stage.desk.submit(session, now: late)
    #expect(submission.session.isLate)
    #expect(submission.session.state == .submitted)
    #expect(submission.allocation == nil)
    try await stage.database.read { snapshot throws in
      #expect(try snapshot.occasionRows().first?.occasion.state == .partial)
      #expect(try snapshot.responseRows().allSatisfy(\.isLate))
      #expect(try snapshot.scoreRows().allSatisfy(\.isLate))
      #expect(
        try snapshot.responseRows().first { $0.response.item == "m2" }?.response.reason
          == .leftBlank)
    }
    #expect(try await stage.database.verify() == [])
  }
}
