import RealModule

/// The probabilities that an ordinal model implies for one combination of factor levels.
public struct CategoryMeans: Hashable, Sendable, Codable {
  /// The probability of each category, in their order.
  public let probabilities: [ResponseEstimate]
  /// The mean of the categories' numbers 1, 2, …: what a mean of Likert answers would be.
  public let meanCategory: ResponseEstimate
}

extension OrdinalMixedModelFit {
  /// The means of the latent response, random effects at 0: the linear predictor less the mean of the
  /// thresholds, as emmeans has it; other factors averaged with equal weights, covariates and offsets
  /// at their mean.
  ///
  /// - Parameters:
  ///   - factors: Factors of the fixed effects.
  ///   - values: Covariates and the values to hold them at, one set of means for each combination.
  ///   - data: The data that the model was made from.
  public func marginalMeans(
    of factors: [String], at values: [(name: String, values: [Double])] = [], data: ModelData
  ) throws(ModelError) -> [MarginalEstimate] {
    let grid = try ReferenceGrid(tables, data: data)
    let estimability = try tables.estimability()
    let share = -1 / Double(max(1, thresholds.count))
    return try conditions(factors: factors, values: values, grid: grid).map {
      (condition) throws(ModelError) in
      let weights = try grid.weights(levels: condition.levels, values: condition.values)
      let found = estimate(weights, at: condition.description, within: estimability)
      guard found.isEstimable else { return found }
      let gradient = own(weights) + [Double](repeating: share, count: thresholds.count)
      return MarginalEstimate(
        at: found.at,
        effect: .init(
          name: found.effect.name,
          estimate: dot(gradient, allEstimates) + tables.frame.meanOffset,
          standardError: covariance.quadratic(gradient).squareRoot(), degreesOfFreedom: nil,
          confidenceLevel: confidenceLevel), weights: weights)
    }
  }

  /// The probabilities of the categories for each combination of levels, in the order of
  /// ``marginalMeans(of:at:data:)``: averages over the grid of other factors, errors by the delta method
  /// (emmeans' `mode = "prob"` and `"mean.class"`), intervals of probabilities on the scale of log odds;
  /// all NaN where the data cannot estimate one.
  public func categoryMeans(
    of factors: [String], at values: [(name: String, values: [Double])] = [], data: ModelData
  ) throws(ModelError) -> [CategoryMeans] {
    let grid = try ReferenceGrid(tables, data: data)
    let estimability = try tables.estimability()
    let cuts = thresholds.map(\.estimate)
    return try conditions(factors: factors, values: values, grid: grid).map {
      (condition) throws(ModelError) in
      let design = try grid.design(levels: condition.levels, values: condition.values)
      let count = design.columns.first?.values.count ?? 0
      var sums = [Double](repeating: 0, count: categories.count)
      var gradients = [[Double]](
        repeating: [Double](repeating: 0, count: allEstimates.count), count: categories.count)
      var isEstimable = true
      for row in 0..<count {
        let weights = design.columns.map { $0.values[row] }
        isEstimable = isEstimable && estimability?.holds(weights) ?? true
        let own = own(weights)
        let point = CategoryProbabilities(
          predictor: dot(own, estimates) + tables.frame.meanOffset, thresholds: cuts)
        for category in categories.indices {
          sums[category] += point.values[category] / Double(count)
          let slopes =
            own.map { $0 * point.slopes[category] } + point.thresholdSlopes(of: category)
          for (place, slope) in slopes.enumerated() {
            gradients[category][place] += slope / Double(count)
          }
        }
      }
      let reach = NormalDistribution().quantile((1 + confidenceLevel) / 2)
      func error(_ gradient: [Double]) -> Double {
        isEstimable ? covariance.quadratic(gradient).squareRoot() : .nan
      }
      let numbers = categories.indices.map { Double($0 + 1) }
      let mean = isEstimable ? dot(numbers, sums) : .nan
      let meanError = error(
        allEstimates.indices.map { place in dot(numbers, gradients.map { $0[place] }) })
      return CategoryMeans(
        probabilities: zip(sums, gradients).map {
          ResponseEstimate(
            probability: isEstimable ? $0 : .nan, standardError: error($1), reach: reach)
        },
        meanCategory: ResponseEstimate(
          estimate: mean, standardError: meanError, lower: mean - reach * meanError,
          upper: mean + reach * meanError))
    }
  }

  /// The effects, then the thresholds.
  private var allEstimates: [Double] { estimates + thresholds.map(\.estimate) }

  private func own(_ weights: [Double]) -> [Double] { tables.estimable.map { weights[$0] } }
}

/// The probabilities of ordered categories at one linear predictor, and how they change.
struct CategoryProbabilities {
  let values: [Double]
  /// Their derivatives by the linear predictor.
  let slopes: [Double]
  /// The density at each threshold.
  private let densities: [Double]

  init(predictor: Double, thresholds: [Double]) {
    let reached = thresholds.map { $0 - predictor }
    let densities = reached.map { Self.logistic($0) * Self.logistic(-$0) }
    values = (0...thresholds.count).map { category in
      let upper = category < thresholds.count ? reached[category] : .infinity
      let lower = category > 0 ? reached[category - 1] : -.infinity
      // In the upper tail differences of complements keep their digits.
      return lower > 0
        ? Self.logistic(-lower) - Self.logistic(-upper)
        : Self.logistic(upper) - Self.logistic(lower)
    }
    slopes = (0...thresholds.count).map { category in
      (category > 0 ? densities[category - 1] : 0)
        - (category < thresholds.count ? densities[category] : 0)
    }
    self.densities = densities
  }

  /// The derivatives of the probability of a category by the thresholds.
  func thresholdSlopes(of category: Int) -> [Double] {
    densities.indices.map {
      $0 == category ? densities[$0] : $0 == category - 1 ? -densities[$0] : 0
    }
  }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + Double.exp(-x)) }
}
