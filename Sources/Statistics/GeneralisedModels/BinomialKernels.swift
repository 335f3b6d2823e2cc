import CGSL
import CVectors
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

  /// In vectors as wide as the processor has them.
  func readScalar(
    _ range: Range<Int>, design: [Double], predictor: [Double], effect: Double,
    into rows: inout GroupRows
  ) -> GroupLoops.ScalarSums {
    var total = GroupLoops.ScalarSums(score: 0, observed: 0, weight: 0, slope: 0)
    let stride = rows.stride
    unsafe rows.values.withUnsafeMutableBufferPointer { values in
      unsafe design.withUnsafeBufferPointer { design in
        unsafe predictor.withUnsafeBufferPointer { predictor in
          unsafe successes.withUnsafeBufferPointer { successes in
            unsafe trials.withUnsafeBufferPointer { trials in
              guard let values = values.baseAddress, let design = design.baseAddress,
                let linear = predictor.baseAddress, let known = successes.baseAddress,
                let trials = trials.baseAddress
              else { return }
              let most = Int(LONGWELL_MOST_ROWS)
              for row in Swift.stride(from: range.lowerBound, to: range.upperBound, by: most) {
                let sums = unsafe longwell_read_logistic(
                  min(most, range.upperBound - row), successes.count - row, design + row,
                  linear + (row - range.lowerBound), known + row,
                  hasSingleTrials ? nil : trials + row, effect,
                  values + (row - range.lowerBound), stride)
                total.likelihood += sums.likelihood
                total.score += sums.score
                total.weight += sums.weight
                total.slope += sums.slope
              }
            }
          }
        }
      }
    }
    total.observed = total.weight
    return total
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
