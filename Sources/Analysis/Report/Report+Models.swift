import Definitions
import Statistics

extension Report {
  /// Every model of the plan, in its order.
  mutating func modelSections() -> HTML {
    guard !results.models.isEmpty else { return "" }
    var sections: [HTML] = []
    for result in results.models { sections.append(section(result)) }
    return "<section>\n<h2>Models</h2>\n\(sections)</section>\n"
  }

  private mutating func section(_ result: ModelResult) -> HTML {
    let heading: HTML = """
      <h3 id="model-\(result.model.id.value)">\(result.model.id.value)\
      \(result.model.isPrimary ? " (primary)" : "")</h3>
      <p class="lead"><code>\(result.model.formula.source)</code></p>

      """
    switch result.outcome {
    case .failure(let error):
      return """
        \(heading)<div class="note" role="note"><p><strong>Not fitted:</strong> \
        \(error.description).</p></div>

        """
    case .success(let fit):
      let groups = fit.groups.map {
        $0.name == "participant" ? "\($0.levels) participants" : "\($0.levels) levels of \($0.name)"
      }
      return """
        \(heading)<p class="lead">\(fit.observations) observations of \(NumberText.list(groups)). \(tests(fit))</p>
        \(numbered(fixedTable(result, fit)))\(coefficients(result))\
        \(numbered(randomTable(result, fit)))\(quality(result, fit))\(notes(result, fit))
        """
    }
  }

  private func fixedTable(_ result: ModelResult, _ fit: LinearMixedModelFit) -> ReportTable {
    let hasDegrees = fit.fixedEffects.contains { $0.degreesOfFreedom?.isFinite == true }
    let degreesHeader: [HTML] = hasDegrees ? ["df"] : []
    let statisticHeader: HTML = hasDegrees ? "<i>t</i>" : "<i>z</i>"
    let headers: [HTML] =
      ["Term", "Estimate", "SE", "95&nbsp;% interval"] + degreesHeader + [
        statisticHeader, "<i>p</i>",
      ]
    return ReportTable(
      caption: "Fixed effects of the model <code>\(result.model.id.value)</code>.",
      headers: headers,
      groups: [
        .init(
          heading: nil,
          rows: fit.fixedEffects.map { effect in
            let decimals = NumberText.decimals(standardError: effect.standardError)
            let degrees: [HTML] =
              hasDegrees
              ? ["\(NumberText.fixed(effect.degreesOfFreedom, 1))"] : []
            return .init(
              name: result.label(effect.name),
              cells: [
                "\(NumberText.fixed(effect.estimate, decimals))",
                "\(NumberText.fixed(effect.standardError, decimals))",
                "\(interval(effect.lower, effect.upper, decimals))",
              ] + degrees + [
                "\(NumberText.fixed(effect.statistic, 2))", "\(NumberText.p(effect.pValue))",
              ])
          })
      ])
  }

  private mutating func coefficients(_ result: ModelResult) -> HTML {
    figure(
      FigureName.coefficients(of: result.model.id.value),
      caption: """
        Fixed effects of the model <code>\(result.model.id.value)</code> without the intercept: \
        estimates and 95&nbsp;% intervals. Terms have different units; compare each with zero, not \
        with one another.
        """)
  }

  private func randomTable(_ result: ModelResult, _ fit: LinearMixedModelFit) -> ReportTable {
    let widest = fit.varianceComponents.map(\.terms.count).max() ?? 1
    let correlationHeader: [HTML] = widest > 1 ? ["Correlations"] : []
    var groups: [ReportTable.Group] = fit.varianceComponents.map { component in
      .init(
        heading: component.group,
        rows: component.terms.enumerated().map { row, term in
          let deviation = component.standardDeviations[row]
          let correlations = (0..<row).map {
            NumberText.fixed(component.correlations[row, $0], 2)
          }
          let correlationCell: [HTML] =
            widest > 1
            ? ["\(correlations.joined(separator: ", "))"] : []
          return .init(
            name: result.label(term),
            cells: [
              "\(NumberText.significant(deviation * deviation, 3))",
              "\(NumberText.significant(deviation, 3))",
            ] + correlationCell)
        })
    }
    let residual: [HTML] = [
      "\(NumberText.significant(fit.sigma * fit.sigma, 3))",
      "\(NumberText.significant(fit.sigma, 3))",
    ]
    groups.append(
      .init(
        heading: nil,
        rows: [.init(name: "Residual", cells: residual + (widest > 1 ? [""] : []))]))
    return ReportTable(
      caption: "Random effects of the model <code>\(result.model.id.value)</code>.",
      headers: ["Effect", "Variance", "SD"] + correlationHeader, groups: groups)
  }

  private func quality(_ result: ModelResult, _ fit: LinearMixedModelFit) -> HTML {
    let icc: HTML =
      result.intraclassCorrelation.map { share in
        """
         Without predictors, \(NumberText.percent(share)) of the variance lies between people \
        (ICC = \(NumberText.fixed(share, 2))).
        """
      } ?? ""
    let name: HTML = result.model.method == .full ? "Log-likelihood" : "REML log-likelihood"
    return """
      <p class="small">\(name) \(NumberText.fixed(fit.logLikelihood, 2)), \
      AIC \(NumberText.fixed(fit.aic, 1)), BIC \(NumberText.fixed(fit.bic, 1)), \
      \(fit.parameterCount) parameters.\(icc)</p>

      """
  }

  /// How tests and intervals of a fit are made.
  private func tests(_ fit: LinearMixedModelFit) -> HTML {
    switch fit.degreesOfFreedom {
    case .none: "Tests and intervals use the normal distribution (Wald)."
    case .satterthwaite:
      "Tests and intervals use <i>t</i> with Satterthwaite’s degrees of freedom."
    case .kenwardRoger:
      "Standard errors, tests and intervals are corrected for small samples (Kenward-Roger)."
    }
  }

  /// What a reader should know about a fit, with what to do about it.
  private func notes(_ result: ModelResult, _ fit: LinearMixedModelFit) -> HTML {
    var notes: [HTML] = fit.notes.map { "\($0)" }
    if fit.isSingular {
      notes.append(
        """
        A singular fit means that the data do not support every random effect of the formula. The \
        fixed effects usually change little with a simpler random part; report that fit beside this \
        one, and do not interpret the correlations above.
        """)
    }
    if !fit.converged {
      notes.append(
        """
        Try a simpler random part, or rescale a predictor whose unit makes its effect very large or \
        very small.
        """)
    }
    if fit.degreesOfFreedom == .none, let few = fit.groups.first(where: { $0.levels < 50 }) {
      notes.append(
        """
        With \(few.levels) levels of \(few.name), intervals from the normal distribution are too \
        narrow and p values too small; <code>df: satterthwaite</code> in the plan corrects that.
        """)
    }
    guard !notes.isEmpty else { return "" }
    let paragraphs: [HTML] = notes.map { "<p>\($0)</p>\n" }
    let isWarning =
      fit.isSingular || !fit.converged || !fit.setAside.isEmpty || notes.count > fit.notes.count
    return isWarning
      ? "<div class=\"note\" role=\"note\">\n\(paragraphs)</div>\n" : "\(paragraphs)"
  }
}
