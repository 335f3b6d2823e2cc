import Definitions
import Expressions
import Foundation
import Instruments
import LocalTime
import Testing

@testable import Studies

@Suite("What a study says about joining, keeping, giving, logging and quiet")
struct RunningKeysTests {
  /// A study that uses all of these fields.
  static let text = """
    id: companion
    version: 1.0.0
    title: Companion
    languages: [en]
    timezone: participant
    contact: { name: Study team, email: team@example.org }
    enrolment:
      mode: open
      capacity: 400
      screening: { instrument: screening, eligible: "age >= 18 and uses_ai >= 1" }
    consent:
      version: 2
      text: consent.md
      earlier: lapses
      parts: [{ id: surveys, required: true }, { id: logs }]
    occasions:
      - id: baseline
        at: enrolment
        open_for: 3d
        instruments: [needs-6]
      - id: after-chat
        event: { at_most: 3, per: day }
        open_for: 1h
        instruments: [needs-6]
    logs: { sources: [chatgpt, claude], exposure: 7d }
    incentives: [{ when: compliance(baseline) >= 0.8, text: incentive.md }]
    retention: { identities: 90d after end, data: 10y }
    quiet_hours: ["22:00", "07:00"]

    """

  static let screening = """
    id: screening
    version: 1.0.0
    title: Before we begin
    construct: eligibility
    language: en
    recall: general
    wording: original
    items:
      - { id: age, text: How old are you?, type: number, range: [0, 120], whole: true }
      - id: uses_ai
        text: How often do you use an AI system?
        type: single
        options: { 0: Never, 1: Sometimes, 2: Often }

    """

  static func files(_ text: String = text) -> [String: [UInt8]] {
    [
      "study.yaml": Array(text.utf8), "instruments/screening.yaml": Array(screening.utf8),
      "consent.md": Array("Taking part is free.".utf8), "incentive.md": Array("Thanks!".utf8),
    ]
  }

