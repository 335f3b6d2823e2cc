import Foundation
import LocalTime
import Testing

@testable import Studies

@Suite("Plans of people who travel, pause and choose their hours")
struct ReplanningTests {
  static let berlin = "Europe/Berlin"

  func life(
    enrolled: String, zones: [(String, String)], waking: [(String, DayHours)] = [],
    pauses: [(String, ClosedRange<LocalDate>)] = [], seed: UInt64 = 3
  ) throws -> ParticipantTime {
    let home = try timeZone(named: zones[0].1)
    let enrolled = try instant(iso8601: enrolled, in: home)
    return ParticipantTime(
      enrolled: enrolled,
      zones: try zones.enumerated().map { place, stay in
        ParticipantTime.ZoneStay(
          since: place == 0 ? enrolled : try instant(iso8601: stay.0),
          zone: try timeZone(named: stay.1))
      },
      waking: try waking.map { .init(since: try instant(iso8601: $0.0), hours: $0.1) },
      pauses: try pauses.map { .init(decided: try instant(iso8601: $0.0), dates: $0.1) },
      seed: seed)
  }

  let daily = "id: day, days: 1-5, time: \"08:00\", open_for: 2h"

  @Test("only what has not opened moves, and what the new zone puts in the past is left out")
  func zoneChange() throws {
    let study = try StudySamples.study(occasions: [daily])
    // To New York on the second day after breakfast: the third is 08:00 there.
    let west = try life(
      enrolled: "2026-06-01T07:00",
      zones: [("", Self.berlin), ("2026-06-02T10:00:00Z", "America/New_York")])
    #expect(
      study.plannedOccasions(of: west).map(\.opens.description) == [
        "2026-06-01T08:00:00+02:00", "2026-06-02T08:00:00+02:00", "2026-06-03T08:00:00-04:00",
        "2026-06-04T08:00:00-04:00", "2026-06-05T08:00:00-04:00",
      ])
    // To Tokyo on the evening of the first day, where 08:00 of the second has just passed.
    let east = try life(
      enrolled: "2026-06-01T07:00",
      zones: [("", Self.berlin), ("2026-06-01T23:30:00Z", "Asia/Tokyo")])
    let planned = study.plannedOccasions(of: east)
    #expect(planned.map(\.index) == [0, 2, 3, 4])
    #expect(planned[1].opens.description == "2026-06-03T08:00:00+09:00")
  }

  @Test("an occasion at the moment of enrolment is the same instant everywhere")
  func exact() throws {
    let study = try StudySamples.study(
      occasions: ["id: six, at: 6h after enrolment, open_for: 1h"])
    let planned = study.plannedOccasions(
      of: try life(
        enrolled: "2026-06-01T07:00",
        zones: [("", Self.berlin), ("2026-06-01T08:00:00Z", "Asia/Tokyo")]))
    #expect(planned.map(\.opens.description) == ["2026-06-01T20:00:00+09:00"])
  }

  @Test("a study of one place does not follow its participants")
  func fixed() throws {
    let study = try StudySamples.study(occasions: [daily], timezone: Self.berlin)
    let planned = study.plannedOccasions(
      of: try life(
        enrolled: "2026-06-01T07:00",
        zones: [("", Self.berlin), ("2026-06-02T10:00:00Z", "Asia/Tokyo")]))
    #expect(planned.allSatisfy { $0.opens.offsetSeconds == 7200 })
    #expect(planned.count == 5)
  }

  @Test("spacing and the day's limit hold through any journey", arguments: 0..<40 as Range<UInt64>)
  func journeys(seed: UInt64) throws {
    let study = try StudySamples.study(occasions: [PromptTests.moments])
    var random = SeededGenerator(seed: seed)
    let places = [
      Self.berlin, "Asia/Tokyo", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu",
    ]
    let start = try instant(iso8601: "2026-10-20T08:00:00Z")
    var since = start
    var zones: [(String, String)] = [("", places[Int(random.below(5))])]
    for _ in 0..<5 {
      since += Double(random.below(80 * 3600))
      zones.append((since.utcText, places[Int(random.below(5))]))
    }
    let life = try life(enrolled: "2026-10-20T08:00", zones: zones, seed: seed)
    let planned = study.plannedOccasions(of: life)
    #expect(Set(planned.map(\.index)).count == planned.count)
    #expect(planned.count > 30)
    for (earlier, later) in zip(planned, planned.dropFirst()) {
      #expect(later.opens.instant.timeIntervalSince(earlier.opens.instant) >= 3600)
    }
    for (_, prompts) in Dictionary(grouping: planned, by: \.opens.date) {
      // A date that is lived twice can show two days' prompts, never more of one day than planned.
      for (_, ofDay) in Dictionary(grouping: prompts, by: { $0.index / 5 }) {
        #expect(ofDay.count <= 5)
      }
    }
    #expect(planned.allSatisfy { (9...21).contains($0.opens.time.hour) })
    // What opened before a change is what the life without it would have had.
    let change = try instant(iso8601: zones[5].0)
    let without = ParticipantTime(
      enrolled: life.enrolled, zones: Array(life.zones.dropLast()), waking: [], pauses: [],
      seed: seed)
    #expect(
      planned.filter { $0.opens.instant < change }
        == study.plannedOccasions(of: without).filter { $0.opens.instant < change })
  }

  @Test("nothing opens in a pause, but what had opened stays")
  func pause() throws {
    let study = try StudySamples.study(occasions: [daily])
    let dates =
      try #require(LocalDate("2026-06-02"))...(try #require(LocalDate("2026-06-03")))
    let planned = study.plannedOccasions(
      of: try life(
        enrolled: "2026-06-01T07:00", zones: [("", Self.berlin)],
        pauses: [("2026-06-02T09:00:00Z", dates)]))
    #expect(planned.map(\.index) == [0, 1, 3, 4])
  }

  @Test("chosen hours hold from the choice on, where the study lets people choose")
  func waking() throws {
    let evening = DayHours(
      from: try #require(ClockTime("14:00")), to: try #require(ClockTime("23:00")))
    let life = try life(
      enrolled: "2026-06-01T07:00", zones: [("", Self.berlin)],
      waking: [("2026-06-03T22:00:00Z", evening)])
    let given = try StudySamples.study(occasions: [PromptTests.moments])
    let chosen = try StudySamples.study(
      occasions: [PromptTests.moments.replacing("60m }", with: "60m, waking: chosen }")])
    let without = given.plannedOccasions(
      enrolled: life.enrolled, zone: life.zones[0].zone, seed: life.seed)
    #expect(given.plannedOccasions(of: life) == without)
    let planned = chosen.plannedOccasions(of: life)
    #expect(planned.prefix(15) == without.prefix(15))
    #expect(planned.dropFirst(15).allSatisfy { (14...23).contains($0.opens.time.hour) })
    #expect(planned.count == 70)
  }
}

