/// A row's log-likelihood and its derivatives by the linear predictor η.
struct RowTerms {
  /// The log-likelihood but for `-log(factor)` and for what no η enters.
  var logLikelihood: Double
  /// What is divided from the likelihood, so that a group needs one logarithm and not one a row.
  var factor: Double
  /// The first derivative.
  var score: Double
  /// Minus the second derivative, positive: all families here are log-concave in η.
  var observed: Double
  /// The curvature that enters the determinant.
  var weight: Double
  /// The derivative of `weight`.
  var weightSlope: Double
}

/// Adds up log-likelihoods with one logarithm for many factors.
struct LikelihoodSum {
  private var linear = 0.0
  private var product = 1.0

  @inline(__always)
  mutating func add(_ terms: RowTerms) {
    linear += terms.logLikelihood
    product *= terms.factor
    if product > 1e200 { fold() }
  }

  private mutating func fold() {
    linear -= logarithm(product)
    product = 1
  }

  var total: Double { linear - logarithm(product) }
}

/// The likelihood of the rows of a model, given their linear predictors.
///
/// Some families have parameters of their own beside η: the thresholds of an ordered response, the
/// dispersion of a negative binomial one. They are called auxiliary here.
protocol RowKernel: Sendable {
  /// The number of auxiliary parameters.
  var auxiliaryCount: Int { get }
  /// The log-likelihood that no η enters, at the auxiliary parameters last prepared.
  var constant: Double { get }
  /// The derivatives of ``constant``.
  var constantGradient: [Double] { get }
  /// Takes the auxiliary parameters.
  ///
  /// - Returns: Whether they are possible.
  mutating func prepare(_ auxiliary: [Double]) -> Bool
  /// The terms of a row.
  func terms(_ row: Int, _ eta: Double) -> RowTerms
  /// Reads the rows of a group with a single random effect, as ``GroupLoops`` does row by row.
  func readScalar(
    _ range: Range<Int>, design: [Double], predictor: [Double], effect: Double,
    into rows: inout GroupRows
  ) -> GroupLoops.ScalarSums
  /// Adds to `gradient` the derivatives of `likelihood`·ℓ + `score`·ℓ′ + `weight`·w by the auxiliary
  /// parameters, where ℓ is a row's log-likelihood, ℓ′ its score and w its weight.
  func addAuxiliary(
    _ row: Int, _ eta: Double, likelihood: Double, score: Double, weight: Double,
    to gradient: inout [Double])
}

extension RowKernel {
  var auxiliaryCount: Int { 0 }
  var constantGradient: [Double] { [] }
  mutating func prepare(_ auxiliary: [Double]) -> Bool { true }
  @inline(__always)
  func readScalar(
    _ range: Range<Int>, design: [Double], predictor: [Double], effect: Double,
    into rows: inout GroupRows
  ) -> GroupLoops.ScalarSums {
    GroupLoops.readScalar(
      range, kernel: self, design: design, predictor: predictor, effect: effect, into: &rows)
  }
  func addAuxiliary(
    _ row: Int, _ eta: Double, likelihood: Double, score: Double, weight: Double,
    to gradient: inout [Double]
  ) {}
}
