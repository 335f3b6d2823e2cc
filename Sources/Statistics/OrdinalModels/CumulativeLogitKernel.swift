import RealModule

/// Ordered categories by cumulative logits: P(y ≤ c) = F(α_c − η), F the logistic function.
///
/// The thresholds α are the auxiliary parameters. With a = α_c − η and b = α_{c−1} − η the
/// probability of category c is F(a) − F(b) = F(a)(1 − F(b))(1 − exp(b − a)), and the last factor
/// does not depend on η: in η an ordered row is two binomial ones, and so is log-concave.
struct CumulativeLogitKernel: RowKernel {
  /// Positions of categories from 0.
  let categories: [Int]
  let weights: [Double]
  private let thresholdCount: Int
  /// The sum of weights by category.
  private let tally: [Double]
  private var thresholds: [Double] = []
  private(set) var constant = 0.0
  private(set) var constantGradient: [Double] = []

  init(categories: [Int], weights: [Double], categoryCount: Int) {
    self.categories = categories
    self.weights = weights
    thresholdCount = categoryCount - 1
    var tally = [Double](repeating: 0, count: categoryCount)
    for (category, weight) in zip(categories, weights) { tally[category] += weight }
    self.tally = tally
  }

  var auxiliaryCount: Int { thresholdCount }

  /// Thresholds must ascend.
  mutating func prepare(_ auxiliary: [Double]) -> Bool {
    var total = 0.0
    var gradient = [Double](repeating: 0, count: thresholdCount)
    for category in 1..<max(1, thresholdCount) {
      let gap = auxiliary[category] - auxiliary[category - 1]
      guard gap > 0, gap.isFinite else { return false }
      let rise = Double.expMinusOne(gap)
      // log(1 − exp(−gap)), and its derivative 1 / (exp(gap) − 1).
      total += tally[category] * (Double.log(rise) - gap)
      gradient[category] += tally[category] / rise
      gradient[category - 1] -= tally[category] / rise
    }
    guard total.isFinite else { return false }
    thresholds = auxiliary
    constant = total
    constantGradient = gradient
    return true
  }

  /// Logits as far as anything else from where probabilities end.
  private static let beyond = 800.0

  @inline(__always)
  private func reach(_ row: Int, _ eta: Double) -> (upper: Logistic, lower: Logistic) {
    let category = categories[row]
    return (
      Logistic(category < thresholdCount ? thresholds[category] - eta : Self.beyond),
      Logistic(category > 0 ? thresholds[category - 1] - eta : -Self.beyond)
    )
  }

  func terms(_ row: Int, _ eta: Double) -> RowTerms {
    let (upper, lower) = reach(row, eta)
    let weight = weights[row]
    var linear = min(upper.argument, 0) - max(lower.argument, 0)
    var factor = upper.onePlus * lower.onePlus
    if weight != 1 {
      linear = weight * (linear - Double.log(factor))
      factor = 1
    }
    let curvature = weight * (upper.density + lower.density)
    return RowTerms(
      logLikelihood: linear, factor: factor,
      score: weight * (lower.value - upper.complement), observed: curvature, weight: curvature,
      weightSlope: -weight * (upper.densitySlope + lower.densitySlope))
  }

  func addAuxiliary(
    _ row: Int, _ eta: Double, likelihood: Double, score: Double, weight: Double,
    to gradient: inout [Double]
  ) {
    let (upper, lower) = reach(row, eta)
    let category = categories[row]
    let prior = weights[row]
    if category < thresholdCount {
      gradient[category] +=
        prior
        * (likelihood * upper.complement + score * upper.density + weight * upper.densitySlope)
    }
    if category > 0 {
      gradient[category - 1] +=
        prior * (-likelihood * lower.value + score * lower.density + weight * lower.densitySlope)
    }
  }
}

/// The logistic function at one point, with its derivatives.
private struct Logistic {
  let argument: Double
  /// 1 + exp(−|x|).
  let onePlus: Double
  let value: Double
  let complement: Double

  @inline(__always)
  init(_ argument: Double) {
    let power = Double.exp(-abs(argument))
    let inverse = 1 / (1 + power)
    self.argument = argument
    onePlus = 1 + power
    value = argument >= 0 ? inverse : power * inverse
    complement = argument >= 0 ? power * inverse : inverse
  }

  @inline(__always) var density: Double { value * complement }
  @inline(__always) var densitySlope: Double { value * complement * (complement - value) }
}
