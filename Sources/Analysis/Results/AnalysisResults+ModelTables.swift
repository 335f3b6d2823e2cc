import Definitions
import Statistics
import Tables

/// The tables of models and of what was asked of them.
extension AnalysisResults {
  func fixedEffectsTable() throws -> Table {
    let entries = models.flatMap { result in
      result.effects.map { (result: result, effect: $0) }
    }
    return try Table(
      name: "fixed-effects", title: "Fixed effects of every model",
      columns: [
        Column(
          "model", .text(entries.map(\.result.model.id.value)), definition: "id in the plan"),
        Column("term", .text(entries.map(\.effect.name)), definition: "name as in R"),
        Column(
          "label", .text(entries.map { $0.result.label($0.effect.name) }),
          definition: "name in the report"),
      ] + Self.estimateColumns(entries.map(\.effect)))
  }

  /// The columns that every estimate has.
  static func estimateColumns(_ effects: [LinearMixedModelFit.FixedEffect?]) -> [Column] {
    func number(
      _ name: String, _ definition: String,
      _ value: (LinearMixedModelFit.FixedEffect) -> Double?
    ) -> Column {
      Column(
        name, .number(effects.map { $0.flatMap(value)?.ifFinite }), definition: definition)
    }
    return [
      number("estimate", "estimate", \.estimate),
      number("standard_error", "standard error", \.standardError),
      number("df", "degrees of freedom; none for Wald's z", \.degreesOfFreedom),
      number("statistic", "estimate over standard error", \.statistic),
      number("p", "two-sided p value", \.pValue),
      number("lower", "95 % interval", \.lower),
      number("upper", "95 % interval", \.upper),
    ]
  }

  /// The tables that are only there if the plan asks for what they hold.
  func modelTables() throws -> [Table] {
    var tables: [Table] = []
    if !contrasts.isEmpty {
      tables.append(
        try Table(
          name: "contrasts", title: "The contrasts of the plan",
          columns: [
            Column("id", .text(contrasts.map(\.plan.id.value)), definition: "id in the plan"),
            Column(
              "model", .text(contrasts.map(\.plan.model.value)), definition: "id in the plan"),
            Column(
              "of", .text(contrasts.map(\.plan.coefficient.value)),
              definition: "coefficients, as in the plan"),
          ] + Self.estimateColumns(contrasts.map(\.effect)) + [
            Column(
              "p_adjusted", .number(contrasts.map(\.adjusted)),
              definition: "adjusted for the family of the plan")
          ]))
    }
    if !margins.isEmpty { tables.append(try marginTable()) }
    return tables
  }

  private func marginTable() throws -> Table {
    let entries = margins.flatMap { margin in
      ((try? margin.sets.get()) ?? []).flatMap { set in
        set.estimates.map { estimate in
          (margin: margin.plan, at: estimate.at, effect: estimate.effect)
        }
      }
    }
    return try Table(
      name: "margins", title: "Means and slopes that the models imply",
      columns: [
        Column("model", .text(entries.map(\.margin.model.value)), definition: "id in the plan"),
        Column(
          "slope_of", .text(entries.map(\.margin.slopes?.value)),
          definition: "the covariate; empty for means"),
        Column(
          "at",
          .text(
            entries.map { entry in
              entry.at.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
            }), definition: "levels and values"),
      ] + Self.estimateColumns(entries.map(\.effect)))
  }

  func varianceTable() throws -> Table {
    typealias Row = (
      model: String, group: String, term: String, other: String?, value: Double,
      interval: ProfileInterval?
    )
    var rows: [Row] = []
    for result in models {
      guard let fit = result.fit else { continue }
      let model = result.model.id.value
      for component in fit.varianceComponents {
        for (row, term) in component.terms.enumerated() {
          rows.append(
            (
              model, component.group, term, nil, component.standardDeviations[row],
              result.intervals[.standardDeviation(group: component.group, effect: term)]
            ))
          for column in 0..<row {
            let correlation = component.correlations[row, column]
            let other = component.terms[column]
            rows.append(
              (
                model, component.group, term, other, correlation,
                result.intervals[
                  .correlation(group: component.group, first: other, second: term)]
              ))
          }
        }
      }
      rows.append((model, "residual", "residual", nil, fit.sigma, result.intervals[.sigma]))
    }
    return try Table(
      name: "variance-components", title: "Random effects and residuals of every model",
      columns: [
        Column("model", .text(rows.map(\.model)), definition: "id in the plan"),
        Column("group", .text(rows.map(\.group)), definition: "grouping factor"),
        Column("term", .text(rows.map(\.term)), definition: "random effect"),
        Column(
          "with", .text(rows.map(\.other)),
          definition: "the other effect of a correlation; empty for a standard deviation"),
        Column(
          "value", .number(rows.map { $0.value.isFinite ? $0.value : nil }),
          definition: "standard deviation or correlation"),
        Column(
          "lower", .number(rows.map { $0.interval?.lower.ifFinite }),
          definition: "95 % interval, where profiles or a bootstrap were asked for"),
        Column(
          "upper", .number(rows.map { $0.interval?.upper.ifFinite }),
          definition: "95 % interval, where profiles or a bootstrap were asked for"),
      ])
  }
}

extension Double {
  /// The number, or nil where it is none.
  var ifFinite: Double? { isFinite ? self : nil }
}
