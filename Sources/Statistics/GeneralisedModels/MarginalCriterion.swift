/// Minus twice a generalised model's marginal log-likelihood, approximated, as a function of its
/// parameters: variance parameters θ, then fixed effects β, then those of the family.
///
/// Closures, not a protocol: methods of a generic class are compiled for each kernel only where they
/// are called by name.
struct MarginalCriterion {
  /// The number of all parameters.
  let parameterCount: Int
  /// The value with its gradient; `nil` where it is not defined.
  let evaluate: (_ parameters: [Double]) -> (value: Double, gradient: [Double])?
  /// The conditional modes at the parameters.
  let modes: (_ parameters: [Double]) -> ModeSummary?
}

/// The modes of the random effects given the data, by grouping factor.
struct ModeSummary: Sendable {
  /// By factor, level and effect: u = Tv.
  var values: [Matrix]
  /// By factor and level: the covariance TH⁻¹T′.
  var covariances: [[Matrix]]
  /// The linear predictor of each sorted row at the modes.
  var predictor: [Double]
}

/// The Newton decrement of a group's mode, in units of the log-likelihood, at which what is left of
/// the way enters the results in second order only.
let modeTolerance = 1e-14
/// The most passes over a group's rows; a log-concave mode needs fewer than ten.
let mostModePasses = 200
