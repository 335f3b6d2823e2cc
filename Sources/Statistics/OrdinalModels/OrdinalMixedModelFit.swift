/// A fitted cumulative logit mixed model: estimates, their precision, and how the fit was found.
///
/// Standard errors come from the Hessian of the criterion in all parameters together, as those of
/// `ordinal::clmm`. The log-likelihood has all its constants, whatever the number of quadrature
/// points. Parameters are effects, thresholds and those of variance.
public struct OrdinalMixedModelFit: MixedModelFit {
  /// What all kinds of fits tell; the fixed effects are log odds ratios, tested by the normal
  /// distribution.
  public let tables: FitTables
  /// The categories that occur, lowest first.
  public let categories: [String]
  /// Quadrature points in each direction; 1 is Laplace's approximation.
  public let quadraturePoints: Int
  /// The thresholds, named `1|2` after the categories on either side.
  public let thresholds: [LinearMixedModelFit.FixedEffect]
  /// The covariance matrix of the effects, then the thresholds.
  public let covariance: Matrix

  let model: OrdinalMixedModel
  let optimum: MarginalOptimum

  init(
    model: OrdinalMixedModel, optimum: MarginalOptimum, quadraturePoints: Int,
    confidenceLevel: Double
  ) {
    let design = model.design
    let names = model.categories
    let fixed = Array(0..<design.estimable.count)
    self.model = model
    self.optimum = optimum
    categories = names
    self.quadraturePoints = quadraturePoints
    thresholds = zip(names, names.dropFirst()).enumerated().map { position, pair in
      let place = fixed.count + position
      return .init(
        name: "\(pair.0)|\(pair.1)", estimate: optimum.coefficients[place],
        standardError: optimum.covariance[place, place].squareRoot(), degreesOfFreedom: nil,
        confidenceLevel: confidenceLevel)
    }
    covariance = optimum.covariance
    let unidentified = optimum.isFlat ? UnidentifiedVariances(design) : UnidentifiedVariances()
    tables = FitTables(
      formula: model.formula, frame: design.frame, estimable: design.estimable,
      setAside: design.setAside, coefficients: optimum.coefficients,
      inference: AsymptoticInference(
        covariance: optimum.covariance.part(rows: fixed, columns: fixed)),
      factors: optimum.factors, sigma: 1,
      singular: Singularity(
        factors: optimum.factors, frame: design.frame, scalings: design.standardisation.random),
      unidentified: unidentified, logLikelihood: -optimum.criterion / 2,
      parameterCount: optimum.coefficients.count + design.rows.thetaCount,
      confidenceLevel: confidenceLevel, record: optimum.record,
      notes: MarginalNotes.notes(design, optimum: optimum, unidentified: unidentified))
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
    return design.spread(optimum.modes.predictor.map { $0 + shift })
  }

  /// The probability of each category (column) for every row of the data; NaN for rows set aside.
  public func probabilities() -> Matrix {
    let predictor = linearPredictor()
    let cuts = thresholds.map(\.estimate)
    let rows = predictor.map {
      $0.isNaN ? nil : CategoryProbabilities(predictor: $0, thresholds: cuts).values
    }
    return Matrix(rows: predictor.count, columns: categories.count) { row, category in
      rows[row]?[category] ?? .nan
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
}
