import Definitions
import Foundation
import Statistics
import Storage
import Studies
import Tables
import Testing

@testable import Analysis

/// Reliability, reliable change and trends, as a plan asks for them.
///
/// The values themselves are the engine's, whose tests hold them against R and Python packages; these
/// tests hold what reaches it.
@Suite struct MeasureTests {
  /// The sample with answers that differ between items, of more occasions.
  private static func rows(waves: Int = 3) -> StudyRows {
    var rows = SampleStudy().rows
    var random = SeededGenerator(seed: 5)
    for index in rows.responses.indices {
      guard let value = rows.responses[index].response.answer.number else { continue }
      let noise = Double(random.below(3)) - 1
      let isReversed = rows.responses[index].response.item == "c"
      let moved = min(5, max(1, value + noise))
      rows.responses[index].response.answer = .number(isReversed ? 6 - moved : moved)
    }
    return rows
  }

  private func results(_ part: String, rows: StudyRows = rows()) throws -> AnalysisResults {
    let text = SampleStudy.plan.replacing("figures:", with: part + "\nfigures:")
    let (plan, problems) = SampleStudy.load(text)
    var checked = problems
    let read = try #require(plan, "\(problems.list.map(\.description))")
    read.check(against: SampleStudy().outline, problems: &checked)
    #expect(checked.isEmpty, "\(checked.list.map(\.description))")
    return try AnalysisResults(
      plan: read, study: SampleStudy().outline, data: rows, isSimulated: true, version: "test")
  }

  private func page(_ results: AnalysisResults) -> String {
    var report = Report(results, figures: [:])
    return report.page()
  }

  @Test func reliabilityIsOfTheFirstMeasurementWithItemsKeyed() throws {
    let rows = Self.rows()
    let found = try results(
      "reliability: [{ score: needs-3.need, within_person: true }]", rows: rows)
    let result = try #require(found.reliabilities.first)
    let baseline = rows.responses.filter { $0.plan == "baseline" }
    let columns = ["a", "b", "c"].map { item in
      baseline.filter { $0.response.item == item }.map { row -> Double in
        guard row.response.reason == nil, let value = row.response.answer.number else {
          return .nan
        }
        return item == "c" ? 6 - value : value
      }
    }
    let alpha = try CronbachAlpha(try ItemScores(items: columns))
    #expect(result.moment == "baseline")
    #expect(result.alpha?.rowCount == 79)  // One left an item blank.
    #expect(result.alpha?.alpha == alpha.alpha)
    #expect(result.omega != nil && result.levels?.persons == 80)
    #expect(result.levels?.rows == rows.scores.count)
    let words = page(found)
    #expect(words.contains("Cronbach’s α") && words.contains("Reliability within and between"))
    #expect(try found.tables().map(\.name).contains("reliability"))
  }

  /// Everybody gave the same answer to an item: there is nothing to be reliable.
  @Test func reliabilityThatCannotBeHadIsExplained() throws {
    var rows = Self.rows()
    for index in rows.responses.indices where rows.responses[index].response.item == "b" {
      rows.responses[index].response.answer = .number(3)
      rows.responses[index].response.reason = nil
    }
    let found = try results("reliability: [{ score: needs-3.need }]", rows: rows)
    #expect(found.reliabilities.first?.alpha == nil)
    #expect(page(found).contains("no alpha:"))
  }

  @Test func changeIsJudgedByTheReliabilityOfTheSample() throws {
    let rows = Self.rows()
    let found = try results(
      "change: { column: need, between: [baseline, followup.2], reliability: sample }", rows: rows)
    let change = try #require(found.changes.first)
    let rule = try change.rule.get()
    let start = rows.scores.filter { $0.plan == "baseline" }.compactMap(\.score.value)
    let spread = Descriptive.deviation(of: start)
    #expect(rule.standardDeviation == spread)
    let alpha = try #require(
      try results("reliability: [{ score: needs-3.need }]", rows: rows).reliabilities[0].alpha)
    #expect(rule.reliability == alpha.alpha)
    #expect(change.groups.map(\.arm) == ["usual", "supportive"])
    let missed = rows.occasions.count {
      $0.occasion.index == 1 && $0.occasion.state == .missed
    }
    #expect(change.groups.reduce(0) { $0 + $1.withoutSecond } == missed)
    for group in change.groups {
      #expect(group.risen + group.unchanged + group.fallen == group.pairs)
    }
    #expect(page(found).contains("of this sample at baseline"))
  }

  @Test func aReliabilityMayBeGiven() throws {
    let found = try results(
      "change: { column: wave, between: [baseline, followup.1], reliability: 0.8 }")
    // Everyone's index is 0 at baseline: there is no spread to judge a change by.
    #expect(found.warnings.contains { $0.contains("no rule for a reliable change of wave") })
    #expect(page(found).contains("No rule for a reliable change"))
    let need = try results(
      "change: { column: need, between: [baseline, followup.1], reliability: 0.8 }")
    #expect(try need.changes[0].rule.get().reliability == 0.8)
  }

  /// With four occasions a person, slopes are described and nothing is tested unless asked.
  @Test func trendsAreTestedFromEnoughValuesOn() throws {
    let found = try results("trends: { column: need, time: week, least: 10 }")
    let trend = try #require(found.trends.first)
    #expect(trend.persons.allSatisfy { !$0.isTested && $0.adjusted == nil })
    #expect(trend.together == nil)
    #expect(page(found).contains("nothing is tested"))
    #expect(trend.persons.count + trend.tooShort == 80)
    #expect(throws: Never.self) { try found.tables() }
  }

  @Test func pValuesOfTrendsAreAdjustedOverPersons() throws {
    var rows = SampleStudy().rows
    rows.occasions = []
    rows.scores = []
    var random = SeededGenerator(seed: 3)
    let source = SampleStudy().rows
    for person in 0..<20 {
      let base = source.occasions[person * 3]
      let pseudonym = base.occasion.pseudonym
      for wave in 0..<12 {
        var row = base
        row.occasion.plan = "followup"
        row.occasion.index = wave
        row.occasion.pseudonym = pseudonym
        row.occasion.opens = SampleStudy.enrolled.addingTimeInterval(Double(wave) * 86_400)
        rows.occasions.append(row)
        var score = source.scores[0]
        score.pseudonym = pseudonym
        score.plan = "followup"
        score.index = wave
        score.score.value = (person < 5 ? 0.2 : 0) * Double(wave) + random.uniform()
        rows.scores.append(score)
      }
    }
    var outline = SampleStudy().outline
    outline.occasions[1].times = 12
    let text = SampleStudy.plan.replacing(
      "figures:", with: "trends: [{ column: need, test: mann-kendall, least: 10 }]\nfigures:")
    let plan = try #require(SampleStudy.load(text).plan)
    let found = try AnalysisResults(
      plan: plan, study: outline, data: rows, isSimulated: true, version: "test")
    let trend = try #require(found.trends.first)
    #expect(trend.persons.count == 20 && trend.persons.allSatisfy(\.isTested))
    let raw = trend.persons.map(\.test.pValue)
    #expect(trend.persons.map(\.adjusted) == Adjustment.benjaminiHochberg.adjusted(raw))
    let rising = trend.persons.filter { ($0.adjusted ?? 1) < 0.05 }.map(\.participant)
    #expect(Set(rising).isSuperset(of: trend.persons.prefix(5).map(\.participant)))
    #expect(trend.together != nil)
    #expect(page(found).contains("regional Mann-Kendall"))
  }
}
