/// A residual covariance that is a linear function R = Σγ_rG_r of its parameters.
///
/// The corrections of Kenward & Roger (1997) are those of the variance parameters that stand in V
/// linearly; with such a structure V itself is R, and R⁻¹G_rR⁻¹ and the like are combinations of the
/// patterns that R⁻¹ is one of.
protocol LinearResidualWeighting: ResidualWeighting {
  /// - Parameter parameters: ψ, from which γ follows.
  /// - Returns: `nil` where R is not positive definite.
  func linearWeights(at parameters: [Double]) -> LinearPatternWeights?
}

/// The weights of the patterns in what the Kenward-Roger correction sums up.
struct LinearPatternWeights {
  /// By γ_r: of R⁻¹G_rR⁻¹.
  var slopes: [[Double]]
  /// tr(R⁻¹G_rR⁻¹G_s) over all blocks.
  var traces: Matrix
  /// By γ_r and γ_s: of the symmetric part of R⁻¹G_rR⁻¹G_sR⁻¹.
  var products: (Int, Int) -> [Double]
}

extension BasisProducts {
  /// The sums of the Kenward-Roger correction at σ = 1, of a marginal model.
  ///
  /// - Returns: `nil` beside random effects, and where R is no linear function of parameters.
  func kenwardRogerMoments(at parameters: [Double]) -> KenwardRogerMoments? {
    guard isMarginal, let linear = weights as? any LinearResidualWeighting,
      let weights = linear.linearWeights(at: parameters)
    else { return nil }
    let count = weights.slopes.count
    var moments = KenwardRogerMoments(
      p: weights.slopes.map { -1 * fixedTotal($0) },
      q: [[Matrix]](repeating: [], count: count), k: weights.traces)
    for row in 0..<count {
      for column in 0..<count {
        // The correction asks for no more than the symmetric part, which is that of both orders.
        moments.q[row].append(
          column < row ? moments.q[column][row] : fixedTotal(weights.products(row, column)))
      }
    }
    return moments
  }
}
