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
}
