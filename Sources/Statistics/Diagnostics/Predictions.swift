/// The mean that a model predicts for one row, random effects at 0.
public struct Prediction: Hashable, Sendable, Codable {
  /// The predicted mean.
  public let value: Double
  /// Its standard error, from the fixed effects alone.
  public let standardError: Double
  /// The lower end of its confidence interval.
  public let lower: Double
  /// The upper end of its confidence interval.
  public let upper: Double
  /// Why there is no prediction, in words; `nil` where there is one.
  public let obstacle: String?
}

/// The mean that a model predicts for one row of a group, with that group's random effects.
public struct ConditionalPrediction: Hashable, Sendable, Codable {
  /// The predicted mean: with the predicted random effects of groups that the model knows, with 0
  /// for those of new ones.
  public let value: Double
  /// The standard deviation of its error, from fixed and random effects together; for a new group
  /// the variance of its random effects is in it.
  public let standardError: Double
  /// The lower end of the interval of the group's mean.
  public let lower: Double
  /// The upper end of that interval.
  public let upper: Double
  /// The lower end of the interval of a new response of weight 1; NaN where the row does not tell how
  /// large its residual may be.
  public let responseLower: Double
  /// The upper end of that interval.
  public let responseUpper: Double
  /// Whether the model knows all groups of the row.
  public let isKnown: Bool
  /// Why there is no prediction, in words; `nil` where there is one.
  public let obstacle: String?
}

extension Prediction {
  /// A row without a prediction.
  init(obstacle: String?) {
    self.init(value: .nan, standardError: .nan, lower: .nan, upper: .nan, obstacle: obstacle)
  }

  /// - Parameter reach: How many standard errors the interval reaches to either side.
  init(value: Double, standardError: Double, reach: Double) {
    self.init(
      value: value, standardError: standardError, lower: value - reach * standardError,
      upper: value + reach * standardError, obstacle: nil)
  }
}

extension LinearModelFit {
  /// The means that the fixed effects predict for other rows, with confidence intervals.
  ///
  /// - Parameter data: The columns of the fixed effects; factors may have other level orders.
  /// - Returns: One for each row; all NaN where a value is missing, a level is new, or the data of
  ///   the model cannot estimate the mean.
  /// - Throws: ``ModelError`` when a column is missing or of another kind.
  public func predictions(for data: ModelData) throws(ModelError) -> [Prediction] {
    let rows = try NewRows(tables, data: data)
    return (0..<data.rowCount).map { row in
      if let obstacle = rows.obstacles[row] { return Prediction(obstacle: obstacle) }
      let effect = contrast(rows.weights(row), name: "")
      let offset = rows.offset[row]
      return Prediction(
        value: effect.estimate + offset, standardError: effect.standardError,
        lower: effect.lower + offset, upper: effect.upper + offset, obstacle: nil)
    }
  }

  /// The quantile that intervals of a combination of fixed effects reach to.
  func reach(_ weights: [Double]) -> Double {
    let freedom = tables.inference.degreesOfFreedom(weights) ?? .infinity
    return StudentDistribution(degreesOfFreedom: freedom).quantile((1 + confidenceLevel) / 2)
  }
}

extension LinearMixedModelFit {
  /// What the model predicts for other rows with the random effects of their groups, old or new.
  ///
  /// The error's variance is that of x′b + z′u less their predictions at the estimated variances
  /// (Henderson 1975, *Best linear unbiased estimation and prediction*); the uncertainty of the
  /// variances enters only through the degrees of freedom, which are those of x′b.
  ///
  /// - Returns: One for each row; all NaN where a value of a fixed or random effect is missing, or
  ///   the data of the model cannot estimate the mean.
  /// - Throws: ``ModelError`` when a column is missing or of another kind.
  public func conditionalPredictions(
    for data: ModelData
  ) throws(ModelError) -> [ConditionalPrediction] {
    let geometry = try geometry()
    let rows = try NewRows(tables, data: data)
    let terms = try NewTermRows.all(tables, data: data)
    let modes = randomEffects()
    let standardisation = model.standardisation
    return (0..<data.rowCount).map { row in
      let weights = rows.weights(row)
      let isKnown = terms.allSatisfy { $0.codes[row] >= 0 }
      if let obstacle = rows.obstacle(row, terms) {
        return ConditionalPrediction(obstacle: obstacle, isKnown: isKnown)
      }
      var value = dot(weights, estimates) + rows.offset[row]
      var variance = 0.0
      var random = [(level: Int, values: [Double])?](
        repeating: nil, count: model.layout.factorCount)
      for (position, term) in terms.enumerated() {
        let z = term.columns.map { $0[row] }
        guard term.codes[row] >= 0 else {
          variance += varianceComponents[position].covariance.quadratic(z)
          continue
        }
        let level = Int(term.codes[row])
        for (place, own) in z.enumerated() { value += own * modes[position].values[level, place] }
        let factor = model.layout.factors[position]
        random[factor] = (
          level,
          (random[factor]?.values ?? [])
            + zip(z, standardisation.random[position]).map { $1.standardised($0) }
        )
      }
      let fixed = zip(tables.estimable, weights).map {
        standardisation.fixed[$0].standardised($1)
      }
      variance += sigma * sigma * geometry.relativeVariance(fixed: fixed, random: random)
      return ConditionalPrediction(
        value: value, variance: variance, residualVariance: sigma * sigma,
        reach: reach(weights), isKnown: isKnown)
    }
  }
}

extension ConditionalPrediction {
  /// A row without a prediction.
  init(obstacle: String, isKnown: Bool) {
    value = .nan
    standardError = .nan
    (lower, upper, responseLower, responseUpper) = (.nan, .nan, .nan, .nan)
    self.isKnown = isKnown
    self.obstacle = obstacle
  }

  /// - Parameter reach: How many standard errors intervals reach to either side.
  init(
    value: Double, variance: Double, residualVariance: Double, reach: Double, isKnown: Bool
  ) {
    self.value = value
    standardError = variance.squareRoot()
    lower = value - reach * variance.squareRoot()
    upper = value + reach * variance.squareRoot()
    responseLower = value - reach * (variance + residualVariance).squareRoot()
    responseUpper = value + reach * (variance + residualVariance).squareRoot()
    self.isKnown = isKnown
    obstacle = nil
  }
}

extension ConditionalPrediction {
  /// A prediction on the scale of a link, which has no interval of a new response.
  public init(_ prediction: Prediction, isKnown: Bool) {
    value = prediction.value
    standardError = prediction.standardError
    lower = prediction.lower
    upper = prediction.upper
    (responseLower, responseUpper) = (.nan, .nan)
    self.isKnown = isKnown
    obstacle = prediction.obstacle
  }
}
