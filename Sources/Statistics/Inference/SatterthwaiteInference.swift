/// Degrees of freedom by Satterthwaite's method, from the curvature of the deviance.
///
/// The variance of a combination l′b is a function of θ and σ; its own sampling variance follows
/// from that of θ and σ, A = 2H⁻¹ with H the Hessian of the deviance with σ not profiled out, and
/// df = 2(l′Vl)² / (g′Ag), g the gradient of l′Vl. Several combinations at once are pooled as by
/// Fai & Cornelius (1996) and lmerTest.
struct SatterthwaiteInference: FixedEffectInference {
  let covariance: Matrix
  /// A, over θ and then σ.
  let parameterCovariance: Matrix
  /// ∂V by each of θ and then σ.
  let derivatives: [Matrix]

  /// The share of the largest eigenvalue of H, parameters scaled to equal importance, below which
  /// a direction says nothing.
  static let flatness = 1e-10

  func degreesOfFreedom(_ contrast: [Double]) -> Double? {
    let variance = covariance.quadratic(contrast)
    let gradient = derivatives.map { $0.quadratic(contrast) }
    return 2 * variance * variance / parameterCovariance.quadratic(gradient)
  }

  func test(_ contrasts: Matrix, of estimates: [Double]) -> FTest? {
    guard let parts = IndependentContrasts(contrasts, covariance: covariance) else { return nil }
    let freedoms = (0..<parts.count).map { degreesOfFreedom(parts.row($0)) ?? .infinity }
    return FTest(
      statistic: parts.meanSquare(of: estimates), numerator: Double(parts.count),
      denominator: Self.pooled(freedoms))
  }

  /// The denominator of an F from the degrees of freedom of the t statistics that it averages.
  static func pooled(_ freedoms: [Double]) -> Double {
    let count = Double(freedoms.count)
    guard let least = freedoms.min(), let most = freedoms.max() else { return .nan }
    // lmerTest's tolerance for equal degrees of freedom, where the formula below is 0/0.
    if most - least < 1e-8 { return freedoms.reduce(0, +) / count }
    guard least > 2 else { return 2 }
    let sum = freedoms.reduce(0) { $0 + $1 / ($1 - 2) }
    return 2 * sum / (sum - count)
  }
}

extension SatterthwaiteInference {
  /// - Parameters:
  ///   - hessian: Of the profiled criterion in θ.
  ///   - scales: The size of a change of each θ that matters.
  ///   - sigma: In standardised units.
  ///   - back: From standardised fixed effects to those of the data.
  init?(
    value: CriterionValue, hessian: Matrix, moments: FixedMoments, layout: RandomLayout,
    theta: [Double], scales: [Double], divisor: Double, back: Matrix
  ) {
    let variance = value.penalisedSum / divisor
    let sigma = variance.squareRoot()
    let scale = scales + [sigma]
    // From the profiled Hessian back to the one with σ as a parameter of its own.
    guard let penalty = value.penaltyGradient else { return nil }
    let cross = layout.parameters(penalty).map { -2 * $0 / (sigma * variance) }
    let own = 4 * divisor / variance
    let count = theta.count
    let full = Matrix(rows: count + 1, columns: count + 1) { row, column in
      let entry: Double
      switch (row < count, column < count) {
      case (true, true): entry = hessian[row, column] + cross[row] * cross[column] / own
      case (true, false): entry = cross[row]
      case (false, true): entry = cross[column]
      case (false, false): entry = own
      }
      return entry * scale[row] * scale[column]
    }
    guard let eigen = SymmetricEigen(full), let largest = eigen.values.first, largest > 0 else {
      return nil
    }
    let inverse = eigen.pseudoInverse(cutoff: Self.flatness * largest)
    parameterCovariance = Matrix(rows: count + 1, columns: count + 1) { row, column in
      2 * inverse[row, column] * scale[row] * scale[column]
    }
    let unscaled = value.precision.inverse
    let factor = layout.factor(theta)
    var derivatives = layout.entries.map { entry in
      var sum = Matrix(rows: unscaled.rows, columns: unscaled.rows)
      for effect in 0..<layout.effects where factor[effect, entry.column] != 0 {
        sum +=
          factor[effect, entry.column]
          * (moments.square(entry.row, effect) + moments.square(effect, entry.row))
      }
      return back * (variance * (unscaled * sum * unscaled)) * back.transposed
    }
    covariance = (back * (variance * unscaled) * back.transposed).symmetrised
    derivatives.append((2 / sigma) * covariance)
    self.derivatives = derivatives
  }
}
