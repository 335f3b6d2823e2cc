import Definitions
import Statistics

/// How far the results hang on doubtful sessions and on missing answers.
extension Report {
  /// The sensitivity analyses of the plan, beside the results that they are about.
  mutating func sensitivity() -> HTML {
    let pieces: [HTML] = [exclusion(), delta()]
    guard pieces.contains(where: { !$0.source.isEmpty }) else { return "" }
    return "<section>\n<h2>Sensitivity</h2>\n\(pieces)</section>\n"
  }

  // MARK: Exclusions

  private mutating func exclusion() -> HTML {
    guard let result = results.exclusion else { return "" }
    let reasons: [HTML] = result.reasons.map { reason in
      """
      <li><code>\(reason.words)</code>: \(NumberText.counted(reason.rows, "row", "rows")) of \
      \(NumberText.counted(reason.persons, "person", "people"))</li>

      """
    }
    let intro: HTML = """
      <h3>Without doubtful sessions</h3>
      <p>The plan doubts sessions for which <code>\(result.plan.source)</code>. \
      \(NumberText.counted(result.rows, "row was", "rows were")) left out, of \
      \(NumberText.counted(result.persons, "person", "people")); a session may have several reasons:</p>
      <ul>
      \(reasons)</ul>

      """
    guard result.rows > 0 else {
      return """
        \(intro)<p>Nothing was left out, so nothing else comes of it.</p>

        """
    }
    let failures: [HTML] = result.models.compactMap { model in
      guard case .failure(let error) = model.outcome else { return nil }
      return """
        <div class="note" role="note"><p><strong>\(model.model.id.value) was not fitted without \
        them:</strong> \(error.description).</p></div>

        """
    }
    let groups = results.contrasts.compactMap {
      contrast -> (heading: String?, rows: [EstimateRow])? in
      guard let all = contrast.effect else { return nil }
      let other = result.contrasts.first { $0.plan.id.value == contrast.plan.id.value }?.effect
      let rows =
        [EstimateRow(name: "every session", effect: all)]
        + (other.map { [EstimateRow(name: "without them", effect: $0)] } ?? [])
      return ("\(contrast.plan.id.value): \(contrast.label)", rows)
    }
    guard !groups.isEmpty else { return "\(intro)\(failures)" }
    return """
      \(intro)\(failures)\(numbered(
        estimateTable(
          caption: "The contrasts with every session, and without those that the plan doubts.",
          nameHeader: "Sessions", groups: groups)))
      """
  }

  // MARK: Missing answers

  private mutating func delta() -> HTML {
    guard let result = results.delta else { return "" }
    let heading: HTML = "<h3>If missing answers were otherwise</h3>\n"
    switch result.outcome {
    case .failure(let error):
      return """
        \(heading)<div class="note" role="note"><p><strong>Not computed:</strong> \
        \(error.description).</p></div>

        """
    case .success(let outcome):
      let unit: HTML =
        result.plan.unit == .baseline
        ? """
        standard deviations of the outcome at the first measurement (one is \
        \(NumberText.significant(outcome.unit, 3)))
        """ : "units of the outcome"
      let lost: HTML =
        outcome.withoutPredictors > 0
        ? """
         \(NumberText.counted(outcome.withoutPredictors, "row lacks", "rows lack")) a predictor as \
        well and \(outcome.withoutPredictors == 1 ? "was" : "were") not drawn.
        """ : ""
      let contrasts = outcome.scenarios.first?.contrasts ?? []
      var tables: [HTML] = []
      for contrast in contrasts {
        let rows: [ReportTable.Row] = outcome.scenarios.compactMap { scenario in
          scenario.contrasts.first { $0.id == contrast.id }.map { found in
            row(scenario, found.effect)
          }
        }
        tables.append(
          numbered(
            ReportTable(
              caption: """
                \(contrast.label) (model <code>\(result.model)</code>) when δ is added to every missing \
                answer; δ is in \(unit). FMI is the fraction of missing information.
                """,
              headers: [
                "δ, of whom", "Estimate", "SE", "95&nbsp;% interval", "df", "<i>p</i>", "FMI",
              ],
              groups: [.init(heading: nil, rows: rows)])))
        tables.append(tipping(contrast, outcome))
      }
      return """
        \(heading)<p>\(outcome.drawn) missing answers were drawn \(result.plan.imputations) times from the \
        model <code>\(result.model)</code>, with parameters from its bootstrap, random effects given each \
        person’s answers, and residuals (seed \(Int(results.plan.seed))); δ was added, the model fitted \
        again, and the fits pooled by Rubin’s rules with Barnard and Rubin’s degrees of freedom. δ = 0 \
        takes answers to be missing at random.\(lost)</p>
        \(tables)
        """
    }
  }

  private func row(_ scenario: DeltaResult.Scenario, _ effect: PooledEffect) -> ReportTable.Row {
    let decimals = NumberText.decimals(standardError: effect.standardError)
    let whom = scenario.delta == 0 ? "" : ", \(scenario.arm ?? "everybody")"
    return .init(
      name: NumberText.fixed(scenario.delta, 2) + whom,
      cells: [
        "\(NumberText.fixed(effect.estimate, decimals))",
        "\(NumberText.fixed(effect.standardError, decimals))",
        "\(interval(effect.lower, effect.upper, decimals))",
        "\(NumberText.fixed(effect.degreesOfFreedom, 1))", "\(NumberText.p(effect.pValue))",
        "\(NumberText.percent(effect.missingInformation))",
      ])
  }

  private func tipping(
    _ contrast: DeltaResult.Contrast, _ outcome: DeltaResult.Outcome
  ) -> HTML {
    guard
      let start = outcome.scenarios.first(where: { $0.delta == 0 })?.contrasts
        .first(where: { $0.id == contrast.id })?.effect
    else { return "" }
    guard start.lower > 0 || start.upper < 0 else {
      return """
        <p class="small">The interval holds zero under missing at random already, so there is no point at \
        which it tips.</p>

        """
    }
    var arms: [String?] = []
    for scenario in outcome.scenarios where scenario.delta != 0 && !arms.contains(scenario.arm) {
      arms.append(scenario.arm)
    }
    let sentences: [HTML] = arms.map { arm in
      let whose = arm.map { "those of \($0)" } ?? "everybody’s"
      guard let point = DeltaResult.tippingPoint(of: contrast.id, in: outcome, arm: arm) else {
        return "No δ that was tried, added to \(whose), lets the interval hold zero. "
      }
      return """
        Added to \(whose), δ = \(NumberText.fixed(point, 2)) is the smallest tried at which the interval \
        holds zero.
        """
    }
    return "<p class=\"small\">\(sentences)</p>\n"
  }
}
