import Definitions
import Figures
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
      <p class="lead"><code>\(result.model.written)</code></p>

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
        \(heading)<p class="lead">\(fit.observations) observations of \(NumberText.list(groups)). \
        \(notAsking(result))\(tests(result))</p>
        \(numbered(fixedTable(result)))\(coefficients(result))\
        \(numbered(randomTable(result, fit)))\(residuals(result))\(quality(result, fit))\
        \(notes(result, fit))\
        \(checks(result))
        """
    }
  }

  /// How many rows have no response because nobody was asked, which sets nobody's answer aside.
  private func notAsking(_ result: ModelResult) -> HTML {
    let response = result.model.formula.responseName
    guard let asked = results.asked[response] else { return "" }
    let rows = results.data.rows.count { !asked.contains($0.slot) }
    return rows == 0
      ? ""
      : "\(NumberText.counted(rows, "row is of an occasion that does", "rows are of occasions that do")) not ask for <code>\(response)</code>. "
  }

  private func fixedTable(_ result: ModelResult) -> ReportTable {
    estimateTable(
      caption: "Fixed effects of the model <code>\(result.model.id.value)</code>.",
      nameHeader: "Term",
      groups: [(nil, result.effects.map { .init(name: result.label($0.name), effect: $0) })])
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

  private func randomTable(_ result: ModelResult, _ fit: any LinearModelFit) -> ReportTable {
    let widest = fit.varianceComponents.map(\.terms.count).max() ?? 1
    let correlationHeader: [HTML] = widest > 1 ? ["Correlations"] : []
    let hasIntervals = result.intervals[.sigma] != nil
    let intervalHeader: [HTML] = hasIntervals ? ["95&nbsp;% interval of the SD"] : []
    func interval(_ parameter: ProfileInterval.Parameter) -> [HTML] {
      guard hasIntervals else { return [] }
      guard let found = result.intervals[parameter] else { return ["–"] }
      return [
        "\(NumberText.significant(found.lower, 3)) to \(NumberText.significant(found.upper, 3))"
      ]
    }
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
            ] + interval(.standardDeviation(group: component.group, effect: term))
              + correlationCell)
        })
    }
    let residual: [HTML] = [
      "\(NumberText.significant(fit.sigma * fit.sigma, 3))",
      "\(NumberText.significant(fit.sigma, 3))",
    ]
    groups.append(
      .init(
        heading: nil,
        rows: [
          .init(
            name: "Residual", cells: residual + interval(.sigma) + (widest > 1 ? [""] : []))
        ]))
    return ReportTable(
      caption: "Random effects of the model <code>\(result.model.id.value)</code>.",
      headers: ["Effect", "Variance", "SD"] + intervalHeader + correlationHeader,
      groups: groups)
  }

  private func quality(_ result: ModelResult, _ fit: any LinearModelFit) -> HTML {
    let icc: HTML =
      result.intraclassCorrelation.map { share in
        """
         Without predictors, \(NumberText.percent(share)) of the variance lies between people \
        (ICC = \(NumberText.fixed(share, 2))).
        """
      } ?? ""
    let shares: HTML =
      result.shares.map { shares in
        """
         The fixed effects explain \(NumberText.percent(shares.marginal)) of the variance, fixed and \
        random effects together \(NumberText.percent(shares.conditional)) (Nakagawa and Schielzeth’s \
        R²).
        """
      } ?? ""
    let name: HTML = result.model.method == .full ? "Log-likelihood" : "REML log-likelihood"
    return """
      <p class="small">\(name) \(NumberText.fixed(fit.logLikelihood, 2)), \
      AIC \(NumberText.fixed(fit.aic, 1)), BIC \(NumberText.fixed(fit.bic, 1)), \
      \(fit.parameterCount) parameters.\(icc)\(shares)</p>

      """
  }

  /// Pictures of what the model takes for granted, and of covariates within and between persons.
  private mutating func checks(_ result: ModelResult) -> HTML {
    let id = result.model.id.value
    var pieces = [
      figure(
        FigureName.residuals(of: id),
        caption: """
          Residuals of the model <code>\(id)</code> in units of their standard deviation: against fitted \
          values they should scatter alike around zero, and against normal quantiles residuals and random \
          effects should follow the line. Curves at the ends mean long tails, a funnel means a variance that \
          grows.
          """)
    ]
    for covariate in results.exposures(result) {
      pieces.append(
        figure(
          covariate.name,
          caption: """
            \(covariate.description) (model <code>\(id)</code>), other effects taken off: left each \
            occasion against the person’s own mean, right each person against the mean of all. The lines \
            are the model’s. \(isExposure(covariate.name, id)
              ? "Use comes after allocation, so both are associations and neither is an effect." : "")
            """))
    }
    return "\(pieces)"
  }

  /// Whether a figure of a covariate is about use of AI.
  private func isExposure(_ name: String, _ model: String) -> Bool {
    results.plan.columns.contains { column in
      name == FigureName.exposure(of: column.name.value, in: model)
        && column.names.contains { ExposureName($0) != nil }
    }
  }

  /// How tests and intervals of a fit are made.
  private func tests(_ result: ModelResult) -> HTML {
    let distribution: HTML =
      switch result.degreesOfFreedom {
      case .none: "Tests and intervals use the normal distribution (Wald)."
      case .satterthwaite:
        "Tests and intervals use <i>t</i> with Satterthwaite’s degrees of freedom."
      case .kenwardRoger:
        "Standard errors, tests and intervals are corrected for small samples (Kenward-Roger)."
      }
    guard !result.intervals.isEmpty else { return distribution }
    let other: HTML =
      result.model.intervals == .profile
      ? "Intervals are by profile likelihood instead."
      : """
      Intervals hold the middle 95&nbsp;% of \(result.model.replicates) replicates of a parametric \
      bootstrap instead (seed \(Int(results.plan.seed))).
      """
    return "\(distribution) \(other)"
  }

  /// What was estimated of a residual structure.
  private mutating func residuals(_ result: ModelResult) -> HTML {
    guard let fit = result.structured else { return "" }
    var rows: [ReportTable.Row] = fit.residualParameters.map { parameter in
      .init(
        name: parameter.name,
        cells: [
          "\(NumberText.fixed(parameter.estimate, 3))",
          "\(interval(parameter.lower, parameter.upper, 3))",
        ])
    }
    rows += fit.strata.map { stratum in
      .init(
        name: "SD in \(stratum.name)",
        cells: ["\(NumberText.significant(stratum.standardDeviation, 3))", ""])
    }
    let deviations = fit.waves.map { zip($0.waves, $0.standardDeviations) }
    rows += (deviations.map(Array.init) ?? []).map { wave, deviation in
      .init(name: "SD at \(wave)", cells: ["\(NumberText.significant(deviation, 3))", ""])
    }
    guard !rows.isEmpty else { return "" }
    return numbered(
      ReportTable(
        caption: """
          Residuals of the model <code>\(result.model.id.value)</code>: \
          <code>\(fit.structure.description)</code>.
          """,
        headers: ["Parameter", "Estimate", "95&nbsp;% interval"],
        groups: [.init(heading: nil, rows: rows)]))
  }

  /// What a reader should know about a fit, with what to do about it.
  private func notes(_ result: ModelResult, _ fit: any LinearModelFit) -> HTML {
    var notes: [HTML] = result.notes.map { "\($0)" }
    if fit.isSingular {
      notes.append(
        """
        A singular fit means that the data do not support every random effect of the formula. The \
        fixed effects usually change little with a simpler random part; report that fit beside this \
        one, and do not interpret the correlations above.
        """)
      notes += result.simpler.map { simpler in
        """
        <code>\(PersonTerm.written(simpler.formula))</code> on the same rows: AIC \
        \(NumberText.fixed(simpler.aic, 1)) against \(NumberText.fixed(fit.aic, 1)), \
        \(NumberText.counted(simpler.fewerParameters, "parameter", "parameters")) fewer\
        \(simpler.isSingular ? "; singular too" : "").
        """
      }
    }
    if !fit.converged {
      notes.append(
        """
        Try a simpler random part, or rescale a predictor whose unit makes its effect very large or \
        very small.
        """)
    }
    if result.degreesOfFreedom == .none, let few = fit.groups.first(where: { $0.levels < 50 }) {
      notes.append(
        """
        With \(few.levels) levels of \(few.name), intervals from the normal distribution are too \
        narrow and p values too small; <code>df: satterthwaite</code> in the plan corrects that.
        """)
    }
    guard !notes.isEmpty else { return "" }
    let paragraphs: [HTML] = notes.map { "<p>\($0)</p>\n" }
    let isWarning =
      fit.isSingular || !fit.converged || !fit.setAside.isEmpty || notes.count > result.notes.count
    return isWarning
      ? "<div class=\"note\" role=\"note\">\n\(paragraphs)</div>\n" : "\(paragraphs)"
  }
}
