import Definitions
import Foundation
import Statistics
import Storage
import Tables
import Testing

@testable import Analysis

/// Who leaves, and which values are missing together.
@Suite struct AttritionTests {
  private func results(_ rows: StudyRows, plan: String = SampleStudy.plan) throws
    -> AnalysisResults
  {
    try AnalysisResults(
      plan: try #require(SampleStudy.load(plan).plan), study: SampleStudy().outline, data: rows,
      isSimulated: true, version: "test")
  }

  private func page(_ results: AnalysisResults) -> String {
    var report = Report(results, figures: [:])
    return report.page()
  }

  @Test func leavingIsModelledOnTheArmAndTheFirstAnswers() throws {
    var rows = SampleStudy().rows
    rows.participants[0].participant.status = .withdrawn
    let found = try results(rows)
    let attrition = try #require(found.attrition)
    let last = rows.occasions.filter { $0.occasion.plan == "followup" && $0.occasion.index == 1 }
    let missed = Set(last.filter { $0.occasion.state == .missed }.map(\.occasion.pseudonym))
    #expect(attrition.persons == 80)
    #expect(attrition.left == missed.union(["P-1000"]).count)
    let fit = try attrition.regression.get()
    #expect(fit.effects.map(\.name) == ["armsupportive", "need"])
    #expect(attrition.isThin)
    #expect(page(found).contains("Who leaves: odds ratios") && page(found).contains("too sure"))
    #expect(found.json().document.contains("\"log_odds\""))
  }

  @Test func whereNobodyLeavesThereIsNoModel() throws {
    var rows = SampleStudy().rows
    rows.occasions.removeAll { $0.occasion.state == .missed }
    let found = try results(rows)
    #expect(found.attrition?.left == 0)
    #expect(page(found).contains("No model of who leaves: nobody left"))
    #expect(!(try found.tables().map(\.name).contains("attrition")))
  }

  @Test func whoIsNotAskedForIsNotModelled() throws {
    let found = try results(
      SampleStudy().rows,
      plan: SampleStudy.plan.replacing(
        "{ by: arm }", with: "{ by: arm, attrition: false, missing: false }"))
    #expect(found.attrition == nil && found.patterns == nil)
  }

  @Test func patternsCountEveryoneOnce() throws {
    let rows = SampleStudy().rows
    let found = try results(rows)
    let patterns = try #require(found.patterns)
    #expect(patterns.slots == ["baseline", "followup 1", "followup 2"])
    #expect(patterns.patterns.reduce(0) { $0 + $1.persons } + patterns.others == 80)
    for pattern in patterns.patterns { #expect(pattern.byArm.reduce(0, +) == pattern.persons) }
    #expect(patterns.patterns[0].marks == [.observed, .observed, .observed])
    #expect(page(found).contains("● ● ○"))
  }
}
