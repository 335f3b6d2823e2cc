import RealModule

/// How the variance parameters of a model are estimated.
public enum EstimationMethod: String, Hashable, Sendable, Codable {
  /// Restricted maximum likelihood: variances free of the loss of degrees of freedom to the fixed
  /// effects.
  case reml
  /// Maximum likelihood: for comparing models that differ in their fixed effects.
  case ml
}

/// The profiled criterion of a mixed model at one θ, in standardised units.
///
/// d(θ) = log|M| + m·(1 + log(2πr²/m)), plus log|R′R| under REML, as in Bates, Mächler, Bolker &
/// Walker (2015), *Fitting linear mixed-effects models using lme4*, equations 35 and 42.
struct CriterionValue: Sendable {
  /// d(θ), up to the constant that standardising the columns adds.
  var deviance: Double
  /// log|M|, M = Λ′Z′ZΛ + I.
  var logDeterminant: Double
  /// r², the minimum of the penalised residual sum of squares.
  var penalisedSum: Double
  /// The fixed effects that attain it.
  var coefficients: [Double]
  /// The factor of X′V⁻¹X, V in units of σ².
  var precision: Cholesky
  /// The derivatives of d by the entries of T, when asked for.
  var gradient: Matrix?
  /// The derivatives of r² by the entries of T, when asked for.
  var penaltyGradient: Matrix?
  /// The average information about θ, where it comes cheaper than differences of gradients.
  var averageInformation: Matrix?

  /// - Parameters:
  ///   - reduced: [X y]′V⁻¹[X y].
  ///   - divisor: m, the number of rows, less the fixed effects under REML.
  /// - Returns: `nil` where the criterion is not defined, for want of precision.
  init?(reduced: Matrix, logDeterminant: Double, divisor: Double, method: EstimationMethod) {
    let fixed = reduced.rows - 1
    let columns = Array(0..<fixed)
    guard let whole = Cholesky(reduced),
      let precision = Cholesky(reduced.part(rows: columns, columns: columns))
    else { return nil }
    let last = whole.factor[fixed, fixed]
    self.logDeterminant = logDeterminant
    penalisedSum = last * last
    self.precision = precision
    coefficients = precision.solveUpper(columns.map { whole.factor[fixed, $0] })
    deviance = logDeterminant + divisor * (1 + Double.log(2 * Double.pi * penalisedSum / divisor))
    if method == .reml { deviance += precision.logDeterminant }
    guard deviance.isFinite else { return nil }
  }
}

/// A mixed model's criterion as a function of T, whatever the structure of its random effects.
protocol ProfiledCriterion: OpenCriterion {
  var layout: RandomLayout { get }
  var method: EstimationMethod { get }
  /// m, the number of rows, less the fixed effects under REML.
  var divisor: Double { get }

  /// - Parameter factor: T; of any shape within the block of a term.
  /// - Returns: `nil` where the criterion is not defined, for want of precision.
  func evaluate(factor: Matrix, withGradient: Bool) -> CriterionValue?

  /// The covariance matrix of the random effects, relative to σ², that an EM step from T makes.
  ///
  /// - Returns: `nil` where the structure has no such step.
  func expectedCovariance(factor: Matrix) -> Matrix?

  /// The sums that the precision of the fixed effects depends on.
  func moments(_ theta: [Double]) -> FixedMoments

  /// The sums that the Kenward-Roger correction needs.
  ///
  /// - Parameter precision: X′V⁻¹X at σ = 1.
  /// - Returns: `nil` when there are too many crossed random effects.
  func kenwardRogerMoments(_ theta: [Double], precision: Matrix) -> KenwardRogerMoments?
}

extension ProfiledCriterion {
  func evaluate(_ theta: [Double], withGradient: Bool) -> CriterionValue? {
    evaluate(factor: layout.factor(theta), withGradient: withGradient)
  }

  /// The value and gradient in θ, as a search takes them.
  func search(_ theta: [Double], withGradient: Bool) -> ModifiedNewton.Sample? {
    evaluate(theta, withGradient: withGradient).map { value in
      ModifiedNewton.Sample(
        value: value.deviance, gradient: value.gradient.map(layout.parameters) ?? [],
        curvature: value.averageInformation)
    }
  }

  /// A starting point nearer to the optimum: the best of a few sizes, then EM steps (Laird & Ware
  /// 1982), which are cheap and know about correlations. Far from the optimum a Newton step only
  /// doubles T.
  func improved(_ start: [Double]) -> [Double] {
    var best = start
    var least = evaluate(start, withGradient: false)?.deviance ?? .infinity
    func keep(_ candidate: [Double]) -> Bool {
      guard let value = evaluate(candidate, withGradient: false), value.deviance < least else {
        return false
      }
      (best, least) = (candidate, value.deviance)
      return true
    }
    var size = 4.0
    while size <= 1024, keep(start.map { size * $0 }) { size *= 4 }
    for _ in 0..<2 {
      guard let covariance = expectedCovariance(factor: layout.factor(best)) else { break }
      var factor = Matrix(rows: layout.effects, columns: layout.effects)
      for term in layout.terms {
        let range = Array(term.firstEffect..<(term.firstEffect + term.effects))
        guard let root = Cholesky(covariance.part(rows: range, columns: range)) else {
          return best
        }
        for (row, effect) in range.enumerated() {
          for column in 0...row { factor[effect, range[column]] = root.factor[row, column] }
        }
      }
      guard keep(layout.parameters(factor)) else { break }
    }
    return best
  }
}
