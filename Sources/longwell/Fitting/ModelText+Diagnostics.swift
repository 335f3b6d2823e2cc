import Statistics

extension ModelText {
  /// The groups that a table of influence shows; all are in the JSON.
  private static let mostGroups = 10
  /// The rows that a table of predictions shows; all are in the JSON.
  private static let mostPredictions = 50

  /// R², the intraclass correlation, the design effect, and principal components.
  static func variance(of fit: FitSummary) -> [String] {
    var lines: [String] = []
    if let shares = fit.shares {
      let isOnLink = fit.observationVariance != nil
      var parts = [
        (fit.observationVariance.map(place) ?? "")
          + "R² marginal \(NumberText.fixed(shares.marginal, decimals: 4))"
      ]
      if !fit.components.isEmpty {
        parts += [
          "conditional \(NumberText.fixed(shares.conditional, decimals: 4))",
          "ICC \(NumberText.fixed(shares.intraclassCorrelation, decimals: 4))",
        ]
        if !isOnLink {
          parts.append("design effect \(NumberText.fixed(shares.designEffect, decimals: 2))")
        }
      }
      lines.append(parts.joined(separator: "   "))
    }
    for components in fit.principal {
      let deviations = NumberText.column(components.standardDeviations).joined(separator: " ")
      let shares = components.shares.map { "\(NumberText.fixed(100 * $0, decimals: 1)) %" }
      lines.append(
        "Principal components over \(TerminalText.cell(components.group, width: 24)): std. dev. "
          + "\(deviations) (\(shares.joined(separator: ", ")))")
    }
    return lines.isEmpty ? [] : lines + [""]
  }

  /// What the shares of a generalised model are shares of.
  private static func place(of variance: ObservationVariance) -> String {
    switch variance {
    case .latent: "Of the latent response: "
    case .delta: "On the scale of the link, by the delta method: "
    case .lognormal: "Of log counts, as log-normal: "
    case .trigamma: "Of log counts, by the trigamma function: "
    }
  }

  /// Robust tests, influential groups, predictions: what was asked for, each after an empty line.
  static func diagnostics(of fit: FitSummary) -> [String] {
    var lines: [String] = []
    if let robust = fit.robust {
      lines.append(
        "Cluster-robust (\(robust.correction.rawValue), \(robust.clusters) of "
          + "\(TerminalText.cell(robust.clusterName, width: 24))), "
          + (fit.family == "gaussian"
            ? "Satterthwaite df:" : "clusters less one as df:"))
      lines += effects(
        robust.fixedEffects.map(FitSummary.Effect.init), level: fit.confidenceLevel)
      lines.append("")
    }
    if let influence = fit.influence { lines += self.influence(influence, of: fit) + [""] }
    if !fit.predictions.isEmpty {
      lines += predictions(of: fit) + [""]
      lines += responsePredictions(of: fit)
    }
    return lines
  }

  private static func influence(_ table: InfluenceTable, of fit: FitSummary) -> [String] {
    // Groups that cannot be left out come first: they are what the estimates hang on.
    let sorted = table.groups.sorted {
      ($0.cooksDistance.isNaN ? .infinity : $0.cooksDistance)
        > ($1.cooksDistance.isNaN ? .infinity : $1.cooksDistance)
    }
    let shown = Array(sorted.prefix(mostGroups))
    let how =
      switch (table.method, fit.family) {
      case (.exact, _): "refits without each group"
      case (.oneStep, "gaussian"): "one step at the estimated variances"
      case (.oneStep, _): "one step of all parameters"
      }
    var text = TextTable(
      header: ["Group", "Rows", "Leverage", "Cook's D"]
        + fit.fixed.map {
          TerminalText.cell($0.name, width: 16)
        })
    let columns = fit.fixed.indices.map { position in
      NumberText.column(shown.map { change($0, position, of: fit.fixed[position]) })
    }
    for (row, group) in shown.enumerated() {
      text.rows.append(
        [
          TerminalText.cell(group.level, width: 24), "\(group.rows)",
          NumberText.fixed(group.leverage, decimals: 4),
          group.cooksDistance.isNaN
            ? "not fitted" : NumberText.fixed(group.cooksDistance, decimals: 4),
        ] + columns.map { $0[row] })
    }
    return [
      "Influence (\(how); changes of estimates without a group; "
        + "\(shown.count) of \(table.groups.count) groups):"
    ] + text.lines
  }

  /// How an estimate changes without a group; 0 for what is rounding beside its standard error.
  private static func change(
    _ group: GroupInfluence, _ position: Int, of effect: FitSummary.Effect
  ) -> Double {
    let change = group.estimates[position] - effect.estimate
    return abs(change) < 1e-9 * effect.standardError ? 0 : change
  }

