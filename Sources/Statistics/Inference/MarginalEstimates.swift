/// A mean or a slope that a model implies for one combination of factor levels.
public struct MarginalEstimate: Hashable, Sendable, Codable {
  /// The factors and covariates that distinguish it, in the order asked for: `Diet` at `2`.
  public let at: [Condition]
  /// The estimate with its interval and the test that it is 0; NaN where the data cannot estimate
  /// it.
  public let effect: LinearMixedModelFit.FixedEffect
  /// The weights of all fixed columns in the estimate.
  let weights: [Double]

  /// Whether the data can estimate it: not so for a combination of levels that no row has, in a
  /// model where these levels interact.
  public var isEstimable: Bool { effect.estimate.isFinite }

  /// One factor at a level, or one covariate at a value.
  public struct Condition: Hashable, Sendable, Codable {
    /// The column.
    public let name: String
    /// The level, or the value as text.
    public let value: String
  }
}

/// A difference of two marginal estimates.
public struct PairwiseComparison: Hashable, Sendable, Codable {
  /// The difference with its unadjusted interval and test.
  public let effect: LinearMixedModelFit.FixedEffect
  /// The p-value adjusted for the number of comparisons.
  public let adjustedPValue: Double
  /// The lower end of the interval adjusted likewise: by Tukey's method, else by Bonferroni's where
  /// p-values are adjusted stepwise, as emmeans does.
  public let adjustedLower: Double
  /// The upper end of that interval.
  public let adjustedUpper: Double
}

extension MixedModelFit {
  /// The means that the model implies for each combination of levels of some factors, other factors
  /// averaged with equal weights, covariates and offsets at their mean; on the scale of the link
  /// where there is one.
  ///
  /// - Parameters:
  ///   - factors: Factors of the fixed effects.
  ///   - values: Covariates and the values to hold them at, one set of means for each combination.
  ///   - data: The data that the model was made from; not needed where it was made from a summary.
  public func marginalMeans(
    of factors: [String], at values: [(name: String, values: [Double])] = [],
    data: ModelData? = nil
  ) throws(ModelError) -> [MarginalEstimate] {
    let grid = try ReferenceGrid(tables, data: data)
    let estimability = try tables.estimability()
    return try conditions(factors: factors, values: values, grid: grid).map {
      (condition) throws(ModelError) in
      let weights = try grid.weights(levels: condition.levels, values: condition.values)
      let found = estimate(weights, at: condition.description, within: estimability)
      return MarginalEstimate(
        at: found.at,
        effect: found.effect.moved(
          by: tables.frame.meanOffset, level: confidenceLevel), weights: weights)
    }
  }

  /// The slopes on a covariate that the model implies for each combination of levels of some
  /// factors, at the mean of the other covariates or the values given.
  ///
  /// Slopes are central differences over a thousandth of the covariate's range, exact up to
  /// quadratics.
  public func marginalSlopes(
    of covariate: String, by factors: [String] = [],
    at values: [(name: String, values: [Double])] = [], data: ModelData? = nil
  ) throws(ModelError) -> [MarginalEstimate] {
    let grid = try ReferenceGrid(tables, data: data)
    let estimability = try tables.estimability()
    let column = try grid.covariate(covariate)
    let step = column.range > 0 ? column.range / 1000 : 1
    return try conditions(factors: factors, values: values, grid: grid).map {
      (condition) throws(ModelError) in
      let centre = condition.values[covariate] ?? column.mean
      let sides = try [centre - step, centre + step].map { (value) throws(ModelError) in
        try grid.weights(
          levels: condition.levels,
          values: condition.values.merging([covariate: value]) { $1 })
      }
      let weights = zip(sides[1], sides[0]).map { ($0 - $1) / (2 * step) }
      return estimate(weights, at: condition.description, within: estimability)
    }
  }

  /// All pairwise differences of marginal estimates, the first minus the second; NaN where the data
  /// cannot estimate one. The family that Tukey's adjustment is for is all of `estimates`, as in
  /// emmeans.
  public func pairwiseComparisons(
    of estimates: [MarginalEstimate], adjustment: Adjustment = .tukey
  ) -> [PairwiseComparison] {
    // Estimates can only be of a fit that this was found for already.
    let estimability = try? tables.estimability()
    var effects: [LinearMixedModelFit.FixedEffect] = []
    for (position, first) in estimates.enumerated() {
      for second in estimates[(position + 1)...] {
        effects.append(
          estimate(
            zip(first.weights, second.weights).map(-),
            name: "\(first.effect.name) - \(second.effect.name)", within: estimability))
      }
    }
    let known = effects.filter { $0.estimate.isFinite }
    let reach = adjustment.reach(
      level: confidenceLevel, comparisons: known.count, means: estimates.count)
    var adjusted = adjustment.adjust(
      known.map(\.pValue), statistics: known.map(\.statistic),
      freedoms: known.map { $0.degreesOfFreedom ?? .infinity }, means: estimates.count)[...]
    return effects.map { effect in
      let far = effect.standardError * reach(effect.degreesOfFreedom ?? .infinity)
      return PairwiseComparison(
        effect: effect, adjustedPValue: effect.estimate.isFinite ? adjusted.removeFirst() : .nan,
        adjustedLower: effect.estimate - far, adjustedUpper: effect.estimate + far)
    }
  }

  func estimate(
    _ weights: [Double], at conditions: [MarginalEstimate.Condition],
    within estimability: Estimability?
  ) -> MarginalEstimate {
    let name = conditions.map { $0.name + $0.value }.joined(separator: " ")
    return MarginalEstimate(
      at: conditions,
      effect: estimate(weights, name: name.isEmpty ? "overall" : name, within: estimability),
      weights: weights)
  }

  /// All combinations of the factors' levels and the covariates' values, the first the fastest.
  func conditions(
    factors: [String], values: [(name: String, values: [Double])], grid: ReferenceGrid
  ) throws(ModelError) -> [GridCondition] {
    var all = [GridCondition()]
    for name in factors {
      let factor = try grid.factor(name)
      all = factor.levels.flatMap { level in
        all.map { condition in
          var next = condition
          next.levels[factor.name] = level
          next.description.append(.init(name: name, value: level))
          return next
        }
      }
    }
    for (name, points) in values {
      _ = try grid.covariate(name)
      all = points.flatMap { point in
        all.map { condition in
          var next = condition
          next.values[name] = point
          next.description.append(.init(name: name, value: shortest(point)))
          return next
        }
      }
    }
    return all
  }
}

/// One combination of levels and values that estimates are made for.
struct GridCondition {
  /// By factor.
  var levels: [String: String] = [:]
  var values: [String: Double] = [:]
  var description: [MarginalEstimate.Condition] = []
}

extension LinearMixedModelFit.FixedEffect {
  /// The same effect on top of something known.
  fileprivate func moved(by shift: Double, level: Double) -> Self {
    guard shift != 0 else { return self }
    return .init(
      name: name, estimate: estimate + shift, standardError: standardError,
      degreesOfFreedom: degreesOfFreedom, confidenceLevel: level)
  }
}

extension ModelFrame {
  /// The mean of the offsets over the rows used.
  var meanOffset: Double {
    if let moments { return moments.offset }
    guard let offset, !offset.isEmpty else { return 0 }
    return offset.reduce(0, +) / Double(offset.count)
  }
}
