import Foundation
import Rehearsal

/// A power analysis for people and programs.
struct PowerDocument: Encodable {
  /// A number from replicates with the 95 % interval that their number leaves.
  struct Measure: Encodable {
    var value, lower, upper: Double

    init(_ measure: PowerResult.Effect.Measure) {
      (value, lower, upper) = (measure.value, measure.lower, measure.upper)
    }
  }

  /// One effect with one number of people.
  struct Row: Encodable {
    var participants: Int
    var term: String
    var effect: Double
    var power, typeOneError, bias, coverage: Measure
    var empiricalError, meanStandardError: Double
    var fitted, failures: Int
    var meanObservations: Double

    enum CodingKeys: String, CodingKey {
      case participants, term, effect, power, bias, coverage, fitted, failures
      case typeOneError = "type_1_error"
      case empiricalError = "empirical_se"
      case meanStandardError = "mean_se"
      case meanObservations = "mean_rows"
    }
  }

  var model, formula, response: String
  var replicates: Int
  var seed: UInt64
  var rows: [Row]

  init(_ results: [PowerResult], replicates: Int, seed: UInt64) {
    model = results.first?.model ?? ""
    formula = results.first?.formula ?? ""
    response = results.first?.response ?? ""
    self.replicates = replicates
    self.seed = seed
    rows = results.flatMap { result in
      result.effects.map { effect in
        Row(
          participants: result.participants, term: effect.term, effect: effect.value,
          power: Measure(effect.power), typeOneError: Measure(effect.typeOneError),
          bias: Measure(effect.bias), coverage: Measure(effect.coverage),
          empiricalError: effect.empiricalError, meanStandardError: effect.meanStandardError,
          fitted: result.fitted, failures: result.failures,
          meanObservations: result.meanObservations)
      }
    }
  }

  /// The same in words.
  var lines: [String] {
    var table = TextTable(
      header: ["effect", "people", "rows", "power", "type I error", "bias", "coverage"])
    table.rows = rows.map { row in
      [
        TerminalText.cell("\(row.term) = \(row.effect)", width: 40), "\(row.participants)",
        NumberText.fixed(row.meanObservations, decimals: 0), percent(row.power),
        percent(row.typeOneError), bias(row), percent(row.coverage),
      ]
    }
    let failed = rows.filter { $0.failures > 0 }.map {
      "\($0.failures) of \(replicates) replicates with \($0.participants) people were not fitted and "
        + "are left out."
    }
    return [
      "\(model): \(TerminalText.safe(formula)); \(response) as simulation.yaml says it moves.",
      "\(replicates) replicates, seed \(seed); in brackets the 95 % intervals that their number leaves.",
      "",
    ] + table.lines + Array(Set(failed)).sorted()
  }

  private func percent(_ measure: Measure) -> String {
    func text(_ share: Double) -> String { NumberText.fixed(share * 100, decimals: 1) }
    return "\(text(measure.value)) % (\(text(measure.lower))–\(text(measure.upper)))"
  }

  /// With the decimals that show three digits of the Monte Carlo error.
  private func bias(_ row: Row) -> String {
    let error = (row.bias.upper - row.bias.lower) / 2
    let decimals = error > 0 ? min(9, max(1, 1 - Int(log10(error).rounded(.down)))) : 3
    func text(_ number: Double) -> String { NumberText.fixed(number, decimals: decimals) }
    return "\(text(row.bias.value)) (\(text(row.bias.lower)) to \(text(row.bias.upper)))"
  }
}
