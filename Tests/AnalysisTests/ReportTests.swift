import Foundation
import Tables
import Testing

@testable import Analysis

@Suite struct ReportTests {
  private func page(_ sample: SampleStudy = SampleStudy(), isSimulated: Bool = false) throws
    -> String
  {
    let results = try AnalysisResults(
      plan: try #require(SampleStudy.load(SampleStudy.plan).plan), study: sample.outline,
      data: sample.rows, isSimulated: isSimulated, version: "test")
    var report = Report(results, figures: [:])
    return report.page()
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "it's & <b>", "`$(touch x)`",
    "\u{202E}evil\u{0}", "</style><script>x</script>",
  ]) func hostileTextIsTextInTheReport(text: String) throws {
    var sample = SampleStudy()
    sample.text = text
    sample.participants = 12
    let page = try page(sample)
    #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>it"))
    #expect(!page.unicodeScalars.contains("\u{202E}") && !page.unicodeScalars.contains("\u{0}"))
    #expect(page.contains(HTML.escaped(text)))
    #expect(page.components(separatedBy: "</style>").count == 2)
  }

  @Test func theReportSaysWhatAColleagueWouldAsk() throws {
    let page = try page(isSimulated: true)
    for words in [
      "Does it grow faster?", "80 people enrolled", "Simulated data", "adapted",
      "published norms", "Not locked", "ICC =", "95&nbsp;% interval", "Provenance",
      "week × arm: supportive",
    ] { #expect(page.contains(words), "\(words)") }
    #expect(!page.lowercased().contains("significant"))
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("src="))
  }

  @Test func everyElementThatOpensCloses() throws {
    let page = try page()
    for element in ["table", "section", "p", "li", "ul", "div", "tbody", "tr", "td", "th", "main"] {
      let opened =
        page.components(separatedBy: "<\(element)>").count
        + page.components(separatedBy: "<\(element) ").count - 2
      #expect(opened == page.components(separatedBy: "</\(element)>").count - 1, "\(element)")
    }
  }

  @Test(arguments: [
    (0.12345, 2, "0.12"), (-0.5, 1, "−0.5"), (-0.0001, 2, "0.00"), (.nan, 2, "–"),
  ]) func numbersArePrintedAsInAPaper(value: Double, decimals: Int, text: String) {
    #expect(NumberText.fixed(value, decimals) == text)
  }

  @Test(arguments: [(0.0123, 3), (1.2, 1), (12.0, 1), (0.5, 2), (0.00001, 6), (.nan, 2)])
  func decimalsShowTwoDigitsOfTheStandardError(error: Double, decimals: Int) {
    #expect(NumberText.decimals(standardError: error) == decimals)
  }

  @Test(arguments: [
    (9.1e-6, "9.10\u{A0}×\u{A0}10⁻⁶"), (0.00123456, "0.00123"), (0.09996, "0.100"),
    (0.5, "0.500"), (12.345, "12.3"), (123_456, "123456"), (-0.25, "−0.250"), (0, "0"),
    (2.5e9, "2.50\u{A0}×\u{A0}10⁹"), (.infinity, "–"),
  ]) func variancesKeepTheirDigitsWhateverTheirSize(value: Double, text: String) {
    #expect(NumberText.significant(value, 3) == text)
  }

  @Test func theReadingOfAnIntervalIsAboutTheInterval() throws {
    var sample = SampleStudy()
    sample.effect = 0.2
    let clear = try page(sample)
    #expect(clear.contains("The 95&nbsp;% interval holds positive values only."))
    #expect(!clear.contains("compatible with positive values"))
    sample.effect = -0.2
    #expect(try page(sample).contains("The 95&nbsp;% interval holds negative values only."))
    sample.effect = 0
    #expect(try page(sample).contains("on both sides of zero"))
  }

  /// On a phone each cell stands below its header, which the cell therefore carries.
  @Test func everyCellKnowsItsColumn() throws {
    let table = ReportTable(
      caption: "x", headers: ["Arm", "<i>n</i>", "95&nbsp;% interval"],
      groups: [.init(heading: nil, rows: [.init(name: "a", cells: ["1", "2 to 3"])])])
    let source = table.html(number: 1).source
    #expect(source.contains("<table class=\"short\" aria-labelledby"))
    #expect(source.contains("<td data-label=\"n\">1</td>"))
    #expect(source.contains("<td data-label=\"95&nbsp;% interval\">2 to 3</td>"))
  }

  @Test func smallPValuesAreBounds() {
    #expect(NumberText.p(0.00004) == "<\u{A0}0.001")
    #expect(NumberText.p(0.0123) == "0.012")
    #expect(NumberText.pRelation(0.5) == "=\u{A0}0.500")
  }

  @Test func jsonKeepsItsOrderAndEscapes() {
    let json = JSONText.fields([
      "b": .text("a\"\\\n<\u{1}"), "a": .list([.number(0.1), .number(.nan), .integer(1)]),
      "c": .object([]),
    ])
    #expect(
      json.document == """
        {
          "b": "a\\"\\\\\\n\\u003c\\u0001",
          "a": [
            0.1,
            null,
            1
          ],
          "c": {}
        }

        """)
  }
}
