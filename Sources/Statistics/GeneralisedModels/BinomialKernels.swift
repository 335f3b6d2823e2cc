import CGSL
import RealModule

/// Successes among trials, logit link.
struct BinomialLogitKernel: RowKernel {
  let successes: [Double]
  let trials: [Double]
  let constant: Double
  private let hasSingleTrials: Bool

  init(successes: [Double], trials: [Double]) {
    self.successes = successes
    self.trials = trials
    hasSingleTrials = trials.allSatisfy { $0 == 1 }
    constant = binomialConstant(successes: successes, trials: trials)
  }

  @inline(__always)
  func terms(_ row: Int, _ eta: Double) -> RowTerms {
    let success = successes[row]
    let count = trials[row]
    let power = Double.exp(-abs(eta))
    let inverse = 1 / (1 + power)
    let mean = eta >= 0 ? inverse : power * inverse
    let weight = count * power * inverse * inverse
    var linear = success * eta - count * max(eta, 0)
    var factor = 1 + power
    if count != 1 {
      linear -= count * Double.log(onePlus: power)
      factor = 1
    }
    return RowTerms(
      logLikelihood: linear, factor: factor, score: success - count * mean, observed: weight,
      weight: weight, weightSlope: weight * (1 - 2 * mean))
  }

  @inline(__always)
  func fourTerms(_ row: Int, _ eta: SIMD4<Double>) -> FourRowTerms {
    let success = successes.span.four(from: row)
    let count = trials.span.four(from: row)
    let isPositive = eta .>= 0
    let power = exponential(ofNonPositive: eta.replacing(with: -eta, where: isPositive))
    var factor = 1 + power
    let inverse = 1 / factor
    let mean = inverse * power.replacing(with: 1, where: isPositive)
    let weight = count * power * inverse * inverse
    var linear =
      success * eta - count * SIMD4<Double>.zero.replacing(with: eta, where: isPositive)
    if !hasSingleTrials {
      for lane in 0..<4 where count[lane] != 1 {
        linear[lane] -= count[lane] * Double.log(onePlus: power[lane])
        factor[lane] = 1
      }
    }
    return FourRowTerms(
      logLikelihood: linear, factor: factor, score: success - count * mean, observed: weight,
      weight: weight, weightSlope: weight * (1 - 2 * mean))
  }
}

/// Successes among trials, probit link.
///
/// By the hazard φ(x)/Φ(−x) of the normal distribution, which keeps its digits in both tails.
struct BinomialProbitKernel: RowKernel {
  let successes: [Double]
  let trials: [Double]
  let constant: Double
  let curvature: LaplaceCurvature

  init(successes: [Double], trials: [Double], curvature: LaplaceCurvature) {
    self.successes = successes
    self.trials = trials
    self.curvature = curvature
    constant = binomialConstant(successes: successes, trials: trials)
  }

  func terms(_ row: Int, _ eta: Double) -> RowTerms {
    let success = successes[row]
    let count = trials[row]
    let failure = count - success
    let rising = Self.hazard(-eta)
    let falling = Self.hazard(eta)
    let risingCurvature = rising * (rising + eta)
    let fallingCurvature = falling * (falling - eta)
    let observed = success * risingCurvature + failure * fallingCurvature
    let density = -0.5 * (eta * eta + Double.log(2 * Double.pi))
    var likelihood = count * density
    if success > 0 { likelihood -= success * Double.log(rising) }
    if failure > 0 { likelihood -= failure * Double.log(falling) }
    var weight = observed
    var slope: Double
    switch curvature {
    case .expected:
      weight = count * rising * falling
      slope = weight * (falling - rising - 2 * eta)
    case .observed:
      slope =
        success * rising * (1 - (rising + eta) * (2 * rising + eta))
        + failure * falling * ((falling - eta) * (2 * falling - eta) - 1)
    }
    if !slope.isFinite { slope = 0 }
    return RowTerms(
      logLikelihood: likelihood, factor: 1, score: success * rising - failure * falling,
      observed: observed, weight: weight, weightSlope: slope)
  }

  private static func hazard(_ x: Double) -> Double {
    GSL.returnsErrors ? gsl_sf_hazard(x) : .nan
  }
}

/// The logarithms of the binomial coefficients; 0 for single trials.
func binomialConstant(successes: [Double], trials: [Double]) -> Double {
  zip(successes, trials).reduce(0) { sum, row in
    row.1 == 1 && (row.0 == 0 || row.0 == 1)
      ? sum
      : sum + Double.logGamma(row.1 + 1) - Double.logGamma(row.0 + 1)
        - Double.logGamma(row.1 - row.0 + 1)
  }
}
