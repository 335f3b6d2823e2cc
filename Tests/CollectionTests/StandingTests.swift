import Collection
import Foundation
import Identities
import Instruments
import Storage
import Studies
import Testing

struct StandingTests {
  private func join(_ stage: Stage, contact: ContactDetails? = nil) async throws -> String {
    var generator = SystemRandomNumberGenerator()
    var enrolment = Enrolment(zone: "Europe/Amsterdam", contact: contact)
    enrolment.screening = ["age": .number(41), "often": .number(2)]
    return try await stage.desk.enrol(
      enrolment, agreeingTo: ["surveys"], now: Stage.start, using: &generator
    ).participant.pseudonym
  }

  @Test func `an incentive is earned by what was submitted of what has ended`() async throws {
    let stage = try await Stage(fixture: "screened")
    let name = try await join(stage)
    let before = try await stage.desk.standing(of: name)
    #expect(before.compliance.isEmpty)
    #expect(before.incentives.map(\.isEarned) == [false])

    let week = Stage.after(hours: 7 * 24)
    let session = try await stage.begin("week", 0, of: name, now: week)
    try await stage.save("m1", .number(4), in: session, now: week)
    try await stage.desk.submit(session, now: week)
    try await stage.desk.closeExpired(now: Stage.after(hours: 20 * 24))
    let after = try await stage.desk.standing(of: name)
    #expect(after.compliance.map(\.occasion) == ["baseline", "week"])
    #expect(after.compliance.map(\.compliance.share) == [0, 0.5])
    #expect(after.incentives.map(\.isEarned) == [true])
    #expect(after.incentives.first?.text?.text == "Thank you: a voucher is yours.\n")
  }

  @Test func `what is kept too long is listed from its day on, and then erased`() async throws {
    let stage = try await Stage(withIdentities: true, fixture: "screened")
    let stays = try await join(stage, contact: ContactDetails(name: "Ada"))
    let leaves = try await join(stage, contact: ContactDetails(name: "Ben"))
    _ = try await join(stage)
    try await stage.desk.withdraw(leaves, .stopAndKeep, now: Stage.after(hours: 1))
    // The last week closes 16 days after enrolment, two hours before its hour.
    let left = Stage.after(hours: 90 * 24 + 1)
    let ended = Stage.after(hours: 106 * 24 - 2)
    #expect(try await stage.desk.retentionDue(now: left.addingTimeInterval(-1)) == [])
    let first = try await stage.desk.retentionDue(now: left)
    #expect(first.map(\.kind) == [.identity])
    #expect(first.map(\.pseudonym) == [leaves])
    #expect(first.map(\.since) == [left])
    let found = try await stage.desk.examine(now: left, channels: [])
    #expect(found.filter { $0.kind == .pastRetention }.map(\.subject) == ["contact of \(leaves)"])
    let later = try await stage.desk.retentionDue(now: Stage.after(hours: 11 * 365 * 24))
    #expect(later.map(\.pseudonym) == [leaves, stays, nil])
    #expect(later.map(\.kind) == [.identity, .identity, .data])
    #expect(later[1].since == ended)
    let places = ErasurePlaces(
      contacts: stage.folder.appending(path: "identities.db"),
      ledger: ErasureLedger(at: stage.folder.appending(path: "erasures.jsonl")))
    let answers = try await stage.database.read { try $0.occasions(of: leaves) }
    let receipt = try await stage.desk.applyRetention(to: [.identity], now: left, at: places)
    #expect(receipt.contacts == [leaves] && receipt.data == [] && receipt.pending == [])
    #expect(try await stage.desk.identities?.pseudonyms() == [stays])
    #expect(try await stage.database.read { try $0.occasions(of: leaves) } == answers)
    let again = try await stage.desk.applyRetention(to: [.identity], now: left, at: places)
    #expect(again.contacts == [])
    let events = try await stage.database.read {
      try $0.occurrences(of: .retentionApplied, since: .distantPast).count
    }
    #expect(events == 1)
    #expect(
      try await stage.desk.examine(now: left, channels: [], contacts: places.contacts) == [])

    let all = try await stage.desk.applyRetention(
      to: [.identity, .data], now: Stage.after(hours: 11 * 365 * 24), at: places)
    #expect(Set(all.data).isSuperset(of: [leaves, stays]) && all.data.count == 3)
    #expect(all.pending == [])
    #expect(try await stage.desk.identities?.pseudonyms() == [])
    #expect(
      try await stage.desk.retentionDue(
        now: Stage.after(hours: 20 * 365 * 24), contacts: places.contacts) == [])
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a study that says nothing keeps nothing too long`() async throws {
    let stage = try await Stage()
    _ = try await stage.enrol()
    #expect(try await stage.desk.retentionDue(now: Stage.after(hours: 1_000_000)) == [])
  }
}
