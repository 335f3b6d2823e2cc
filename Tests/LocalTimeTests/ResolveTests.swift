import Foundation
import Testing

@testable import LocalTime

/// Expected values from the rules in the IANA tz database's source files.
@Suite("Wall-clock times")
struct ResolveTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let zone: String
    let local: String
    let expected: String

    init(_ zone: String, _ local: String, _ expected: String) {
      self.zone = zone
      self.local = local
      self.expected = expected
    }

    var testDescription: String { "\(zone) \(local)" }
  }

  @Test(
    "resolve through clock changes",
    arguments: [
      // New York: 02:00 → 03:00 on 2026-03-08, 02:00 → 01:00 on 2026-11-01.
      Case("America/New_York", "2026-03-08T01:59", "2026-03-08T01:59:00-05:00"),
      Case("America/New_York", "2026-03-08T02:30", "2026-03-08T03:00:00-04:00"),
      Case("America/New_York", "2026-03-08T08:00", "2026-03-08T08:00:00-04:00"),
      Case("America/New_York", "2026-11-01T01:30", "2026-11-01T01:30:00-04:00"),
      Case("America/New_York", "2026-11-01T02:00", "2026-11-01T02:00:00-05:00"),
      // Berlin: 02:00 → 03:00 on 2026-03-29, 03:00 → 02:00 on 2026-10-25.
      Case("Europe/Berlin", "2026-03-28T08:00", "2026-03-28T08:00:00+01:00"),
      Case("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T03:00:00+02:00"),
      Case("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T03:00:00+02:00"),
      Case("Europe/Berlin", "2026-03-29T08:00", "2026-03-29T08:00:00+02:00"),
      Case("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T02:30:00+02:00"),
      Case("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T03:00:00+01:00"),
      Case("Europe/Berlin", "2026-10-25T08:00", "2026-10-25T08:00:00+01:00"),
      // Lord Howe moves by half an hour: 02:00 → 02:30 in October, 02:00 → 01:30 in April.
      Case("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T02:30:00+11:00"),
      Case("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-05T01:45:00+11:00"),
      Case("Australia/Lord_Howe", "2026-04-05T02:00", "2026-04-05T02:00:00+10:30"),
      // Casablanca goes back for Ramadan: 2026-02-15 03:00 → 02:00, 2026-03-22 02:00 → 03:00.
      Case("Africa/Casablanca", "2026-02-15T02:30", "2026-02-15T02:30:00+01:00"),
      Case("Africa/Casablanca", "2026-02-15T08:00", "2026-02-15T08:00:00+00:00"),
      Case("Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T03:00:00+01:00"),
      Case("Africa/El_Aaiun", "2026-03-22T02:30", "2026-03-22T03:00:00+01:00"),
      // Apia skipped 2011-12-30 altogether.
      Case("Pacific/Apia", "2011-12-29T23:59", "2011-12-29T23:59:00-10:00"),
      Case("Pacific/Apia", "2011-12-30T00:00", "2011-12-31T00:00:00+14:00"),
      Case("Pacific/Apia", "2011-12-30T08:00", "2011-12-31T00:00:00+14:00"),
      Case("Pacific/Apia", "2011-12-31T08:00", "2011-12-31T08:00:00+14:00"),
      // Kwajalein, 1993: 21 August does not exist.
      Case("Pacific/Kwajalein", "1993-08-21T12:00", "1993-08-22T00:00:00+12:00"),
      // Cairo, back to summer time since 2023: 00:00 → 01:00 on a Friday.
      Case("Africa/Cairo", "2026-04-24T00:30", "2026-04-24T01:00:00+03:00"),
      Case("Africa/Cairo", "2026-10-29T23:30", "2026-10-29T23:30:00+03:00"),
      // Troll moves by two hours: 01:00 → 03:00, 03:00 → 01:00.
      Case("Antarctica/Troll", "2026-03-29T02:30", "2026-03-29T03:00:00+02:00"),
      Case("Antarctica/Troll", "2026-10-25T02:30", "2026-10-25T02:30:00+02:00"),
      Case("Antarctica/Troll", "2026-10-25T03:00", "2026-10-25T03:00:00+00:00"),
      // Chatham changes at 02:45.
      Case("Pacific/Chatham", "2026-09-27T03:15", "2026-09-27T03:45:00+13:45"),
      Case("Pacific/Chatham", "2026-04-05T03:00", "2026-04-05T03:00:00+13:45"),
      Case("Asia/Kathmandu", "2026-06-01T08:00", "2026-06-01T08:00:00+05:45"),
      Case("UTC", "2026-06-01T08:00", "2026-06-01T08:00:00+00:00"),
    ])
  func resolves(_ example: Case) throws {
    let zone = try timeZone(named: example.zone)
    let parts = example.local.split(separator: "T").map(String.init)
    let date = try #require(LocalDate(parts[0]))
    let time = try #require(ClockTime(parts[1]))
    let moment = resolve(date, time, in: zone)
    #expect(moment.description == example.expected)
    #expect(LocalMoment(moment.instant, in: zone) == moment)
    #expect(try instant(iso8601: example.local, in: zone) == moment.instant)
    #expect(try instant(iso8601: example.expected) == moment.instant)
  }

  /// The zones whose clocks change in the years around which studies are planned now.
  static let changing: [(name: String, changes: [Date])] = {
    guard let from = LocalDate("2024-01-01"), let to = LocalDate("2029-01-01") else { return [] }
    return TimeZone.knownTimeZoneIdentifiers.compactMap { name in
      guard let zone = TimeZone(identifier: name) else { return nil }
      let timeline = OffsetTimeline(
        of: zone, from: from.dayNumber * 86_400, to: to.dayNumber * 86_400)
      return timeline.changes.isEmpty ? nil : (name, timeline.changes)
    }
  }()

  /// Against a search that tries every quarter of an hour of the UTC time line in turn. Since 1972
  /// every zone's offsets and changes fall on quarters, so the search is exact.
  @Test("daily 02:30 and 08:00 over every clock change of every zone, 2024 to 2028")
  func everyZone() throws {
    let zones = Self.changing.count
    #expect(zones > 100)
    let times = try [#require(ClockTime("02:30")), #require(ClockTime("08:00"))]
    var examined = 0
    for (name, changes) in Self.changing {
      let zone = try timeZone(named: name)
      for change in changes {
        let day = LocalMoment(change, in: zone).date
        let around = (-2...2).map { resolve(day.adding(days: $0), times[0], in: zone).instant }
        #expect(zip(around, around.dropFirst()).allSatisfy { $0 < $1 }, "\(name) \(day)")
        for date in [day.adding(days: -1), day, day.adding(days: 1)] {
          for time in times {
            let found = resolve(date, time, in: zone)
            let expected = Self.search(date, time, zone)
            examined += 1
            guard Int(found.instant.timeIntervalSince1970) == expected,
              found.date > date || found.time >= time, found.date == date || found.time < time,
              found == LocalMoment(found.instant, in: zone)
            else {
              Issue.record("\(name) \(date) \(time): \(found), not \(expected)")
              continue
            }
          }
        }
      }
    }
    #expect(examined > 5000)
  }

  static func search(_ date: LocalDate, _ time: ClockTime, _ zone: TimeZone) -> Int {
    let local = date.dayNumber * 86_400 + time.secondOfDay
    var candidate = local - 15 * 3600
    while candidate + zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(candidate)))
      < local
    {
      candidate += 900
    }
    return candidate
  }

  @Test(
    "a timeline over years resolves as single look-ups do",
    arguments: ["Europe/Berlin", "Africa/Casablanca", "Pacific/Apia"])
  func timeline(name: String) throws {
    let zone = try timeZone(named: name)
    let start = try #require(LocalDate("2011-06-01"))
    let time = try #require(ClockTime("02:30"))
    let from = resolve(start, .midnight, in: zone).instant.addingTimeInterval(-86_400)
    let timeline = OffsetTimeline(of: zone, from: from, to: from.addingTimeInterval(86_400 * 800))
    for day in 0..<780 {
      let date = start.adding(days: day)
      #expect(timeline.resolve(date, time) == resolve(date, time, in: zone))
    }
  }

  @Test(
    "zones are IANA names",
    arguments: [
      ("Europe/Berlin", nil), ("Asia/Kolkata", nil), ("UTC", nil), ("Etc/UTC", nil),
      ("NZ", nil), ("NZ-CHAT", nil), ("Japan", nil), ("CET", nil), ("Factory", ""), ("HST", ""),
      ("Europe/Berln", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"),
      ("New York", "America/New_York"), ("Berlin", "Europe/Berlin"), ("Mars/Olympus_Mons", ""),
      ("GMT+3", ""), ("EST", ""), ("", ""), ("Europe/../Berlin", "Europe/Berlin"),
      (String(repeating: "x/", count: 5000), ""),
    ] as [(String, String?)])
  func zones(name: String, suggestion: String?) throws {
    guard let suggestion else {
      _ = try timeZone(named: name)
      return
    }
    let problem = #expect(throws: ZoneProblem.self) { try timeZone(named: name) }
    #expect(problem?.suggestion ?? "" == suggestion)
  }

  @Test("named zones work here, and the rules have a version")
  func platform() {
    #expect(namedZonesWork)
    let year = Int(zoneDataVersion.prefix(4)) ?? 0
    #expect(year >= 2024)
  }
}