  @Test("all of them become a study, whose documents are complete")
  func complete() throws {
    try StudySamples.withFolder(Self.files()) { url in
      var problems = Problems()
      let folder = StudyFolder.load(directory: url, problems: &problems)
      #expect(problems.list.map(\.description) == [])
      let study = try #require(folder).study
      #expect(study.enrolment.mode == .open)
      #expect(study.capacity == 400)
      #expect(study.enrolment.screening?.instrument == "screening")
      #expect(study.instruments == ["screening", "needs-6"])
      #expect(study.consent.earlier == .lapses)
      #expect(study.logs == LogPlan(sources: ["chatgpt", "claude"], exposure: Span(days: 7)))
      #expect(study.retention == Retention(identities: Span(days: 90), data: Span(months: 120)))
      #expect(
        study.quietHours
          == QuietHours(
            hours: DayHours(
              from: try #require(ClockTime("22:00")), to: try #require(ClockTime("07:00")))))
      #expect(study.incentives.map(\.text.pattern) == ["incentive.md"])
      #expect(folder?.incentiveTexts.first?["en"]?.text == "Thanks!")
      let documents = try #require(folder).documents
      #expect(documents.contains { $0.id == "incentive.md" && $0.kind == .text })
      let again = StudyFolder.load(documents: documents, problems: &problems)
      #expect(again?.contentHash == folder?.contentHash)
    }
  }

  @Test(
    "who may join is what the answers say, and unknown is no",
    arguments: [
      (["age": Answer.number(18), "uses_ai": .number(1)], true),
      (["age": .number(17), "uses_ai": .number(2)], false),
      (["age": .number(30), "uses_ai": .number(0)], false),
      (["age": .number(30)], false), ([:], false),
    ] as [([String: Answer], Bool)])
  func eligibility(answers: [String: Answer], isEligible: Bool) throws {
    try StudySamples.withFolder(Self.files()) { url in
      var problems = Problems()
      let folder = try #require(StudyFolder.load(directory: url, problems: &problems))
      let screening = try #require(folder.study.enrolment.screening)
      let instrument = try #require(folder.instruments[screening.instrument])
      #expect(instrument.isTrue(screening.eligible, of: answers) == isEligible)
    }
  }

  @Test(
    "an incentive is earned by what was submitted out of what was due",
    arguments: [(0.8, true), (0.79, false), (nil, false)] as [(Double?, Bool)])
  func incentives(compliance: Double?, isEarned: Bool) throws {
    let study = try StudySamples.study(Self.text)
    let incentive = try #require(study.incentives.first)
    #expect(incentive.isEarned { $0 == "baseline" ? compliance : 1 } == isEarned)
  }

  @Test(
    "each mistake is reported at its place",
    arguments: [
      ("mode: open", "mode: opne", "opne", 8),
      ("age >= 18", "agee >= 18", "unknown name 'agee'", 10),
      ("instrument: screening,", "instrument: screenin,", "the instrument 'screenin'", 10),
      ("- id: baseline", "- id: screening", "the name 'screening'", 17),
      ("earlier: lapses", "earlier: lapse", "lapse", 14),
      ("chatgpt,", "chatgtp,", "the source 'chatgtp'", 25),
      ("exposure: 7d", "exposure: seven", "'seven'", 25),
      (", { id: logs }", "", "logs that nobody is asked to agree to", 25),
      ("compliance(baseline)", "compliance(basline)", "unknown name 'compliance(basline)'", 26),
      ("compliance(baseline)", "compliance(after-chat)", "compliance(after-chat)", 26),
      ("compliance(baseline) >= 0.8", "compliance() > 1", "without the name of an occasion", 26),
      ("incentive.md", "gift.md", "no file 'gift.md'", 26),
      ("90d after end", "90d before end", "'90d before end'", 27),
      ("{ identities: 90d after end, data: 10y }", "{}", "a retention of nothing", 27),
      ("[\"22:00\", \"07:00\"]", "[\"22:00\"]", "1 time", 28),
    ])
  func mistakes(old: String, new: String, found: String, line: Int) throws {
    let text = Self.text.replacing(old, with: new)
    #expect(text != Self.text)
    try StudySamples.withFolder(Self.files(text)) { url in
      var problems = Problems()
      #expect(StudyFolder.load(directory: url, problems: &problems) == nil)
      #expect(
        problems.list.contains { $0.found.contains(found) && $0.place.line == line },
        "\(problems.list.map(\.description))")
    }
  }

  static let amsterdam = TimeZone(identifier: "Europe/Amsterdam")

  @Test(
    "quiet hours hold a message until they end by the participant's clocks",
    arguments: [
      // Local times in Amsterdam, UTC+1 in January.
      ("2027-01-10T20:59:59Z", "2027-01-10T20:59:59Z"),
      ("2027-01-10T21:00:00Z", "2027-01-11T06:00:00Z"),
      ("2027-01-10T23:30:00Z", "2027-01-11T06:00:00Z"),
      ("2027-01-11T05:59:59Z", "2027-01-11T06:00:00Z"),
      ("2027-01-11T06:00:00Z", "2027-01-11T06:00:00Z"),
      // The night of 28 March 2027, in which the clocks go forward.
      ("2027-03-27T22:00:00Z", "2027-03-28T05:00:00Z"),
    ])
  func quiet(moment: String, expected: String) throws {
    let hours = try #require(StudySamples.study(Self.text).quietHours)
    let zone = try #require(Self.amsterdam)
    let start = try Date(moment, strategy: .iso8601)
    let first = hours.firstMomentForMessages(from: start, in: zone)
    #expect(first == (try Date(expected, strategy: .iso8601)))
    #expect(!hours.contain(LocalMoment(first, in: zone)))
  }

  @Test(
    "check warns of messages that quiet hours keep until the window has closed",
    arguments: [
      // The opening's message, then the reminders': where both begin, until when.
      ("days: 1-3, time: \"06:00\", open_for: 1h", ["at 06:00: its opening"]),
      ("days: 1-3, time: \"06:00\", open_for: 61m", []),
      ("days: 1-3, time: \"22:00\", open_for: 9h", ["at 22:00: its opening"]),
      ("days: 1-3, time: \"21:59\", open_for: 9h", []),
      (
        "days: 1-3, time: \"21:00\", open_for: 3h, remind: [2h]",
        ["at 21:00: its reminder after 2h"]
      ),
      ("at: 1d after enrolment, time: \"23:00\", open_for: 90m", ["at 23:00: its opening"]),
      ("at: 1d after enrolment, open_for: 30m", []),
      (
        "random: { per_day: 3, between: [\"09:00\", \"22:00\"], apart: 1h }, days: 1-3, open_for: 30m",
        []
      ),
      (
        "random: { per_day: 3, between: [\"05:00\", \"21:00\"], apart: 1h }, days: 1-3, open_for: 30m",
        ["between 05:00 and 06:30: its opening"]
      ),
      (
        "random: { per_day: 3, between: [\"20:00\", \"01:00\"], apart: 1h }, days: 1-3, open_for: 30m, remind: [10m]",
        ["between 22:00 and 01:00: its opening", "between 21:50 and 01:00: its reminder after 10m"]
      ),
    ])
  func silence(occasion: String, expected: [String]) {
    var problems = Problems()
    let text =
      StudySamples.file(occasions: ["id: p, \(occasion)"])
        + """
        messages: { opening: standard, reminder: standard }
        quiet_hours: ["22:00", "07:00"]

        """
    #expect(Study.load(Array(text.utf8), file: "study.yaml", problems: &problems) != nil)
    #expect(problems.list.allSatisfy { $0.severity == .warning })
    #expect(problems.list.count == expected.count)
    for (problem, words) in zip(problems.list, expected) {
      #expect(problem.found.contains("opens \(words) is never announced"), "\(problem)")
    }
  }
}
