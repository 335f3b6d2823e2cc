import Collection
import Foundation
import Instruments
import Storage
import Studies
import Testing

/// People do things in any order at any time; what is stored must make sense all the same.
struct RandomWalkTests {
  /// Everything that happened, as an export would show it.
  struct Outcome: Equatable {
    var participants: [ParticipantRow]
    var occasions: [OccasionRow]
    var responses: [ResponseRow]
    var scores: [ScoreRow]
  }

  private func walk(seed: UInt64) async throws -> (stage: Stage, outcome: Outcome) {
    let stage = try await Stage(
      kind: .simulated, secrets: .seeded(seed), allocationSeed: seed)
    let desk = stage.desk
    try await desk.database.write { transaction in
      var generator = SeededGenerator(seed: seed)
      var people: [String] = []
      var sessions: [UUID] = []
      var now = Stage.start
      for _ in 0..<250 {
        now += Double(generator.below(7200))
        let person = people.randomElement(using: &generator)
        do {
          switch generator.below(16) {
          case 0:
            let enrolment = Enrolment(zone: "Pacific/Chatham", isSimulated: true)
            let new = try desk.enrol(enrolment, now: now, using: &generator, in: transaction)
            people.append(new.pseudonym)
            let parts: Set = generator.below(5) == 0 ? ["recontact"] : ["surveys", "recontact"]
            try desk.consent(new.pseudonym, to: parts, now: now, in: transaction)
          case 1: try desk.closeExpired(now: now, in: transaction)
          case 2:
            guard let person, generator.below(4) == 0 else { continue }
            try desk.withdraw(person, .stopAndKeep, now: now, in: transaction)
          case 3, 4, 5:
            guard let person else { continue }
            for due in try desk.due(of: person, now: now, in: transaction) {
              let session = try desk.begin(
                due.occasion.uuid, of: person, now: now, in: transaction)
              sessions.append(session.session.uuid)
            }
          case 6, 7:
            guard let session = sessions.suffix(5).randomElement(using: &generator) else {
              continue
            }
            try desk.submit(session, now: now, in: transaction)
          default:
            guard let session = sessions.suffix(5).randomElement(using: &generator) else {
              continue
            }
            let items = [
              ("mood", "m1"), ("mood", "m2"), ("use", "used"), ("use", "hours"), ("use", "note"),
            ]
            let item = items[Int(generator.below(5))]
            let answer: Answer? =
              item.1 == "note" ? .text("words") : .number(Double(generator.below(7)))
            try desk.save(
              AnswerToSave(
                session: session, instrument: item.0, item: item.1,
                answer: generator.below(10) == 0 ? nil : answer), now: now, in: transaction)
          }
        } catch is CollectionError {
          // Refused before anything was written: that is what the invariants check.
        }
      }
      try desk.closeExpired(now: now, in: transaction)
    }
    let outcome = try await desk.database.read { snapshot in
      Outcome(
        participants: try snapshot.participantRows(), occasions: try snapshot.occasionRows(),
        responses: try snapshot.responseRows(), scores: try snapshot.scoreRows())
    }
    return (stage, outcome)
  }

  @Test(arguments: 1...10)
  func `whatever people do, the rows make sense and the chains verify`(seed: UInt64) async throws {
    let (stage, outcome) = try await walk(seed: seed)
    #expect(try await stage.database.verify() == [])
    let instruments = stage.desk.current.definitions.instruments
    let withdrawn = Set(
      outcome.participants.filter { $0.participant.status == .withdrawn }
        .map(\.participant.pseudonym))

    for row in outcome.occasions {
      let (occasion, name) = (row.occasion, row.occasion.pseudonym)
      switch occasion.state {
      case .planned: #expect(row.session == nil)
      case .open, .partial: #expect(row.session != nil)
      case .submitted:
        #expect(row.sessionState == .submitted && !row.isLate)
        #expect(row.submitted.map { $0 < occasion.graceEnds } == true)
      case .missed: #expect(row.sessionState == nil || row.sessionState == .expired || row.isLate)
      case .cancelled: #expect(withdrawn.contains(name))
      case .skipped: Issue.record("nothing skips occasions yet")
      }
      if let begun = row.begun { #expect(begun >= occasion.opens && begun < occasion.closes) }
      if withdrawn.contains(name) { #expect(occasion.state.isFinal) }
    }

    // Who was randomised submitted a baseline in time, and who did was randomised.
    let baselines = Set(
      outcome.occasions.filter { $0.occasion.plan == "baseline" && $0.occasion.state == .submitted }
        .map(\.occasion.pseudonym))
    let randomised = Set(
      outcome.participants.filter { $0.arm != nil }.map(\.participant.pseudonym))
    #expect(baselines == randomised)

    for row in outcome.responses {
      let instrument = try #require(instruments[row.response.instrument])
      if let answer = row.response.answer.number.map(Answer.number) {
        #expect(throws: Never.self) { try instrument.check(answer, for: row.response.item) }
      }
      let hasAnswer = row.response.answer != .none
      #expect(
        hasAnswer ? [nil, .notShown].contains(row.response.reason) : row.response.reason != nil)
    }

    // Scores stand for submitted sessions only, and are what the instrument makes of the answers.
    let submitted = Set(outcome.occasions.filter { $0.sessionState == .submitted }.map(\.session))
    #expect(Set(outcome.scores.map { Optional($0.score.session) }).isSubset(of: submitted))
    for (key, rows) in Dictionary(
      grouping: outcome.scores, by: { "\($0.score.session) \($0.score.instrument)" })
    {
      let first = try #require(rows.first?.score)
      let answers = outcome.responses.filter {
        $0.response.session == first.session && $0.response.instrument == first.instrument
          && $0.response.reason == nil
      }.compactMap { row in
        row.response.answer.number.map { (row.response.item, Answer.number($0)) }
      }
      let expected = try #require(instruments[first.instrument])
        .scores(of: Dictionary(answers, uniquingKeysWith: { $1 }))
      #expect(
        rows.map(\.score.value) == expected.sorted { $0.name < $1.name }.map(\.value), "\(key)")
    }
  }

  @Test func `one seed gives the same study, down to every identifier`() async throws {
    let first = try await walk(seed: 77).outcome
    let second = try await walk(seed: 77).outcome
    #expect(first == second)
    #expect(!first.responses.isEmpty && !first.scores.isEmpty)
    #expect(try await walk(seed: 78).outcome != first)
  }
}
