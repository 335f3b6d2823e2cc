import Statistics

/// What all kinds of fitted models have to show: one value that the table and the JSON are made from.
struct FitSummary {
  /// A number with a name and, where there is one, an interval.
  struct Parameter {
    var name: String
    var estimate: Double
    var lower: Double?
    var upper: Double?
  }

  /// A fixed effect with its test.
  struct Effect {
    var name: String
    var estimate, standardError: Double
    var degreesOfFreedom: Double?
    var statistic, pValue, lower, upper: Double

    init(_ effect: LinearMixedModelFit.FixedEffect) {
      name = effect.name
      estimate = effect.estimate
      standardError = effect.standardError
      degreesOfFreedom = effect.degreesOfFreedom
      statistic = effect.statistic
      pValue = effect.pValue
      lower = effect.lower
      upper = effect.upper
    }
  }

  /// A random-effects term of one grouping factor.
  struct Component {
    var group: String
    var terms: [Parameter]
    var correlations: Matrix
    var correlationIntervals: [CorrelationInterval] = []
  }

  /// The interval of the correlation of two random effects of one term.
  struct CorrelationInterval {
    var first, second: String
    var lower, upper: Double
  }

  /// The residuals' structure and what was estimated of it.
  struct Residuals {
    var structure: String
    var parameters: [Parameter] = []
    var strata: [Parameter] = []
    var waves: [Parameter] = []
    var correlations: Matrix?
  }

  var title: String
  var formula: String
  var method: String
  var family = "gaussian"
  var link = "identity"
  var observations: Int
  var excluded: Int
  var groups: [LinearMixedModelFit.Group]
  var fixed: [Effect]
  /// Of an ordinal model: where one category gives way to the next.
  var thresholds: [Effect] = []
  var components: [Component]
  var setAside: [String]
  /// The residual standard deviation, where the model has one.
  var sigma: Parameter?
  /// The dispersion of counts, where the family has one.
  var dispersion: Double?
  var residuals: Residuals?
  var criterionName: String
  var criterion, logLikelihood, aic, bic: Double
  var degreesOfFreedom: DegreesOfFreedom
  var intervals = "wald"
  var confidenceLevel: Double
  var converged, isSingular: Bool
  var evaluations: Int
  var notes: [String]
  var terms: [TermTest] = []
  var means: [MarginalTable] = []
  var slopes: [MarginalTable] = []
  /// Combinations of fixed effects asked for.
  var contrasts: [Effect] = []
  var comparisons: [ModelComparison] = []
  /// How the variance divides, for a normal response.
  var shares: VarianceShares?
  /// The principal components of the random effects of groups with several.
  var principal: [RandomEffectsComponents] = []
  var robust: RobustEffects?
  var influence: InfluenceTable?
  var predictions: [PredictedRow] = []
  /// What to fit in the place of a singular model.
  var simpler: [SimplerFit] = []
}

/// The influence of the groups of a factor, as asked for.
struct InfluenceTable {
  var method: InfluenceMethod
  var groups: [GroupInfluence]
}

/// The test of the model against another.
struct ModelComparison {
  var formula: String
  /// Whether the other has more parameters.
  var isLarger: Bool
  var test: LikelihoodRatioTest
}

/// What a model predicts for one row that it was not fitted to.
struct PredictedRow {
  var population: Prediction
  /// With the random effects of its groups; not for structured residuals.
  var conditional: ConditionalPrediction?
}

/// Marginal means or slopes asked for, with their comparisons.
struct MarginalTable {
  var title: String
  var estimates: [MarginalEstimate]
  var comparisons: [PairwiseComparison]
  var adjustment: Adjustment
}

extension FitSummary.Component {
  init(_ component: LinearMixedModelFit.VarianceComponent) {
    group = component.group
    terms = zip(component.terms, component.standardDeviations).map {
      FitSummary.Parameter(name: $0, estimate: $1)
    }
    correlations = component.correlations
  }
}

extension FitSummary {
  init(_ fit: LinearMixedModelFit, degreesOfFreedom: DegreesOfFreedom) {
    self.init(
      fit, title: "Linear mixed model fit by \(Self.words(fit.method))",
      method: fit.method.rawValue.uppercased(), criterionName: Self.criterionName(fit.method))
    sigma = Parameter(name: "sigma", estimate: fit.sigma)
    self.degreesOfFreedom = degreesOfFreedom
    shares = fit.varianceShares()
  }

  init(_ fit: ResidualModelFit) {
    self.init(
      fit, title: "Linear mixed model with structured residuals fit by \(Self.words(fit.method))",
      method: fit.method.rawValue.uppercased(), criterionName: Self.criterionName(fit.method))
    sigma = Parameter(name: "sigma", estimate: fit.sigma)
    residuals = Residuals(fit)
    degreesOfFreedom = fit.degreesOfFreedom
    shares = fit.varianceShares()
  }

  init(_ fit: GeneralisedMixedModelFit) {
    self.init(
      fit, title: "Generalised linear mixed model fit by \(Self.words(fit.quadraturePoints))",
      method: "ML", criterionName: "−2 logLik")
    family = fit.family.name
    link = fit.family.linkName
    dispersion = fit.dispersion
  }

  init(_ fit: OrdinalMixedModelFit) {
    self.init(
      fit, title: "Cumulative logit mixed model fit by \(Self.words(fit.quadraturePoints))",
      method: "ML", criterionName: "−2 logLik")
    family = "ordinal"
    link = "logit"
    thresholds = fit.thresholds.map(Effect.init)
  }

  /// What all kinds of fits have.
  private init(
    _ fit: some MixedModelFit, title: String, method: String, criterionName: String
  ) {
    self.init(
      title: title, formula: fit.formula.source, method: method, observations: fit.observations,
      excluded: fit.excludedRows, groups: fit.groups, fixed: fit.fixedEffects.map(Effect.init),
      components: fit.varianceComponents.map(Component.init), setAside: fit.setAside,
      criterionName: criterionName, criterion: fit.criterion, logLikelihood: fit.logLikelihood,
      aic: fit.aic, bic: fit.bic, degreesOfFreedom: .none, confidenceLevel: fit.confidenceLevel,
      converged: fit.converged, isSingular: fit.isSingular, evaluations: fit.record.evaluations,
      notes: fit.notes,
      principal: fit.randomEffectsComponents().filter { $0.terms.count > 1 })
  }

  private static func words(_ method: EstimationMethod) -> String {
    method == .reml ? "REML" : "maximum likelihood"
  }

  private static func criterionName(_ method: EstimationMethod) -> String {
    method == .reml ? "REML criterion" : "deviance"
  }

  private static func words(_ points: Int) -> String {
    points == 1
      ? "the Laplace approximation" : "adaptive Gauss-Hermite quadrature with \(points) points"
  }
}

extension FitSummary.Residuals {
  init(_ fit: ResidualModelFit) {
    structure = fit.structure.description
    parameters = fit.residualParameters.map {
      FitSummary.Parameter(
        name: $0.name, estimate: $0.estimate, lower: $0.lower.ifFinite, upper: $0.upper.ifFinite)
    }
    strata = fit.strata.map {
      FitSummary.Parameter(
        name: $0.name, estimate: $0.standardDeviation, lower: nil, upper: nil)
    }
    if let covariance = fit.waves {
      waves = zip(covariance.waves, covariance.standardDeviations).map {
        FitSummary.Parameter(name: $0, estimate: $1)
      }
      correlations = covariance.correlations
    }
  }
}
