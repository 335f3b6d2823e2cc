import RealModule

/// The distribution of the range of normal means over their estimated standard deviation, by which
/// Tukey's method adjusts pairwise comparisons.
///
/// P(Q ≤ q) = ∫ f(s) R(qs) ds, R(w) = k ∫ φ(z) [Φ(z) − Φ(z − w)]^(k−1) dz, with f the density of
/// the root of χ²/ν; both integrals by Gauss-Legendre panels, to about 1e-10.
public struct StudentisedRange: Hashable, Sendable {
  /// The number of means, at least 2.
  public let means: Int
  /// Degrees of freedom of the standard deviation, perhaps infinite.
  public let degreesOfFreedom: Double

  /// - Parameters:
  ///   - means: At least 2.
  ///   - degreesOfFreedom: Of the standard deviation; positive, perhaps infinite.
  public init(means: Int, degreesOfFreedom: Double) {
    self.means = means
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// Beyond this many, the density of s is too narrow to matter (R's `ptukey` stops there too).
  private static let normalLimit = 25_000.0
  /// Normal density beyond this is below 1e-16.
  private static let farthest = 8.5

  /// The probability of a larger range.
  public func upperTail(_ q: Double) -> Double {
    guard means >= 2, degreesOfFreedom > 0, !q.isNaN else { return .nan }
    guard q > 0 else { return 1 }
    guard degreesOfFreedom < Self.normalLimit else { return 1 - rangeProbability(q) }
    let chi = ChiSquareDistribution(degreesOfFreedom: degreesOfFreedom)
    let lower = (chi.quantile(1e-14) / degreesOfFreedom).squareRoot()
    let upper = ((chi.quantile(1 - 1e-14)) / degreesOfFreedom).squareRoot()
    let half = degreesOfFreedom / 2
    let constant =
      Double.log(2) + half * Double.log(half) - Double.logGamma(half)
    let tail = GaussLegendre.integral(from: lower, to: upper, panels: 16) { s in
      let density = Double.exp(
        constant + (degreesOfFreedom - 1) * Double.log(s) - half * s * s)
      return density * (1 - rangeProbability(q * s))
    }
    return min(1, max(0, tail))
  }

  /// The range that a share of all ranges stays below.
  ///
  /// By the secant method kept within a bracket, to about 1e-9 of the range.
  ///
  /// - Parameter share: Between 0 and 1.
  public func quantile(_ share: Double) -> Double {
    guard means >= 2, degreesOfFreedom > 0, share > 0, share < 1 else { return .nan }
    let tail = 1 - share
    var (low, high) = (0.0, 4.0)
    var (above, below) = (1 - tail, upperTail(high) - tail)
    while below > 0, high < 1e6 {
      (low, above) = (high, below)
      high *= 2
      below = upperTail(high) - tail
    }
    for _ in 0..<100 where high - low > 1e-9 * high {
      let aim = low + (high - low) * above / (above - below)
      // Near one end the secant hardly moves the other: halve then.
      let middle = (low + high) / 2
      for point in [aim, middle] where point > low && point < high {
        let excess = upperTail(point) - tail
        if excess > 0 { (low, above) = (point, excess) } else { (high, below) = (point, excess) }
      }
    }
    return (low + high) / 2
  }

  /// The probability that the range of standard normals is at most `width`.
  private func rangeProbability(_ width: Double) -> Double {
    let normal = NormalDistribution()
    let constant = 1 / (2 * Double.pi).squareRoot()
    let power = means - 1
    let sum = GaussLegendre.integral(
      from: -Self.farthest, to: Self.farthest, panels: 12
    ) { z in
      let inside = normal.lowerTail(z) - normal.lowerTail(z - width)
      return constant * Double.exp(-z * z / 2) * Double.pow(inside, power)
    }
    return min(1, Double(means) * sum)
  }
}

/// Integration by panels of 8-point Gauss-Legendre rules.
enum GaussLegendre {
  /// Abramowitz & Stegun, table 25.4.
  private static let nodes = [
    0.183_434_642_495_649_8, 0.525_532_409_916_329_0, 0.796_666_477_413_626_7,
    0.960_289_856_497_536_2,
  ]
  private static let weights = [
    0.362_683_783_378_362_0, 0.313_706_645_877_887_3, 0.222_381_034_453_374_5,
    0.101_228_536_290_376_3,
  ]

  static func integral(
    from lower: Double, to upper: Double, panels: Int, of function: (Double) -> Double
  ) -> Double {
    let width = (upper - lower) / Double(panels)
    var sum = 0.0
    for panel in 0..<panels {
      let centre = lower + (Double(panel) + 0.5) * width
      for (node, weight) in zip(nodes, weights) {
        let offset = node * width / 2
        sum += weight * (function(centre - offset) + function(centre + offset))
      }
    }
    return sum * width / 2
  }
}
