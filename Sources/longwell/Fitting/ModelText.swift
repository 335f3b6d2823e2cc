import Statistics

/// A fitted model as a statistician likes to read it.
enum ModelText {
  /// The lines of the model's summary: what was fitted, to what, variance components, fixed
  /// effects, tests, fit statistics, and notes in words.
  static func lines(of fit: FitSummary) -> [String] {
    var lines = heading(of: fit) + [""]
    if !fit.components.isEmpty || fit.sigma != nil {
      lines += ["Random effects:"] + randomEffects(of: fit) + [""]
    }
    lines += variance(of: fit)
    if let residuals = fit.residuals { lines += self.residuals(residuals) + [""] }
    if !fit.fixed.isEmpty {
      lines += ["Fixed effects:"] + effects(fit.fixed, level: fit.confidenceLevel) + [""]
    }
    if !fit.thresholds.isEmpty {
      lines += ["Thresholds:"] + effects(fit.thresholds, level: fit.confidenceLevel) + [""]
    }
    if !fit.terms.isEmpty { lines += ["Type III tests:"] + tests(fit.terms) + [""] }
    for table in fit.means { lines += margins(table, level: fit.confidenceLevel) + [""] }
    lines += diagnostics(of: fit)
    lines.append(
      "\(fit.criterionName) \(NumberText.fixed(fit.criterion, decimals: 4))"
        + "   logLik \(NumberText.fixed(fit.logLikelihood, decimals: 4))"
        + "   AIC \(NumberText.fixed(fit.aic, decimals: 2))"
        + "   BIC \(NumberText.fixed(fit.bic, decimals: 2))")
    let notes = fit.notes + simpler(fit)
    if !notes.isEmpty {
      lines += ["", "Notes:"]
      for note in notes {
        let wrapped = TerminalText.wrapped(note, width: 96)
        lines += wrapped.enumerated().map { ($0.offset == 0 ? " - " : "   ") + $0.element }
      }
    }
    return lines
  }

  private static func heading(of fit: FitSummary) -> [String] {
    var lines = [fit.title, "Formula: \(TerminalText.safe(fit.formula))"]
    if fit.family != "gaussian" { lines.append("Family: \(fit.family) (\(fit.link))") }
    let groups = fit.groups.map { "\(TerminalText.safe($0.name)) \($0.levels)" }
    lines.append(
      "Observations: \(fit.observations)"
        + (fit.excluded > 0 ? " (\(fit.excluded) rows set aside)" : "")
        + (groups.isEmpty ? "" : "; groups: \(groups.joined(separator: ", "))"))
    switch fit.degreesOfFreedom {
    case .none: break
    case .satterthwaite: lines.append("Degrees of freedom: Satterthwaite")
    case .kenwardRoger: lines.append("Degrees of freedom and standard errors: Kenward-Roger")
    }
    if fit.intervals != "wald" { lines.append("Intervals: \(fit.intervals)") }
    return lines
  }

  private static func randomEffects(of fit: FitSummary) -> [String] {
    let parameters = fit.components.flatMap(\.terms) + (fit.sigma.map { [$0] } ?? [])
    let deviations = NumberText.column(parameters.map(\.estimate))
    let variances = NumberText.column(parameters.map { $0.estimate * $0.estimate })
    let hasIntervals = parameters.contains { $0.lower != nil }
    var table = TextTable(
      header: ["Group", "Term", "Variance", "Std. dev."] + (hasIntervals ? ["interval"] : [])
        + ["Correlation"], leftColumns: [0, 1, hasIntervals ? 5 : 4])
    var position = 0
    func row(_ group: String, _ term: String, _ correlation: String) -> [String] {
      defer { position += 1 }
      let interval = interval(parameters[position])
      return [group, term, variances[position], deviations[position]]
        + (hasIntervals ? [interval] : []) + [correlation]
    }
    for component in fit.components {
      for (index, term) in component.terms.enumerated() {
        let correlations = (0..<index).map {
          NumberText.fixed(component.correlations[index, $0], decimals: 3)
        }
        table.rows.append(
          row(
            index == 0 ? TerminalText.cell(component.group, width: 24) : "",
            TerminalText.cell(term.name, width: 32), correlations.joined(separator: " ")))
      }
    }
    if fit.sigma != nil { table.rows.append(row("Residual", "", "")) }
    return table.lines
  }

