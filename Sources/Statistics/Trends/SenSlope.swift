/// The median of all pairwise slopes, with a line through the medians and an interval by ranks.
///
/// The slope is Sen's (1968, JASA 63:1379); the intercept is median(x) − slope · median(t) (Conover
/// 1980); the interval lies between the slopes at ranks (N ∓ z √Var S)/2, rounded half to even.
public struct SenSlope: Hashable, Sendable {
  /// Change of the value per unit of time.
  public let slope: Double
  /// The line's value at time 0.
  public let intercept: Double
  /// The lower end of the interval; nil when a variance below zero gives none.
  public let lower: Double?
  /// The upper end of the interval.
  public let upper: Double?

  /// Computes slope, line and interval of one series.
  ///
  /// - Parameters:
  ///   - series: At least two values.
  ///   - confidenceLevel: Between 0 and 1.
  /// - Throws: ``TrendError/tooFew(values:needed:)`` or ``TrendError/outOfRange(option:expected:)``.
  public init(_ series: TrendSeries, confidenceLevel: Double = 0.95) throws(TrendError) {
    guard series.count >= 2 else { throw .tooFew(values: series.count, needed: 2) }
    guard confidenceLevel > 0, confidenceLevel < 1 else {
      throw .outOfRange(option: "the confidence level", expected: "between 0 and 1")
    }
    self.init(
      of: [series], values: series.values, times: series.times,
      variance: KendallScore(series.values).variance, confidenceLevel: confidenceLevel)
  }

  /// - Parameters:
  ///   - groups: Slopes are taken within each; at least one has two values.
  ///   - values: All values, for the line's height.
  ///   - times: Their times in the slope's unit.
  ///   - variance: Of Kendall's score, which sets the ranks of the interval.
  init(
    of groups: [TrendSeries], values: [Double], times: [Double], variance: Double,
    confidenceLevel: Double
  ) {
    var selection = SlopeSelection(groups)
    let slope = selection.median() ?? .nan
    self.slope = slope
    intercept = values.median - slope * times.median
    guard variance >= 0, selection.count > 0 else {
      lower = nil
      upper = nil
      return
    }
    let half =
      NormalDistribution().quantile(1 - (1 - confidenceLevel) / 2) * variance.squareRoot()
    let total = Double(selection.count)
    let last = selection.count - 1
    let from = ((total - half) / 2).rounded(.toNearestOrEven) - 1
    let to = ((total + half) / 2).rounded(.toNearestOrEven)
    lower = selection.slope(at: Int(max(0, min(Double(last), from))))
    upper = selection.slope(at: Int(max(0, min(Double(last), to))))
  }
}

extension [Double] {
  /// The middle value, or the mean of the middle two; NaN without values.
  var median: Double {
    guard !isEmpty else { return .nan }
    let sorted = sorted()
    let middle = count / 2
    return count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
