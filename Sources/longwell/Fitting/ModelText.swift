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
    if !fit.terms.isEmpty {
      let isLinear = fit.family == "gaussian"
      lines += ["Type III tests\(isLinear ? "" : " (Wald)"):"]
      lines += (isLinear ? tests(fit.terms) : waldTests(fit.terms)) + [""]
    }
    for table in fit.means + fit.slopes {
      lines += margins(table, of: fit) + [""]
    }
    if !fit.contrasts.isEmpty {
      lines += ["Contrasts:"] + effects(fit.contrasts, level: fit.confidenceLevel) + [""]
    }
    lines += diagnostics(of: fit)
    if let dispersion = fit.dispersion {
      let shown =
        dispersion.estimate.isFinite ? NumberText.ownColumn([dispersion.estimate])[0] : "infinite"
      let ends = interval(dispersion)
      lines += [
        "Dispersion φ \(shown)\(ends.isEmpty ? "" : " (\(ends))"), of variance μ + μ²/φ", "",
      ]
    }
    lines += fit.comparisons.flatMap { comparison($0, of: fit) + [""] }
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
    let deviations = NumberText.ownColumn(parameters.map(\.estimate))
    let variances = NumberText.ownColumn(parameters.map { $0.estimate * $0.estimate })
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
    return table.lines + correlationIntervals(of: fit)
  }

  private static func correlationIntervals(of fit: FitSummary) -> [String] {
    fit.components.flatMap { component in
      component.correlationIntervals.map {
        " Correlation of \(TerminalText.cell($0.first, width: 32)) and "
          + "\(TerminalText.cell($0.second, width: 32)) over "
          + "\(TerminalText.cell(component.group, width: 24)): "
          + "\(NumberText.fixed($0.lower, decimals: 3)) to \(NumberText.fixed($0.upper, decimals: 3))"
      }
    }
  }

  private static func interval(_ parameter: FitSummary.Parameter) -> String {
    guard let lower = parameter.lower, let upper = parameter.upper else { return "" }
    let ends = NumberText.column([lower, upper])
    return "\(lower.isFinite ? ends[0] : "−∞") to \(upper.isFinite ? ends[1] : "∞")"
  }

  private static func residuals(_ residuals: FitSummary.Residuals) -> [String] {
    var lines = ["Residuals: \(TerminalText.safe(residuals.structure))"]
    for parameter in residuals.parameters {
      let ends = interval(parameter)
      lines.append(
        "  \(parameter.name) \(NumberText.ownColumn([parameter.estimate])[0])"
          + (ends.isEmpty ? "" : " (\(ends))"))
    }
    if let half = residuals.halfLife {
      let ends = interval(half)
      lines.append(
        "  correlation halves in \(NumberText.ownColumn([half.estimate])[0])"
          + (ends.isEmpty ? "" : " (\(ends))") + " of the time's unit")
    }
    for stratum in residuals.strata + residuals.waves {
      lines.append(
        "  std. dev. in \(TerminalText.cell(stratum.name, width: 32)): "
          + NumberText.column([stratum.estimate])[0])
    }
    for ratio in residuals.ratios {
      let ends = interval(ratio)
      guard !ends.isEmpty else { continue }
      lines.append(
        "  std. dev. in \(TerminalText.cell(ratio.name, width: 32)) over that in "
          + "\(TerminalText.cell(residuals.strata.first?.name ?? "", width: 32)): "
          + "\(NumberText.ownColumn([ratio.estimate])[0]) (\(ends))")
    }
    if let correlations = residuals.correlations {
      for row in 0..<correlations.rows {
        let cells = (0..<row).map { NumberText.fixed(correlations[row, $0], decimals: 3) }
        let name = residuals.waves.indices.contains(row) ? residuals.waves[row].name : ""
        if !cells.isEmpty {
          lines.append(
            "  correlation of \(TerminalText.cell(name, width: 32)) with those before: "
              + cells.joined(separator: " "))
        }
      }
    }
    return lines
  }

  static func effects(_ effects: [FitSummary.Effect], level: Double) -> [String] {
    let hasDegrees = effects.contains { $0.degreesOfFreedom != nil }
    let (estimates, errors) = NumberText.estimates(
      effects.map(\.estimate), errors: effects.map(\.standardError))
    var table = TextTable(
      header: ["", "Estimate", "Std. error"] + (hasDegrees ? ["df", "t"] : ["z"])
        + ["p", "\(percent(level)) interval"])
    for (row, effect) in effects.enumerated() {
      let ends = [effect.lower, effect.upper].map {
        NumberText.own($0, error: effect.standardError)
      }
      var cells = [
        TerminalText.cell(effect.name, width: 40),
        effect.estimate.isNaN ? "not estimable" : estimates[row], errors[row],
      ]
      if hasDegrees {
        cells.append(effect.degreesOfFreedom.map { NumberText.fixed($0, decimals: 2) } ?? "")
      }
      cells.append(NumberText.fixed(effect.statistic, decimals: 3))
      cells.append(NumberText.pValue(effect.pValue))
      cells.append(interval(effect, ends))
      table.rows.append(cells)
    }
    return table.lines
  }

  /// An end that the likelihood does not reach is open.
  private static func interval(_ effect: FitSummary.Effect, _ ends: [String]) -> String {
    guard !effect.lower.isNaN, !effect.upper.isNaN, effect.lower.isFinite || effect.upper.isFinite
    else { return "" }
    return (effect.lower.isFinite ? ends[0] : "−∞") + " to "
      + (effect.upper.isFinite ? ends[1] : "∞")
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

  private static func waldTests(_ terms: [TermTest]) -> [String] {
    var table = TextTable(header: ["", "χ²", "df", "p"])
    table.rows = terms.map {
      [
        TerminalText.cell($0.term, width: 40),
        NumberText.fixed($0.test.statistic * $0.test.numerator, decimals: 3),
        NumberText.fixed($0.test.numerator, decimals: 0), NumberText.pValue($0.test.pValue),
      ]
    }
    return table.lines
  }

  private static func margins(_ table: MarginalTable, of fit: FitSummary) -> [String] {
    let level = fit.confidenceLevel
    var lines = [
      TerminalText.safe(table.title) + (fit.family == "gaussian" ? ":" : " (\(fit.link)):")
    ]
    lines += effects(table.estimates.map { FitSummary.Effect($0.effect) }, level: level)
    if !table.responses.isEmpty {
      lines += ["", "On the scale of the response:"]
      lines += responses(
        zip(table.estimates, table.responses).map { ($0.effect.name, $1) }, level: level)
    }
    for (estimate, categories) in zip(table.estimates, table.categories) {
      lines += ["", "Probabilities at \(TerminalText.cell(estimate.effect.name, width: 48)):"]
      lines += responses(
        Array(zip(fit.categories, categories.probabilities))
          + [("mean category", categories.meanCategory)], level: level)
    }
    guard !table.comparisons.isEmpty else { return lines }
    lines += ["", "Differences (adjusted: \(table.adjustment.rawValue)):"]
    let found = table.comparisons.map(\.effect)
    let (estimates, errors) = NumberText.estimates(
      found.map(\.estimate), errors: found.map(\.standardError))
    let hasDegrees = found.contains { $0.degreesOfFreedom != nil }
    var differences = TextTable(
      header: ["", "Estimate", "Std. error"] + (hasDegrees ? ["df", "t"] : ["z"])
        + ["p", "\(percent(level)) interval"])
    for (row, comparison) in table.comparisons.enumerated() {
      differences.rows.append(
        [
          TerminalText.cell(comparison.effect.name, width: 48),
          comparison.effect.estimate.isNaN ? "not estimable" : estimates[row], errors[row],
        ]
          + (hasDegrees
            ? [comparison.effect.degreesOfFreedom.map { NumberText.fixed($0, decimals: 2) } ?? ""]
            : []) + [
            NumberText.fixed(comparison.effect.statistic, decimals: 3),
            NumberText.pValue(comparison.adjustedPValue),
            ends(
              comparison.adjustedLower, comparison.adjustedUpper,
              error: comparison.effect.standardError),
          ])
    }
    lines += differences.lines
    guard let name = table.ratioName else { return lines }
    lines += ["", "As \(name)s:"]
    return lines
      + responses(table.comparisons.map { ($0.effect.name, $0.ratio) }, level: level)
  }

  /// Estimates on the scale of the response.
  static func responses(
    _ rows: [(name: String, estimate: ResponseEstimate)], level: Double
  ) -> [String] {
    let (estimates, errors) = NumberText.estimates(
      rows.map(\.estimate.estimate), errors: rows.map(\.estimate.standardError))
    var table = TextTable(header: ["", "Estimate", "Std. error", "\(percent(level)) interval"])
    for (row, (name, estimate)) in rows.enumerated() {
      table.rows.append([
        TerminalText.cell(name, width: 48),
        estimate.estimate.isNaN ? "not estimable" : estimates[row], errors[row],
        ends(estimate.lower, estimate.upper, error: estimate.standardError),
      ])
    }
    return table.lines
  }

  private static func ends(_ lower: Double, _ upper: Double, error: Double) -> String {
    guard lower.isFinite, upper.isFinite else { return "" }
    return "\(NumberText.own(lower, error: error)) to \(NumberText.own(upper, error: error))"
  }

  private static func comparison(_ comparison: ModelComparison, of fit: FitSummary) -> [String] {
    let test = comparison.test
    var line =
      " χ² \(NumberText.fixed(test.statistic, decimals: 4)) on \(test.degreesOfFreedom) df, p "
      + NumberText.pValue(test.pValue)
    if let boundary = test.boundaryPValue {
      line +=
        "; by the mixture for a variance that cannot be negative, p "
        + NumberText.pValue(boundary)
    }
    let other = TerminalText.safe(comparison.formula)
    return [
      "Likelihood-ratio test against the \(comparison.isLarger ? "larger" : "smaller") \(other):",
      line,
    ] + test.notes.map { " \($0)" }
  }

  static func percent(_ level: Double) -> String { "\(Int((level * 100).rounded())) %" }
}
