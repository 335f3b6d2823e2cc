import Definitions
import Foundation
import Statistics
import Storage
import Tables
import Testing

@testable import Analysis

/// What would come of leaving doubtful sessions out, and of missing answers that are otherwise.
@Suite struct SensitivityTests {
  private func results(
    _ part: String, rows: StudyRows = SampleStudy().rows,
    study: StudyOutline = SampleStudy().outline,
    plan: String = SampleStudy.plan
  ) throws -> AnalysisResults {
    let (plan, problems) = SampleStudy.load(plan.replacing("figures:", with: part + "\nfigures:"))
    var checked = problems
    let read = try #require(plan, "\(problems.list.map(\.description))")
    read.check(against: study, problems: &checked)
    #expect(checked.isEmpty, "\(checked.list.map(\.description))")
    return try AnalysisResults(
      plan: read, study: study, data: rows, isSimulated: true, version: "test")
  }

  private func page(_ results: AnalysisResults) -> String {
    var report = Report(results, figures: [:])
    return report.page()
  }

  /// The sample with a check that every fifth person fails, and answers a second apart but for the
  /// first person's, which came at once.
  private var doubtful: (rows: StudyRows, study: StudyOutline) {
    var study = SampleStudy().outline
    study.instruments[0].items[1].expected = .number(3)
    var rows = SampleStudy().rows
    let starts = Dictionary(
      rows.occasions.map { ($0.key, $0.begun) }, uniquingKeysWith: { first, _ in first })
    for index in rows.responses.indices {
      let row = rows.responses[index]
      let key = OccasionKey(participant: row.pseudonym, plan: row.plan, index: row.index)
      let number = Int(row.pseudonym.dropFirst(2)) ?? 0
      if row.response.item == "b" {
        rows.responses[index].response.reason = nil
        rows.responses[index].response.answer = .number(number % 5 == 0 ? 4 : 3)
      }
      let start = (starts[key] ?? nil) ?? SampleStudy.enrolled
      let place = ["a", "b", "c"].firstIndex(of: row.response.item) ?? 0
      rows.responses[index].response.serverTime =
        start.addingTimeInterval(number == 1000 ? 0.9 : 4 * Double(place + 1))
    }
    return (rows, study)
  }

  @Test func doubtfulSessionsAreLeftOutWithReasonsCounted() throws {
    let (rows, study) = doubtful
    let found = try results(
      "sensitivity: { exclude: failed_checks > 0 or median_item_seconds < 1.5 }", rows: rows,
      study: study)
    let result = try #require(found.exclusion)
    #expect(result.reasons.map(\.words) == ["failed_checks > 0", "median_item_seconds < 1.5"])
    // 16 people fail; the first of them also hurries.
    #expect(result.reasons.map(\.persons) == [16, 1])
    #expect(result.persons == 16)
    #expect(result.rows == result.reasons[0].rows)
    let all = try #require(found.model("growth")?.fit)
    let kept = try #require(result.models.first?.fit)
    #expect(kept.observations == all.observations - result.rows)
    #expect(result.contrasts.first?.effect?.estimate != found.contrasts.first?.effect?.estimate)
    #expect(page(found).contains("Without doubtful sessions"))
  }

  @Test func aConditionThatLeavesNothingIsExplained() throws {
    let found = try results("sensitivity: { exclude: index >= 0 }")
    let result = try #require(found.exclusion)
    #expect(result.models.allSatisfy { $0.fit == nil })
    #expect(page(found).contains("the condition leaves no row"))
    // The results with everybody stand.
    #expect(found.contrasts.first?.effect != nil && found.failures.isEmpty)
  }

  @Test func aConditionThatHoldsForNobodySaysSo() throws {
    let found = try results("sensitivity: { exclude: need > 100 }")
    #expect(found.exclusion?.rows == 0)
    #expect(page(found).contains("Nothing was left out"))
  }

  @Test func answersAreDrawnMovedAndPooled() throws {
    let found = try results(
      "missing: { sensitivity: { delta: [-0.5, 0], unit: baseline-sd, imputations: 5 } }")
    let outcome = try #require(try found.delta?.outcome.get())
    let rows = SampleStudy().rows
    #expect(outcome.drawn == rows.occasions.count { $0.occasion.state == .missed })
    #expect(outcome.scenarios.map(\.delta) == [-0.5, -0.5, 0])
    #expect(outcome.scenarios.map(\.arm) == [nil, "supportive", nil])
    let random = try #require(outcome.scenarios.last?.contrasts.first?.effect)
    let observed = try #require(found.contrasts.first?.effect)
    // Missing at random gives what the likelihood of the observed rows gave, but for five draws.
    #expect(abs(random.estimate - observed.estimate) < observed.standardError)
    // Worse answers of those treated make their slope less.
    let moved = try #require(outcome.scenarios[1].contrasts.first?.effect)
    #expect(moved.estimate < random.estimate)
    #expect(found.usesSeed && found.json().document.contains("\"missing_information\""))
    let words = page(found)
    #expect(words.contains("If missing answers were otherwise") && words.contains("FMI"))
    #expect(try found.tables().map(\.name).contains("sensitivity"))
    let again = try results(
      "missing: { sensitivity: { delta: [-0.5, 0], unit: baseline-sd, imputations: 5 } }")
    #expect(again.json() == found.json())
  }

