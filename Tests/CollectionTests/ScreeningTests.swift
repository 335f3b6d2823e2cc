import Collection
import Foundation
import Instruments
import Storage
import Studies
import Testing

struct ScreeningTests {
  private func join(
    _ stage: Stage, _ answers: [String: Answer]?, agreeingTo parts: Set<String> = ["surveys"],
    isTest: Bool = false
  ) async throws -> Joining {
    var generator = SystemRandomNumberGenerator()
    var enrolment = Enrolment(zone: "Europe/Amsterdam", isTest: isTest)
    enrolment.entry = .open
    enrolment.screening = answers
    return try await stage.desk.enrol(
      enrolment, agreeingTo: parts, now: Stage.start, using: &generator)
  }

  private func counts(_ stage: Stage) async throws -> [String] {
    try await stage.database.read { try $0.screeningCounts() }.map {
      "\($0.site) \($0.outcome.rawValue) \($0.people)"
    }
  }

  private static let adult: [String: Answer] = ["age": .number(41), "often": .number(2)]

  @Test func `who joins keeps the answers, as an occasion that counts as no planned one`()
    async throws
  {
    let stage = try await Stage(fixture: "screened")
    #expect(stage.desk.screeningInstrument?.id == "screening")
    let joining = try await join(stage, Self.adult)
    #expect(joining.planned == 3)
    let name = joining.participant.pseudonym
    let occasion = try await stage.occasion(Screening.occasion, of: name)
    #expect(occasion.state == .submitted)
    #expect(!occasion.isDue)
    let rows = try await stage.database.read { try $0.responseRows() }
    #expect(rows.map(\.response.item) == ["age", "often"])
    #expect(rows.map(\.response.answer.number) == [41, 2])
    #expect(try await stage.database.read { try $0.scoreRows().map(\.score.value) } == [2])
    #expect(try await counts(stage) == ["main joined 1"])
    #expect(
      try await stage.desk.due(of: name, now: Stage.start).map(\.occasion.plan) == ["baseline"])
    #expect(try await stage.database.verify() == [])
  }

  @Test func `who is not eligible or declines leaves a number and nothing else`() async throws {
    let stage = try await Stage(fixture: "screened")
    let young: [String: Answer] = ["age": .number(17), "often": .number(2)]
    #expect(try !stage.desk.isEligible(young))
    #expect(try !stage.desk.isEligible(["often": .number(2)]))
    let refused = await refusal { _ = try await join(stage, young) }
    #expect(refused?.code == .notEligible)
    for _ in 0..<2 {
      try await stage.desk.turnAway(.ineligible, entry: .open, now: Stage.start)
    }
    let declined = await refusal { _ = try await join(stage, Self.adult, agreeingTo: []) }
    #expect(declined?.code == .consentMissing)
    try await stage.desk.turnAway(.declined, entry: .open, now: Stage.start)
    try await stage.desk.turnAway(.declined, entry: .open, isTest: true, now: Stage.start)
    try await stage.database.read { snapshot throws in
      #expect(try snapshot.participants() == [])
      #expect(try snapshot.responseRows() == [])
    }
    #expect(try await counts(stage) == ["main declined 1", "main ineligible 2"])
    #expect(try await stage.database.verify() == [])
  }

  @Test func `real people are asked first; try-outs need not be`() async throws {
    let stage = try await Stage(fixture: "screened")
    let unasked = await refusal { _ = try await join(stage, nil) }
    #expect(unasked?.code == .notEligible)
    let tryOut = try await join(stage, nil, isTest: true)
    #expect(tryOut.planned == 3)
    let offScale = await refusal {
      _ = try await join(stage, ["age": .number(41), "often": .number(9)])
    }
    #expect(offScale?.code == .answerRefused)
    let unknown = await refusal { _ = try await join(stage, ["agee": .number(41)]) }
    #expect(unknown?.code == .answerRefused)
  }
}
