import Definitions
import Statistics
import Tables

/// The contrasts of a plan with missing outcomes drawn from the primary model, and moved by a delta.
struct DeltaResult: Sendable {
  let plan: PlanDelta
  /// The model that is drawn from and fitted again: the primary one, or the only one.
  let model: String
  /// The scenarios, or why there are none.
  let outcome: Result<Outcome, ModelError>

  /// What came of it.
  struct Outcome: Sendable {
    /// How many outcomes were drawn in each data set, and how many could not be, as a predictor was
    /// missing too.
    var drawn: Int
    var withoutPredictors: Int
    /// One unit of delta, in units of the outcome.
    var unit: Double
    var scenarios: [Scenario]
  }

  /// A delta, for whom, and the contrasts under it.
  struct Scenario: Sendable {
    var delta: Double
    /// The arm whose missing outcomes are moved; nil for everybody's.
    var arm: String?
    var contrasts: [Contrast]
  }

  /// A contrast of the plan, pooled over the data sets.
  struct Contrast: Sendable {
    var id: String
    var label: String
    var effect: PooledEffect
  }

  init(
    _ delta: PlanDelta, plan: AnalysisPlan, study: StudyOutline, result: ModelResult,
    contrasts: [ContrastResult], asked: AskedSlots?, table: AnalysisTable, data: ModelData
  ) {
    self.plan = delta
    model = result.model.id.value
    do throws(ModelError) {
      outcome = .success(
        try Self.outcome(
          delta, plan: plan, study: study, result: result,
          contrasts: contrasts.filter { $0.plan.model.value == result.model.id.value },
          asked: asked, table: table, data: data))
    } catch { outcome = .failure(error) }
  }

  /// Why a value is missing that could not be there.
  private static let notAsked: Set<Tables.MissingReason> = [
    .notShown, .notApplicable, .notForWording,
  ]

  private static func outcome(
    _ delta: PlanDelta, plan: AnalysisPlan, study: StudyOutline, result: ModelResult,
    contrasts: [ContrastResult], asked: AskedSlots?, table: AnalysisTable, data: ModelData
  ) throws(ModelError) -> Outcome {
    if case .failure(let error) = result.outcome { throw error }
    guard let fit = result.plain else {
      throw .unsupported("missing outcomes are drawn from models with independent residuals")
    }
    let known = contrasts.compactMap { contrast in contrast.effect.map { (contrast, $0) } }
    guard !known.isEmpty else { throw .unsupported("the plan has no contrast of this model") }
    let imputed = try fit.imputedResponses(
      of: data, draws: delta.imputations, seed: plan.seed)
    let response = fit.formula.responseName
    guard case .numeric(let observed) = data[response] else {
      throw .unsupported("the outcome is no column")
    }
    // What an occasion does not ask is not missing, and has no value to be drawn.
    let reasons = table.table[response]?.missingReasons
    func isWanted(_ row: Int) -> Bool {
      asked?.contains(table.rows[row].slot) != false
        && (reasons?[row]).map { !Self.notAsked.contains($0) } != false
    }
    let wanted = imputed.rows.enumerated().filter { isWanted($1) }
    let missing = observed.indices.count { observed[$0].isNaN && isWanted($0) }
    let unit: Double
    switch delta.unit {
    case .raw: unit = 1
    case .baseline:
      let first = table.rows.indices.filter { table.rows[$0].slot == 0 && !observed[$0].isNaN }
      unit = Descriptive.deviation(of: first.map { observed[$0] })
      guard unit > 0 else {
        throw .unsupported("the outcome has no spread at the first measurement to measure delta by")
      }
    }
    // Everybody's for studies without arms; with them, one arm's at a time beside everybody's, since
    // arms that are moved alike hide what they hide alike.
    let treated = study.arms.dropFirst().map(Optional.some)
    var scenarios: [Scenario] = []
    for value in delta.deltas {
      for arm in value == 0 ? [nil] : [nil] + treated {
        let moved = wanted.map { _, row in
          arm == nil || table.rows[row].arm == arm ? value * unit : 0
        }
        var effects: [[LinearMixedModelFit.FixedEffect]] = []
        for draw in imputed.draws {
          var values = observed
          for (place, asked) in wanted.enumerated() {
            values[asked.element] = draw[asked.offset] + moved[place]
          }
          let refit = try LinearMixedModel.fit(
            fit.formula, data: try data.replacing(response, with: values), method: fit.method,
            degreesOfFreedom: fit.degreesOfFreedom == .kenwardRoger ? .kenwardRoger : .none)
          effects.append(
            try known.map { (contrast, _) throws(ModelError) in
              guard let effect = refit.effect(contrast.plan.coefficient.value) else {
                throw .unsupported("a data set does not estimate \(contrast.plan.id.value)")
              }
              return effect
            })
        }
        scenarios.append(
          Scenario(
            delta: value, arm: arm,
            contrasts: try known.enumerated().map { (position, pair) throws(ModelError) in
              let own = effects.map { $0[position] }
              return Contrast(
                id: pair.0.plan.id.value, label: pair.0.label,
                effect: try PooledEffect(
                  name: pair.0.plan.id.value, estimates: own.map(\.estimate),
                  standardErrors: own.map(\.standardError),
                  completeDegreesOfFreedom: pair.1.degreesOfFreedom ?? .infinity))
            }))
      }
    }
    return Outcome(
      drawn: wanted.count, withoutPredictors: missing - wanted.count, unit: unit,
      scenarios: scenarios)
  }

  /// Where a contrast whose interval leaves zero out under missing at random holds it again: the
  /// smallest delta in size among those tried; nil where none does, or the interval holds zero already.
  static func tippingPoint(of id: String, in outcome: Outcome, arm: String?) -> Double? {
    func holdsZero(_ scenario: Scenario) -> Bool? {
      scenario.contrasts.first { $0.id == id }.map { $0.effect.lower <= 0 && $0.effect.upper >= 0 }
    }
    let start = outcome.scenarios.first { $0.delta == 0 }
    guard start.flatMap(holdsZero) != true else { return nil }
    return outcome.scenarios
      .filter { $0.delta != 0 && $0.arm == arm && holdsZero($0) == true }
      .map(\.delta).min { abs($0) < abs($1) }
  }
}

extension ModelData {
  /// The same data with other numbers in a column.
  fileprivate func replacing(
    _ name: String, with values: [Double]
  ) throws(ModelError) -> ModelData {
    try ModelData(
      names.compactMap { own in
        self[own].map { (own, own == name ? .numeric(values) : $0) }
      })
  }
}
