import Collection
import Definitions
import Foundation
import Rehearsal
import Storage
import Studies
import Testing

/// A small study in a folder that is gone when the test is, with everything that people can do.
final class Stage {
  static let study = """
    id: everything
    version: 1.0.0
    title: Everything
    languages: [en]
    timezone: participant
    sites: [north, south]
    contact: { name: Team, email: team@example.org }
    consent:
      version: 1
      text: consent.md
      parts: [{ id: surveys, required: true }, { id: logs }, { id: recontact }]
    arms: [{ id: usual, weight: 1 }, { id: less, weight: 1 }]
    allocation: { method: simple, after: baseline }
    phases: [{ id: first, days: 1-7 }, { id: second, days: 8-14 }]
    occasions:
      - { id: baseline, at: enrolment, open_for: 2d, instruments: [state] }
      - id: prompt
        random: { per_day: 3, between: ["09:00", "21:00"], apart: 90m }
        days: 2-14
        open_for: 60m
        grace: 30m
        remind: [15m, 30m]
        instruments: [state]
      - { id: chat, event: { at_most: 2, per: day }, open_for: 30m, instruments: [state] }

    """
  static let instrument = """
    id: state
    version: 1.0.0
    title: State
    construct: mood
    language: en
    recall: now
    wording: original
    scales:
      line: { type: slider, range: [0, 100], labels: { 0: Low, 100: High } }
    items:
      - { id: s1, text: One., scale: line }
      - { id: s2, text: Two., scale: line }
      - { id: s3, text: Three., scale: line }
      - { id: check, text: Choose zero., type: single, options: { 0: Zero, 1: One, 2: Two } }
      - { id: used, text: Used?, type: single, options: { 0: "No", 1: "Yes" } }
      - { id: minutes, text: How long?, type: number, range: [0, 1440], whole: true, show_if: used == 1 }
    checks:
      - { item: check, expect: 0 }
    scores:
      mood: { mean: [s1, s2, s3] }
    tests:
      - { answers: { s1: 10, s2: 20, s3: 30 }, scores: { mood: 20 } }

    """
  static let simulation = """
    enrolment:
      from: "2027-03-22T08:00"
      days: 3
      zones: { north: [Europe/Amsterdam], south: [Africa/Accra, Asia/Tokyo] }
      languages: { north: [en], south: en }
    behaviour:
      misses: 0.3
      misses_deviation: 0.5
      misses_by_state: { course: state.mood, log_odds: -0.8 }
      reminded: 0.2
      late: 0.1
      breaks_off: 0.05
      leaves: 0.005
      leaves_blank: 0.02
      straight_lines: 0.2
      hurries: 0.2
      fails_checks: 0.05
      travels: { per_week: 0.5, to: [America/New_York], days: 3 }
      pauses: { per_week: 0.3, days: 2 }
      changes_consent: 0.3
      stops_reminders: 0.2
      opens_events: 0.4
    use:
      conversations: 2
      minutes: 15
      deviations: { person: 0.4, day: 0.3 }
      arms: { less: -0.5 }
      phases: { second: 0.2 }
      reports: [{ used: state.used, minutes: state.minutes }]
    courses:
      - score: state.mood
        start: 55
        per_week: 1
        arms: { less: 2 }
        sites: { south: 5 }
        phases: { second: -3 }
        use: { days: 1, within: -4, between: -2, deviation: 1 }
        autocorrelation: 0.4
        deviations: { start: 8, per_week: 1, occasion: 8, item: 5 }

    """

  let folder: URL
  let definitions: StudyFolder

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("longwell-rehearsal-\(UUID().uuidString)")
    let instruments = folder.appendingPathComponent("instruments")
    try FileManager.default.createDirectory(at: instruments, withIntermediateDirectories: true)
    try Data(Self.study.utf8).write(to: folder.appendingPathComponent("study.yaml"))
    try Data("Consent.".utf8).write(to: folder.appendingPathComponent("consent.md"))
    try Data(Self.instrument.utf8).write(to: instruments.appendingPathComponent("state.yaml"))
    var problems = Problems()
    let definitions = StudyFolder.load(directory: folder, problems: &problems)
    self.definitions = try #require(definitions, "\(problems.sorted.map(\.description))")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func plan(_ text: String = Stage.simulation) -> (plan: SimulationPlan?, problems: Problems) {
    var problems = Problems()
    let plan = SimulationPlan.load(
      Array(text.utf8), file: "simulation.yaml", folder: definitions, problems: &problems)
    return (plan, problems)
  }

  /// Lets people live through the study in a database of their own.
  func simulate(
    people: Int, seed: UInt64, changing change: (inout SimulationPlan) -> Void = { _ in }
  ) async throws -> (desk: StudyDesk, outcome: Simulation.Outcome) {
    let (loaded, problems) = plan()
    var plan = try #require(loaded, "\(problems.sorted.map(\.description))")
    change(&plan)
    let database = try ResearchDatabase.open(
      at: folder.appendingPathComponent("\(UUID().uuidString).db"),
      mode: .create(kind: .simulated), secrets: .seeded(seed))
    let desk = try await StudyDesk.open(
      database, publishing: definitions, allocationSeed: seed, now: plan.enrolment.from)
    let simulation = Simulation(desk: desk, plan: plan, people: people, seed: seed)
    return (desk, try await simulation.run { _, _ in })
  }
}
