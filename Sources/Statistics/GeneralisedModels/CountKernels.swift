import CGSL
import RealModule

/// Counts with a Poisson distribution, logarithmic link.
struct PoissonKernel: RowKernel {
  let counts: [Double]
  let weights: [Double]
  let constant: Double

  init(counts: [Double], weights: [Double]) {
    self.counts = counts
    self.weights = weights
    constant = zip(counts, weights).reduce(0) { $0 - $1.1 * Double.logGamma($1.0 + 1) }
  }

  @inline(__always)
  func terms(_ row: Int, _ eta: Double) -> RowTerms {
    let count = counts[row]
    let weight = weights[row]
    let mean = weight * Double.exp(eta)
    return RowTerms(
      logLikelihood: weight * count * eta - mean, factor: 1, score: weight * count - mean,
      observed: mean, weight: mean, weightSlope: mean)
  }
}

/// Counts with a negative binomial distribution of variance μ + μ²/φ, logarithmic link.
///
/// The auxiliary parameter is log φ.
struct NegativeBinomialKernel: RowKernel {
  let counts: [Double]
  let weights: [Double]
  let curvature: LaplaceCurvature
  private(set) var constant = 0.0
  private(set) var constantGradient = [0.0]
  /// φ.
  private(set) var size = 1.0
  private var logSize = 0.0
  /// Each count that occurs with the sum of its weights.
  private let tally: [(count: Double, weight: Double)]

  var auxiliaryCount: Int { 1 }

  init(counts: [Double], weights: [Double], curvature: LaplaceCurvature) {
    self.counts = counts
    self.weights = weights
    self.curvature = curvature
    var sums: [Double: Double] = [:]
    for (count, weight) in zip(counts, weights) { sums[count, default: 0] += weight }
    tally = sums.sorted { $0.key < $1.key }.map { (count: $0.key, weight: $0.value) }
  }

  /// Beyond it nothing tells the distribution from a Poisson one, and differences of logarithms of
  /// gamma functions lose their digits.
  static let largestLogSize = 18.0

  mutating func prepare(_ auxiliary: [Double]) -> Bool {
    guard let logarithm = auxiliary.first, abs(logarithm) <= Self.largestLogSize,
      GSL.returnsErrors
    else { return false }
    logSize = logarithm
    size = Double.exp(logarithm)
    var total = 0.0
    var slope = 0.0
    for (count, weight) in tally {
      total +=
        weight
        * (Self.logRising(size, count) - Double.logGamma(count + 1) - count * logSize)
      slope += weight * (size * Self.digammaRise(size, count) - count)
    }
    constant = total
    constantGradient = [slope]
    return total.isFinite
  }

  /// log Γ(φ + y) − log Γ(φ), as a sum of logarithms where the difference would lose digits.
  private static func logRising(_ size: Double, _ count: Double) -> Double {
    guard count <= 256 else { return Double.logGamma(size + count) - Double.logGamma(size) }
    var sum = 0.0
    var product = 1.0
    for step in 0..<Int(count) {
      product *= size + Double(step)
      if product > 1e250 {
        sum += Double.log(product)
        product = 1
      }
    }
    return sum + Double.log(product)
  }

  /// ψ(φ + y) − ψ(φ).
  private static func digammaRise(_ size: Double, _ count: Double) -> Double {
    guard count <= 256 else { return gsl_sf_psi(size + count) - gsl_sf_psi(size) }
    return (0..<Int(count)).reduce(0) { $0 + 1 / (size + Double($1)) }
  }

  /// With s = φ, the part that η enters is yη − (y + s) log(1 + μ/s), written so that it goes over
  /// into the Poisson one as s grows.
  func terms(_ row: Int, _ eta: Double) -> RowTerms {
    let count = counts[row]
    let prior = weights[row]
    let mean = Double.exp(eta)
    let sum = mean + size
    let share = mean / sum
    let observed = prior * share * (count + size) * (size / sum)
    var weight = observed
    var slope = observed * (size - mean) / sum
    if curvature == .expected {
      weight = prior * mean * (size / sum)
      slope = weight * (size / sum)
    }
    return RowTerms(
      logLikelihood: prior * (count * eta - (count + size) * Double.log(onePlus: mean / size)),
      factor: 1, score: prior * (count - mean) * (size / sum), observed: observed, weight: weight,
      weightSlope: slope)
  }

  func addAuxiliary(
    _ row: Int, _ eta: Double, likelihood: Double, score: Double, weight: Double,
    to gradient: inout [Double]
  ) {
    let count = counts[row]
    let mean = Double.exp(eta)
    let sum = mean + size
    let share = mean / sum
    // By φ, then times φ for the logarithm.
    let likelihoodSlope = -Double.log(onePlus: mean / size) + (count + size) / size * share
    let scoreSlope = (count - mean) * share / sum
    var weightSlope = share * (count * mean - count * size + 2 * size * mean) / (sum * sum)
    if curvature == .expected { weightSlope = share * share }
    gradient[0] +=
      weights[row] * size
      * (likelihood * likelihoodSlope + score * scoreSlope + weight * weightSlope)
  }
}
