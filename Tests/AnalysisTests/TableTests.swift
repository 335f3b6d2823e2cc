import Definitions
import Foundation
import Storage
import Tables
import Testing

@testable import Analysis

@Suite struct TableTests {
  private func table(_ rows: StudyRows) throws -> AnalysisTable {
    let plan = try #require(SampleStudy.load(SampleStudy.plan).plan)
    return try AnalysisTable(plan: plan, study: SampleStudy().outline, data: rows)
  }

  @Test func everyDueOccasionIsARowMissedOnesIncluded() throws {
    let rows = SampleStudy().rows
    let built = try table(rows)
    #expect(built.table.rowCount == rows.occasions.count)
    #expect(built.slots.map(\.label) == ["baseline", "followup 1", "followup 2"])
    #expect(built.slots.map(\.days) == [0, 28, 56])
    let missed = built.rows.indices.filter { built.rows[$0].state == .missed }
    #expect(!missed.isEmpty)
    for row in missed {
      #expect(built.table["need"]?.values.isMissing(row) == true)
      #expect(built.table["need"]?.missingReasons?[row] == .expired)
      #expect(built.table["week"]?.values.isMissing(row) == false)
    }
  }

  @Test func whatIsNotDueIsNoRow() throws {
    var rows = SampleStudy().rows
    for (index, state) in [OccasionState.planned, .open, .cancelled, .skipped].enumerated() {
      rows.occasions[index].occasion.state = state
    }
    #expect(try table(rows).table.rowCount == rows.occasions.count - 4)
  }

  @Test func timeRunsFromEnrolmentToTheStartOrThePlannedOpening() throws {
    let built = try table(SampleStudy().rows)
    let weeks = try #require(built.table["week"]?.values.doubles)
    for (row, week) in zip(built.rows, weeks) {
      let planned = Double(row.slot) * 4
      let isMissed = row.state == .missed
      #expect(abs(week - planned - (isMissed ? 0 : 1 / (24.0 * 7))) < 1e-9)
    }
  }

  @Test func thePlannedIndexCountsMissedOccasions() throws {
    let built = try table(SampleStudy().rows)
    #expect(built.table["wave"]?.values.doubles == built.rows.map { Double($0.slot) })
  }

  @Test func lateSubmissionsCountAsMissing() throws {
    var rows = SampleStudy().rows
    rows.occasions[0].isLate = true
    let built = try table(rows)
    #expect(built.lateCount == 1)
    #expect(built.table["need"]?.values.isMissing(0) == true)
  }

  @Test func aScoreWithoutValueSaysThatTooFewItemsWereAnswered() throws {
    var rows = SampleStudy().rows
    rows.scores[0].score.value = nil
    rows.scores[0].score.absence = .tooFewAnswers
    #expect(try table(rows).table["need"]?.missingReasons?[0] == .tooFewAnswers)
  }

  /// Hidden by branching, answered too little, and undefined are different reasons.
  @Test func aColumnWithoutValueByItsExpressionSaysSo() throws {
    let text = SampleStudy.plan.replacing(
      "wave: index", with: "wave: index\n    ratio: need / wave\n    twice: 2 * ratio")
    var rows = SampleStudy().rows
    rows.scores[1].score.value = nil
    rows.scores[1].score.absence = .tooFewAnswers
    rows.scores.remove(at: 2)
    let built = try AnalysisTable(
      plan: try #require(SampleStudy.load(text).plan), study: SampleStudy().outline, data: rows)
    for name in ["ratio", "twice"] {
      let reasons = try #require(built.table[name]?.missingReasons)
      #expect(reasons[0] == .notDefined)
      #expect(reasons[1] == .tooFewAnswers)
      #expect(reasons[2] == .notShown)
    }
  }

  @Test func laterColumnsMayUseEarlierOnes() throws {
    let text = SampleStudy.plan.replacing(
      "wave: index", with: "wave: index\n    double: 2 * wave\n    is_first: wave == 0")
    let (plan, problems) = SampleStudy.load(text)
    var checked = problems
    let read = try #require(plan)
    read.check(against: SampleStudy().outline, problems: &checked)
    #expect(checked.isEmpty)
    let built = try AnalysisTable(
      plan: read, study: SampleStudy().outline, data: SampleStudy().rows)
    #expect(built.table["double"]?.values.doubles == built.rows.map { Double(2 * $0.slot) })
    #expect(built.table["is_first"]?.values == .truth(built.rows.map { $0.slot == 0 }))
  }
}
