/// Cronbach's alpha (1951) with Feldt's interval, and what each item does for it.
///
/// α = k/(k − 1) (1 − Σ s_i² / s_T²). With errors normal and items parallel in their true scores,
/// (1 − α)/(1 − α̂) has F with n − 1 and (n − 1)(k − 1) degrees of freedom (Feldt, Woodruff & Salih
/// 1987). For two items α is Spearman and Brown's coefficient only if they vary alike; see
/// ``spearmanBrown``.
public struct CronbachAlpha: Hashable, Sendable {
  /// Which rows are used.
  public enum Rows: String, Hashable, Sendable {
    /// Those with every item.
    case complete
    /// For each pair of items those with both; the interval then counts the complete ones.
    case pairwise
  }

  /// The number of items.
  public let itemCount: Int
  /// The number of complete rows.
  public let rowCount: Int
  /// From the covariances.
  public let alpha: Double
  /// From the correlations: as if all items had equal variances.
  public let standardised: Double
  /// The lower end of Feldt's interval.
  public let lower: Double
  /// The upper end of Feldt's interval.
  public let upper: Double
  /// Alpha without each item; empty for two items.
  public let withoutItem: [Double]
  /// The correlation of each item with the sum of the others.
  public let itemRest: [Double]
  /// 2r/(1 + r) for exactly two items (Brown 1910; Eisinga, te Grotenhuis & Pelzer 2013).
  public let spearmanBrown: Double?

  /// - Parameters:
  ///   - scores: At least two items and three complete rows.
  ///   - rows: Which rows are used.
  ///   - confidenceLevel: Between 0 and 1.
  /// - Throws: ``ReliabilityError``.
  public init(
    _ scores: ItemScores, rows: Rows = .complete, confidenceLevel: Double = 0.95
  ) throws(ReliabilityError) {
    guard confidenceLevel > 0, confidenceLevel < 1 else {
      throw .outOfRange(option: "the confidence level", expected: "between 0 and 1")
    }
    let complete = try scores.checked(items: 2, rows: 3)
    let covariance =
      rows == .complete ? complete.covariance : try scores.pairwiseCovariance()
    let count = complete.itemCount
    itemCount = count
    rowCount = complete.rowCount
    let all = Array(0..<count)
    let alpha = Self.alpha(covariance, of: all)
    let roots = covariance.diagonal.map { $0.squareRoot() }
    let correlation = Matrix(rows: count, columns: count) {
      covariance[$0, $1] / (roots[$0] * roots[$1])
    }
    self.alpha = alpha
    standardised = Self.alpha(correlation, of: all)
    let freedom = Double(rowCount - 1)
    let distribution = FDistribution(
      numerator: freedom, denominator: freedom * Double(count - 1))
    let tail = (1 - confidenceLevel) / 2
    lower = 1 - (1 - alpha) * distribution.quantile(1 - tail)
    upper = 1 - (1 - alpha) * distribution.quantile(tail)
    withoutItem =
      count > 2
      ? all.map { item in Self.alpha(covariance, of: all.filter { $0 != item }) } : []
    itemRest = all.map { item in
      let rest = all.filter { $0 != item }
      let shared = rest.reduce(0) { $0 + covariance[item, $1] }
      return shared / (roots[item] * Self.sum(covariance, over: rest).squareRoot())
    }
    spearmanBrown = count == 2 ? 2 * correlation[0, 1] / (1 + correlation[0, 1]) : nil
  }

  private static func alpha(_ covariance: Matrix, of items: [Int]) -> Double {
    let count = Double(items.count)
    let own = items.reduce(0) { $0 + covariance[$1, $1] }
    return count / (count - 1) * (1 - own / sum(covariance, over: items))
  }

  private static func sum(_ covariance: Matrix, over items: [Int]) -> Double {
    items.reduce(0) { sum, row in items.reduce(sum) { $0 + covariance[row, $1] } }
  }
}
