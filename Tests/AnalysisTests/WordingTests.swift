import Definitions
import Foundation
import Storage
import Tables
import Testing

@testable import Analysis

/// Whose words were read, what was scored again, and cut-offs that are exploratory.
@Suite struct WordingTests {
  private static let hash = String(repeating: "a", count: 64)

  /// The sample, half of whose sessions read a Dutch overlay and an order of their own.
  private var rows: StudyRows {
    var rows = SampleStudy().rows
    rows.asked = rows.occasions.enumerated().compactMap { index, row in
      guard row.session != nil else { return nil }
      let isDutch = index % 2 == 0
      return SessionInstrumentRow(
        pseudonym: row.occasion.pseudonym, plan: row.occasion.plan, index: row.occasion.index,
        instrument: SessionInstrument(
          id: "needs-3", version: "1.0.0", contentHash: "0", language: isDutch ? "nl" : "en",
          overlay: isDutch
            ? SessionOverlay(
              id: "own/needs-3.nl", version: "2.0.0", hash: Self.hash, isReviewed: false) : nil,
          itemOrder: isDutch ? ["c", "a", "b"] : nil))
    }
    return rows
  }

  private var outline: StudyOutline {
    var outline = SampleStudy().outline
    outline.wordings = [
      .init(
        id: "own/needs-3.nl", instrument: "needs-3", language: "nl", version: "2.0.0",
        hash: Self.hash, origin: "A <team>, 2026-11-21, forward translation", review: nil)
    ]
    outline.instruments[0].scores.append(
      .init(
        name: "band", definition: "exploratory: category", range: 0...1,
        valueLabels: [.init(0, "Low"), .init(1, "High")], isExploratory: true))
    return outline
  }

  private func tables() throws -> [String: Table] {
    let export = StudyExport(study: outline, data: rows)
    return Dictionary(
      try export.tables().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  @Test func everySessionSaysInWhoseWordsAndOrderItAsked() throws {
    let tables = try tables()
    let asked = try #require(tables["instruments"])
    #expect(asked.rowCount == rows.asked.count)
    #expect(asked["overlay"]?.values.text(0) == "own/needs-3.nl")
    #expect(asked["overlay_version"]?.values.text(0) == "2.0.0")
    #expect(asked["overlay_hash"]?.values.text(0) == Self.hash)
    #expect(asked["overlay_reviewed"]?.values.text(0) == "false")
    #expect(asked["item_order"]?.values.text(0) == "c a b")
    #expect(asked["overlay"]?.values.isMissing(1) == true)
    #expect(asked["item_order"]?.values.isMissing(1) == true)
    #expect(
      asked["overlay"]?.codes == [
        .init("own/needs-3.nl", "2.0.0: A <team>, 2026-11-21, forward translation; not reviewed")
      ])
    let responses = try #require(tables["responses"])
    #expect((0..<3).map { responses["place"]?.values.text($0) } == ["2", "3", "1"])
    #expect(responses["place"]?.values.isMissing(3) == true)
  }

  @Test func categoriesHaveLabelsAndSayThatTheyAreExploratory() throws {
    let band = try #require(try tables()["scores"]?["needs-3.band"])
    #expect(band.valueLabels == [.init(0, "Low"), .init(1, "High")])
    #expect(band.label.hasSuffix(", exploratory"))
    #expect(band.definition.hasPrefix("exploratory"))
  }

  @Test func whatWasScoredAgainIsThereTwiceAndAnalysedOnce() throws {
    var scores = SampleStudy().rows.scores
    var again = scores[0]
    scores[0].isCurrent = false
    again.score.version = "2.0.0"
    again.score.value = 1
    scores.insert(again, at: 1)
    let sample = SampleStudy().rows
    let rows = StudyRows(
      participants: sample.participants, occasions: sample.occasions, responses: sample.responses,
      scores: scores)
    #expect(rows.scores.count == scores.count - 1 && rows.scorings.count == scores.count)
    let tables = try StudyExport(study: outline, data: rows).tables()
    let scorings = try #require(tables.first { $0.name == "scorings" })
    #expect((0..<2).map { scorings["version"]?.values.text($0) } == ["1.0.0", "2.0.0"])
    #expect((0..<2).map { scorings["current"]?.values.text($0) } == ["false", "true"])
    let wide = try #require(tables.first { $0.name == "scores" })
    #expect(wide["needs-3.need"]?.values.text(0) == "1")
  }

  @Test func theReportSaysWhoseWordsWereReadAndWhatIsExploratory() throws {
    let plan = SampleStudy.plan.replacing(
      "need: needs-3.need\n", with: "need: needs-3.need\n    band: needs-3.band\n")
    let (loaded, problems) = SampleStudy.load(plan)
    let results = try AnalysisResults(
      plan: try #require(loaded, "\(problems.list)"), study: outline, data: rows,
      isSimulated: false, version: "0")
    var report = Report(results, figures: [:])
    let page = report.page()
    #expect(page.contains("overlay own/needs-3.nl 2.0.0 (nl)"))
    #expect(page.contains("A &lt;team&gt;") && !page.contains("A <team>"))
    #expect(page.contains("not reviewed"))
    #expect(page.contains("<strong>Several wordings.</strong> needs-3 was read"))
    #expect(page.contains("<strong>Exploratory cut-offs.</strong> needs-3.band"))
    #expect(page.contains("exploratory"))
    #expect(results.json().document.contains("\"overlay\": \"own/needs-3.nl 2.0.0\""))
    let plain = try AnalysisResults(
      plan: try #require(SampleStudy.load(SampleStudy.plan).plan), study: SampleStudy().outline,
      data: SampleStudy().rows, isSimulated: false, version: "0")
    var other = Report(plain, figures: [:])
    let without = other.page()
    #expect(!without.contains("Several wordings") && !without.contains("Exploratory"))
  }
}
