import Figures
import Foundation
import Studies
import Tables
import Testing

@testable import Analysis
@testable import Storage

/// A study with an occasion that does not ask for the outcome.
@Suite("What an occasion does not ask is not missing from it")
struct AskedSlotsTests {
  private func results(_ change: (inout SampleStudy) -> Void = { _ in }) throws -> AnalysisResults {
    var sample = SampleStudy()
    sample.participants = 24
    change(&sample)
    var outline = sample.outline
    outline.occasions.append(.init(id: "evening", times: 10, instruments: ["other-1"]))
    var rows = sample.rows
    let people = rows.participants.map(\.participant.pseudonym)
    for pseudonym in people {
      guard let last = rows.occasions.last(where: { $0.occasion.pseudonym == pseudonym }) else {
        continue
      }
      for index in 0..<10 {
        var row = last
        row.occasion.plan = "evening"
        row.occasion.index = index
        row.occasion.instruments = ["other-1"]
        row.occasion.opens += Double(index + 1) * 86_400
        let end = rows.occasions.lastIndex { $0.occasion.pseudonym == pseudonym } ?? 0
        rows.occasions.insert(row, at: end + 1)
      }
    }
    let plan = SampleStudy.plan.replacing(
      "occasions: [baseline, followup]", with: "occasions: [baseline, followup, evening]")
    return try AnalysisResults(
      plan: try #require(SampleStudy.load(plan).plan), study: outline, data: rows,
      isSimulated: false, version: "test")
  }

  @Test("no table has rows for it, and no value is counted as missing")
  func tables() throws {
    let results = try results()
    #expect(results.data.slots.count == 13)
    let asked = try #require(results.asked["need"])
    #expect(results.data.slots.indices.filter(asked.contains) == [0, 1, 2])
    #expect(Set(results.descriptives.map(\.slot)) == [0, 1, 2])
    #expect(results.patterns?.slots.count == 3)
    var report = Report(results, figures: [:])
    let page = report.page()
    #expect(page.contains("240 rows are of occasions that do not ask for <code>need</code>"))
    #expect(page.contains("<th scope=\"row\">evening, all 10</th>"))
    #expect(page.contains("Of evening (10) some are shown"))
    #expect(!page.contains("<th scope=\"row\">evening 2</th>"))
    #expect(page.contains("<th scope=\"row\">evening 10</th>"))
  }

  @Test("an answer counts where it was given, whatever is asked there now")
  func answered() throws {
    var sample = SampleStudy()
    sample.participants = 12
    var outline = sample.outline
    outline.occasions[1].instruments = []
    let results = try AnalysisResults(
      plan: try #require(SampleStudy.load(SampleStudy.plan).plan), study: outline,
      data: sample.rows, isSimulated: false, version: "test")
    #expect(Set(results.descriptives.map(\.slot)) == [0, 1, 2])
  }

  @Test("of a long series the first, the last and some between are shown")
  func series() {
    let evenings = (0..<27).map { OccasionSlot(plan: "evening", index: $0, label: "", days: 0) }
    let weeks = (0..<4).map { OccasionSlot(plan: "week", index: $0, label: "", days: 0) }
    let series = OccasionSeries(weeks + evenings)
    #expect(series.shown == [0, 1, 2, 3, 4, 10, 17, 23, 30])
    #expect(series.long == [Array(4..<31)])
    #expect(OccasionSeries(weeks).long.isEmpty)
  }

  @Test("people at the start are told arm by arm and together")
  func baseline() throws {
    let results = try results()
    let baseline = results.baseline
    #expect(baseline.groups == ["usual", "supportive", nil])
    let need = try #require(baseline.lines.last)
    #expect(need.at == "baseline")
    guard case .values(let usual, _, _) = need.cells[0],
      case .values(let supportive, _, _) = need.cells[1],
      case .values(let all, let mean, let deviation) = need.cells[2]
    else {
      Issue.record("\(need)")
      return
    }
    #expect(usual == 12 && supportive == 12 && all == 24)
    #expect((1...5).contains(mean) && deviation > 0)
    #expect(try results.tables().contains { $0.name == "baseline" })
  }

  @Test("the map of occasions is in the order of time, and has the most faithful above")
  func map() throws {
    let map = try #require(try results().occasionMap())
    #expect(map.panels.map(\.title) == ["usual", "supportive"])
    #expect(map.occasions.first == "baseline" && map.occasions.count == 13)
    for panel in map.panels {
      let counts = panel.rows.map { row in row.count { $0 == .submitted } }
      #expect(counts == counts.sorted(by: >) && panel.rows.count == 12)
    }
  }

  @Test("differences of means are named by what differs")
  func pairs() throws {
    let plan = SampleStudy.plan + "\nmargins: [{ model: growth, at: { week: [0], arm: all } }]\n"
    let results = try AnalysisResults(
      plan: try #require(SampleStudy.load(plan).plan), study: SampleStudy().outline,
      data: SampleStudy().rows, isSimulated: false, version: "test")
    var report = Report(results, figures: [:])
    #expect(report.page().contains("<th scope=\"row\">usual − supportive</th>"))
  }
}
