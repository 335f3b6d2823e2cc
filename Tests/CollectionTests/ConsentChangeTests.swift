import Collection
import Foundation
import Instruments
import Storage
import Studies
import Testing

struct ConsentChangeTests {
  /// The study with a second version of its consent, which asks for one part more.
  private func renewed(_ stage: Stage, lapsing: Bool) async throws -> StudyDesk {
    let edited = try EditedStudy()
    try edited.edit(
      "study.yaml",
      edits: [
        ("version: 1.0.0", "version: 2.0.0"),
        ("  version: 1\n", "  version: 2\n  earlier: \(lapsing ? "lapses" : "holds")\n"),
        ("{ id: recontact }", "{ id: diary, required: true }"),
      ])
    try edited.edit("consent/v1.en.md", edits: [("how you are", "how you are, and why")])
    return try await stage.desk.publish(
      try edited.folder(), for: .everyone, now: Stage.after(hours: 1)
    ).desk
  }

  @Test func `a new version asks again, and the old agreement holds until then`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let desk = try await renewed(stage, lapsing: false)
    let waiting = try await desk.consentStanding(of: name)
    #expect(waiting.needsRenewal)
    #expect((waiting.decided, waiting.version) == (1, 2))
    #expect(waiting.agreed == ["surveys"])
    #expect(waiting.missing == [])
    #expect(try await desk.due(of: name, now: Stage.after(hours: 2)).count == 1)

