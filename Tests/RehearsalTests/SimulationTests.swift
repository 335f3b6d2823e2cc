import Collection
import Foundation
import LocalTime
import Storage
import Studies
import Testing

@testable import Rehearsal

@Suite("A rehearsal of everything")
struct SimulationTests {
  /// What the tests look at, read once.
  struct Lived {
    var people: [ParticipantRow]
    var occasions: [OccasionRow]
    var responses: [ResponseRow]
    var zones: [Int]
    var pauses: Int
    var consents: [Int]
    var findings: [ChainFinding]
    var head: String?
    var use: [UseRecord]

    init(_ stage: (desk: StudyDesk, outcome: Simulation.Outcome)) async throws {
      let names = try await stage.desk.database.read { try $0.participants().map(\.pseudonym) }
      people = try await stage.desk.database.read { try $0.participantRows() }
      occasions = try await stage.desk.database.read { try $0.occasionRows() }
      responses = try await stage.desk.database.read { try $0.responseRows() }
      zones = try await stage.desk.database.read { snapshot in
        try names.map { try snapshot.zoneHistory(of: $0).count }
      }
      pauses = try await stage.desk.database.read { snapshot in
        try names.reduce(0) { try $0 + snapshot.pauses(of: $1).count }
      }
      consents = try await stage.desk.database.read { snapshot in
        try names.map { try snapshot.consents(of: $0).count }
      }
      let report = try await stage.desk.database.report()
      findings = report.findings
      head = report.head?.hash
      use = stage.outcome.use
    }

    func count(_ state: OccasionState) -> Int { occasions.count { $0.occasion.state == state } }
  }

  @Test("everything that people do happens, and the chains hold")
  func everything() async throws {
    let stage = try Stage()
    let lived = try await Lived(try await stage.simulate(people: 30, seed: 4))
    #expect(lived.findings.isEmpty, "\(lived.findings.prefix(5).map(\.description))")
    #expect(lived.people.count == 30)
    for state in [OccasionState.submitted, .missed, .partial, .cancelled] {
      #expect(lived.count(state) > 0, "\(state)")
    }
    #expect(lived.count(.planned) == 0 && lived.count(.open) == 0)
    #expect(lived.zones.contains { $0 > 1 })
    #expect(lived.pauses > 0)
    #expect(lived.consents.contains { $0 > 3 })
    #expect(lived.people.contains { $0.participant.status == .withdrawn })
    #expect(lived.people.contains { !$0.participant.wantsReminders })
    #expect(lived.occasions.contains { $0.occasion.isEvent })
    #expect(lived.occasions.contains { $0.isLate })
    for row in lived.people where row.participant.site == "north" {
      // Whoever travels comes home, unless they withdraw first.
      #expect(["Europe/Amsterdam", "America/New_York"].contains(row.participant.zone))
    }
    // Failed checks, lines and hurried answers are there to be found.
    let checks = lived.responses.filter { $0.response.item == "check" }
    #expect(checks.contains { $0.response.answer != .number(0) })
    #expect(checks.count { $0.response.answer == .number(0) } > checks.count / 2)
  }

  @Test("one seed gives one study, to the last hash of its chain; another seed another")
  func deterministic() async throws {
    let stage = try Stage()
    let first = try await Lived(try await stage.simulate(people: 8, seed: 11))
    let again = try await Lived(try await stage.simulate(people: 8, seed: 11))
    let other = try await Lived(try await stage.simulate(people: 8, seed: 12))
    #expect(first.head != nil)
    #expect(first.head == again.head)
    #expect(first.use == again.use)
    #expect(first.head != other.head)
  }

  @Test("reminders raise response")
  func reminders() async throws {
    let stage = try Stage()
    func submitted(_ reminded: Double) async throws -> Double {
      let lived = try await Lived(
        try await stage.simulate(people: 12, seed: 3) { plan in
          plan.behaviour = SimulationPlan.Behaviour(
            misses: 0.5, breaksOff: 0, leaves: 0, leavesBlank: 0)
          plan.behaviour.reminded = reminded
        })
      let due = lived.occasions.filter { $0.occasion.plan == "prompt" }
      return Double(due.count { $0.occasion.state == .submitted }) / Double(due.count)
    }
    let (without, with) = (try await submitted(0), try await submitted(0.5))
    // Two reminders at 0.5 leave a quarter of the missed half: 0.5 and 0.875 are expected, with a
    // standard error of 0.023 over 468 prompts.
    #expect(abs(without - 0.5) < 0.1)
    #expect(abs(with - 0.875) < 0.07)
  }

