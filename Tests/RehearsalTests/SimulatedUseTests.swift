import Collection
import Foundation
import LocalTime
import Storage
import Studies
import Testing

@testable import Rehearsal

@Suite("Simulated use of AI")
struct SimulatedUseTests {
  static let use = SimulationPlan.Use(
    conversations: 3, minutes: 12, personDeviation: 0.5, dayDeviation: 0.4, shiftByArm: [:],
    shiftByPhase: [:], reports: [])

  @Test("a day is the same whatever else was asked for")
  func pure() {
    let use = SimulatedUse(Self.use, seed: 5, person: 7)
    let days = (1...10).map { use.conversations(onDay: $0, shift: 0) }
    let again = SimulatedUse(Self.use, seed: 5, person: 7)
    for day in (1...10).reversed() {
      #expect(again.conversations(onDay: day, shift: 0) == days[day - 1])
    }
    #expect(Set(days.map(\.count)).count > 1)
    #expect(SimulatedUse(Self.use, seed: 5, person: 8).deviation != use.deviation)
  }

  @Test("counts and minutes have the means that are stated, and a shift is a factor")
  func means() {
    var (conversations, minutes, shifted, hours) = (0.0, 0.0, 0.0, 0.0)
    let people = 4000
    for person in 0..<people {
      let use = SimulatedUse(Self.use, seed: 1, person: person)
      let day = use.conversations(onDay: 1, shift: 0)
      conversations += Double(day.count)
      minutes += Double(day.reduce(0) { $0 + $1.minutes })
      shifted += Double(use.conversations(onDay: 2, shift: -1).count)
      hours += Self.use.usualHours(personDeviation: use.deviation) / Double(people)
      #expect(
        day.allSatisfy { (0..<86_400).contains($0.start) && $0.minutes >= 1 && $0.turns >= 1 })
      #expect(day == day.sorted { $0.start < $1.start })
    }
    // The mean of a Poisson number with a log-normal mean is 3·exp((0.5² + 0.4²)/2) = 3.68; its
    // deviation is about 3.5, so that the standard error is 0.055.
    let expected = 3 * exp((0.25 + 0.16) / 2)
    #expect(abs(conversations / Double(people) - expected) < 0.25)
    #expect(abs(shifted / Double(people) - expected * exp(-1)) < 0.15)
    #expect(abs(minutes / conversations - 12) < 0.5)
    #expect(abs(hours - Self.use.averageHours) < 0.05)
    #expect(abs(Self.use.averageHours - expected * 12 / 60) < 1e-12)
  }

  @Test("records hold who agreed to give logs, from a fortnight before enrolment")
  func records() async throws {
    let stage = try Stage()
    let (desk, outcome) = try await stage.simulate(people: 12, seed: 9)
    let agreed = try await desk.database.read { snapshot in
      try snapshot.participants().map(\.pseudonym).filter { name in
        try snapshot.consents(of: name).last { $0.part == "logs" }?.isAgreed == true
      }
    }
    #expect(outcome.use.map(\.pseudonym) == agreed.sorted())
    for record in outcome.use {
      let participant = try #require(
        try await desk.database.read { try $0.participant(record.pseudonym) })
      let zone = try timeZone(named: participant.zone)
      let enrolled = LocalMoment(participant.enrolled, in: zone).date
      #expect(abs(record.firstDay.days(until: enrolled) - 14) <= 1)
      #expect(record.lastDay > enrolled || participant.status == .withdrawn)
      let starts = record.conversations.map(\.starts.instant)
      #expect(starts == starts.sorted())
    }
  }
}
