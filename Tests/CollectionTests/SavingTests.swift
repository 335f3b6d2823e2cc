import Collection
import Foundation
import Instruments
import Storage
import Testing

struct SavingTests {
  private func begun(_ stage: Stage) async throws -> UUID {
    try await stage.begin("baseline", of: try await stage.enrol())
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    var instrument = "mood"
    var item: String
    var answer: Answer?
    var code: CollectionError.Code
    var hint: String
    var testDescription: String { "\(instrument) \(item) \(hint)" }
  }

  static let refused = [
    Refused(item: "m1", answer: .number(6), code: .answerRefused, hint: "from 1 to 5"),
    Refused(item: "m1", answer: .number(0), code: .answerRefused, hint: "from 1 to 5"),
    Refused(item: "m1", answer: .number(2.5), code: .answerRefused, hint: "from 1 to 5"),
    Refused(item: "m1", answer: .number(.nan), code: .answerRefused, hint: "from 1 to 5"),
    Refused(item: "m1", answer: .number(.infinity), code: .answerRefused, hint: "from 1 to 5"),
    Refused(item: "m1", answer: .text("4"), code: .answerRefused, hint: "from 1 to 5"),
    Refused(item: "m7", answer: .number(4), code: .unknownItem, hint: "there are m1, m2"),
    Refused(
      instrument: "moods", item: "m1", answer: .number(4), code: .unknownInstrument,
      hint: "did you mean mood?"),
    Refused(
      instrument: "needs-24", item: "n01", answer: .number(4), code: .unknownInstrument,
      hint: "mood, use"),
    Refused(
      instrument: "use", item: "intro", answer: .number(1), code: .answerRefused,
      hint: "no answer"),
    Refused(
      instrument: "use", item: "intro", answer: nil, code: .answerRefused, hint: "no answer"),
    Refused(
      instrument: "use", item: "hours", answer: .number(3), code: .itemNotShown, hint: "hidden"),
    Refused(
      instrument: "use", item: "note", answer: .number(3), code: .answerRefused, hint: "text"),
    Refused(
      instrument: "use", item: "note", answer: .text("a\0b"), code: .answerRefused, hint: "text"),
  ]

  @Test(arguments: refused)
  func `what cannot be an answer is refused, with what would be`(refused: Refused) async throws {
    let stage = try await Stage()
    let session = try await begun(stage)
    let error = await refusal {
      try await stage.desk.save(
        AnswerToSave(
          session: session, instrument: refused.instrument, item: refused.item,
          answer: refused.answer), now: Stage.start)
    }
    #expect(error?.code == refused.code)
    #expect(
      error?.description.contains(refused.hint) == true, "\(String(describing: error))")
    #expect(try await stage.database.read { try $0.responses(ofSession: session) }.isEmpty)
  }

  @Test func `a refusal never repeats the answer`() async throws {
    let stage = try await Stage()
    let session = try await begun(stage)
    let planted = "planted\u{7}words"
    for (item, answer) in [("note", Answer.text(planted)), ("m1", .number(98765))] {
      let error = await refusal { try await stage.save(item, answer, in: session) }
      let text = "\(String(reflecting: error)) \(error?.description ?? "")"
      #expect(!text.contains("planted") && !text.contains("98765"))
    }
  }

  @Test func `a save sent a hundred times at once is one response`() async throws {
    let stage = try await Stage()
    let session = try await begun(stage)
    let outcomes = try await withThrowingTaskGroup(of: SaveOutcome.self) { group in
      for _ in 0..<100 {
        group.addTask { try await stage.save("m1", .number(4), in: session, key: "tab-1") }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count { $0 == .saved } == 1)
    #expect(try await stage.database.read { try $0.responses(ofSession: session) }.count == 1)
    let error = await refusal {
      try await stage.save("m1", .number(5), in: session, key: "tab-1")
    }
    #expect(error?.code == .keyReused)
  }

  @Test func `a save that was acknowledged is acknowledged after submission too`() async throws {
    let stage = try await Stage()
    let session = try await begun(stage)
    try await stage.save("m1", .number(4), in: session, key: "k1")
    try await stage.save("used", .number(0), in: session, key: "k2")
    try await stage.desk.submit(session, now: Stage.start)
    #expect(try await stage.save("m1", .number(4), in: session, key: "k1") == .repeated)
    let error = await refusal { try await stage.save("m1", .number(5), in: session, key: "k3") }
    #expect(error?.code == .alreadySubmitted)
  }

  @Test func `a conditional item follows the answers before it`() async throws {
    let stage = try await Stage()
    let session = try await begun(stage)
    try await stage.save("used", .number(1), in: session)
    #expect(try await stage.save("hours", .number(2.5), in: session) == .saved)
    try await stage.save("used", .number(0), in: session)
    let hidden = await refusal { try await stage.save("hours", .number(3), in: session) }
    #expect(hidden?.code == .itemNotShown)
    // Taking back what is hidden harms nobody.
    #expect(try await stage.save("hours", nil, in: session) == .saved)
  }

  @Test func `an unknown session is refused`() async throws {
    let stage = try await Stage()
    let error = await refusal { try await stage.save("m1", .number(4), in: UUID()) }
    #expect(error?.code == .unknownSession)
  }
}
