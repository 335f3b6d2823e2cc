import Definitions
import Statistics

/// Whether items mean the same in other words, at other sites, at other times.
extension Report {
  mutating func itemFunctioning() -> HTML {
    guard !results.itemFunctioning.isEmpty else { return "" }
    var pieces: [HTML] = []
    for result in results.itemFunctioning {
      if !result.items.isEmpty {
        pieces.append(
          numbered(
            ReportTable(
              caption: """
                Do the items of \(result.label) mean the same across \(result.grouping.words) \
                (\(NumberText.list(result.groups)))? Likelihood-ratio tests of ordinal logistic \
                regressions, given the score; uniform <i>p</i> values are adjusted over items by Benjamini \
                and Hochberg; ΔR² is McFadden’s.
                """,
              headers: [
                "Item", "Rows", "Uniform χ²", "df", "adjusted <i>p</i>", "Non-uniform χ²",
                "<i>p</i>", "ΔR²",
              ],
              groups: [
                .init(
                  heading: nil,
                  rows: result.items.map { item in
                    .init(
                      name: item.item + (item.isFlagged ? " *" : ""),
                      cells: [
                        "\(item.rows)", "\(NumberText.fixed(item.uniform.statistic, 2))",
                        "\(item.uniform.degreesOfFreedom)", "\(NumberText.p(item.adjusted))",
                        "\(NumberText.fixed(item.nonUniform.statistic, 2))",
                        "\(NumberText.p(item.nonUniform.pValue))",
                        "\(NumberText.fixed(item.gain, 3))",
                      ])
                  })
              ])))
        pieces.append(verdict(result))
      }
      pieces += result.notes.map {
        "<p class=\"small\">\(result.label), across \(result.grouping.words): \($0).</p>\n"
      }
    }
    return "\(pieces)"
  }

  private func verdict(_ result: ItemFunctioning) -> HTML {
    let flagged = result.items.filter(\.isFlagged).map(\.item)
    let waves: HTML =
      result.grouping == .wave
      ? " The tests take a person’s waves as independent, so read ΔR² rather than <i>p</i>." : ""
    guard !flagged.isEmpty else {
      return """
        <p class="small">No item differs by more than chance and by ΔR² ≥ 0.02.\(waves)</p>

        """
    }
    return """
      <div class="note" role="note"><p>* \(NumberText.list(flagged)) \
      \(flagged.count == 1 ? "works" : "work") differently across \(result.grouping.words): differences of \
      the score between them may be differences of words.\(waves)</p></div>

      """
  }
}
