import Collection
import Foundation
import Instruments
import Storage
import Studies
import Testing

/// What one session takes from those before it, and in which words and order it asks.
struct CarryingTests {
  /// Noon in Amsterdam on a day of the study, from 1.
  private func noon(_ day: Int) -> Date { Stage.after(hours: 1 + 24 * Double(day - 1)) }

  private func stage() async throws -> Stage { try await Stage(fixture: "carrying") }

  private func enrol(
    _ stage: Stage, language: String = "en", site: String = "leiden"
  ) async throws -> String {
    var generator = SystemRandomNumberGenerator()
    let participant = try await stage.desk.enrol(
      Enrolment(zone: "Europe/Amsterdam", site: site, language: language), now: Stage.start,
      using: &generator)
    try await stage.desk.consent(participant.pseudonym, to: ["surveys"], now: Stage.start)
    return participant.pseudonym
  }

  private func begin(
    _ stage: Stage, day: Int, of name: String
  ) async throws -> SessionInProgress {
    let occasion = try await stage.occasion("day", day - 1, of: name)
    return try await stage.desk.begin(occasion.uuid, of: name, now: noon(day))
  }

  /// Answers and submits a day.
  @discardableResult
  private func answer(
    _ stage: Stage, day: Int, of name: String, _ answers: [(String, String, Answer)]
  ) async throws -> Submission {
    let session = try await begin(stage, day: day, of: name).session.uuid
    for (instrument, item, answer) in answers {
      try await stage.desk.save(
        AnswerToSave(session: session, instrument: instrument, item: item, answer: answer),
        now: noon(day))
    }
    return try await stage.desk.submit(session, now: noon(day))
  }

  private func shown(_ session: SessionInProgress, _ id: String) throws -> [String] {
    let instrument = try #require(session.instruments.first { $0.id == id })
    return session.shownItems(of: instrument).map(\.id)
  }

  @Test func `goals are asked about in later sessions, by what was last submitted`() async throws {
    let stage = try await stage()
    let name = try await enrol(stage)
    // Within a session, what it asked before counts.
    let first = try await begin(stage, day: 1, of: name)
    #expect(try shown(first, "progress").isEmpty)
    try await answer(
      stage, day: 1, of: name, [("own", "goal", .text("Run")), ("progress", "far", .number(2))])
    // A second session that does not answer the instrument keeps the goal of the first.
    var second = try await begin(stage, day: 2, of: name)
    #expect(try shown(second, "progress") == [])
    try await stage.desk.save(
      AnswerToSave(
        session: second.session.uuid, instrument: "own", item: "goal", answer: .text("Walk")),
      now: noon(2))
    second = try await stage.desk.session(second.session.uuid)
    #expect(try shown(second, "progress") == ["far"])
    #expect(second.carried["progress"]?["own.goal"] == .text("Walk"))
    #expect(try await stage.database.verify() == [])
  }

  @Test func `weights are asked once, stand for good and cannot be saved again`() async throws {
    let stage = try await stage()
    let name = try await enrol(stage)
    let first = try await answer(
      stage, day: 1, of: name,
      [
        ("own", "weight", .number(9)), ("own", "other", .number(1)), ("own", "health", .number(4)),
        ("own", "people", .number(8)),
      ])
    #expect(first.scores.first { $0.name == "profile" }?.value == 4.4)
    #expect(first.scores.first { $0.name == "gap" }?.value == -4)
    let later = try await begin(stage, day: 3, of: name)
    #expect(try shown(later, "own") == ["goal", "health", "people"])
    #expect(later.carried["own"] == ["weight": .number(9), "other": .number(1)])
    let error = await refusal {
      try await stage.desk.save(
        AnswerToSave(
          session: later.session.uuid, instrument: "own", item: "weight", answer: .number(1)),
        now: noon(3))
    }
    #expect(error?.code == .itemNotShown)
    let second = try await answer(
      stage, day: 3, of: name, [("own", "health", .number(8)), ("own", "people", .number(2))])
    #expect(second.scores.first { $0.name == "profile" }?.value == 7.4)
    #expect(second.scores.first { $0.name == "profile" }?.answered == 4)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a session begun before another one was submitted stays as it was`() async throws {
    let stage = try await stage()
    let name = try await enrol(stage)
    let early = try await begin(stage, day: 1, of: name)
    try await answer(stage, day: 2, of: name, [("own", "weight", .number(9))])
    let again = try await stage.desk.session(early.session.uuid)
    #expect(again.carried["own"] == nil)
    #expect(try shown(again, "own").contains("weight"))
  }