  @Test("people who feel bad stay away, so that the answers look too good")
  func informativeMissingness() throws {
    let stage = try Stage()
    let plan = try #require(stage.plan().plan)
    var (present, all) = ((sum: 0.0, count: 0.0), 0.0)
    for number in 0..<4000 {
      var person = SimulatedPerson(
        number: number, of: 4000, plan: plan, sites: ["north"], seed: 8)
      let states = person.states(
        on: plan.courses, when: Circumstances(weeks: 0), wanted: { _ in true })
      all += try #require(states[0]).value / 4000
      guard !person.happens(person.chanceOfMissing(plan.behaviour, states: states)) else {
        continue
      }
      present.sum += try #require(states[0]).value
      present.count += 1
    }
    // The standard error of either mean is below 0.22 (deviation 11.3 over 4000 or fewer).
    #expect(abs(all - 55) < 0.8)
    #expect(present.sum / present.count > all + 1)
  }

  @Test("states follow the arm, the site, the phase and the use that are stated, and carry over")
  func states() throws {
    let plan = try #require(try Stage().plan().plan)
    func mean(_ circumstances: Circumstances, site: String) -> Double {
      (0..<3000).reduce(0) { sum, number in
        var person = SimulatedPerson(
          number: number, of: 3000, plan: plan, sites: [site], seed: 2)
        let states = person.states(on: plan.courses, when: circumstances, wanted: { _ in true })
        return sum + (states[0]?.value ?? .nan) / 3000
      }
    }
    let base = mean(Circumstances(weeks: 1), site: "north")
    // The same people with the same draws: what is left is the stated effect itself.
    #expect(abs(mean(Circumstances(weeks: 1, arm: "less"), site: "north") - base - 2) < 1e-9)
    #expect(abs(mean(Circumstances(weeks: 1), site: "south") - base - 5) < 0.6)
    #expect(
      abs(mean(Circumstances(weeks: 1, phase: "second"), site: "north") - base + 3) < 1e-9)
    var used = Circumstances(weeks: 1)
    used.hours = [0: (recent: 2, usual: 1, average: 1.5)]
    // −4 for the hour above the own usual (deviation 1 over people), +1 for half an hour below average.
    #expect(abs(mean(used, site: "north") - base + 4 - 1) < 4 / 3000.0.squareRoot())
    var (product, square) = (0.0, 0.0)
    for number in 0..<3000 {
      var person = SimulatedPerson(
        number: number, of: 3000, plan: plan, sites: ["north"], seed: 6)
      let deviations = (0..<2).map { _ in
        person.states(on: plan.courses, when: Circumstances(weeks: 0), wanted: { _ in true })[0]?
          .within ?? .nan
      }
      product += deviations[0] * deviations[1]
      square += (deviations[0] * deviations[0] + deviations[1] * deviations[1]) / 2
    }
    // The standard error of a correlation of 0.4 over 3000 pairs is 0.015.
    #expect(abs(product / square - 0.4) < 0.06)
  }

  @Test("a line is one place on every scale, and a hurried person reads nothing")
  func careless() throws {
    let stage = try Stage()
    var plan = try #require(stage.plan().plan)
    plan.behaviour.straightLines = 1
    plan.behaviour.hurries = 1
    plan.behaviour.leavesBlank = 0
    let instrument = try #require(stage.definitions.instruments["state"])
    var lines = 0
    for number in 0..<200 {
      var person = SimulatedPerson(
        number: number, of: 200, plan: plan, sites: ["north"], seed: 1)
      let replies = person.answers(to: instrument, in: AnsweringContext(plan: plan))
      if Set(replies.prefix(3).map(\.answer)).count == 1 { lines += 1 }
      #expect(person.secondsForItem() < 2)
    }
    // Four of five pages; the standard error of 200 is 0.028.
    #expect((130...185).contains(lines))
  }
}
