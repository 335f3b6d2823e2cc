import Definitions
import Statistics
import Tables

extension AnalysisResults {
  /// The tables that are written as CSV: the analysis table first, then what the report shows.
  func tables() throws -> [Table] {
    [
      data.table, try completenessTable(), try descriptiveTable(), try fixedEffectsTable(),
      try varianceTable(),
    ]
  }

  private func completenessTable() throws -> Table {
    let entries = flow.arms.flatMap { arm in arm.slots.map { (arm: arm.arm, slot: $0) } }
    func count(
      _ name: String, _ definition: String, _ value: (ParticipantFlow.Slot) -> Int
    ) -> Column {
      Column(name, .integer(entries.map { value($0.slot) }), definition: definition)
    }
    return try Table(
      name: "completeness", title: "What became of the planned occasions, by arm",
      columns: [
        Column("arm", .text(entries.map(\.arm)), definition: "as allocated"),
        Column("occasion", .text(entries.map(\.slot.label)), definition: "planned measurement"),
        count("submitted", "sessions submitted", \.submitted),
        count("partial", "sessions begun and not submitted", \.partial),
        count("missed", "occasions closed without a session", \.missed),
        count("cancelled", "occasions cancelled or skipped", \.cancelled),
        count("not_yet", "occasions not closed when the data were read", \.notYet),
        Column(
          "compliance", .number(entries.map(\.slot.compliance)), definition: "submitted out of due"
        ),
      ])
  }

  private func descriptiveTable() throws -> Table {
    func number(
      _ name: String, _ definition: String, _ value: (Descriptive) -> Double
    ) -> Column {
      Column(
        name, .number(descriptives.map { value($0).isNaN ? nil : value($0) }),
        definition: definition)
    }
    return try Table(
      name: "descriptives", title: "Scores by arm and planned measurement",
      columns: [
        Column("column", .text(descriptives.map(\.column)), definition: "column of the plan"),
        Column("arm", .text(descriptives.map(\.arm)), definition: "as allocated"),
        Column(
          "occasion", .text(descriptives.map { data.slots[$0.slot].label }),
          definition: "planned measurement"),
        Column("n", .integer(descriptives.map(\.count)), definition: "rows with a value"),
        Column(
          "missing", .integer(descriptives.map(\.missing)), definition: "due rows without a value"),
        number("mean", "arithmetic mean", \.mean),
        number("standard_deviation", "with n − 1", \.deviation),
        number("lower", "95 % interval of the mean by Student's t", \.lower),
        number("upper", "95 % interval of the mean by Student's t", \.upper),
        number("minimum", "least value", \.least),
        number("maximum", "greatest value", \.most),
      ])
  }

  private func fixedEffectsTable() throws -> Table {
    let entries = models.flatMap { result in
      (result.fit?.fixedEffects ?? []).map { (result: result, effect: $0) }
    }
    func number(
      _ name: String, _ definition: String,
      _ value: (LinearMixedModelFit.FixedEffect) -> Double?
    ) -> Column {
      Column(
        name, .number(entries.map { value($0.effect).flatMap { $0.isFinite ? $0 : nil } }),
        definition: definition)
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
        number("estimate", "estimate", \.estimate),
        number("standard_error", "standard error", \.standardError),
        number("df", "degrees of freedom; none for Wald's z", \.degreesOfFreedom),
        number("statistic", "estimate over standard error", \.statistic),
        number("p", "two-sided p value", \.pValue),
        number("lower", "95 % interval", \.lower),
        number("upper", "95 % interval", \.upper),
      ])
  }

  private func varianceTable() throws -> Table {
    var rows: [(model: String, group: String, term: String, other: String?, value: Double)] = []
    for result in models {
      guard let fit = result.fit else { continue }
      let model = result.model.id.value
      for component in fit.varianceComponents {
        for (row, term) in component.terms.enumerated() {
          rows.append((model, component.group, term, nil, component.standardDeviations[row]))
          for column in 0..<row {
            let correlation = component.correlations[row, column]
            rows.append((model, component.group, term, component.terms[column], correlation))
          }
        }
      }
      rows.append((model, "residual", "residual", nil, fit.sigma))
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
      ])
  }
}
