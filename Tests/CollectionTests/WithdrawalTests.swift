import Collection
import Foundation
import Instruments
import Storage
import Testing

struct WithdrawalTests {
  @Test func `who stops keeps what was given, and what follows is cancelled`() async throws {
    let stage = try await Stage()
    let name = try await stage.randomised()
    let now = Stage.after(hours: 7 * 24)
    let session = try await stage.begin("week", of: name, now: now)
    try await stage.save("m1", .number(3), in: session, now: now)
    let receipt = try await stage.desk.withdraw(name, .stopAndKeep, now: now)
    #expect(receipt.cancelled == 2)
    #expect(!receipt.isRepeated)
    try await stage.database.read { snapshot throws in
      #expect(try snapshot.participant(name)?.status == .withdrawn)
      #expect(try snapshot.participant(name)?.ended == now)
      #expect(
        try snapshot.occasions(of: name).map(\.state) == [.submitted, .cancelled, .cancelled])
      #expect(try snapshot.session(session)?.state == .withdrawn)
      let responses = try snapshot.responses(ofSession: session)
      #expect(responses.map(\.item) == ["m1", "m2"])
      #expect(responses.map(\.reason) == [nil, .withdrawn])
      #expect(try snapshot.scoreRows().count == 2)
    }
    #expect(try await stage.desk.due(now: now).isEmpty)
    let saving = await refusal { try await stage.save("m2", .number(3), in: session, now: now) }
    #expect(saving?.code == .notTakingPart)
    let submitting = await refusal { try await stage.desk.submit(session, now: now) }
    #expect(submitting?.code == .notTakingPart)
    #expect(try await stage.desk.withdraw(name, .stopAndKeep, now: now).isRepeated)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `what had expired before is missed, not cancelled`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    try await stage.desk.withdraw(name, .stopAndKeep, now: Stage.after(hours: 100))
    let states = try await stage.database.read { try $0.occasions(of: name).map(\.state) }
    #expect(states == [.missed, .cancelled, .cancelled])
  }

  @Test func `stopping reminders changes nothing else`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let receipt = try await stage.desk.withdraw(name, .stopReminders, now: Stage.start)
    #expect(receipt.cancelled == 0)
    let participant = try await stage.database.read { try $0.participant(name) }
    #expect(participant?.wantsReminders == false)
    #expect(participant?.status == .enrolled)
    #expect(try await stage.desk.due(now: Stage.start).count == 1)
    #expect(try await stage.desk.withdraw(name, .stopReminders, now: Stage.start).isRepeated)
  }

  @Test func `nobody can withdraw who is not there`() async throws {
    let stage = try await Stage()
    let error = await refusal {
      try await stage.desk.withdraw("P-222222", .stopAndKeep, now: Stage.start)
    }
    #expect(error?.code == .unknownParticipant)
  }
}
