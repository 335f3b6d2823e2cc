extension ResidualCriterion {
  /// What the tests of fixed effects at an optimum rest on.
  ///
  /// - Parameters:
  ///   - divisor: n, less the fixed effects under REML.
  ///   - back: From standardised fixed effects to those of the data.
  func inference(
    _ method: DegreesOfFreedom, optimum: ResidualOptimum, divisor: Double, back: Matrix
  ) -> any FixedEffectInference {
    if method == .satterthwaite,
      let inference = satterthwaite(optimum, divisor: divisor, back: back)
    {
      return inference
    }
    let variance = optimum.value.penalisedSum / divisor
    if method == .kenwardRoger,
      let moments = source.kenwardRogerMoments(at: parts(optimum.point).parameters),
      let inference = KenwardRogerInference(
        precision: optimum.value.precision, moments: moments, variance: variance, back: back)
    {
      return inference
    }
    return AsymptoticInference(
      covariance: (variance * (back * optimum.value.precision.inverse * back.transposed))
        .symmetrised)
  }

  /// Satterthwaite's method over (θ, ψ, σ), for a residual structure is uncertain as well.
  ///
  /// The Hessian with σ as a parameter of its own follows from the profiled one and ∂r²; the
  /// covariance of the fixed effects is differenced, two evaluations a parameter.
  private func satterthwaite(
    _ optimum: ResidualOptimum, divisor: Double, back: Matrix
  ) -> SatterthwaiteInference? {
    let variance = optimum.value.penalisedSum / divisor
    let sigma = variance.squareRoot()
    let count = optimum.point.count
    guard let penalty = penaltyGradient(optimum.point) else { return nil }
    let scale = optimum.scales + [sigma]
    let cross = penalty.map { -2 * $0 / (sigma * variance) }
    let own = 4 * divisor / variance
    let full = Matrix(rows: count + 1, columns: count + 1) { row, column in
      var entry: Double
      switch (row < count, column < count) {
      case (true, true):
        entry = optimum.hessian[row, column] + cross[row] * cross[column] / own
      case (true, false): entry = cross[row]
      case (false, true): entry = cross[column]
      case (false, false): entry = own
      }
      entry *= scale[row] * scale[column]
      return entry
    }
    guard let eigen = SymmetricEigen(full), let largest = eigen.values.first, largest > 0 else {
      return nil
    }
    let inverse = eigen.pseudoInverse(cutoff: SatterthwaiteInference.flatness * largest)
    let parameterCovariance = Matrix(rows: count + 1, columns: count + 1) { row, column in
      2 * inverse[row, column] * scale[row] * scale[column]
    }
    var derivatives: [Matrix] = []
    for parameter in 0..<count {
      let step =
        ModifiedNewton.differenceStep
        * max(optimum.scales[parameter], abs(optimum.point[parameter]))
      var (ahead, behind) = (optimum.point, optimum.point)
      ahead[parameter] += step
      behind[parameter] -= step
      guard let after = evaluate(ahead, withGradient: false)?.value.precision.inverse,
        let before = evaluate(behind, withGradient: false)?.value.precision.inverse
      else { return nil }
      let slope = (variance / (ahead[parameter] - behind[parameter])) * (after - before)
      derivatives.append(back * slope * back.transposed)
    }
    let covariance =
      (variance * (back * optimum.value.precision.inverse * back.transposed)).symmetrised
    derivatives.append((2 / sigma) * covariance)
    return SatterthwaiteInference(
      covariance: covariance, parameterCovariance: parameterCovariance, derivatives: derivatives)
  }
}
