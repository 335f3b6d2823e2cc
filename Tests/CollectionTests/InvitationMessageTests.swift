import Collection
import Definitions
import Foundation
import Identities
import Messages
import Storage
import Studies
import Synchronization
import Testing

@Suite("Messages to people who are invited")
struct InvitationMessageTests {
  private static let people = """
    name,email,phone,language
    Ada Lovelace,ada@example.org,,en
    Ben Okri,,+31 6 1234-5678,en
    Cy Twombly,,,en

    """

  private func invite(
    at desk: StudyDesk, now: Date = Stage.start
  ) async throws -> [Inviting.Guest] {
    var problems = Problems()
    let sheet = ContactSheet.read(
      Array(Self.people.utf8), file: "people.csv", for: desk.current.study, problems: &problems)
    var generator = SystemRandomNumberGenerator()
    return try await desk.invite(
      try #require(sheet, "\(problems.list)"), now: now, using: &generator
    ).guests
  }

  @Test func `each person with an address or a number gets one, by the way that reaches them`()
    async throws
  {
    let office = try await PostOffice(fixture: "watched")
    let gateway = KeepingCarrier(.webhook)
    let guests = try await invite(at: office.desk)
    _ = try await invite(at: office.desk, now: Stage.after(hours: 1))
    let messenger = try office.messenger([office.carrier, gateway])
    for hour in [0.0, 1, 50] { try await office.step(at: Stage.after(hours: hour), messenger) }
    #expect(office.carrier.sent.map(\.recipient.address) == ["ada@example.org"])
    #expect(gateway.sent.map(\.recipient.address) == ["+31612345678"])
    let token = try await office.desk.token(of: guests[0].pseudonym, now: Stage.start)
    let message = try #require(office.carrier.sent.first)
    #expect(message.kind == "invitation")
    #expect(message.body.contains("https://study.example.org/p/\(token.text)"))
    #expect(message.unsubscribe?.path() == "/p/\(token.text)/unsubscribe")
    for personal in ["Ada", "ada@", guests[0].pseudonym] {
      #expect(!message.subject.contains(personal) && !message.body.contains(personal))
    }
    let listed = try await office.desk.messages(in: Set(MessageState.allCases))
    #expect(listed.map(\.record.state) == [.sent, .sent])
    #expect(Set(listed.map(\.record.channel)) == ["email", "webhook"])
    #expect(Set(listed.map(\.pseudonym)) == Set(guests.prefix(2).map(\.pseudonym)))
    #expect(try await office.desk.database.verify() == [])
    #expect(
      try await office.desk.examine(
        now: Stage.after(hours: 60), channels: [.email, .webhook]
      ).filter { $0.kind != .outsideWindow } == [])
  }

  @Test func `who was turned away or taken from the list meanwhile gets none`() async throws {
    let office = try await PostOffice(fixture: "watched")
    let guests = try await invite(at: office.desk)
    try await office.desk.revokeInvitation(guests[0].pseudonym, now: Stage.start)
    try await office.step(at: Stage.after(hours: 1))
    #expect(office.carrier.sent.isEmpty)
    let states = try await office.states()
    // Ben has no address for the only carrier.
    #expect(Set(states) == [.dropped, .failed])
    #expect(try await office.desk.database.verify() == [])
  }

  @Test func `a study that names no invitation sends none`() async throws {
    let office = try await PostOffice()
    _ = try await invite(at: office.desk)
    try await office.step(at: Stage.after(hours: 1))
    #expect(office.carrier.sent.isEmpty)
    #expect(try await office.states() == [])
  }

  // MARK: Crashes

  struct Crash: Error {}

  @Test(arguments: [StudyDesk.EnrolmentStep.begun, .contactStored, .confirmed])
  func `after a crash while inviting everybody is invited once`(
    step: StudyDesk.EnrolmentStep
  ) async throws {
    let office = try await PostOffice(fixture: "watched")
    let crashing = office.desk.interrupted { if $0 == step { throw Crash() } }
    await #expect(throws: Crash.self) { _ = try await invite(at: crashing) }
    let guests = try await invite(at: office.desk, now: Stage.after(hours: 1))
    #expect(Set(guests.map(\.pseudonym)).count == 3)
    let gateway = KeepingCarrier(.webhook)
    let messenger = try office.messenger([office.carrier, gateway])
    for hour in [1.0, 2] { try await office.step(at: Stage.after(hours: hour), messenger) }
    #expect(office.carrier.sent.count == 1 && gateway.sent.count == 1)
    #expect(try await office.desk.database.read { try $0.invitations().count } == 3)
    #expect(try await office.desk.identities?.pseudonyms().count == 4)
    #expect(try await office.desk.database.verify() == [])
  }

  static let crashes = Messenger.Step.allCases.flatMap { step in (0..<2).map { (step, $0) } }

  @Test(arguments: crashes)
  func `after a crash while sending each went out once, or is listed as uncertain`(
    step: Messenger.Step, occurrence: Int
  ) async throws {
    let office = try await PostOffice(fixture: "watched")
    let gateway = KeepingCarrier(.webhook)
    _ = try await invite(at: office.desk)
    let seen = Mutex(0)
    let crashing = try office.messenger([office.carrier, gateway]) { reached in
      guard reached == step else { return }
      let isNow = seen.withLock { count in
        defer { count += 1 }
        return count == occurrence
      }
      if isNow { throw Crash() }
    }
    await #expect(throws: Crash.self) {
      try await office.step(at: Stage.after(hours: 1), crashing)
    }
    let messenger = try office.messenger([office.carrier, gateway])
    try await office.step(at: Stage.after(hours: 2), messenger)
    let records = try await office.desk.messages(in: Set(MessageState.allCases)).map(\.record)
    #expect(records.count == 2)
    let sent = Dictionary(grouping: office.carrier.sent + gateway.sent, by: \.id)
    for record in records {
      let times = sent[record.uuid]?.count ?? 0
      switch record.state {
      case .sent: #expect(times == 1)
      case .uncertain: #expect(times <= 1)
      default: Issue.record("\(record.state)")
      }
    }
    let isBetween = step == .claimed || step == .handedOver
    #expect(records.count { $0.state == .uncertain } == (isBetween ? 1 : 0))
    #expect(try await office.desk.database.verify() == [])
  }

  @Test(arguments: [
    ("+31 6 1234-5678", "+31612345678"), ("+1 (555) 010.9999", "+15550109999"),
    ("0612345678", nil), ("+31", nil), ("+0123456789", nil), ("+31612345678x", nil),
    ("+1234567890123456", nil),
  ])
  func `telephone numbers are taken with their country`(typed: String, number: String?) {
    #expect(ContactSheet.telephone(typed) == number)
  }
}
