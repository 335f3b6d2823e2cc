import Definitions
import Statistics
import Tables

/// Sensitivity analyses for `results.json` and as a table.
extension AnalysisResults {
  static func json(_ result: ExclusionResult) -> JSONText {
    .fields([
      "exclude": .text(result.plan.source), "rows": .integer(result.rows),
      "participants": .integer(result.persons),
      "reasons": .list(
        result.reasons.map {
          .fields([
            "condition": .text($0.words), "rows": .integer($0.rows),
            "participants": .integer($0.persons),
          ])
        }),
      "models": .list(result.models.map(json)),
      "contrasts": .list(
        result.contrasts.map {
          .object([.init(key: "id", value: .text($0.plan.id.value))] + estimateFields($0.effect))
        }),
    ])
  }

  static func json(_ result: DeltaResult) -> JSONText {
    var fields: [JSONText.Field] = [
      .init(key: "model", value: .text(result.model)),
      .init(key: "unit", value: .text(result.plan.unit.rawValue)),
      .init(key: "imputations", value: .integer(result.plan.imputations)),
    ]
    switch result.outcome {
    case .failure(let error):
      fields.append(.init(key: "error", value: .text(error.description)))
    case .success(let outcome):
      fields += [
        .init(key: "drawn", value: .integer(outcome.drawn)),
        .init(key: "without_predictors", value: .integer(outcome.withoutPredictors)),
        .init(key: "unit_size", value: .number(outcome.unit)),
        .init(key: "scenarios", value: .list(outcome.scenarios.map(json))),
      ]
    }
    return .object(fields)
  }

  private static func json(_ scenario: DeltaResult.Scenario) -> JSONText {
    .fields([
      "delta": .number(scenario.delta), "arm": .optional(scenario.arm),
      "contrasts": .list(
        scenario.contrasts.map { contrast in
          .fields([
            "id": .text(contrast.id), "estimate": .number(contrast.effect.estimate),
            "standard_error": .number(contrast.effect.standardError),
            "df": .number(contrast.effect.degreesOfFreedom),
            "p": .number(contrast.effect.pValue), "lower": .number(contrast.effect.lower),
            "upper": .number(contrast.effect.upper),
            "missing_information": .number(contrast.effect.missingInformation),
          ])
        }),
    ])
  }

  /// The tables of sensitivity analyses that the plan asks for.
  func sensitivityTables() throws -> [Table] {
    guard let delta, let outcome = try? delta.outcome.get() else { return [] }
    let entries = outcome.scenarios.flatMap { scenario in
      scenario.contrasts.map { (scenario: scenario, contrast: $0) }
    }
    func number(_ name: String, _ definition: String, _ value: (PooledEffect) -> Double) -> Column {
      Column(
        name, .number(entries.map { value($0.contrast.effect).ifFinite }), definition: definition)
    }
    return [
      try Table(
        name: "sensitivity", title: "Contrasts when a delta is added to missing outcomes",
        columns: [
          Column("contrast", .text(entries.map(\.contrast.id)), definition: "id in the plan"),
          Column(
            "delta", .number(entries.map(\.scenario.delta)),
            definition: "in the unit of the plan"),
          Column(
            "arm", .text(entries.map(\.scenario.arm)),
            definition: "whose outcomes are moved; empty for everybody's"),
          number("estimate", "pooled by Rubin's rules", \.estimate),
          number("standard_error", "of the total variance", \.standardError),
          number("df", "by Barnard and Rubin", \.degreesOfFreedom),
          number("p", "two-sided p value", \.pValue),
          number("lower", "95 % interval", \.lower), number("upper", "95 % interval", \.upper),
          number("missing_information", "fraction", \.missingInformation),
        ])
    ]
  }
}
