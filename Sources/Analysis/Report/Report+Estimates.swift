import Definitions
import Statistics

extension Report {
  /// One row of a table of estimates.
  struct EstimateRow {
    var name: String
    var effect: LinearMixedModelFit.FixedEffect
    /// The p value adjusted for a family; nil where there is none.
    var adjusted: Double?
  }

  /// A table of estimates with standard errors, intervals, df and p, as every model has them.
  func estimateTable(
    caption: HTML, nameHeader: HTML, groups: [(heading: String?, rows: [EstimateRow])]
  ) -> ReportTable {
    let all = groups.flatMap(\.rows)
    let hasDegrees = all.contains { $0.effect.degreesOfFreedom?.isFinite == true }
    let isAdjusted = all.contains { $0.adjusted != nil }
    let degreesHeader: [HTML] = hasDegrees ? ["df"] : []
    let statisticHeader: HTML = hasDegrees ? "<i>t</i>" : "<i>z</i>"
    let adjustedHeader: [HTML] = isAdjusted ? ["adjusted <i>p</i>"] : []
    return ReportTable(
      caption: caption,
      headers: [nameHeader, "Estimate", "SE", "95&nbsp;% interval"] + degreesHeader
        + [statisticHeader, "<i>p</i>"] + adjustedHeader,
      groups: groups.map { group in
        .init(
          heading: group.heading,
          rows: group.rows.map { row in
            let effect = row.effect
            let decimals = NumberText.decimals(standardError: effect.standardError)
            let degrees: [HTML] =
              hasDegrees ? ["\(NumberText.fixed(effect.degreesOfFreedom, 1))"] : []
            let adjusted: [HTML] =
              isAdjusted ? [row.adjusted.map { "\(NumberText.p($0))" } ?? "–"] : []
            return .init(
              name: row.name,
              cells: [
                "\(NumberText.fixed(effect.estimate, decimals))",
                "\(NumberText.fixed(effect.standardError, decimals))",
                "\(interval(effect.lower, effect.upper, decimals))",
              ] + degrees + [
                "\(NumberText.fixed(effect.statistic, 2))", "\(NumberText.p(effect.pValue))",
              ] + adjusted)
          })
      })
  }

  /// What the plan asks of its models beside their coefficients: contrasts, means, slopes, comparisons.
  mutating func modelQuestions() -> HTML {
    var pieces: [HTML] = []
    pieces.append(contrastTable())
    for margin in results.margins { pieces.append(section(margin)) }
    pieces.append(comparisonTable())
    guard pieces.contains(where: { !$0.source.isEmpty }) else { return "" }
    return "<section>\n<h2>Contrasts, means and comparisons</h2>\n\(pieces)</section>\n"
  }

  private mutating func contrastTable() -> HTML {
    let known = results.contrasts.compactMap { contrast in
      contrast.effect.map { (contrast, $0) }
    }
    guard !known.isEmpty else { return "" }
    let family: HTML =
      results.plan.adjustment.map { adjustment in
        " Adjusted <i>p</i> values are by \(adjustment.method.words)’s method over the family of the plan."
      } ?? ""
    return numbered(
      estimateTable(
        caption: "The contrasts of the plan.\(family)", nameHeader: "Contrast",
        groups: [
          (
            nil,
            known.map { contrast, effect in
              EstimateRow(
                name: "\(contrast.plan.id.value): \(contrast.label)", effect: effect,
                adjusted: contrast.adjusted)
            }
          )
        ]))
  }

  private mutating func section(_ margin: MarginResult) -> HTML {
    let model = margin.plan.model.value
    switch margin.sets {
    case .failure(let error):
      return """
        <div class="note" role="note"><p><strong>No margins of <code>\(model)</code>:</strong> \
        \(error.description).</p></div>

        """
    case .success(let sets):
      let held = Set(margin.plan.values.map(\.name.value))
      let factors: HTML =
        margin.plan.factors.isEmpty
        ? "" : " by \(NumberText.list(margin.plan.factors.map(\.value)))"
      let caption: HTML =
        if let covariate = margin.plan.slopes {
          """
          Slopes on <code>\(covariate.value)</code>\(factors), as the model <code>\(model)</code> \
          implies them. Other covariates stand at their mean.
          """
        } else {
          """
          Means\(factors), as the model <code>\(model)</code> implies them. Covariates that are not \
          named stand at their mean; categories that are not named count equally.
          """
        }
      let means = numbered(
        estimateTable(
          caption: caption, nameHeader: "Level",
          groups: sets.map { set in
            (
              set.title.isEmpty ? nil : set.title,
              set.estimates.map {
                EstimateRow(
                  name: MarginResult.label($0.at, held: held), effect: $0.effect)
              }
            )
          }))
      guard sets.contains(where: { !$0.comparisons.isEmpty }) else { return means }
      let isAdjusted = sets.contains { $0.comparisons.count > 1 }
      let adjusted: HTML = isAdjusted ? ", with Tukey’s <i>p</i> values within each set" : ""
      return """
        \(means)\(numbered(
          estimateTable(
            caption: "Differences of the \(margin.plan.slopes == nil ? "means" : "slopes") above\(adjusted).",
            nameHeader: "Difference",
            groups: sets.map { set in
              (
                set.title.isEmpty ? nil : set.title,
                zip(MarginResult.pairLabels(set.estimates, held: held), set.comparisons).map {
                  label, pair in
                  EstimateRow(
                    name: label, effect: pair.effect,
                    adjusted: isAdjusted ? pair.adjustedPValue : nil)
                }
              )
            })))
        """
    }
  }

  private mutating func comparisonTable() -> HTML {
    guard !results.comparisons.isEmpty else { return "" }
    var notes: [HTML] = []
    var rows: [ReportTable.Row] = []
    for comparison in results.comparisons {
      let name = "\(comparison.smaller) in \(comparison.larger)"
      switch comparison.test {
      case .failure(let error):
        notes.append(
          """
          <div class="note" role="note"><p><strong>\(comparison.smaller) and \
          \(comparison.larger) were not compared:</strong> \(error.description).</p></div>

          """)
      case .success(let test):
        let first = results.model(comparison.smaller)?.fit?.aic
        let second = results.model(comparison.larger)?.fit?.aic
        rows.append(
          .init(
            name: name,
            cells: [
              "\(NumberText.fixed(test.statistic, 2))", "\(test.degreesOfFreedom)",
              "\(NumberText.p(test.boundaryPValue ?? test.pValue))",
              "\(NumberText.fixed(first, 1))", "\(NumberText.fixed(second, 1))",
            ]))
        notes += test.notes.map {
          "<p class=\"small\">\(comparison.smaller), \(comparison.larger): \($0)</p>\n"
        }
        if test.boundaryPValue != nil {
          notes.append(
            """
            <p class="small">\(name): a variance cannot be negative, so <i>p</i> is by the mixture of \
            χ² distributions that holds at zero; the plain one is \(NumberText.p(test.pValue)).</p>

            """)
        }
      }
    }
    guard !rows.isEmpty else { return "\(notes)" }
    return """
      \(numbered(
        ReportTable(
          caption: "Models compared by likelihood ratio, the smaller in the larger.",
          headers: ["Models", "χ²", "df", "<i>p</i>", "AIC, smaller", "AIC, larger"],
          groups: [.init(heading: nil, rows: rows)])))\(notes)
      """
  }
}