  @Test func theTippingPointIsTheSmallestThatTips() throws {
    func scenario(_ delta: Double, _ arm: String?, _ estimate: Double) throws
      -> DeltaResult.Scenario
    {
      let effect = try PooledEffect(
        name: "c", estimates: [estimate - 0.01, estimate + 0.01], standardErrors: [1, 1])
      return .init(
        delta: delta, arm: arm, contrasts: [.init(id: "c", label: "c", effect: effect)])
    }
    let outcome = DeltaResult.Outcome(
      drawn: 1, withoutPredictors: 0, unit: 1,
      scenarios: try [
        scenario(-1, "b", 1), scenario(-0.5, "b", 1.5), scenario(-0.25, "b", 2.5),
        scenario(-1, nil, 3), scenario(0, nil, 3),
      ])
    #expect(DeltaResult.tippingPoint(of: "c", in: outcome, arm: "b") == -0.5)
    #expect(DeltaResult.tippingPoint(of: "c", in: outcome, arm: nil) == nil)
  }

  @Test func withoutAMissingAnswerThereIsNothingToDraw() throws {
    var rows = SampleStudy().rows
    let missed = Set(
      rows.occasions.filter { $0.occasion.state == .missed }.map(\.occasion.pseudonym))
    rows.occasions.removeAll { missed.contains($0.occasion.pseudonym) }
    let found = try results(
      "missing: { sensitivity: { delta: [-0.5], imputations: 2 } }", rows: rows)
    #expect(try found.delta?.outcome.get().drawn == 0)
  }

  typealias Change = (part: String, column: Int, words: String)

  @Test(
    arguments: [
      ("sensitivity: { exclude: failed_chcks > 1 }", 25, "did you mean 'failed_checks'"),
      ("sensitivity: { exclude: need + 1 }", 25, "a truth"),
      ("sensitivity: { exclude: need > }", 0, "end"), ("sensitivity: {}", 0, "exclude"),
      ("missing: { sensitivity: { delta: [] } }", 0, "delta: [-0.5"),
      ("missing: { sensitivity: { delta: [a] } }", 0, "number"),
      ("missing: { sensitivity: { delta: [1], unit: sd } }", 0, "baseline-sd"),
      ("missing: { sensitivity: { delta: [1], imputations: 1 } }", 0, "2"),
      ("missing: {}", 0, "sensitivity"),
    ] as [Change]) func whatIsWrongIsSaidAtItsPlace(change: Change) throws
  {
    let text = SampleStudy.plan.replacing("figures:", with: change.part + "\nfigures:")
    var problems = Problems()
    let plan = AnalysisPlan.load(
      Array(text.utf8), file: "plan.yaml", checkedAgainst: SampleStudy().outline,
      problems: &problems)
    #expect(plan == nil)
    #expect(
      problems.list.contains { problem in
        problem.place.line == 22 && problem.description.contains(change.words)
          && (change.column == 0 || problem.place.column == change.column)
      }, "\(problems.list.map(\.description))")
  }

  @Test(arguments: [
    ("primary: true", "primary: false", "primary: true for the model"),
    ("primary: true", "primary: true\n    residuals: { ar1: wave }", "independent residuals"),
    ("model: growth, of", "model: simple, of", "a contrast of the model"),
  ]) func drawingNeedsAPrimaryModelAndAContrastOfIt(old: String, new: String, words: String) throws
  {
    let text = SampleStudy.plan.replacing(old, with: new)
      .replacing("figures:", with: "missing: { sensitivity: { delta: [1] } }\nfigures:")
      .replacing(
        "week:arm[supportive]", with: new.contains("simple") ? "week" : "week:arm[supportive]")
    var problems = Problems()
    _ = AnalysisPlan.load(
      Array(text.utf8), file: "plan.yaml", checkedAgainst: SampleStudy().outline,
      problems: &problems)
    #expect(
      problems.list.contains { $0.description.contains(words) },
      "\(problems.list.map(\.description))")
  }
}
