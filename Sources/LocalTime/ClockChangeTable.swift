package import Foundation

/// When planned wall-clock times come around clock changes: the table that people check a planner by.
///
/// A row is a planned date in a zone; its cells are the moments that each time of day comes to.
package struct ClockChangeTable: Hashable, Sendable {
  /// One planned date in one zone.
  package struct Row: Hashable, Sendable {
    /// The IANA name.
    package let zone: String
    /// The date that is planned, which the zone may not have.
    package let date: LocalDate
    /// What each of the table's times comes to on that date.
    package let moments: [LocalMoment]
  }

  /// The planned times of day.
  package let times: [ClockTime]
  /// In the order of the zones asked for, then by date.
  package let rows: [Row]

  /// The days around every clock change of some zones: the one before, the change's, the one after.
  ///
  /// - Parameter dates: the local dates on which a change must fall.
  package init(zones: [TimeZone], dates: ClosedRange<LocalDate>, times: [ClockTime]) {
    let day = 86_400.0
    let from = Date(timeIntervalSince1970: Double(dates.lowerBound.dayNumber) * day)
    let to = Date(timeIntervalSince1970: Double(dates.upperBound.dayNumber) * day)
    self.init(
      days: zones.map { zone in
        // A day more on either side, as zones are up to 16 hours from Greenwich.
        let timeline = OffsetTimeline(
          of: zone, from: from.addingTimeInterval(-day), to: to.addingTimeInterval(2 * day))
        let changes = timeline.changes.map { change in
          // Clocks that go back at midnight return to the day before.
          max(LocalMoment(change, in: zone).date, LocalMoment(change - 1, in: zone).date)
        }
        return (zone, changes.filter(dates.contains))
      }, times: times)
  }

  /// The days around stated ones.
  package init(days: [(zone: TimeZone, dates: [LocalDate])], times: [ClockTime]) {
    self.times = times
    rows = days.flatMap { zone, dates in
      let around = Set(dates.flatMap { date in [-1, 0, 1].map { date.adding(days: $0) } })
      return around.sorted().map { date in
        Row(
          zone: zone.identifier, date: date, moments: times.map { resolve(date, $0, in: zone) })
      }
    }
  }

  /// The table in Markdown, a line a row.
  package var lines: [String] {
    let header = ["zone", "planned date"] + times.flatMap { ["\($0) opens", "UTC"] }
    let ruler = header.map { _ in "---" }
    let body = rows.map { row in
      [row.zone, row.date.description]
        + row.moments.flatMap { [$0.description, $0.instant.utcText] }
    }
    return ([header, ruler] + body).map { "| " + $0.joined(separator: " | ") + " |" }
  }
}

extension ClockChangeTable {
  /// Days on which planners go wrong: half an hour, two hours, Ramadan, a day that was not, changes at
  /// midnight, at a quarter to three, and none at all.
  package static let examples: [(zone: String, dates: [String])] = [
    ("Europe/Berlin", ["2026-03-29", "2026-10-25"]),
    ("America/New_York", ["2026-03-08", "2026-11-01"]),
    ("Australia/Lord_Howe", ["2026-10-04"]),
    ("Africa/Casablanca", ["2026-03-22"]),
    ("Africa/El_Aaiun", ["2026-02-15"]),
    ("Pacific/Apia", ["2011-12-30"]),
    ("Africa/Cairo", ["2026-04-24"]),
    ("Antarctica/Troll", ["2026-03-29"]),
    ("Pacific/Chatham", ["2026-09-27"]),
    ("Asia/Kathmandu", ["2026-03-29"]),
  ]
}
