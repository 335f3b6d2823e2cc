import Definitions
import Statistics

/// A contrast of the plan with what its model estimates.
struct ContrastResult: Sendable {
  let plan: PlanContrast
  /// The estimate; nil where the model has none.
  let effect: LinearMixedModelFit.FixedEffect?
  /// Its name for people: `week × arm: supportive`.
  let label: String
  /// The p value adjusted for the family of the plan; nil outside it.
  private(set) var adjusted: Double?

  /// The contrasts of a plan in its order, with the family's p values adjusted.
  ///
  /// A contrast without an estimate counts towards the family all the same: what could not be tested
  /// was meant to be.
  static func all(of plan: AnalysisPlan, models: [ModelResult]) -> [ContrastResult] {
    var results = plan.contrasts.map { contrast in
      let model = models.first { $0.model.id.value == contrast.model.value }
      let effect = model?.effect(contrast)
      let isSingle = CoefficientSum(contrast.coefficient.value)?.single != nil
      return ContrastResult(
        plan: contrast, effect: effect,
        label: effect.flatMap { isSingle ? model?.label($0.name) : nil }
          ?? contrast.coefficient.value)
    }
    guard let adjustment = plan.adjustment else { return results }
    let family = Set(adjustment.family.map(\.value))
    let places = results.indices.filter { family.contains(results[$0].plan.id.value) }
    let values = adjustment.method.adjustment.adjusted(
      places.map { place in
        results[place].effect.map(\.pValue).flatMap { $0.isNaN ? nil : $0 } ?? 1
      })
    for (place, value) in zip(places, values ?? []) where results[place].effect != nil {
      results[place].adjusted = value
    }
    return results
  }
}