@Suite("Days, phases, grace, reminders")
struct OccasionFieldTests {
  @Test(
    "weekday prompts land on the participant's own weekday",
    arguments: [
      ("Asia/Tokyo", "08:30"), ("America/New_York", "21:30"), ("Europe/Berlin", "00:30"),
    ])
  func mondays(zone: String, time: String) throws {
    let study = try StudySamples.study(
      occasions: ["id: m, days: 1-420, weekdays: [monday], time: \"\(time)\", open_for: 1h"])
    let place = try timeZone(named: zone)
    let planned = study.plannedOccasions(
      enrolled: try instant(iso8601: "2026-01-01T00:00", in: place), zone: place, seed: 0)
    #expect(planned.count == 60)
    #expect(planned.allSatisfy { $0.opens.date.weekday == .monday })
    #expect(planned.allSatisfy { $0.opens.time.description == time })
    #expect(planned.map(\.index) == Array(0..<60))
  }

  @Test("grace follows the window, reminders fall into it")
  func graceAndReminders() throws {
    let study = try StudySamples.study(
      occasions: ["id: w, at: 1d after enrolment, open_for: 48h, grace: 24h, remind: [24h, 44h]"])
    let zone = try timeZone(named: "UTC")
    let planned = try #require(
      study.plannedOccasions(
        enrolled: try instant(iso8601: "2026-06-01T08:00:00Z"), zone: zone, seed: 0
      ).first)
    #expect(planned.closes.utcText == "2026-06-04T08:00:00Z")
    #expect(planned.graceEnds.utcText == "2026-06-05T08:00:00Z")
    #expect(planned.reminders.map(\.utcText) == ["2026-06-03T08:00:00Z", "2026-06-04T04:00:00Z"])
  }

  @Test("phases give days their names")
  func phases() throws {
    let text = StudySamples.complete.replacing(
      "feedback:",
      with: """
        phases:
          - { id: assisted, days: 1-7 }
          - { id: unaided, days: [15-20, 21] }
        feedback:
        """
    ).replacing(
      "  - id: last\n    at: 3mo after enrolment\n",
      with: "  - id: last\n    phase: [assisted, unaided]\n")
    let study = try StudySamples.study(text)
    #expect(study.phase(ofDay: 7)?.id == "assisted")
    #expect(study.phase(ofDay: 8) == nil)
    #expect(study.phase(ofDay: 21)?.id == "unaided")
    guard case .daily(let daily) = try #require(study.occasion("last")).timing else {
      Issue.record("no daily occasion")
      return
    }
    #expect(daily.days == StudyDays(Array(1...7) + Array(15...21)))
  }

  @Test("an event has no plan, and says how often")
  func event() throws {
    let study = try StudySamples.study(
      occasions: ["id: chat, event: { at_most: 3, per: day }, days: 1-14, open_for: 2h"])
    let plan = try #require(study.occasion("chat"))
    #expect(plan.isEvent && plan.times == 42)
    let zone = try timeZone(named: "UTC")
    #expect(study.plannedOccasions(enrolled: .distantPast, zone: zone, seed: 0).isEmpty)
  }
}
