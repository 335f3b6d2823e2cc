import RealModule

/// −2 log-likelihood with σ not profiled out, at some T, σ and whatever else is searched for.
struct OpenDeviance {
  var value: Double
  /// By the entries of T, σ and the others held.
  var byFactor: Matrix
  /// By log σ, T and the others held.
  var byLogSigma: Double
  /// By the others.
  var byOthers: [Double]
}

/// A criterion by maximum likelihood that can be had without σ profiled out.
protocol OpenCriterion: Sendable {
  /// - Parameters:
  ///   - factor: T of standardised columns.
  ///   - sigma: In standardised units.
  ///   - others: What the criterion depends on beside T and σ.
  /// - Returns: `nil` where the criterion is not defined, for want of precision.
  func open(factor: Matrix, sigma: Double, others: [Double]) -> OpenDeviance?
}

extension OpenDeviance {
  /// Takes the profiled σ out of a value and puts another in.
  ///
  /// - Parameter rows: n.
  init?(_ value: CriterionValue, sigma: Double, rows: Double) {
    guard let whole = value.gradient, let penalty = value.penaltyGradient else { return nil }
    let variance = sigma * sigma
    let squares = value.penalisedSum
    self.value =
      value.logDeterminant + squares / variance + rows * Double.log(2 * Double.pi * variance)
    byFactor = whole + (1 / variance - rows / squares) * penalty
    byLogSigma = 2 * rows - 2 * squares / variance
    byOthers = []
  }
}

extension ProfiledCriterion {
  func open(factor: Matrix, sigma: Double, others: [Double]) -> OpenDeviance? {
    evaluate(factor: factor, withGradient: true)
      .flatMap { OpenDeviance($0, sigma: sigma, rows: divisor) }
  }
}

extension ResidualCriterion: OpenCriterion {
  /// - Parameter others: ψ.
  func open(factor: Matrix, sigma: Double, others: [Double]) -> OpenDeviance? {
    guard let whitened = source.products(at: others),
      let value = OneFactorCriterion(whitened.products, layout: layout, method: method)
        .evaluate(factor: factor, withGradient: true),
      var open = OpenDeviance(value, sigma: sigma, rows: Double(whitened.products.rows))
    else { return nil }
    open.value += whitened.logDeterminant
    guard !others.isEmpty else { return open }
    guard
      let adjoint = Self.adjoint(
        whitened.products, factor: factor, at: value, penalty: 1 / (sigma * sigma),
        isRestricted: false)
    else { return nil }
    open.byOthers = source.gradient(at: others, adjoint: adjoint)
    return open
  }
}