    try await desk.consent(name, to: ["surveys", "diary"], now: Stage.after(hours: 3))
    let standing = try await desk.consentStanding(of: name)
    #expect(!standing.needsRenewal)
    #expect(standing.agreed == ["surveys", "diary"])
    let hashes = try await stage.database.read { try $0.consents(of: name).map(\.textHash) }
    #expect(Set(hashes).count == 2)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `where the old agreement lapses, what closes meanwhile is cancelled`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let desk = try await renewed(stage, lapsing: true)
    #expect(try await desk.consentStanding(of: name).missing == ["surveys", "diary"])
    #expect(try await desk.due(of: name, now: Stage.after(hours: 2)).isEmpty)
    let baseline = try await stage.occasion("baseline", of: name)
    let error = await refusal {
      _ = try await desk.begin(baseline.uuid, of: name, now: Stage.after(hours: 2))
    }
    #expect(error?.code == .consentMissing)
    // The baseline closed after three days, the first week is open when the person agrees.
    let agreed = Stage.after(hours: 7 * 24)
    try await desk.consent(name, to: ["surveys", "diary"], now: agreed)
    let states = try await stage.database.read { try $0.occasions(of: name).map(\.state) }
    #expect(states == [.cancelled, .planned, .planned])
    #expect(try await desk.due(of: name, now: agreed).map(\.occasion.plan) == ["week"])
    let closing = try await desk.closeExpired(now: Stage.after(hours: 10 * 24))
    #expect(closing == Closing(missed: 1))
    #expect(try await stage.database.verify() == [])
  }

  @Test func `who declines the new version is asked nothing more`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let desk = try await renewed(stage, lapsing: false)
    try await desk.consent(name, to: ["surveys"], now: Stage.after(hours: 2))
    #expect(try await desk.consentStanding(of: name).missing == ["diary"])
    #expect(try await desk.due(of: name, now: Stage.after(hours: 3)).isEmpty)
    #expect(
      try await desk.closeExpired(now: Stage.after(hours: 100)) == Closing(cancelled: 1))
  }

  @Test func `one part is changed without touching the others`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let given = try await stage.desk.change("recontact", to: true, of: name, now: Stage.start)
    #expect(given.standing.agreed == ["surveys", "recontact"])
    #expect(!given.isRepeated)
    let again = try await stage.desk.change("recontact", to: true, of: name, now: Stage.start)
    #expect(again.isRepeated)
    let taken = try await stage.desk.change("recontact", to: false, of: name, now: Stage.start)
    #expect(taken.standing.agreed == ["surveys"])
    #expect(try await stage.database.read { try $0.consents(of: name).count } == 4)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a required part is taken back by leaving`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let error = await refusal {
      _ = try await stage.desk.change("surveys", to: false, of: name, now: Stage.start)
    }
    #expect(error?.code == .consentMissing)
    #expect(try await stage.desk.isRequired("surveys", for: name))
    let receipt = try await stage.desk.revokeRequired("surveys", of: name, now: Stage.start)
    #expect(receipt.cancelled == 3)
    let standing = try await stage.desk.consentStanding(of: name)
    #expect(standing.agreed == [])
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a required part can be taken back with all that was collected`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let session = try await stage.begin("baseline", of: name)
    try await stage.save("m1", .number(5), in: session)
    let keys = stage.folder.appendingPathComponent("keys")
    try FileManager.default.createDirectory(at: keys, withIntermediateDirectories: true)
    let ledger = ErasureLedger(at: keys.appendingPathComponent("erasures.jsonl"))
    let receipt = try await stage.desk.revokeRequired(
      "surveys", of: name, erasing: true, now: Stage.start, at: ErasurePlaces(ledger: ledger))
    #expect(receipt.withdrawal == .stopAndErase)
    #expect(receipt.erasure?.completed != nil && receipt.obstacle == nil)
    #expect(try await stage.database.read { try $0.responseRows() } == [])
    #expect(try await stage.desk.pendingErasures() == [])
    #expect(try await stage.database.verify() == [])
  }

  // MARK: Occasions that rest on an optional part

  /// The study with weeks that rest on `recontact`, and somebody who has agreed to it.
  private func resting(_ stage: Stage) async throws -> (desk: StudyDesk, name: String) {
    let edited = try EditedStudy()
    try edited.edit(
      "study.yaml",
      edits: [
        ("version: 1.0.0", "version: 1.1.0"), ("id: week\n", "id: week\n    consent: recontact\n"),
      ])
    let name = try await stage.enrol()
    let desk = try await stage.desk.publish(
      try edited.folder(), for: .everyone, now: Stage.start
    ).desk
    return (desk, name)
  }

  /// When the first week is open.
  private static let week = Stage.after(hours: 24 * 7)

  @Test func `nobody is asked what rests on a part that was not agreed to`() async throws {
    let stage = try await Stage()
    let (desk, name) = try await resting(stage)
    #expect(try await desk.due(of: name, now: Stage.start).map(\.occasion.plan) == ["baseline"])
    #expect(try await desk.due(of: name, now: Self.week).isEmpty)
    let week = try await stage.occasion("week", of: name)
    let error = await refusal { _ = try await desk.begin(week.uuid, of: name, now: Self.week) }
    #expect(error?.code == .consentMissing)
    #expect(error?.detail == "ask for recontact")
    #expect(
      try await desk.closeExpired(now: Stage.after(hours: 24 * 30))
        == Closing(missed: 1, cancelled: 2))
    #expect(try await stage.database.verify() == [])
  }

  @Test func `what closed without the part stays cancelled when it is agreed to`() async throws {
    let stage = try await Stage()
    let (desk, name) = try await resting(stage)
    let later = Self.week.addingTimeInterval(3 * 86_400)
    _ = try await desk.change("recontact", to: true, of: name, now: later)
    let states = try await stage.database.read { try $0.occasions(of: name).map(\.state) }
    #expect(states == [.missed, .cancelled, .planned])
    let second = try await stage.occasion("week", 1, of: name)
    #expect(try await desk.due(of: name, now: second.opens).map(\.occasion.index) == [1])
  }

  @Test(arguments: [false, true])
  func `revoking a part stops what rests on it, and keeps or erases it`(
    isErasing: Bool
  ) async throws {
    let stage = try await Stage()
    let (desk, name) = try await resting(stage)
    let first = try await stage.occasion("baseline", of: name)
    let baseline = try await desk.begin(first.uuid, of: name, now: Stage.start).session.uuid
    try await desk.save(
      AnswerToSave(session: baseline, instrument: "mood", item: "m1", answer: .number(4)),
      now: Stage.start)
    _ = try await desk.change("recontact", to: true, of: name, now: Stage.start)
    let week = try await stage.occasion("week", of: name)
    let session = try await desk.begin(week.uuid, of: name, now: Self.week).session.uuid
    try await desk.save(
      AnswerToSave(session: session, instrument: "mood", item: "m1", answer: .number(2)),
      now: Self.week)
    #expect(try await desk.collected(under: "recontact", of: name) == 1)
    let places = ErasurePlaces(
      ledger: ErasureLedger(at: stage.folder.appendingPathComponent("erasures.jsonl")))
    let change = try await desk.change(
      "recontact", to: false, of: name, erasing: isErasing, now: Self.week, at: places)
    #expect(change.ended == 1)
    #expect((change.erasure?.completed != nil) == isErasing)
    #expect(change.obstacle == nil)
    let error = await refusal { try await desk.submit(session, now: Self.week) }
    #expect(error?.code == .consentMissing)
    let answers = try await stage.database.read { snapshot in
      try [baseline, session].map {
        try snapshot.responses(ofSession: $0).filter { $0.answer != .none }.count
      }
    }
    #expect(answers == (isErasing ? [1, 0] : [1, 1]))
    let states = try await stage.database.read { try $0.occasions(of: name).map(\.state) }
    #expect(states.dropFirst() == [.cancelled, .planned])
    #expect(try await desk.due(of: name, now: Stage.after(hours: 24 * 14)).isEmpty)
    #expect(try await stage.database.verify() == [])
    // Asked again, nothing is left to erase.
    let again = try await desk.change(
      "recontact", to: false, of: name, erasing: isErasing, now: Self.week, at: places)
    #expect(again.isRepeated && again.erasure == nil)
  }

  @Test func `what was kept can be erased later`() async throws {
    let stage = try await Stage()
    let (desk, name) = try await resting(stage)
    _ = try await desk.change("recontact", to: true, of: name, now: Stage.start)
    let week = try await stage.occasion("week", of: name)
    let session = try await desk.begin(week.uuid, of: name, now: Self.week).session.uuid
    try await desk.save(
      AnswerToSave(session: session, instrument: "mood", item: "m1", answer: .number(2)),
      now: Self.week)
    _ = try await desk.change("recontact", to: false, of: name, now: Self.week)
    #expect(try await desk.collected(under: "recontact", of: name) == 1)
    let places = ErasurePlaces(
      ledger: ErasureLedger(at: stage.folder.appendingPathComponent("erasures.jsonl")))
    let change = try await desk.change(
      "recontact", to: false, of: name, erasing: true, now: Self.week, at: places)
    #expect(change.isRepeated && change.erasure?.completed != nil)
    #expect(try await desk.collected(under: "recontact", of: name) == 0)
  }

  @Test func `while a new version waits, parts are not changed one by one`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let desk = try await renewed(stage, lapsing: false)
    let error = await refusal {
      _ = try await desk.change("diary", to: true, of: name, now: Stage.after(hours: 2))
    }
    #expect(error?.code == .renewalNeeded)
    let unknown = await refusal {
      _ = try await desk.change("dairy", to: true, of: name, now: Stage.after(hours: 2))
    }
    #expect(unknown?.detail == "did you mean diary?")
  }
}
