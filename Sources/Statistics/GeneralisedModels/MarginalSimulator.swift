import RealModule

/// Draws a response from a fitted generalised or ordinal model: random effects anew, then rows.
struct MarginalSimulator {
  private let likelihood: FittedLikelihood
  /// The linear predictor of the sorted rows without random effects.
  private let predictor: [Double]
  /// T of one level of each factor.
  private let factors: [Matrix]
  /// Thresholds, or log φ.
  private let added: [Double]

  /// - Throws: ``ModelError/unsupported(_:)`` where weights are not numbers of trials: a row that
  ///   counts one and a half times has no distribution to draw from.
  init(_ likelihood: FittedLikelihood) throws(ModelError) {
    let weights = likelihood.weights
    if case .generalised(.binomial, _, _) = likelihood.model {
      guard weights.allSatisfy({ $0 == $0.rounded() && $0 < 4e9 }) else {
        throw .unsupported("responses cannot be simulated where trials are not whole numbers")
      }
    } else if weights.contains(where: { $0 != 1 }) {
      throw .unsupported("responses cannot be simulated where rows have prior weights")
    }
    let rows = likelihood.design.rows
    let point = likelihood.optimum.point
    let fixedEnd = rows.thetaCount + rows.fixed.count
    self.likelihood = likelihood
    predictor = rows.fixedPredictor(point[rows.thetaCount..<fixedEnd])
    factors = rows.factorMatrices(at: point)
    added = Array(point[fixedEnd...])
  }

  /// A response of the sorted rows.
  func draw(_ generator: inout GSLGenerator) -> [Double] {
    let rows = likelihood.design.rows
    var eta = predictor
    for (factor, matrix) in zip(rows.factors, factors) {
      var effects: [[Double]] = []
      for _ in 0..<factor.levels {
        effects.append(matrix * (0..<matrix.columns).map { _ in generator.normal() })
      }
      for (effect, column) in factor.columns.enumerated() {
        for row in eta.indices { eta[row] += column[row] * effects[Int(factor.codes[row])][effect] }
      }
    }
    var response = eta
    for row in eta.indices { response[row] = draw(row, eta[row], &generator) }
    return response
  }

  private func draw(_ row: Int, _ eta: Double, _ generator: inout GSLGenerator) -> Double {
    switch likelihood.model {
    case .generalised(let family, _, let isLimit):
      let mean = family.mean(eta)
      switch family {
      case .binomial:
        return generator.binomial(trials: likelihood.weights[row], probability: mean)
      case .negativeBinomial where !isLimit:
        return generator.negativeBinomial(mean: mean, size: Double.exp(added.last ?? 0))
      case .poisson, .negativeBinomial: return generator.poisson(mean)
      }
    case .ordinal:
      // y ≤ c where a logistic variable is at most α_c − η.
      let uniform = generator.uniform()
      let logistic = Double.log(uniform / (1 - uniform))
      return Double(added.count { logistic > $0 - eta })
    }
  }
}

extension MarginalModelFit {
  /// Refits responses simulated from this model, random effects and rows, from its own parameters.
  ///
  /// - Parameters:
  ///   - replicates: How many responses; 1000 or more for intervals.
  ///   - seed: Fixes the sequence.
  /// - Throws: ``ModelError/numerical(_:)``, or ``ModelError/unsupported(_:)`` where rows have prior
  ///   weights.
  public func parametricBootstrap(
    replicates: Int, seed: UInt64
  ) throws(ModelError) -> ParametricBootstrap {
    let likelihood = likelihood
    let design = likelihood.design
    let simulator = try MarginalSimulator(likelihood)
    guard var generator = GSLGenerator(seed: seed) else {
      throw .numerical("the responses could not be simulated")
    }
    let names = likelihood.names.compactMap { name -> String? in
      guard case .fixedEffect(let name) = name else { return nil }
      return name
    }
    let hasDispersion = names.count < likelihood.names.count
    var bootstrap = ParametricBootstrap(seed: seed, names: names)
    for _ in 0..<max(0, replicates) {
      let response = simulator.draw(&generator)
      guard
        let found = try likelihood.refit(
          design.rows, response: response, weights: likelihood.weights)
      else {
        bootstrap.failures += 1
        continue
      }
      let coefficients = likelihood.coefficients(found.point)
      let covariances = MarginalOptimum.factors(found.point, design: design)
        .map { $0 * $0.transposed }
      bootstrap.fixedEffects.append(Array(coefficients.prefix(names.count)))
      bootstrap.standardDeviations.append(
        covariances.flatMap { $0.diagonal.map { $0.squareRoot() } })
      bootstrap.correlations.append(covariances.flatMap(\.correlationsBelowDiagonal))
      if hasDispersion {
        bootstrap.dispersions.append(
          found.isLimit ? .infinity : Double.exp(coefficients.last ?? .nan))
      }
    }
    return bootstrap
  }
}