  @Test func `each session has an order of its own, kept on return and in the export`()
    async throws
  {
    let stage = try await stage()
    var orders: Set<[String]> = []
    for _ in 0..<6 {
      let name = try await enrol(stage)
      let session = try await begin(stage, day: 1, of: name)
      let order = try #require(
        session.session.instruments.first { $0.id == "shaken" }?.itemOrder)
      #expect(order.first == "first" && order.last == "last" && order.count == 9)
      orders.insert(order)
      #expect(session.session.instruments.first { $0.id == "own" }?.itemOrder == nil)
      let shown = try shown(session, "shaken")
      #expect(shown == order.filter { $0 != "b" })
      try await stage.desk.save(
        AnswerToSave(
          session: session.session.uuid, instrument: "shaken", item: "first", answer: .number(2)),
        now: noon(1))
      let back = try await begin(stage, day: 1, of: name)
      #expect(try self.shown(back, "shaken") == order)
      let unanswered = back.unanswered.filter { $0.instrument == "shaken" }.map(\.item)
      #expect(unanswered == order.filter { $0 != "first" })
    }
    #expect(orders.count > 1)
    let rows = try await stage.database.read { try $0.sessionInstrumentRows() }
    #expect(Set(rows.compactMap(\.instrument.itemOrder)) == orders)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `the order can be drawn again from the session's UUID`() async throws {
    let stage = try await stage()
    let session = try await begin(stage, day: 1, of: try await enrol(stage)).session
    let instrument = try stage.desk.current.instrument("shaken")
    var generator = SeededGenerator(
      seed: 0, stream: "item order", session.uuid.uuidString.lowercased(), "shaken")
    let order = instrument.itemOrder { generator.shuffled($0) }
    #expect(session.instruments.first { $0.id == "shaken" }?.itemOrder == order)
  }

  @Test func `participants read their language in the words of their site, on record`()
    async throws
  {
    let stage = try await stage()
    let dutch = try await begin(
      stage, day: 1, of: try await enrol(stage, language: "nl", site: "leiden"))
    #expect(dutch.instruments.map(\.language) == ["nl", "nl", "nl", "nl", "nl"])
    #expect(dutch.instruments[0].item("goal")?.text == "Wat is je doel?")
    #expect(
      dutch.session.instruments.map(\.overlay?.id) == [
        "own/own.nl", "own/progress.nl", "longwell/needs-6.nl", "own/shaken.nl", "own/low.nl",
      ])
    let accra = try await begin(stage, day: 1, of: try await enrol(stage, site: "accra"))
    let low = try #require(accra.session.instruments.last)
    #expect(low.overlay?.id == "accra/low.en" && low.overlay?.isReviewed == true)
    #expect(low.overlay?.version == "2.1.0" && low.overlay?.hash.count == 64)
    #expect(accra.session.instruments[0].overlay == nil)
    #expect(accra.instruments.last?.item("down")?.text == "I was low.")
    let leiden = try await begin(stage, day: 1, of: try await enrol(stage))
    #expect(leiden.session.instruments.allSatisfy { $0.overlay == nil && $0.language == "en" })
    #expect(try await stage.database.verify() == [])
    let rows = try await stage.database.read { try $0.sessionInstrumentRows() }
    #expect(rows.count == 15)
  }
}
