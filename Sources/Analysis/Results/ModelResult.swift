import Definitions
import Statistics

/// What became of one model of a plan.
struct ModelResult: Sendable {
  let model: PlanModel
  /// The fit, or why there is none.
  let outcome: Result<any LinearModelFit, ModelError>
  /// The fixed effects with the intervals that the plan asks for.
  private(set) var effects: [LinearMixedModelFit.FixedEffect] = []
  /// The intervals that profiles or a bootstrap gave, by what they are of.
  private(set) var intervals: [ProfileInterval.Parameter: ProfileInterval] = [:]
  /// What a reader should know of the fit and its intervals.
  private(set) var notes: [String] = []
  /// How the variance divides; nil where a fit does not say.
  private(set) var shares: VarianceShares?
  /// What to fit in the place of a singular model.
  private(set) var simpler: [SimplerFit] = []
  /// The share of variance between people in the model without predictors, `y ~ 1 + (1 | group)`.
  private(set) var intraclassCorrelation: Double?
  /// The levels of each category, for the names of coefficients.
  let factors: [String: [String]]

  /// The fit, if there is one.
  var fit: (any LinearModelFit)? { try? outcome.get() }
  /// The fit with independent residuals, if it is one.
  var plain: LinearMixedModelFit? { fit as? LinearMixedModelFit }
  /// The fit with a residual structure, if it is one.
  var structured: ResidualModelFit? { fit as? ResidualModelFit }

  /// How the degrees of freedom of its tests were found.
  var degreesOfFreedom: DegreesOfFreedom {
    plain?.degreesOfFreedom ?? structured?.degreesOfFreedom ?? .none
  }

  /// Fits a model of the plan.
  ///
  /// - Parameters:
  ///   - lagged: The columns that hold the outcome of an occasion before.
  ///   - seed: Of its bootstrap, if it asks for one.
  init(
    _ model: PlanModel, data: ModelData, factors: [String: [String]], lagged: Set<String> = [],
    seed: UInt64
  ) {
    self.model = model
    self.factors = factors
    do throws(ModelError) {
      outcome = .success(try model.fit(to: data))
    } catch {
      outcome = .failure(error)
      return
    }
    guard let fit else { return }
    notes = fit.notes
    shares =
      plain.map { $0.tables.hasVarianceShares ? $0.varianceShares() : nil }
      ?? structured?.varianceShares()
    intraclassCorrelation = Self.intraclassCorrelation(of: fit, data: data)
    // A refit that cannot be made is no reason to keep the fit back.
    simpler = (try? plain?.simplerFits(data: data)) ?? []
    findIntervals(seed: seed)
    if let name = lagged.intersection(model.formula.variableNames).sorted().first,
      let few = Self.fewOccasions(of: fit, data: data)
    {
      notes.append(
        "\(name) is the outcome of an occasion before, and half of the people have at most \(few) rows: "
          + "with a random intercept, which is in that outcome too, its coefficient is biased (Nickell "
          + "1981). Autoregressive residuals (residuals: { ar1: index }) carry one occasion over to the "
          + "next without it.")
    }
    effects = fit.fixedEffects.map { effect in
      intervals[.fixedEffect(effect.name)].map(effect.bounded) ?? effect
    }
  }

  /// A model that could not be tried.
  init(_ model: PlanModel, error: ModelError) {
    self.model = model
    outcome = .failure(error)
    factors = [:]
  }

  private mutating func findIntervals(seed: UInt64) {
    guard model.intervals != .wald else { return }
    let found: [ProfileInterval]
    do throws(ModelError) {
      if let structured {
        found = try structured.profileIntervals()
      } else if model.intervals == .profile, let plain {
        found = try plain.profileIntervals()
      } else {
        guard let plain else { return }
        let drawn = try plain.parametricBootstrap(replicates: model.replicates, seed: seed)
        found = drawn.percentileIntervals(of: plain)
        if drawn.failures > 0 {
          notes.append(
            "\(drawn.failures) replicates of the bootstrap found no optimum and were left out.")
        }
      }
    } catch {
      notes.append(
        "The \(model.intervals.rawValue) intervals could not be had (\(error.description)); those "
          + "given are the estimate and its standard error.")
      return
    }
    intervals = Dictionary(
      found.map { ($0.parameter, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The rows of half of the people, where these are few for a model of the outcome before.
  private static func fewOccasions(of fit: any LinearModelFit, data: ModelData) -> Int? {
    guard case .factor(_, let codes) = data["participant"] else { return nil }
    var counts: [Int32: Int] = [:]
    for row in fit.usedRows { counts[codes[row], default: 0] += 1 }
    let sorted = counts.values.sorted()
    guard !sorted.isEmpty, sorted[sorted.count / 2] < NickellBias.fewPrompts else { return nil }
    return sorted[sorted.count / 2]
  }

  /// Fits the model without predictors on the same response; `nil` where that cannot be.
  private static func intraclassCorrelation(
    of fit: any LinearModelFit, data: ModelData
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

  /// The effect that a contrast of the plan names: a fixed effect, or a combination of several.
  func effect(_ contrast: PlanContrast) -> LinearMixedModelFit.FixedEffect? {
    guard let fit, let sum = CoefficientSum(contrast.coefficient.value) else { return nil }
    let names = effects.map(\.name)
    if let parts = sum.single {
      guard let name = CoefficientName.modelName(parts, among: names) else { return nil }
      return effects.first { $0.name == name }
    }
    return fit.effect(contrast.coefficient.value)
  }
}

extension MixedModelFit {
  /// A combination of the fixed effects as a plan writes it; nil where the model does not estimate it.
  func effect(_ text: String) -> LinearMixedModelFit.FixedEffect? {
    CoefficientSum(text)?.weights(among: fixedEffects.map(\.name)).map { contrast($0, name: text) }
  }
}
