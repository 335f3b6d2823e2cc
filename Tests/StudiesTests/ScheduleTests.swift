import Definitions
import Foundation
import LocalTime
import Testing

@testable import Studies

@Suite("Schedules")
struct ScheduleTests {
  func plan(
    _ study: Study, enrolled: String, in name: String
  ) throws -> [PlannedOccasion] {
    let zone = try timeZone(named: name)
    return study.plannedOccasions(
      enrolled: try instant(iso8601: enrolled, in: zone), zone: zone, seed: 0)
  }

  func openings(_ study: Study, enrolled: String, in zone: String) throws -> [String] {
    try plan(study, enrolled: enrolled, in: zone).map { "\($0.id)#\($0.index) \($0.opens)" }
  }

  @Test("a study of waves keeps its wall-clock time through a clock change")
  func waves() throws {
    let study = try StudySamples.study(StudySamples.complete)
    // Berlin's clocks go forward on 2026-03-29.
    #expect(
      try openings(study, enrolled: "2026-03-10T14:20", in: "Europe/Berlin") == [
        "baseline#0 2026-03-10T14:20:00+01:00",
        "week#0 2026-03-17T09:00:00+01:00",
        "week#1 2026-03-24T09:00:00+01:00",
        "week#2 2026-03-31T09:00:00+02:00",
        "week#3 2026-04-07T09:00:00+02:00",
        "last#0 2026-06-10T18:30:00+02:00",
      ])
  }

  @Test("windows of hours are elapsed time, windows of days keep the wall clock")
  func windows() throws {
    let study = try StudySamples.study(
      occasions: [
        "id: hours, at: 1d after enrolment, time: \"20:00\", open_for: 24h",
        "id: days, at: 1d after enrolment, time: \"20:00\", open_for: 1d",
      ])
    let planned = try plan(study, enrolled: "2026-03-27T10:00", in: "Europe/Berlin")
    let zone = try timeZone(named: "Europe/Berlin")
    #expect(
      planned.map { LocalMoment($0.closes, in: zone).description } == [
        "2026-03-29T21:00:00+02:00", "2026-03-29T20:00:00+02:00",
      ])
    #expect(planned.map(\.instruments) == [["needs-24"], ["needs-24"]])
  }

  @Test("what a clock change moves is back in place the day after")
  func gapRecovers() throws {
    let study = try StudySamples.study(
      occasions: ["id: night, every: 1d, from: enrolment, time: \"02:30\", times: 4, open_for: 1h"])
    #expect(
      try openings(study, enrolled: "2026-03-28T01:00", in: "Europe/Berlin") == [
        "night#0 2026-03-28T02:30:00+01:00",
        "night#1 2026-03-29T03:00:00+02:00",
        "night#2 2026-03-30T02:30:00+02:00",
        "night#3 2026-03-31T02:30:00+02:00",
      ])
    // In New York the hour from 01:00 occurs twice on 2026-11-01; the first is meant.
    #expect(
      try openings(study, enrolled: "2026-10-31T01:00", in: "America/New_York")[1]
        == "night#1 2026-11-01T02:30:00-05:00")
  }

  @Test("a window of days ends when the next begins, also after an hour that was left out")
  func gapCloses() throws {
    let zone = try timeZone(named: "Europe/Berlin")
    for timing in [
      "days: 1-4, time: \"02:30\"", "every: 1d, from: enrolment, time: \"02:30\", times: 4",
    ] {
      let planned = try StudySamples.study(occasions: ["id: night, \(timing), open_for: 1d"])
        .plannedOccasions(
          enrolled: instant(iso8601: "2026-03-28T01:00", in: zone), zone: zone, seed: 1)
      #expect(planned[1].opens.description == "2026-03-29T03:00:00+02:00")
      for (before, next) in zip(planned, planned.dropFirst()) {
        #expect(before.closes == next.opens.instant)
      }
    }
  }

  @Test(
    "odd zones",
    arguments: [
      ("Australia/Lord_Howe", "2026-10-03T08:00", "2026-10-04T02:30:00+11:00"),
      ("Africa/Casablanca", "2026-03-21T08:00", "2026-03-22T03:00:00+01:00"),
      ("Pacific/Apia", "2011-12-29T08:00", "2011-12-31T00:00:00+14:00"),
      ("Africa/Cairo", "2026-04-23T08:00", "2026-04-24T02:30:00+03:00"),
      ("Antarctica/Troll", "2026-03-28T08:00", "2026-03-29T03:00:00+02:00"),
      ("Pacific/Chatham", "2026-09-26T08:00", "2026-09-27T02:30:00+12:45"),
      ("Asia/Kathmandu", "2026-03-28T08:00", "2026-03-29T02:30:00+05:45"),
    ])
  func oddZones(zone: String, enrolled: String, expected: String) throws {
    let study = try StudySamples.study(
      occasions: ["id: night, at: 1d after enrolment, time: \"02:30\", open_for: 1h"])
    let planned = try plan(study, enrolled: enrolled, in: zone)
    #expect(planned.map(\.opens.description) == [expected])
  }

  @Test("elapsed intervals count hours whatever the clocks show")
  func elapsed() throws {
    let study = try StudySamples.study(
      occasions: ["id: half, every: 12h, from: 6h after enrolment, times: 3, open_for: 1h"])
    #expect(
      try openings(study, enrolled: "2026-03-28T12:00", in: "Europe/Berlin") == [
        "half#0 2026-03-28T18:00:00+01:00",
        "half#1 2026-03-29T07:00:00+02:00",
        "half#2 2026-03-29T19:00:00+02:00",
      ])
  }

  @Test("months are counted from the beginning, each clamped to its own end")
  func months() throws {
    let study = try StudySamples.study(
      occasions: [
        "id: start, at: enrolment, open_for: 1d",
        "id: month, every: 1mo, from: 1mo after start, time: \"10:00\", times: 4, open_for: 1d",
      ])
    #expect(
      try plan(study, enrolled: "2027-01-31T09:00", in: "Asia/Tokyo").dropFirst()
        .map(\.opens.date.description) == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"])
  }

  @Test(
    "weekly occasions stay on their weekday",
    arguments: ["Asia/Tokyo", "America/New_York", "Europe/Berlin"])
  func weekdays(zone: String) throws {
    let study = try StudySamples.study(
      occasions: [
        "id: week, every: 1w, from: 1w after enrolment, time: \"00:30\", times: 60, open_for: 1d"
      ])
    let planned = try plan(study, enrolled: "2026-03-02T21:30", in: zone)
    #expect(planned.count == 60)
    #expect(planned.allSatisfy { $0.opens.date.weekday == .monday })
    #expect(planned.allSatisfy { $0.opens.time.description == "00:30" })
  }

  @Test("what has passed at enrolment is not created, and the others keep their index")
  func passed() throws {
    let study = try StudySamples.study(
      occasions: ["id: day, every: 1d, from: enrolment, time: \"08:00\", times: 3, open_for: 1d"])
    #expect(try plan(study, enrolled: "2026-06-01T07:59", in: "UTC").map(\.index) == [0, 1, 2])
    #expect(try plan(study, enrolled: "2026-06-01T08:00", in: "UTC").map(\.index) == [0, 1, 2])
    #expect(try plan(study, enrolled: "2026-06-01T08:01", in: "UTC").map(\.index) == [1, 2])
  }

  @Test("an occasion at enrolment opens at that very moment, even in the second pass of an hour")
  func exact() throws {
    let study = try StudySamples.study(occasions: ["id: start, at: enrolment, open_for: 1h"])
    let zone = try timeZone(named: "Europe/Berlin")
    // 02:30 for the second time.
    let enrolled = try instant(iso8601: "2026-10-25T01:30:00.250Z")
    let planned = study.plannedOccasions(enrolled: enrolled, zone: zone, seed: 0)
    #expect(planned.map(\.opens.instant) == [enrolled])
    #expect(planned.map(\.opens.description) == ["2026-10-25T02:30:00+01:00"])
    #expect(planned.map(\.closes) == [enrolled.addingTimeInterval(3600)])
  }

  @Test("a chain of anchors counts planned openings, in whatever order the file has them")
  func chain() throws {
    let study = try StudySamples.study(
      occasions: [
        "id: c, at: 1d after b, open_for: 1h",
        "id: b, at: 36h after a, time: \"12:00\", open_for: 1h",
        "id: a, at: enrolment, open_for: 1h",
      ])
    #expect(
      try openings(study, enrolled: "2026-06-01T20:00", in: "Asia/Kathmandu") == [
        "a#0 2026-06-01T20:00:00+05:45",
        "b#0 2026-06-03T12:00:00+05:45",
        "c#0 2026-06-04T12:00:00+05:45",
      ])
  }

  @Test("a study of one place follows that place's clocks")
  func fixedZone() throws {
    let study = try StudySamples.study(
      occasions: ["id: lab, at: 1d after enrolment, time: \"09:00\", open_for: 1h"],
      timezone: "Europe/Berlin")
    #expect(
      try openings(study, enrolled: "2026-06-01T20:00", in: "America/New_York")
        == ["lab#0 2026-06-03T09:00:00+02:00"])
  }

  @Test("quickstart: three waves four weeks apart")
  func quickstart() throws {
    let study = try StudySamples.quickstart().study
    #expect(
      try openings(study, enrolled: "2026-03-10T14:20", in: "Europe/Berlin") == [
        "baseline#0 2026-03-10T14:20:00+01:00",
        "followup#0 2026-04-07T18:00:00+02:00",
        "followup#1 2026-05-05T18:00:00+02:00",
      ])
  }

  @Test("in every zone, over two years, the clock shows the planned time unless it never does")
  func everyZone() throws {
    let study = try StudySamples.study(
      occasions: ["id: day, every: 1d, from: enrolment, time: \"08:00\", times: 730, open_for: 12h"]
    )
    let enrolled = try instant(iso8601: "2026-01-01T00:00:00Z")
    for name in TimeZone.knownTimeZoneIdentifiers.enumerated().filter({ $0.offset % 20 == 0 }) {
      let zone = try timeZone(named: name.element)
      let planned = study.plannedOccasions(enrolled: enrolled, zone: zone, seed: 0)
      #expect((729...730).contains(planned.count))
      // No zone skips 08:00 in these years.
      #expect(planned.allSatisfy { $0.opens.time.description == "08:00" }, "\(name.element)")
      #expect(Set(planned.map(\.opens.date)).count == planned.count)
      #expect(planned.allSatisfy { LocalMoment($0.opens.instant, in: zone) == $0.opens })
    }
  }

  @Test("the same inputs give the same plan")
  func pure() throws {
    let study = try StudySamples.study(StudySamples.complete)
    let first = try plan(study, enrolled: "2026-03-10T14:20", in: "Pacific/Chatham")
    #expect(first == (try plan(study, enrolled: "2026-03-10T14:20", in: "Pacific/Chatham")))
    #expect(Set(first.map { "\($0.id)#\($0.index)" }).count == first.count)
  }
}
