/// Standard errors corrected for small samples and degrees of freedom by Kenward & Roger (1997).
///
/// Formulas as in pbkrtest (Halekoh & Højsgaard 2014), but from sums over groups instead of the
/// inverse of an n×n matrix. Matrices are in standardised units; combinations are turned into them.
struct KenwardRogerInference: FixedEffectInference {
  /// The corrected covariance matrix of the fixed effects of the data.
  let covariance: Matrix
  /// Φ, the uncorrected covariance matrix.
  let uncorrected: Matrix
  /// ΦP_rΦ for each variance parameter.
  private let slopes: [Matrix]
  /// W, the covariance matrix of the variance parameters.
  private let weights: Matrix

  /// pbkrtest's bound below which a factor of ρ counts as 0.
  private static let vanishing = 1e-10
  /// pbkrtest's distance of df from 2 within which F is not rescaled.
  private static let unscaledMargin = 1e-2

  /// - Parameters:
  ///   - variance: σ² in units of the response.
  ///   - back: From standardised fixed effects to those of the data, the response's scale left out.
  /// - Returns: `nil` when the variance parameters' information is singular.
  init?(precision: Cholesky, moments: KenwardRogerMoments, variance: Double, back: Matrix) {
    let phi = precision.inverse
    let count = moments.p.count
    let turned = moments.p.map { phi * $0 * phi }
    let information = moments.information(phi)
    // The parameters' units differ widely; scale before inverting.
    let scale = information.diagonal.map { 1 / $0.squareRoot() }
    guard scale.allSatisfy(\.isFinite),
      let factor = Cholesky(
        Matrix(rows: count, columns: count) { information[$0, $1] * scale[$0] * scale[$1] })
    else { return nil }
    let inverse = factor.inverse
    let weights = Matrix(rows: count, columns: count) {
      2 * inverse[$0, $1] * scale[$0] * scale[$1]
    }
    var middle = Matrix(rows: phi.rows, columns: phi.rows)
    for r in 0..<count {
      for s in 0..<count {
        middle += weights[r, s] * (moments.q[r][s] - moments.p[r] * phi * moments.p[s])
      }
    }
    let corrected = phi + 2 * (phi * middle.symmetrised * phi)
    func original(_ matrix: Matrix) -> Matrix {
      (variance * (back * matrix * back.transposed)).symmetrised
    }
    covariance = original(corrected)
    uncorrected = original(phi)
    // In the products below, the σ² of Φ cancels against that of its inverse; W stays at σ = 1.
    slopes = turned.map(original)
    self.weights = weights
  }

  func degreesOfFreedom(_ contrast: [Double]) -> Double? {
    approximation(Matrix(rows: 1, columns: contrast.count) { contrast[$1] })?.denominator
  }

  func test(_ contrasts: Matrix, of estimates: [Double]) -> FTest? {
    guard let parts = IndependentContrasts(contrasts, covariance: uncorrected),
      let approximation = approximation(parts.rows),
      let corrected = Cholesky((parts.rows * covariance * parts.rows.transposed).symmetrised)
    else { return nil }
    let values = parts.rows * estimates
    let statistic = dot(values, corrected.solve(values)) / Double(parts.count)
    return FTest(
      statistic: statistic * approximation.scale, numerator: Double(parts.count),
      denominator: approximation.denominator)
  }

  /// The denominator and the scale of F for independent combinations, one a row.
  private func approximation(_ rows: Matrix) -> (denominator: Double, scale: Double)? {
    guard let middle = Cholesky((rows * uncorrected * rows.transposed).symmetrised) else {
      return nil
    }
    let count = Double(rows.rows)
    let projection = rows.transposed * middle.inverse * rows
    let turned = slopes.map { projection * $0 }
    var first = 0.0
    var second = 0.0
    for r in slopes.indices {
      for s in slopes.indices {
        first += weights[r, s] * turned[r].trace * turned[s].trace
        second += weights[r, s] * turned[r].inner(turned[s].transposed)
      }
    }
    let b = (first + 6 * second) / (2 * count)
    let g = ((count + 1) * first - (count + 4) * second) / ((count + 2) * second)
    let base = 3 * count + 2 * (1 - g)
    var numerator = 1 + g / base * b
    if abs(numerator) < Self.vanishing { numerator = 0 }
    let left = 1 - (count - g) / base * b
    let right = 1 - (count + 2 - g) / base * b
    let ratio = (1 - second / count) / left
    let rho = ratio * ratio * numerator / right / count
    let denominator = 4 + (count + 2) / (count * rho - 1)
    let scale =
      abs(denominator - 2) < Self.unscaledMargin
      ? 1 : denominator * (1 - second / count) / (denominator - 2)
    return (denominator, scale)
  }
}
