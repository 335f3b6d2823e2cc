import Delimited
import Foundation
import Storage
import Tables
import Testing

@testable import Analysis

@Suite struct ExportTests {
  private func tables(_ rows: StudyRows) throws -> [String: Table] {
    let export = StudyExport(study: SampleStudy().outline, data: rows)
    return Dictionary(
      try export.tables().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  @Test func everyPlannedOccasionIsThereWithItsClocks() throws {
    let rows = SampleStudy().rows
    let occasions = try #require(try tables(rows)["occasions"])
    #expect(occasions.rowCount == rows.occasions.count)
    #expect(occasions["scheduled"]?.values.text(0) == "2026-01-12T09:00:00.000Z")
    #expect(occasions["scheduled_local"]?.values.text(0) == "2026-01-12T10:00:00")
    #expect(occasions["scheduled_offset"]?.values.text(0) == "60")
    #expect(occasions["submitted_local"]?.values.text(0) == "2026-01-12T11:10:00")
    let missed = try #require(rows.occasions.firstIndex { $0.occasion.state == .missed })
    #expect(occasions["started"]?.missingReasons?[missed] == .expired)
    #expect(occasions["closed"]?.values.isMissing(missed) == false)
  }

  @Test func localClocksFollowTheSeason() throws {
    var rows = SampleStudy().rows
    // 2026-06-01T08:00Z is 10:00 in Amsterdam, where summer time is two hours ahead.
    rows.occasions[0].submitted = Date(timeIntervalSince1970: 1_780_300_800)
    let occasions = try #require(try tables(rows)["occasions"])
    #expect(occasions["submitted_local"]?.values.text(0) == "2026-06-01T10:00:00")
    #expect(occasions["submitted_offset"]?.values.text(0) == "120")
  }

  @Test func everyItemOfEveryOccasionIsAnsweredOrSaysWhyNot() throws {
    let rows = SampleStudy().rows
    let responses = try #require(try tables(rows)["responses"])
    #expect(responses.rowCount == rows.occasions.count * 3)
    guard case .text(let states)? = responses["response_state"]?.values else {
      Issue.record("no states")
      return
    }
    for (row, state) in states.enumerated() {
      #expect((state == "answered") == (responses["value"]?.values.isMissing(row) == false))
    }
    #expect(states[1] == "left_blank")
    let missed = rows.occasions.count { $0.occasion.state == .missed }
    #expect(states.count { $0 == "expired" } == missed * 3)
  }

  @Test func scoresAreWideAndSayWhatTheyRestOn() throws {
    var rows = SampleStudy().rows
    rows.scores[0].score.value = nil
    rows.scores[0].score.answered = 1
    let scores = try #require(try tables(rows)["scores"])
    #expect(scores["needs-3.need"]?.missingReasons?[0] == .tooFewAnswers)
    #expect(scores["needs-3.need_answered"]?.values.text(0) == "1")
    #expect(scores["needs-3.need"]?.definition == "mean of a, b, c; 1 to 5")
  }

  @Test func theCodebookNamesEveryColumnOfEveryFile() throws {
    let export = StudyExport(study: SampleStudy().outline, data: SampleStudy().rows)
    let tables = try export.tables()
    let codebook = Table.codebook(of: tables)
    #expect(codebook.rowCount == tables.reduce(0) { $0 + $1.columns.count })
    for column in tables.flatMap(\.columns) {
      #expect(!column.definition.isEmpty && !column.label.isEmpty, "\(column.name)")
    }
  }

  @Test func filesReadBack() throws {
    for table in try tables(SampleStudy().rows).values {
      let columns = try DelimitedText.readColumns(table.csv())
      #expect(columns.first?.count == table.rowCount)
    }
  }

  @Test func equalRowsGiveEqualBytes() throws {
    let rows = SampleStudy().rows
    let first = try tables(rows).mapValues { $0.csv() }
    let second = try tables(rows).mapValues { $0.csv() }
    #expect(first == second)
  }
}
