import Definitions
import Foundation
import LocalTime
import Testing

@testable import Studies

/// The table of the article on time, whose rows Python's zoneinfo computed, against the planner.
@Suite("The table of clock changes")
struct ClockChangeTableTests {
  static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func rows() throws -> [[String]] {
    let article = try String(
      contentsOf: repository.appending(path: "Sources/Studies/Studies.docc/Time.md"),
      encoding: .utf8)
    return article.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains("Z |") }
      .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
  }

  @Test("every row is what the planner plans")
  func rows() throws {
    let folder = Self.repository.appending(path: "Tests/StudiesTests/Fixtures/clock-changes")
    var problems = Problems()
    let study = try #require(StudyFolder.load(directory: folder, problems: &problems)).study
    let rows = try Self.rows()
    #expect(rows.count == 36)
    for row in rows {
      let cells = row.filter { !$0.isEmpty }
      let zone = try timeZone(named: cells[0])
      // Enrolled at the first moment of the planned date, or of the day before a date that was not.
      let date = try #require(LocalDate(cells[1]))
      let enrolled = resolve(date.adding(days: -1), .midnight, in: zone)
      let planned = study.plannedOccasions(
        enrolled: enrolled.instant, zone: zone, seed: 0
      ).filter { $0.index == enrolled.date.days(until: date) }
      #expect(
        planned.sorted { $0.id > $1.id }.flatMap {
          [$0.opens.description, $0.opens.instant.utcText]
        }
          == Array(cells[2...]), "\(cells)")
    }
  }

  /// Every clock change of 2024 to 2028 in every zone: somebody enrols the day before it.
  @Test("the planner keeps its times over every clock change of every zone, 2024 to 2028")
  func everyChange() throws {
    let study = try StudySamples.study(occasions: [
      "id: night, days: 1-4, time: \"02:30\", open_for: 1h",
      "id: morning, days: 1-4, time: \"08:00\", open_for: 1h",
    ])
    let years = try #require(LocalDate("2024-01-01"))...#require(LocalDate("2028-12-31"))
    let zones = TimeZone.knownTimeZoneIdentifiers.compactMap { TimeZone(identifier: $0) }
    let times = try [#require(ClockTime("02:30")), #require(ClockTime("08:00"))]
    let table = ClockChangeTable(zones: zones, dates: years, times: times)
    var changes = 0
    for (row, following) in zip(table.rows, table.rows.dropFirst())
    where following.zone == row.zone && row.date.days(until: following.date) == 1 {
      let zone = try timeZone(named: row.zone)
      changes += 1
      // The whole course is planned once for each change, from the first of its three rows.
      guard changes % 2 == 1 else { continue }
      let enrolled = resolve(row.date, .midnight, in: zone).instant
      let planned = study.plannedOccasions(enrolled: enrolled, zone: zone, seed: 0)
      for (id, time) in zip(["night", "morning"], times) {
        let openings = planned.filter { $0.id == id }.map(\.opens)
        #expect(openings.count == 4, "\(row.zone) \(row.date)")
        #expect(zip(openings, openings.dropFirst()).allSatisfy { $0.instant < $1.instant })
        for (day, opens) in openings.enumerated() {
          let date = row.date.adding(days: day)
          #expect(opens == resolve(date, time, in: zone))
          // On the planned date or, where the day has no such time, at the first moment after.
          let isKept = opens.date == date && opens.time == time
          let before = LocalMoment(opens.instant - 1, in: zone)
          let isAfterGap = (before.date, before.time) < (date, time) && opens.time > time
          #expect(isKept || isAfterGap, "\(row.zone) \(opens)")
        }
      }
    }
    #expect(changes > 2000)
  }
}
