import Collection
import Foundation
import Identities
import Instruments
import Messages
import Storage
import Testing

@Suite("Alerts about answers of concern")
struct AlertTests {
  /// The study that watches, with the first week begun.
  private func office() async throws -> (office: PostOffice, session: UUID) {
    let office = try await PostOffice(fixture: "watched")
    let session = try await office.stage.begin(
      "week", of: office.pseudonym, now: PostOffice.hours(0))
    return (office, session)
  }

  private func page(_ session: UUID, _ answers: [String: Double]) -> PageOfAnswers {
    PageOfAnswers(
      session: session, instrument: "low",
      entries: answers.sorted { $0.key < $1.key }.map {
        PageOfAnswers.Entry(item: $0.key, answer: .number($0.value))
      })
  }

  @Test func `one message tells the study's doctor that there is something to look at`()
    async throws
  {
    let (office, session) = try await office()
    try await office.desk.save(page(session, ["l1": 5, "l2": 1]), now: PostOffice.hours(0.1))
    try await office.desk.save(page(session, ["l2": 4]), now: PostOffice.hours(0.2))
    for hour in [0.2, 0.3, 30] { try await office.step(at: PostOffice.hours(hour)) }
    let sent = office.carrier.sent
    #expect(sent.map(\.kind) == ["alert"])
    let alert = try #require(sent.first)
    #expect(alert.recipient.address == "doctor@example.org")
    #expect(alert.unsubscribe == nil)
    let token = try await office.desk.token(of: office.pseudonym, now: Stage.start)
    for secret in ["Ann", "ann@", office.pseudonym, token.text, "hope", "alone", " 5", "l1"] {
      #expect(!alert.subject.contains(secret) && !alert.body.contains(secret), "\(secret)")
    }
    let due = PostOffice.hours(24.1).formatted(.iso8601)
    #expect(alert.body.contains("by \(due)"))
    let listed = try await office.desk.messages(in: [.sent])
    #expect(listed.map(\.pseudonym) == [office.pseudonym])
    #expect(listed.first?.record.channel == "email")
    #expect(try await office.desk.database.verify() == [])
  }

  @Test func `answers below the level alarm nobody, and neither does what was taken back`()
    async throws
  {
    let (office, session) = try await office()
    try await office.desk.save(page(session, ["l1": 3, "l2": 3]), now: PostOffice.hours(0.1))
    try await office.step(at: PostOffice.hours(0.2))
    #expect(try await office.states() == [])
    try await office.desk.save(page(session, ["l1": 4]), now: PostOffice.hours(0.3))
    try await office.desk.save(
      AnswerToSave(session: session, instrument: "low", item: "l1", answer: .number(1)),
      now: PostOffice.hours(0.3))
    try await office.step(at: PostOffice.hours(0.4))
    #expect(office.carrier.sent.isEmpty)
    #expect(try await office.states() == [.dropped])
    #expect(try await office.desk.database.verify() == [])
  }

  @Test func `it goes out also about people who want no messages, or have left`() async throws {
    for withdrawal in [Withdrawal.stopReminders, .stopAndKeep] {
      let (office, session) = try await office()
      try await office.desk.save(
        AnswerToSave(session: session, instrument: "low", item: "l2", answer: .number(4)),
        now: PostOffice.hours(0.1))
      try await office.desk.withdraw(office.pseudonym, withdrawal, now: PostOffice.hours(0.1))
      try await office.step(at: PostOffice.hours(0.2))
      #expect(office.carrier.sent.map(\.kind) == ["alert"])
    }
  }

  @Test func `the doctor's program finds an alert that has not gone out`() async throws {
    let (office, session) = try await office()
    try await office.desk.save(page(session, ["l1": 5]), now: PostOffice.hours(0.1))
    let findings = try await office.desk.examine(now: PostOffice.hours(1), channels: [.email])
    #expect(findings.map(\.kind) == [.unsent])
    #expect(findings.first?.subject.hasPrefix("alert for week 1 of \(office.pseudonym)") == true)
    try await office.step(at: PostOffice.hours(1))
    #expect(try await office.desk.examine(now: PostOffice.hours(1.1), channels: [.email]) == [])
  }

  @Test func `nothing is alarmed by simulated people`() async throws {
    let stage = try await Stage(kind: .simulated, fixture: "watched")
    let name = try await stage.enrol()
    let session = try await stage.begin("week", of: name, now: PostOffice.hours(0))
    try await stage.desk.save(page(session, ["l1": 5]), now: PostOffice.hours(0))
    #expect(try await stage.desk.messages(in: Set(MessageState.allCases)).isEmpty)
  }
}
