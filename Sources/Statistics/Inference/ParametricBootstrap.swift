/// Estimates from responses simulated under a fitted model.
public struct ParametricBootstrap: Hashable, Sendable, Codable {
  /// The seed of the generator, GSL's `mt19937`.
  public let seed: UInt64
  /// The names of the fixed effects.
  public let names: [String]
  /// The fixed effects of each replicate; of an ordinal model the thresholds after them.
  public internal(set) var fixedEffects: [[Double]] = []
  /// The residual standard deviation of each replicate, where the model has one.
  public internal(set) var sigmas: [Double] = []
  /// φ of each replicate of a negative binomial model; infinite in one without overdispersion.
  public internal(set) var dispersions: [Double] = []
  /// For each replicate, the standard deviations of the random effects, term after term.
  public internal(set) var standardDeviations: [[Double]] = []
  /// For each replicate, the correlations of the random effects, term after term, each effect with
  /// those before it; NaN where a standard deviation is 0.
  public internal(set) var correlations: [[Double]] = []
  /// Replicates in which no optimum was found; they are left out.
  public internal(set) var failures = 0

  init(seed: UInt64, names: [String]) {
    self.seed = seed
    self.names = names
  }

  /// The interval that holds the middle of the values, by linear interpolation of order statistics.
  ///
  /// - Parameter values: One for each replicate.
  public static func percentileInterval(
    of values: [Double], level: Double = 0.95
  ) -> (lower: Double, upper: Double) {
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double {
      guard let last = sorted.indices.last else { return .nan }
      let place = share * Double(last)
      let below = Int(place.rounded(.down))
      let above = min(last, below + 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    return (quantile((1 - level) / 2), quantile((1 + level) / 2))
  }
}

extension LinearMixedModelFit {
  /// Refits responses simulated from this model.
  ///
  /// With one grouping factor the cross-products are drawn, not the rows (``ResponseSimulator``), so
  /// that a replicate costs the same whatever the number of rows a group; with several the response
  /// of each row is drawn.
  ///
  /// - Parameters:
  ///   - replicates: How many responses; 1000 or more for intervals.
  ///   - seed: Fixes the sequence.
  /// - Throws: ``ModelError/numerical(_:)``, or ``ModelError/unsupported(_:)`` for a summary of
  ///   several grouping factors.
  public func parametricBootstrap(
    replicates: Int, seed: UInt64
  ) throws(ModelError) -> ParametricBootstrap {
    if model.products.crossings != nil { try tables.requireRows() }
    let factor = model.layout.factor(optimum.theta)
    let simulator: (any ProductSimulator)? =
      model.products.crossings == nil
      ? ResponseSimulator(model.products.main, factor: factor)
      : RowSimulator(model, factor: factor)
    guard let simulator, var generator = GSLGenerator(seed: seed) else {
      throw .numerical("the responses could not be simulated")
    }
    let scales = BackTransform(model)
    let back = scales.responseScale * scales.fixed
    let standardSigma = sigma / scales.responseScale
    var bootstrap = ParametricBootstrap(seed: seed, names: fixedEffects.map(\.name))
    for _ in 0..<max(0, replicates) {
      let criterion = simulator.draw(&generator).criterion(model.layout, method)
      guard let found = model.search(criterion).minimum(from: optimum.theta),
        found.record.converged,
        let value = criterion.evaluate(found.point, withGradient: false)
      else {
        bootstrap.failures += 1
        continue
      }
      let drawnSigma = sigma * (value.penalisedSum / criterion.divisor).squareRoot()
      let moved = back * value.coefficients
      bootstrap.fixedEffects.append(zip(estimates, moved).map { $0 + standardSigma * $1 })
      bootstrap.sigmas.append(drawnSigma)
      let covariances = scales.factors(found.point).map { $0 * $0.transposed }
      bootstrap.standardDeviations.append(
        covariances.flatMap { $0.diagonal.map { drawnSigma * $0.squareRoot() } })
      bootstrap.correlations.append(covariances.flatMap(\.correlationsBelowDiagonal))
    }
    return bootstrap
  }
}

extension Matrix {
  /// Of a covariance matrix: the correlations of each variable with those before it, row by row.
  var correlationsBelowDiagonal: [Double] {
    (0..<rows).flatMap { row in
      (0..<row).map { self[row, $0] / (self[row, row] * self[$0, $0]).squareRoot() }
    }
  }
}
