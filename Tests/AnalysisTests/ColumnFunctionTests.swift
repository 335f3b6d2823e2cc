import Definitions
import Foundation
import Storage
import Tables
import Testing

@testable import Analysis

/// Columns that look at other rows of the same person.
@Suite struct ColumnFunctionTests {
  private func table(_ columns: String, _ rows: StudyRows, study: StudyOutline? = nil) throws
    -> AnalysisTable
  {
    let text = SampleStudy.plan.replacing(
      "wave: index", with: "wave: index\n    " + columns.replacing("\n", with: "\n    "))
    let (plan, problems) = SampleStudy.load(text)
    var checked = problems
    let read = try #require(plan, "\(problems.list.map(\.description))")
    let outline = study ?? SampleStudy().outline
    read.check(against: outline, problems: &checked)
    #expect(checked.isEmpty, "\(checked.list.map(\.description))")
    return try AnalysisTable(plan: read, study: outline, data: rows)
  }

  private func numbers(_ table: AnalysisTable, _ name: String) throws -> [Double?] {
    guard case .number(let cells) = table.table[name]?.values else {
      throw AnalysisProblem.noDueOccasions
    }
    return cells
  }

  /// The occasion before is the planned one of the same kind: missing if that was missed, and never
  /// the baseline of a follow-up.
  @Test func aLagIsThePlannedOccasionBeforeOfTheSameKind() throws {
    let built = try table("before: lag(need)\nnext: lead(need)", SampleStudy().rows)
    let need = try numbers(built, "need")
    let before = try numbers(built, "before")
    let next = try numbers(built, "next")
    var missed = 0
    for row in built.rows.indices {
      let slot = built.rows[row].slot
      #expect(before[row] == (slot == 2 ? need[row - 1] : nil))
      #expect(next[row] == (slot == 1 ? need[row + 1] : nil))
      if slot == 2, need[row - 1] == nil {
        missed += 1
        #expect(built.table["before"]?.missingReasons?[row] == .expired)
      }
      if slot < 2 { #expect(built.table["before"]?.missingReasons?[row] == .notApplicable) }
    }
    #expect(missed > 0)
  }

  /// A prompt has none before it in the morning.
  @Test func aLagOfAPromptStaysWithinTheStudyDay() throws {
    var outline = SampleStudy().outline
    outline.occasions[1].isPrompt = true
    let rows = SampleStudy().rows
    let across = try numbers(try table("before: lag(wave)", rows), "before")
    #expect(across.contains { $0 != nil })
    let within = try numbers(try table("before: lag(wave)", rows, study: outline), "before")
    #expect(within.allSatisfy { $0 == nil })
  }

  @Test func centringTakesAValueApartAtThePersonsMean() throws {
    let built = try table(
      "own: within(need)\nlevel: between(need)\nsum: within(need) + between(need)",
      SampleStudy().rows)
    let need = try numbers(built, "need")
    let own = try numbers(built, "own")
    let level = try numbers(built, "level")
    var means: [String: [Double]] = [:]
    for (row, value) in zip(built.rows, need) {
      if let value { means[row.participant, default: []].append(value) }
    }
    let meanOf = means.mapValues { $0.reduce(0, +) / Double($0.count) }
    let grand = meanOf.values.reduce(0, +) / Double(meanOf.count)
    for row in built.rows.indices {
      let mean = try #require(meanOf[built.rows[row].participant])
      #expect(abs(try #require(level[row]) - (mean - grand)) < 1e-12)
      guard let value = need[row] else {
        #expect(own[row] == nil && built.table["own"]?.missingReasons?[row] == .expired)
        continue
      }
      #expect(abs(try #require(own[row]) - (value - mean)) < 1e-12)
      #expect(abs(try #require(try numbers(built, "sum")[row]) - (value - grand)) < 1e-12)
    }
  }

  @Test func daysRunFromEnrolmentOrFromAnOccasionOfThePerson() throws {
    let built = try table(
      "since: days_since(baseline)\nlater: days_since( enrolment )\nof_day: day", SampleStudy().rows
    )
    let since = try numbers(built, "since")
    let later = try numbers(built, "later")
    // Baselines begin an hour after enrolment in the sample.
    for row in built.rows.indices {
      #expect(abs(try #require(later[row]) - (try #require(since[row])) - 1.0 / 24) < 1e-9)
    }
    #expect(try numbers(built, "of_day") == built.rows.map { Double(28 * $0.slot + 1) })
  }

  @Test func daysSinceAnOccasionThatThePersonDoesNotHaveAreMissing() throws {
    var rows = SampleStudy().rows
    rows.occasions.removeAll {
      $0.occasion.pseudonym == "P-1000" && $0.occasion.plan == "baseline"
    }
    let built = try table("since: days_since(baseline)", rows)
    let since = try #require(built.table["since"])
    for row in built.rows.indices {
      #expect(since.values.isMissing(row) == (built.rows[row].participant == "P-1000"))
    }
  }

  @Test(arguments: [
    ("within(minutes) + 1", "within_minutes_ + 1"),
    ("lag( needs-6.satisfaction )", "lag__needs_6.satisfaction__"),
    ("days_since(after-chat) / 7", "days_since_after_chat_ / 7"),
    ("lag(a + b)", "lag(a + b)"), ("mylag(a)", "mylag(a)"), ("lag()", "lag()"), ("lag(", "lag("),
  ]) func aCallIsReadAsAnEquallyLongName(source: String, read: String) {
    let found = ColumnSource(source)
    #expect(found.text == read && found.text.count == source.count)
  }
}