  private static func predictions(of fit: FitSummary) -> [String] {
    let shown = Array(fit.predictions.prefix(mostPredictions))
    let hasGroups = !fit.components.isEmpty && shown.contains { $0.conditional != nil }
    let hasResponses = fit.family == "gaussian" && shown.contains { $0.conditional != nil }
    var text = TextTable(
      header: ["Row", "Mean", "Std. error", "\(percent(fit.confidenceLevel)) interval"]
        + (hasGroups ? ["Groups", "In group", "Std. error", "interval"] : [])
        + (hasResponses ? ["new response"] : []),
      leftColumns: [])
    let (means, errors) = NumberText.estimates(
      shown.map(\.population.value), errors: shown.map(\.population.standardError))
    let (own, ownErrors) = NumberText.estimates(
      shown.map { $0.conditional?.value ?? .nan },
      errors: shown.map { $0.conditional?.standardError ?? .nan })
    for (row, prediction) in shown.enumerated() {
      var cells = [
        "\(row + 1)", means[row], errors[row],
        ends(prediction.population.lower, prediction.population.upper),
      ]
      if let conditional = prediction.conditional {
        if hasGroups {
          cells += [
            conditional.isKnown ? "known" : "new", own[row], ownErrors[row],
            ends(conditional.lower, conditional.upper),
          ]
        }
        if hasResponses {
          cells.append(ends(conditional.responseLower, conditional.responseUpper))
        }
      }
      text.rows.append(cells)
    }
    let reasons = shown.enumerated().compactMap { row, prediction in
      (prediction.population.obstacle ?? prediction.conditional?.obstacle).map {
        " No prediction of row \(row + 1): \(TerminalText.safe($0))."
      }
    }
    let scale =
      fit.family == "gaussian" ? "" : "; \(fit.family == "ordinal" ? "latent mean" : fit.link)"
    return [
      "Predictions (\(shown.count) of \(fit.predictions.count) rows\(scale)):"
    ] + text.lines + reasons
  }

  /// Predictions on the scale of the response: a mean, or the probability of each category.
  private static func responsePredictions(of fit: FitSummary) -> [String] {
    let shown = fit.predictions.prefix(mostPredictions).enumerated().filter {
      $0.element.response?.population.isEmpty == false && $0.element.population.obstacle == nil
    }
    guard !shown.isEmpty else { return [] }
    let hasGroups = shown.contains { $0.element.response?.conditional != nil }
    let isOrdinal = !fit.categories.isEmpty
    var cells: [(head: [String], population: ResponseEstimate, own: ResponseEstimate?)] = []
    for (row, prediction) in shown {
      guard let response = prediction.response else { continue }
      for (position, estimate) in response.population.enumerated() {
        let name = isOrdinal ? [TerminalText.cell(fit.categories[position], width: 24)] : []
        cells.append(
          ([position == 0 ? "\(row + 1)" : ""] + name, estimate, response.conditional?[position]))
      }
    }
    let (means, errors) = NumberText.estimates(
      cells.map(\.population.estimate), errors: cells.map(\.population.standardError))
    let (own, ownErrors) = NumberText.estimates(
      cells.map { $0.own?.estimate ?? .nan }, errors: cells.map { $0.own?.standardError ?? .nan })
    var text = TextTable(
      header: ["Row"] + (isOrdinal ? ["Category"] : [])
        + [isOrdinal ? "Probability" : "Mean", "Std. error", "interval"]
        + (hasGroups ? ["In group", "Std. error", "interval"] : []),
      leftColumns: isOrdinal ? [1] : [])
    for (row, cell) in cells.enumerated() {
      text.rows.append(
        cell.head + [means[row], errors[row], ends(cell.population.lower, cell.population.upper)]
          + (cell.own.map { [own[row], ownErrors[row], ends($0.lower, $0.upper)] } ?? []))
    }
    return ["On the scale of the response:"] + text.lines + [""]
  }

  private static func ends(_ lower: Double, _ upper: Double) -> String {
    guard lower.isFinite, upper.isFinite else { return "" }
    let ends = NumberText.column([lower, upper])
    return "\(ends[0]) to \(ends[1])"
  }

  /// What to refit in the place of a singular model, with both criteria.
  static func simpler(_ fit: FitSummary) -> [String] {
    fit.simpler.map { other in
      "Refit \(TerminalText.safe(other.formula)): \(fit.criterionName) "
        + "\(NumberText.fixed(other.criterion, decimals: 4)) against "
        + "\(NumberText.fixed(fit.criterion, decimals: 4)) here, with "
        + "\(other.fewerParameters) parameter\(other.fewerParameters == 1 ? "" : "s") fewer (AIC "
        + "\(NumberText.fixed(other.aic, decimals: 2)) against \(NumberText.fixed(fit.aic, decimals: 2)))"
        + (other.isSingular ? "; singular too." : ".")
    }
  }
}
