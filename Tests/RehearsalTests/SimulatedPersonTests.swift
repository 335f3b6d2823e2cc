import Foundation
import Instruments
import Studies
import Testing

@testable import Rehearsal

@Suite("Simulated people")
struct SimulatedPersonTests {
  static func plan() throws -> SimulationPlan {
    try #require(try SimulationPlanTests.load(SimulationPlanTests.text).plan)
  }

  static func person(
    _ number: Int, of people: Int, plan: SimulationPlan, seed: UInt64
  ) -> SimulatedPerson {
    SimulatedPerson(number: number, of: people, plan: plan, sites: ["main"], seed: seed)
  }

  @Test("one seed gives one person, whoever else there is")
  func sameSeed() throws {
    let plan = try Self.plan()
    let wisdom = try #require(ShippedInstruments.instrument(id: "wisdom-7"))
    func answers(seed: UInt64) -> [Answer?] {
      var person = Self.person(3, of: 10, plan: plan, seed: seed)
      return person.replies(to: wisdom, plan: plan, arm: nil, weeks: 2).map(\.answer)
    }
    #expect(answers(seed: 1) == answers(seed: 1))
    #expect(answers(seed: 1) != answers(seed: 2))
  }

  @Test(
    "their scores follow the course that is stated, reversed items too",
    arguments: [(String?.none, 0.0), (nil, 8), ("usual", 8), ("supportive", 8)])
  func followTheCourse(arm: String?, weeks: Double) throws {
    let plan = try Self.plan()
    let wisdom = try #require(ShippedInstruments.instrument(id: "wisdom-7"))
    let people = 4000
    var total = 0.0
    var counted = 0
    for number in 0..<people {
      var person = Self.person(number, of: people, plan: plan, seed: 5)
      let replies = person.replies(to: wisdom, plan: plan, arm: arm, weeks: weeks)
      let given = replies.reduce(into: [String: Answer]()) { $0[$1.item] = $1.answer }
      for case let value? in wisdom.scores(of: given).map(\.value) {
        total += value
        counted += 1
      }
    }
    let truth = 3 + weeks * (0.02 + (arm == "supportive" ? 0.05 : 0))
    // Standard error: sqrt(0.3² + 0.08² + 0.1² + 0.58²/7) / sqrt(4000) = 0.006; four of them.
    #expect(abs(total / Double(counted) - truth) < 0.025)
    #expect(counted > people * 9 / 10)
  }

  @Test("enrolment is spread evenly over its days")
  func enrolment() throws {
    let plan = try Self.plan()
    let people = (0..<28).map { Self.person($0, of: 28, plan: plan, seed: 9) }
    for (number, person) in people.enumerated() {
      let day = person.enrols.timeIntervalSince(plan.enrolment.from) / 86_400
      #expect(day >= Double(number) / 2 && day < Double(number + 1) / 2)
    }
  }

  @Test("normal draws have mean 0, deviation 1 and normal tails")
  func normalDraws() {
    var draws = NormalDraws(SeededGenerator(seed: 11))
    let numbers = (0..<200_000).map { _ in draws.next() }
    let mean = numbers.reduce(0, +) / 200_000
    let square = numbers.reduce(0) { $0 + $1 * $1 } / 200_000
    // Four standard errors: 1/√n, √2/√n, and those of the normal distribution's tail beyond 1.96.
    #expect(abs(mean) < 0.009)
    #expect(abs(square - 1) < 0.0127)
    #expect(abs(Double(numbers.count { abs($0) > 1.959964 }) / 200_000 - 0.05) < 0.002)
  }

  @Test("the agenda gives the earliest first, and what was planned first at one moment")
  func agenda() {
    var agenda = Agenda()
    var generator = SeededGenerator(seed: 3)
    for person in 0..<500 {
      let time = Date(timeIntervalSince1970: Double(generator.below(50)))
      agenda.add(.leave, by: person, at: time)
    }
    var before: (Date, Int) = (.distantPast, -1)
    var count = 0
    while let entry = agenda.next(before: .distantFuture) {
      #expect((entry.time, entry.person) > before)
      before = (entry.time, entry.person)
      count += 1
    }
    #expect(count == 500)
  }
}

extension SimulatedPerson {
  /// Answers at a moment, with the states of that moment.
  fileprivate mutating func replies(
    to instrument: Instrument, plan: SimulationPlan, arm: String?, weeks: Double
  ) -> [(item: String, answer: Answer?)] {
    let states = states(
      on: plan.courses, when: Circumstances(weeks: weeks, arm: arm), wanted: { _ in true })
    return answers(to: instrument, in: AnsweringContext(plan: plan, states: states))
  }
}
