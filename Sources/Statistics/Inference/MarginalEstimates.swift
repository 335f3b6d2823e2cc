/// A mean or a slope that a model implies for one combination of factor levels.
public struct MarginalEstimate: Hashable, Sendable, Codable {
  /// The factors and covariates that distinguish it, in the order asked for: `Diet` at `2`.
  public let at: [Condition]
  /// The estimate with its interval and the test that it is 0.
  public let effect: LinearMixedModelFit.FixedEffect
  /// The weights of the fixed effects in the estimate.
  let weights: [Double]

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
    return try conditions(factors: factors, values: values, grid: grid).map {
      (condition) throws(ModelError) in
      let weights = try grid.weights(levels: condition.levels, values: condition.values)
      return estimate(weights, at: condition.description)
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
    guard let column = grid.covariates.first(where: { $0.name == covariate }) else {
      throw .unknownVariable(
        name: covariate, column: 1,
        suggestion: nearest(to: covariate, among: grid.covariates.map(\.name)))
    }
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
      return estimate(weights, at: condition.description)
    }
  }

  /// All pairwise differences of marginal estimates, the first minus the second.
  public func pairwiseComparisons(
    of estimates: [MarginalEstimate], adjustment: Adjustment = .tukey
  ) -> [PairwiseComparison] {
    var effects: [LinearMixedModelFit.FixedEffect] = []
    for (position, first) in estimates.enumerated() {
      for second in estimates[(position + 1)...] {
        effects.append(
          contrast(
            zip(first.weights, second.weights).map(-),
            name: "\(first.effect.name) - \(second.effect.name)"))
      }
    }
    let adjusted = adjustment.adjust(
      effects.map(\.pValue), statistics: effects.map(\.statistic),
      freedoms: effects.map { $0.degreesOfFreedom ?? .infinity }, means: estimates.count)
    return zip(effects, adjusted).map { PairwiseComparison(effect: $0, adjustedPValue: $1) }
  }

  private func estimate(
    _ weights: [Double], at conditions: [MarginalEstimate.Condition]
  ) -> MarginalEstimate {
    let name = conditions.map { $0.name + $0.value }.joined(separator: " ")
    return MarginalEstimate(
      at: conditions, effect: contrast(weights, name: name.isEmpty ? "overall" : name),
      weights: weights)
  }

  /// All combinations of the factors' levels and the covariates' values, the first the fastest.
  private func conditions(
    factors: [String], values: [(name: String, values: [Double])], grid: ReferenceGrid
  ) throws(ModelError) -> [GridCondition] {
    var all = [GridCondition()]
    for name in factors {
      guard let factor = grid.factors.first(where: { $0.name == name }) else {
        throw .unknownVariable(
          name: name, column: 1, suggestion: nearest(to: name, among: grid.factors.map(\.name)))
      }
      all = factor.levels.flatMap { level in
        all.map { condition in
          var next = condition
          next.levels[name] = level
          next.description.append(.init(name: name, value: level))
          return next
        }
      }
    }
    for (name, points) in values {
      guard grid.covariates.contains(where: { $0.name == name }) else {
        throw .unknownVariable(
          name: name, column: 1,
          suggestion: nearest(to: name, among: grid.covariates.map(\.name)))
      }
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
