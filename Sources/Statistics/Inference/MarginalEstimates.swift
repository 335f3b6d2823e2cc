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
}

extension LinearModelFit {
  /// The means that the model implies for each combination of levels of some factors, other factors
  /// averaged with equal weights and covariates at their mean.
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
    return try conditions(factors: factors, values: values, grid: grid).map {
      (condition) throws(ModelError) in
      let weights = try grid.weights(levels: condition.levels, values: condition.values)
      return estimate(weights, at: condition.description, within: estimability)
    }
  }

  /// The slopes on a covariate that the model implies for each combination of levels of some
  /// factors, at the mean of the other covariates or the values given.
  ///
  /// Slopes are central differences over a thousandth of the covariate's range, exact up to
  /// quadratics.
  public func marginalSlopes(
    of covariate: String, by factors: [String] = [],
    at values: [(name: String, values: [Double])] = [], data: ModelData
  ) throws(ModelError) -> [MarginalEstimate] {
    let grid = try ReferenceGrid(tables, data: data)
    let estimability = try tables.estimability()
    let column = try grid.covariate(covariate)
    let step = column.spread > 0 ? column.spread / 1000 : 1
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
    var adjusted = adjustment.adjust(
      known.map(\.pValue), statistics: known.map(\.statistic),
      freedoms: known.map { $0.degreesOfFreedom ?? .infinity }, means: estimates.count)[...]
    return effects.map {
      PairwiseComparison(
        effect: $0, adjustedPValue: $0.estimate.isFinite ? adjusted.removeFirst() : .nan)
    }
  }

  private func estimate(
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
  private func conditions(
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
private struct GridCondition {
  var levels: [String: String] = [:]
  var values: [String: Double] = [:]
  var description: [MarginalEstimate.Condition] = []
}