  private static func interval(_ parameter: FitSummary.Parameter) -> String {
    guard let lower = parameter.lower, let upper = parameter.upper else { return "" }
    let ends = NumberText.column([lower, upper])
    return "\(ends[0]) to \(ends[1])"
  }

  private static func residuals(_ residuals: FitSummary.Residuals) -> [String] {
    var lines = ["Residuals: \(TerminalText.safe(residuals.structure))"]
    for parameter in residuals.parameters {
      let ends = interval(parameter)
      lines.append(
        "  \(parameter.name) \(NumberText.fixed(parameter.estimate, decimals: 4))"
          + (ends.isEmpty ? "" : " (\(ends))"))
    }
    for stratum in residuals.strata + residuals.waves {
      lines.append(
        "  std. dev. in \(TerminalText.cell(stratum.name, width: 32)): "
          + NumberText.column([stratum.estimate])[0])
    }
    if let correlations = residuals.correlations {
      for row in 0..<correlations.rows {
        let cells = (0..<row).map { NumberText.fixed(correlations[row, $0], decimals: 3) }
        if !cells.isEmpty { lines.append("  correlation \(cells.joined(separator: " "))") }
      }
    }
    return lines
  }

  static func effects(_ effects: [FitSummary.Effect], level: Double) -> [String] {
    let hasDegrees = effects.contains { $0.degreesOfFreedom != nil }
    let estimates = NumberText.column(effects.map(\.estimate))
    let errors = NumberText.column(effects.map(\.standardError))
    var table = TextTable(
      header: ["", "Estimate", "Std. error"] + (hasDegrees ? ["df", "t"] : ["z"])
        + ["p", "\(percent(level)) interval"])
    for (row, effect) in effects.enumerated() {
      let ends = NumberText.column([effect.lower, effect.upper])
      var cells = [TerminalText.cell(effect.name, width: 40), estimates[row], errors[row]]
      if hasDegrees {
        cells.append(effect.degreesOfFreedom.map { NumberText.fixed($0, decimals: 2) } ?? "")
      }
      cells.append(NumberText.fixed(effect.statistic, decimals: 3))
      cells.append(NumberText.pValue(effect.pValue))
      cells.append("\(ends[0]) to \(ends[1])")
      table.rows.append(cells)
    }
    return table.lines
  }

  private static func tests(_ terms: [TermTest]) -> [String] {
    var table = TextTable(header: ["", "F", "num. df", "den. df", "p"])
    table.rows = terms.map {
      [
        TerminalText.cell($0.term, width: 40), NumberText.fixed($0.test.statistic, decimals: 3),
        NumberText.fixed($0.test.numerator, decimals: 0),
        NumberText.fixed($0.test.denominator, decimals: 2), NumberText.pValue($0.test.pValue),
      ]
    }
    return table.lines
  }

  private static func margins(_ table: MarginalTable, level: Double) -> [String] {
    var lines = [TerminalText.safe(table.title) + ":"]
    lines += effects(table.estimates.map { FitSummary.Effect($0.effect) }, level: level)
    guard !table.comparisons.isEmpty else { return lines }
    lines += ["", "Differences (p adjusted: \(table.adjustment.rawValue)):"]
    let estimates = NumberText.column(table.comparisons.map(\.effect.estimate))
    let errors = NumberText.column(table.comparisons.map(\.effect.standardError))
    var differences = TextTable(header: ["", "Estimate", "Std. error", "t", "p"])
    for (row, comparison) in table.comparisons.enumerated() {
      differences.rows.append([
        TerminalText.cell(comparison.effect.name, width: 48), estimates[row], errors[row],
        NumberText.fixed(comparison.effect.statistic, decimals: 3),
        NumberText.pValue(comparison.adjustedPValue),
      ])
    }
    return lines + differences.lines
  }

  static func percent(_ level: Double) -> String { "\(Int((level * 100).rounded())) %" }
}
