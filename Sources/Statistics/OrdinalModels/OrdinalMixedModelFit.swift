import RealModule

/// A fitted cumulative logit mixed model: estimates, their precision, and how the fit was found.
///
/// Standard errors come from the Hessian of the criterion in all parameters together, as those of
/// `ordinal::clmm`. The log-likelihood has all its constants, whatever the number of quadrature
/// points. AIC and BIC count effects, thresholds and variance parameters, and BIC takes the logarithm
/// of the number of rows.
public struct OrdinalMixedModelFit: Sendable {
  /// The formula.
  public let formula: ModelFormula
  /// The categories that occur, lowest first.
  public let categories: [String]
  /// Quadrature points in each direction; 1 is Laplace's approximation.
  public let quadraturePoints: Int
  /// The level of the intervals.
  public let confidenceLevel: Double
  /// The rows used.
  public let observations: Int
  /// The rows set aside for want of a value.
  public let excludedRows: Int
  /// Rows without a value, by variable.
  public let missing: [MissingCount]
  /// The grouping factors and the number of their levels.
  public let groups: [LinearMixedModelFit.Group]
  /// The effects as log odds ratios, tested by the normal distribution.
  public let fixedEffects: [LinearMixedModelFit.FixedEffect]
  /// The thresholds, named `1|2` after the categories on either side.
  public let thresholds: [LinearMixedModelFit.FixedEffect]
  /// The covariance matrix of the effects, then the thresholds.
  public let covariance: Matrix
  /// Fixed columns that repeat others and so have no estimate.
  public let setAside: [String]
  /// Standard deviations and correlations of the random effects, by term, as logits.
  public let varianceComponents: [LinearMixedModelFit.VarianceComponent]
  /// The covariance factors by columns, term after term, those of the most groups first as lme4.
  public let theta: [Double]
  /// The logarithm of the likelihood.
  public let logLikelihood: Double
  /// Effects, thresholds and variance parameters.
  public let parameterCount: Int
  /// Whether the random effects' estimated covariance lacks a direction.
  public let isSingular: Bool
  /// How the fit was found.
  public let record: FitRecord
  /// What a reader should know about this fit, in words.
  public let notes: [String]

  let model: OrdinalMixedModel
  let optimum: MarginalOptimum

  /// −2 ``logLikelihood``.
  public var criterion: Double { -2 * logLikelihood }
  /// Akaike's criterion.
  public var aic: Double { 2 * (Double(parameterCount) - logLikelihood) }
  /// Schwarz's criterion, with the number of rows.
  public var bic: Double {
    Double.log(Double(observations)) * Double(parameterCount) - 2 * logLikelihood
  }
  /// Whether the search ended where a minimum is.
  public var converged: Bool { record.converged }
  /// The rows used, as positions in the data.
  public var usedRows: [Int] {
    model.design.frame.rows ?? Array(0..<model.design.frame.rowCount)
  }

  init(
    model: OrdinalMixedModel, optimum: MarginalOptimum, quadraturePoints: Int,
    confidenceLevel: Double
  ) {
    let design = model.design
    let frame = design.frame
    let names = model.categories
    formula = model.formula
    categories = names
    self.quadraturePoints = quadraturePoints
    self.confidenceLevel = confidenceLevel
    observations = frame.rowCount
    excludedRows = frame.excludedRows
    missing = frame.missing
    groups = MarginalTables.groups(frame)
    let effects = MarginalTables.effects(
      design.estimable.map { frame.fixed.columns[$0].name }, optimum: optimum, from: 0,
      confidenceLevel: confidenceLevel)
    fixedEffects = effects
    thresholds = MarginalTables.effects(
      zip(names, names.dropFirst()).map { "\($0)|\($1)" }, optimum: optimum,
      from: design.estimable.count, confidenceLevel: confidenceLevel)
    covariance = optimum.covariance
    setAside = design.setAside
    varianceComponents = zip(frame.random, optimum.factors).map {
      .init(term: $0, factor: $1, sigma: 1)
    }
    theta = optimum.factors.flatMap(\.columnwiseLowerTriangle)
    logLikelihood = -optimum.criterion / 2
    parameterCount = optimum.coefficients.count + design.rows.thetaCount
    record = optimum.record
    let singular = Singularity(factors: optimum.factors, frame: frame)
    isSingular = singular.isSingular
    notes = MarginalNotes.notes(
      design, optimum: optimum, singular: singular, effects: effects)
    self.model = model
    self.optimum = optimum
  }

  /// The predicted random effects with their conditional covariances, by term.
  public func randomEffects() -> [ConditionalModes] { optimum.conditionalModes(model.design) }

  /// The linear predictor Xb + Zu, without a threshold, for every row of the data; NaN for rows set
  /// aside.
  public func linearPredictor() -> [Double] {
    let design = model.design
    // Centred columns leave out what the thresholds have taken up.
    let shift = zip(design.estimable, fixedEffects).reduce(0) { sum, pair in
      sum + design.standardisation.fixed[pair.0].centre * pair.1.estimate
    }
    return MarginalTables.spread(optimum.modes.predictor.map { $0 + shift }, design: design)
  }

  /// The probability of each category (column) for every row of the data; NaN for rows set aside.
  public func probabilities() -> Matrix {
    let predictor = linearPredictor()
    let cuts = thresholds.map(\.estimate)
    return Matrix(rows: predictor.count, columns: categories.count) { row, category in
      let upper = category < cuts.count ? cuts[category] - predictor[row] : .infinity
      let lower = category > 0 ? cuts[category - 1] - predictor[row] : -.infinity
      guard !predictor[row].isNaN else { return .nan }
      // In the upper tail differences of complements keep their digits.
      return lower > 0
        ? Self.logistic(-lower) - Self.logistic(-upper)
        : Self.logistic(upper) - Self.logistic(lower)
    }
  }

  /// The probability of the category that each row has; NaN for rows set aside.
  public func fittedValues() -> [Double] {
    let all = probabilities()
    var fitted = [Double](repeating: .nan, count: all.rows)
    for (position, row) in usedRows.enumerated() {
      fitted[row] = all[row, model.codes[position]]
    }
    return fitted
  }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + Double.exp(-x)) }
}
