import Definitions
import Statistics
import Tables

/// Models and what was asked of them, for `results.json`.
extension AnalysisResults {
  /// Whether anything was drawn at random.
  var usesSeed: Bool {
    delta != nil || models.contains { $0.model.intervals == .bootstrap && $0.plain != nil }
  }

  func json(_ contrast: ContrastResult) -> JSONText {
    var fields: [JSONText.Field] = [
      .init(key: "id", value: .text(contrast.plan.id.value)),
      .init(key: "model", value: .text(contrast.plan.model.value)),
      .init(key: "of", value: .text(contrast.plan.coefficient.value)),
    ]
    fields += Self.estimateFields(contrast.effect)
    if plan.adjustment != nil {
      fields.append(.init(key: "p_adjusted", value: .optional(contrast.adjusted)))
    }
    return .object(fields)
  }

  static func json(_ comparison: ModelComparison) -> JSONText {
    var fields: [JSONText.Field] = [
      .init(key: "smaller", value: .text(comparison.smaller)),
      .init(key: "larger", value: .text(comparison.larger)),
    ]
    switch comparison.test {
    case .failure(let error):
      fields.append(.init(key: "error", value: .text(error.description)))
    case .success(let test):
      fields += [
        .init(key: "chi_square", value: .number(test.statistic)),
        .init(key: "df", value: .integer(test.degreesOfFreedom)),
        .init(key: "p", value: .number(test.pValue)),
        .init(key: "p_boundary", value: .optional(test.boundaryPValue)),
        .init(key: "notes", value: .list(test.notes.map { .text($0) })),
      ]
    }
    return .object(fields)
  }

  static func json(_ margin: MarginResult) -> JSONText {
    var fields: [JSONText.Field] = [
      .init(key: "model", value: .text(margin.plan.model.value)),
      .init(key: "slopes", value: .optional(margin.plan.slopes?.value)),
    ]
    switch margin.sets {
    case .failure(let error):
      fields.append(.init(key: "error", value: .text(error.description)))
    case .success(let sets):
      fields.append(
        .init(
          key: "estimates",
          value: .list(
            sets.flatMap { set in
              set.estimates.map { estimate in
                let at = JSONText.object(
                  estimate.at.map { .init(key: $0.name, value: .text($0.value)) })
                return .object(
                  [.init(key: "at", value: at)] + estimateFields(estimate.effect))
              }
            })))
      fields.append(
        .init(
          key: "differences",
          value: .list(
            sets.flatMap { set in
              set.comparisons.map { pair in
                .object(
                  [
                    .init(key: "at", value: .text(set.title)),
                    .init(key: "of", value: .text(pair.effect.name)),
                  ] + estimateFields(pair.effect) + [
                    .init(key: "p_adjusted", value: .number(pair.adjustedPValue)),
                    .init(key: "lower_adjusted", value: .number(pair.adjustedLower)),
                    .init(key: "upper_adjusted", value: .number(pair.adjustedUpper)),
                  ])
              }
            })))
    }
    return .object(fields)
  }

  /// An estimate's numbers under the names that they have everywhere.
  static func estimateFields(_ effect: LinearMixedModelFit.FixedEffect?) -> [JSONText.Field] {
    [
      .init(key: "estimate", value: .optional(effect?.estimate)),
      .init(key: "standard_error", value: .optional(effect?.standardError)),
      .init(key: "df", value: .optional(effect?.degreesOfFreedom)),
      .init(key: "statistic", value: .optional(effect?.statistic)),
      .init(key: "p", value: .optional(effect?.pValue)),
      .init(key: "lower", value: .optional(effect?.lower)),
      .init(key: "upper", value: .optional(effect?.upper)),
    ]
  }

  static func json(_ result: ModelResult) -> JSONText {
    var fields: [JSONText.Field] = []
    func add(_ key: String, _ value: JSONText) { fields.append(.init(key: key, value: value)) }
    add("id", .text(result.model.id.value))
    add("formula", .text(result.model.written))
    add("method", .text(result.model.method.rawValue))
    add("df_method", .text(result.model.degreesOfFreedom.rawValue))
    add(
      "interval_method", .text(result.intervals.isEmpty ? "wald" : result.model.intervals.rawValue))
    add("residuals", .optional(result.model.residuals?.structure.description))
    add("primary", .truth(result.model.isPrimary))
    switch result.outcome {
    case .failure(let error):
      add("error", .text(error.description))
    case .success(let fit):
      add("observations", .integer(fit.observations))
      add("excluded_rows", .integer(fit.excludedRows))
      add(
        "groups",
        .list(
          fit.groups.map { .fields(["name": .text($0.name), "levels": .integer($0.levels)]) }))
      add("confidence_level", .number(fit.confidenceLevel))
      add(
        "fixed_effects",
        .list(
          result.effects.map {
            .object([.init(key: "name", value: .text($0.name))] + estimateFields($0))
          }))
      add("covariance", json(fit.covariance))
      add("not_estimable", .list(fit.setAside.map { .text($0) }))
      add("variance_components", .list(fit.varianceComponents.map { json($0, of: result) }))
      add("residual_standard_deviation", .number(fit.sigma))
      if let sigma = result.intervals[.sigma] {
        add("residual_standard_deviation_interval", interval(sigma))
      }
      add(
        "residual_parameters",
        .list(
          (result.structured?.residualParameters ?? []).map {
            .fields([
              "name": .text($0.name), "estimate": .number($0.estimate),
              "lower": .number($0.lower), "upper": .number($0.upper),
            ])
          }))
      add("theta", .list(fit.theta.map { .number($0) }))
      add("criterion", .number(fit.criterion))
      add("log_likelihood", .number(fit.logLikelihood))
      add("parameters", .integer(fit.parameterCount))
      add("aic", .number(fit.aic))
      add("bic", .number(fit.bic))
      add("intraclass_correlation", .optional(result.intraclassCorrelation))
      add("r_squared_marginal", .optional(result.shares?.marginal))
      add("r_squared_conditional", .optional(result.shares?.conditional))
      add("singular", .truth(fit.isSingular))
      add(
        "simpler",
        .list(
          result.simpler.map {
            .fields([
              "formula": .text(PersonTerm.written($0.formula)), "aic": .number($0.aic),
              "criterion": .number($0.criterion), "singular": .truth($0.isSingular),
            ])
          }))
      add("converged", .truth(fit.converged))
      add("notes", .list(result.notes.map { .text($0) }))
    }
    return .object(fields)
  }

  private static func interval(_ interval: ProfileInterval) -> JSONText {
    .list([.number(interval.lower), .number(interval.upper)])
  }

  private static func json(
    _ component: LinearMixedModelFit.VarianceComponent, of result: ModelResult
  ) -> JSONText {
    let intervals = component.terms.map { term in
      result.intervals[.standardDeviation(group: component.group, effect: term)].map(interval)
        ?? .null
    }
    return .fields([
      "group": .text(component.group), "terms": .list(component.terms.map { .text($0) }),
      "standard_deviations": .list(component.standardDeviations.map { .number($0) }),
      "standard_deviation_intervals": .list(intervals),
      "correlations": json(component.correlations),
    ])
  }

  private static func json(_ matrix: Matrix) -> JSONText {
    .list(
      (0..<matrix.rows).map { row in
        .list((0..<matrix.columns).map { .number(matrix[row, $0]) })
      })
  }
}
