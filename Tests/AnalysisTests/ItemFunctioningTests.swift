import Definitions
import Foundation
import Statistics
import Storage
import Studies
import Tables
import Testing

@testable import Analysis

/// Items that work differently for different people.
@Suite struct ItemFunctioningTests {
  /// 200 people at two sites; at the second, item `b` is answered a step or two lower by people alike.
  private func rows(isDifferent: Bool) -> StudyRows {
    var sample = SampleStudy()
    sample.participants = 200
    sample.spread = 0.9
    var rows = sample.rows
    var random = SeededGenerator(seed: 8)
    for index in rows.occasions.indices {
      rows.occasions[index].site = Self.site(rows.occasions[index].occasion.pseudonym)
    }
    for index in rows.responses.indices {
      let row = rows.responses[index]
      let value = row.response.answer.number ?? 3
      let noise = Double(random.below(3)) - 1
      let shift =
        isDifferent && row.response.item == "b" && Self.site(row.pseudonym) == "b" ? -1.5 : 0
      let moved = min(5, max(1, (value + noise + shift).rounded()))
      rows.responses[index].response.reason = nil
      rows.responses[index].response.answer = .number(row.response.item == "c" ? 6 - moved : moved)
    }
    return rows
  }

  private static func site(_ pseudonym: String) -> String {
    (Int(pseudonym.dropFirst(2)) ?? 0) / 2 % 2 == 0 ? "a" : "b"
  }

  private func results(_ rows: StudyRows, dif: String) throws -> AnalysisResults {
    let text = SampleStudy.plan.replacing(
      "figures:", with: "reliability: [{ score: needs-3.need, dif: \(dif) }]\nfigures:")
    return try AnalysisResults(
      plan: try #require(SampleStudy.load(text).plan), study: SampleStudy().outline, data: rows,
      isSimulated: true, version: "test")
  }

  private func page(_ results: AnalysisResults) -> String {
    var report = Report(results, figures: [:])
    return report.page()
  }

  @Test func anItemThatIsHarderAtASiteIsFlagged() throws {
    let found = try results(rows(isDifferent: true), dif: "[site]")
    let result = try #require(found.itemFunctioning.first)
    #expect(result.groups == ["a", "b"])
    let flagged = result.items.filter(\.isFlagged).map(\.item)
    #expect(flagged.contains("b"))
    #expect(result.items.allSatisfy { $0.rows == 200 && $0.uniform.degreesOfFreedom == 1 })
    #expect(page(found).contains("differently across sites"))
    #expect(try found.tables().map(\.name).contains("item-functioning"))
  }

  @Test func itemsThatAreAlikeAreNot() throws {
    let found = try results(rows(isDifferent: false), dif: "[site, wave]")
    #expect(found.itemFunctioning.map(\.grouping) == [.site, .wave])
    #expect(found.itemFunctioning.allSatisfy { $0.items.count == 3 })
    #expect(found.itemFunctioning[0].items.allSatisfy { !$0.isFlagged })
    #expect(page(found).contains("No item differs"))
  }

  @Test func aSingleWordingIsComparedWithNothing() throws {
    let found = try results(rows(isDifferent: false), dif: "[overlay]")
    #expect(found.itemFunctioning.first?.items.isEmpty == true)
    #expect(page(found).contains("fewer than two wordings with enough answers"))
  }

  @Test func anUnknownGroupingIsRefused() {
    let text = SampleStudy.plan.replacing(
      "figures:", with: "reliability: [{ score: needs-3.need, dif: [sites] }]\nfigures:")
    let (plan, problems) = SampleStudy.load(text)
    #expect(plan == nil)
    #expect(problems.list.contains { $0.description.contains("did you mean 'site'") })
  }

  /// With few occasions a lagged outcome has a biased coefficient, and the report says so.
  @Test func aLaggedOutcomeWithFewOccasionsCarriesAWarning() throws {
    let text = SampleStudy.plan
      .replacing("wave: index", with: "wave: index\n    before: lag(need)")
      .replacing("need ~ week + arm + (1 | participant)", with: "need ~ before + (1 | site)")
      .replacing("(1 | site)", with: "(1 | arm)")
    let found = try AnalysisResults(
      plan: try #require(SampleStudy.load(text).plan), study: SampleStudy().outline,
      data: SampleStudy().rows, isSimulated: true, version: "test")
    #expect(found.model("simple")?.notes.contains { $0.contains("Nickell") } == true)
    #expect(found.model("growth")?.notes.contains { $0.contains("Nickell") } == false)
  }
}
