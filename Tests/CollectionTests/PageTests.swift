import Collection
import Foundation
import Instruments
import Storage
import Testing

@Suite("Pages of answers")
struct PageTests {
  private func page(
    _ session: UUID, _ answers: [(String, Answer?)], key: String? = nil, at: Date? = nil
  ) -> PageOfAnswers {
    PageOfAnswers(
      session: session, instrument: "use",
      entries: answers.map { .init(item: $0.0, answer: $0.1, clientTime: at) }, clientKey: key)
  }

  @Test("a page stores what its answers one by one would, in one event")
  func sameAsSingles() async throws {
    let stage = try await Stage()
    let answers: [(String, Answer?)] = [
      ("used", .number(1)), ("hours", .number(3)), ("note", .text("fine")),
    ]
    let one = try await stage.begin("baseline", of: try await stage.enrol())
    for (item, answer) in answers { try await stage.save(item, answer, in: one) }
    let other = try await stage.begin("baseline", of: try await stage.enrol())
    try await stage.desk.save(page(other, answers), now: Stage.start)
    func stored(_ session: UUID) async throws -> [String] {
      try await stage.database.read { try $0.responses(ofSession: session) }
        .map { "\($0.item) \($0.answer) \($0.changes) \($0.serverTime)" }
    }
    #expect(try await stored(other) == (try await stored(one)))
    // What is changed is counted item by item.
    try await stage.desk.save(
      page(other, [("used", .number(1)), ("hours", .number(4))]), now: Stage.after(hours: 1))
    let changes = try await stage.database.read { try $0.responses(ofSession: other) }
    #expect(changes.first { $0.item == "hours" }?.changes == 1)
    #expect(changes.first { $0.item == "used" }?.changes == 0)
    let session = try await stage.desk.session(other)
    #expect(session.session.lastActive == Stage.after(hours: 1))
    #expect(try await stage.database.verify().isEmpty)
  }

  @Test("a page that is sent twice is saved once; its key stands for nothing else")
  func repeated() async throws {
    let stage = try await Stage()
    let session = try await stage.begin("baseline", of: try await stage.enrol())
    let sent = page(session, [("used", .number(0))], key: "k", at: Stage.start)
    let again = page(session, [("used", .number(0))], key: "k", at: Stage.after(hours: 1))
    #expect(try await stage.desk.save(sent, now: Stage.start) == .saved)
    #expect(try await stage.desk.save(again, now: Stage.after(hours: 1)) == .repeated)
    let reused = await refusal {
      try await stage.desk.save(
        page(session, [("used", .number(1))], key: "k"), now: Stage.start)
    }
    #expect(reused?.code == .keyReused)
    let single = await refusal { try await stage.save("used", .number(0), in: session, key: "k") }
    #expect(single?.code == .keyReused)
    try await stage.desk.submit(session, now: Stage.after(hours: 2))
    #expect(try await stage.desk.save(sent, now: Stage.after(hours: 3)) == .repeated)
    #expect(try await stage.database.verify().isEmpty)
  }

  @Test(
    "nothing of a page is kept when one of its answers is refused",
    arguments: [
      ([("used", .number(0)), ("hours", .number(2))], CollectionError.Code.itemNotShown),
      ([("used", .number(1)), ("hours", .number(25))], .answerRefused),
      ([("used", .number(1)), ("used", .number(1))], .answerRefused),
      ([("used", .number(1)), ("minutes", .number(1))], .unknownItem),
      ([("used", .number(1)), ("intro", nil)], .answerRefused),
    ] as [([(String, Answer?)], CollectionError.Code)])
  func refused(answers: [(String, Answer?)], code: CollectionError.Code) async throws {
    let stage = try await Stage()
    let session = try await stage.begin("baseline", of: try await stage.enrol())
    let refused = await refusal {
      try await stage.desk.save(page(session, answers), now: Stage.start)
    }
    #expect(refused?.code == code)
    #expect(try await stage.database.read { try $0.responses(ofSession: session) }.isEmpty)
  }

  @Test("a page may show an item by an answer of its own, and is refused where one answer would be")
  func rules() async throws {
    let stage = try await Stage()
    let pseudonym = try await stage.enrol()
    let session = try await stage.begin("baseline", of: pseudonym)
    try await stage.desk.save(
      page(session, [("hours", .number(1)), ("used", .number(1))]), now: Stage.start)
    let unknown = await refusal {
      try await stage.desk.save(page(UUID(), [("used", .number(1))]), now: Stage.start)
    }
    #expect(unknown?.code == .unknownSession)
    try await stage.desk.submit(session, now: Stage.start)
    let late = await refusal {
      try await stage.desk.save(page(session, [("used", .number(1))]), now: Stage.start)
    }
    #expect(late?.code == .alreadySubmitted)
    try await stage.desk.withdraw(pseudonym, .stopAndKeep, now: Stage.start)
    let gone = await refusal {
      try await stage.desk.save(page(session, [("used", .number(1))]), now: Stage.start)
    }
    #expect(gone?.code == .notTakingPart)
  }

  @Test("a page that comes after its occasion was closed as missed makes it partial")
  func late() async throws {
    let stage = try await Stage()
    let pseudonym = try await stage.enrol()
    let session = try await stage.begin("baseline", of: pseudonym)
    let now = Stage.after(hours: 24 * 5)
    try await stage.desk.closeExpired(now: now)
    #expect(try await stage.occasion("baseline", of: pseudonym).state == .missed)
    try await stage.desk.save(page(session, [("used", .number(0))]), now: now)
    #expect(try await stage.occasion("baseline", of: pseudonym).state == .partial)
    #expect(try await stage.database.verify().isEmpty)
  }
}
