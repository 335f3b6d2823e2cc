/// The six intraclass correlations of Shrout & Fleiss (1979, Psychological Bulletin 86:420), with
/// their F tests against 0 and intervals.
public struct IntraclassCorrelation: Hashable, Sendable {
  /// The design and whether one rating or the mean of all is used.
  public enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
    /// Each target by its own raters, one rating.
    case oneWaySingle = "ICC(1,1)"
    /// Random raters who rate all, one rating, absolute agreement.
    case agreementSingle = "ICC(2,1)"
    /// Fixed raters who rate all, one rating, consistency.
    case consistencySingle = "ICC(3,1)"
    /// As ICC(1,1), the mean of the ratings.
    case oneWayMean = "ICC(1,k)"
    /// As ICC(2,1), the mean of the ratings.
    case agreementMean = "ICC(2,k)"
    /// As ICC(3,1), the mean of the ratings: Cronbach's alpha.
    case consistencyMean = "ICC(3,k)"
  }

  /// Which of the six.
  public let kind: Kind
  /// At most 1; negative when targets differ less than chance.
  public let estimate: Double
  /// Against 0.
  public let test: FTest
  /// The lower end of the interval.
  public let lower: Double
  /// The upper end of the interval.
  public let upper: Double

  /// All six for targets (rows) rated by the same number of raters (columns).
  ///
  /// - Parameters:
  ///   - scores: At least two columns and three complete rows.
  ///   - confidenceLevel: Between 0 and 1.
  /// - Throws: ``ReliabilityError``.
  public static func all(
    of scores: ItemScores, confidenceLevel: Double = 0.95
  ) throws(ReliabilityError) -> [IntraclassCorrelation] {
    guard confidenceLevel > 0, confidenceLevel < 1 else {
      throw .outOfRange(option: "the confidence level", expected: "between 0 and 1")
    }
    guard scores.itemCount >= 2 else {
      throw .tooFewItems(items: scores.itemCount, needed: 2)
    }
    let complete = scores.complete
    guard complete.rowCount >= 3 else { throw .tooFewRows(rows: complete.rowCount, needed: 3) }
    let squares = RatingSquares(complete)
    guard squares.targets > 0, squares.residual > 0 else {
      throw .noFit("the ratings do not vary, or only between targets")
    }
    return Kind.allCases.map { squares.correlation($0, tail: (1 - confidenceLevel) / 2) }
  }
}

/// The mean squares of targets by raters.
private struct RatingSquares {
  let count: Double
  let raters: Double
  /// Between targets.
  let targets: Double
  /// Within targets.
  let within: Double
  /// Between raters.
  let columns: Double
  /// Targets by raters.
  let residual: Double

  init(_ scores: ItemScores) {
    let count = Double(scores.rowCount)
    let raters = Double(scores.itemCount)
    let means = scores.means
    let grand = means.reduce(0, +) / raters
    var between = 0.0
    var inside = 0.0
    for row in scores.rows {
      let mean = row.reduce(0, +) / raters
      between += raters * (mean - grand) * (mean - grand)
      for value in row { inside += (value - mean) * (value - mean) }
    }
    let byRater = count * means.reduce(0) { $0 + ($1 - grand) * ($1 - grand) }
    self.count = count
    self.raters = raters
    targets = between / (count - 1)
    within = inside / (count * (raters - 1))
    columns = byRater / (raters - 1)
    residual = (inside - byRater) / ((count - 1) * (raters - 1))
  }

  func correlation(
    _ kind: IntraclassCorrelation.Kind, tail: Double
  ) -> IntraclassCorrelation {
    let freedom = count - 1
    let oneWay = kind == .oneWaySingle || kind == .oneWayMean
    let rest = oneWay ? count * (raters - 1) : freedom * (raters - 1)
    let statistic = targets / (oneWay ? within : residual)
    let distribution = FDistribution(numerator: freedom, denominator: rest)
    let test = FTest(statistic: statistic, numerator: freedom, denominator: rest)
    let low = statistic / distribution.quantile(1 - tail)
    let high = statistic * FDistribution(numerator: rest, denominator: freedom).quantile(1 - tail)
    func single(_ ratio: Double) -> Double { (ratio - 1) / (ratio + raters - 1) }
    switch kind {
    case .oneWaySingle, .consistencySingle:
      return .init(
        kind: kind, estimate: single(statistic), test: test, lower: single(low),
        upper: single(high))
    case .oneWayMean, .consistencyMean:
      return .init(
        kind: kind, estimate: 1 - 1 / statistic, test: test, lower: 1 - 1 / low,
        upper: 1 - 1 / high)
    case .agreementSingle, .agreementMean:
      let (lower, upper) = agreementInterval(tail: tail)
      let estimate =
        (targets - residual)
        / (targets + (raters - 1) * residual + raters * (columns - residual) / count)
      func mean(_ value: Double) -> Double { raters * value / (1 + (raters - 1) * value) }
      return kind == .agreementSingle
        ? .init(kind: kind, estimate: estimate, test: test, lower: lower, upper: upper)
        : .init(
          kind: kind,
          estimate: (targets - residual) / (targets + (columns - residual) / count), test: test,
          lower: mean(lower), upper: mean(upper))
    }
  }

  /// Shrout and Fleiss's interval for ICC(2,1), with Satterthwaite's degrees of freedom.
  private func agreementInterval(tail: Double) -> (Double, Double) {
    let single =
      (targets - residual)
      / (targets + (raters - 1) * residual + raters * (columns - residual) / count)
    let ratio = columns / residual
    let first = raters * single * ratio + count * (1 + (raters - 1) * single) - raters * single
    let upperPart = (count - 1) * (raters - 1) * first * first
    let term = count * (1 + (raters - 1) * single) - raters * single
    let lowerPart =
      (count - 1) * raters * raters * single * single * ratio * ratio + term * term
    let freedom = upperPart / lowerPart
    let high = FDistribution(numerator: count - 1, denominator: freedom).quantile(1 - tail)
    let low = FDistribution(numerator: freedom, denominator: count - 1).quantile(1 - tail)
    let spread = raters * columns + (raters * count - raters - count) * residual
    return (
      count * (targets - high * residual) / (high * spread + count * targets),
      count * (low * targets - residual) / (spread + count * low * targets)
    )
  }
}
