import Foundation
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
    /// The standard deviation of each stratum but the first, over the first one's.
    var ratios: [Parameter] = []
    var waves: [Parameter] = []
    var correlations: Matrix?
    /// The time in which correlation halves, in continuous time.
    var halfLife: Parameter?
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
  /// Of an ordinal model: its categories.
  var categories: [String] = []
  var components: [Component]
  var setAside: [String]
  /// The residual standard deviation, where the model has one.
  var sigma: Parameter?
  /// The dispersion of counts, where the family has one.
  var dispersion: Parameter?
  var residuals: Residuals?
  var criterionName: String
  var criterion, logLikelihood, aic, bic: Double
  var degreesOfFreedom: DegreesOfFreedom
  var intervals = "wald"
  var confidenceLevel: Double
  var converged, isSingular: Bool
  var evaluations: Int
  var notes: [String]
  /// Sets of variances that the design does not tell apart.
  var unidentified: [[String]] = []
  var terms: [TermTest] = []
  /// What the tests of the terms test, to be pooled.
  var termEstimates: [TermEstimates] = []
  var means: [MarginalTable] = []
  var slopes: [MarginalTable] = []
  /// Combinations of fixed effects asked for.
  var contrasts: [Effect] = []
  var comparisons: [ModelComparison] = []
  /// How the variance divides: of the response, or of the latent one of answers in categories.
  var shares: VarianceShares?
  /// Of a generalised model: where the residual variance on the scale of the link comes from.
  var observationVariance: ObservationVariance?
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
  /// The mean, on the scale of the link where there is one.
  var population: Prediction
  /// With the random effects of its groups, where the rows name them.
  var conditional: ConditionalPrediction?
  /// On the scale of the response, where that is another.
  var response: Response?

  /// A row's prediction on the scale of the response.
  struct Response {
    /// The mean, or the probability of each category.
    var population: [ResponseEstimate]
    /// With the random effects of its groups.
    var conditional: [ResponseEstimate]?
  }
}

/// Marginal means or slopes asked for, with their comparisons.
struct MarginalTable {
  var title: String
  var estimates: [MarginalEstimate]
  var comparisons: [PairwiseComparison]
  var adjustment: Adjustment
  /// On the scale of the response, where that is another; one for each estimate.
  var responses: [ResponseEstimate] = []
  /// Of an ordinal response, one for each estimate.
  var categories: [CategoryMeans] = []
  /// What the exponential of a difference is, where it means something.
  var ratioName: String?
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
    shares = fit.tables.hasVarianceShares ? fit.varianceShares() : nil
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
    shares = fit.tables.hasVarianceShares ? fit.varianceShares() : nil
    observationVariance = shares == nil ? nil : fit.usualObservationVariance
    dispersion = fit.dispersion.map { Parameter(name: "phi", estimate: $0) }
    guard let size = fit.dispersion, let error = fit.logDispersionError else { return }
    let reach = exp(NormalDistribution().quantile((1 + confidenceLevel) / 2) * error)
    dispersion?.lower = size / reach
    dispersion?.upper = size * reach
  }

  init(_ fit: OrdinalMixedModelFit) {
    self.init(
      fit, title: "Cumulative logit mixed model fit by \(Self.words(fit.quadraturePoints))",
      method: "ML", criterionName: "−2 logLik")
    family = "ordinal"
    link = "logit"
    thresholds = fit.thresholds.map(Effect.init)
    categories = fit.categories
    shares = fit.tables.hasVarianceShares ? fit.varianceShares() : nil
    observationVariance = shares == nil ? nil : .latent
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
      notes: fit.notes, unidentified: fit.unidentified,
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
    ratios = fit.strata.dropFirst().map {
      FitSummary.Parameter(
        name: $0.name, estimate: $0.ratio, lower: $0.lower.ifFinite, upper: $0.upper.ifFinite)
    }
    if let covariance = fit.waves {
      waves = zip(covariance.waves, covariance.standardDeviations).map {
        FitSummary.Parameter(name: $0, estimate: $1)
      }
      correlations = covariance.correlations
    }
    halfLife = fit.halfLife.map {
      FitSummary.Parameter(
        name: $0.name, estimate: $0.estimate, lower: $0.lower.ifFinite, upper: $0.upper.ifFinite)
    }
  }
}
