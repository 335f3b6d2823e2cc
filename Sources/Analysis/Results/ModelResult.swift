import Definitions
import Statistics

/// What became of one model of a plan.
struct ModelResult: Sendable {
  let model: PlanModel
  /// The fit, or why there is none.
  let outcome: Result<LinearMixedModelFit, ModelError>
  /// The share of variance between people in the model without predictors, `y ~ 1 + (1 | group)`.
  let intraclassCorrelation: Double?
  /// The levels of each category, for the names of coefficients.
  let factors: [String: [String]]

  /// The fit, if there is one.
  var fit: LinearMixedModelFit? { try? outcome.get() }

  /// Fits a model of the plan.
  init(_ model: PlanModel, data: ModelData, factors: [String: [String]]) {
    self.model = model
    self.factors = factors
    do throws(ModelError) {
      let fit = try LinearMixedModel(model.formula, data: data)
        .fit(
          model.method == .full ? .ml : .reml, degreesOfFreedom: model.degreesOfFreedom)
      outcome = .success(fit)
      intraclassCorrelation = Self.intraclassCorrelation(of: fit, data: data)
    } catch {
      outcome = .failure(error)
      intraclassCorrelation = nil
    }
  }

  /// Fits the model without predictors on the same response; `nil` where that cannot be.
  private static func intraclassCorrelation(
    of fit: LinearMixedModelFit, data: ModelData
  ) -> Double? {
    guard let group = fit.groups.first?.name, fit.groups.count == 1,
      let formula = try? ModelFormula.parse("\(fit.formula.responseName) ~ 1 + (1 | \(group))"),
      let null = try? LinearMixedModel.fit(formula, data: data),
      let between = null.varianceComponents.first?.covariance[0, 0]
    else { return nil }
    let total = between + null.sigma * null.sigma
    return total > 0 ? between / total : nil
  }

  /// The name of a coefficient for people.
  func label(_ name: String) -> String { CoefficientName.label(name, factors: factors) }

  /// The fixed effect that a contrast of the plan names.
  func effect(_ contrast: PlanContrast) -> LinearMixedModelFit.FixedEffect? {
    guard let fit, let parts = CoefficientName.parts(contrast.coefficient.value),
      let name = CoefficientName.modelName(parts, among: fit.fixedEffects.map(\.name))
    else { return nil }
    return fit.fixedEffects.first { $0.name == name }
  }
}
