import Statistics

/// A fitted model as a statistician likes to read it.
enum ModelText {
  /// The lines of the model's summary: what was fitted, to what, variance components, fixed
  /// effects, fit statistics, and notes in words.
  static func lines(of fit: LinearMixedModelFit) -> [String] {
    var lines = [
      "Linear mixed model fit by \(fit.method == .reml ? "REML" : "maximum likelihood")",
      "Formula: \(TerminalText.safe(fit.formula.source))",
      "Observations: \(fit.observations)"
        + (fit.excludedRows > 0 ? " (\(fit.excludedRows) rows set aside)" : "")
        + "; groups: "
        + fit.groups.map { "\(TerminalText.safe($0.name)) \($0.levels)" }.joined(separator: ", "),
      "",
    ]
    lines += ["Random effects:"] + randomEffects(of: fit) + [""]
    lines += ["Fixed effects:"] + fixedEffects(of: fit) + [""]
    let criterion = fit.method == .reml ? "REML criterion" : "deviance"
    lines.append(
      "\(criterion) \(NumberText.fixed(fit.criterion, decimals: 4))"
        + "   logLik \(NumberText.fixed(fit.logLikelihood, decimals: 4))"
        + "   AIC \(NumberText.fixed(fit.aic, decimals: 2))"
        + "   BIC \(NumberText.fixed(fit.bic, decimals: 2))")
    if !fit.notes.isEmpty {
      lines += ["", "Notes:"]
      for note in fit.notes {
        let wrapped = TerminalText.wrapped(note, width: 96)
        lines += wrapped.enumerated().map { ($0.offset == 0 ? " - " : "   ") + $0.element }
      }
    }
    return lines
  }

  private static func randomEffects(of fit: LinearMixedModelFit) -> [String] {
    let deviations = fit.varianceComponents.flatMap(\.standardDeviations) + [fit.sigma]
    let shown = NumberText.column(deviations)
    let variances = NumberText.column(deviations.map { $0 * $0 })
    var table = TextTable(
      header: ["Group", "Term", "Variance", "Std. dev.", "Correlation"], leftColumns: [0, 1, 4])
    var position = 0
    for component in fit.varianceComponents {
      for (row, term) in component.terms.enumerated() {
        let correlations = (0..<row).map {
          NumberText.fixed(component.correlations[row, $0], decimals: 3)
        }
        table.rows.append([
          row == 0 ? TerminalText.cell(component.group, width: 24) : "",
          TerminalText.cell(term, width: 32), variances[position], shown[position],
          correlations.joined(separator: " "),
        ])
        position += 1
      }
    }
    table.rows.append(["Residual", "", variances[position], shown[position], ""])
    return table.lines
  }

  private static func fixedEffects(of fit: LinearMixedModelFit) -> [String] {
    let effects = fit.fixedEffects
    let hasDegrees = effects.contains { $0.degreesOfFreedom != nil }
    let estimates = NumberText.column(effects.map(\.estimate))
    let errors = NumberText.column(effects.map(\.standardError))
    let percent = Int((fit.confidenceLevel * 100).rounded())
    var table = TextTable(
      header: ["", "Estimate", "Std. error"] + (hasDegrees ? ["df", "t"] : ["z"])
        + ["p", "\(percent) % interval"])
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
}
