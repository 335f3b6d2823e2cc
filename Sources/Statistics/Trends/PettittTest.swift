import RealModule

/// Pettitt's rank test for one change of level at an unknown time.
///
/// K = max |U_k|, U_k = 2 Σ_{i≤k} R_i − k(n+1); p ≈ 2 exp(−6K²/(n³ + n²)) (Pettitt 1979, Applied
/// Statistics 28:126).
public struct PettittTest: Hashable, Sendable {
  /// The largest |U_k|.
  public let statistic: Double
  /// How many values lie before the change; the first place where several are equally likely.
  public let valuesBefore: Int
  /// The time of the last value before the change.
  public let lastTimeBefore: Double
  /// Approximate, two-sided, at most 1.
  public let pValue: Double
  /// The mean of the values before the change.
  public let meanBefore: Double
  /// The mean of the values after it.
  public let meanAfter: Double

  /// - Parameter series: At least three values.
  /// - Throws: ``TrendError/tooFew(values:needed:)``.
  public init(_ series: TrendSeries) throws(TrendError) {
    guard series.count >= 3 else { throw .tooFew(values: series.count, needed: 3) }
    let count = series.count
    let ranks = series.values.averageRanks
    var sum = 0.0
    var largest = (statistic: -1.0, place: 0)
    for place in 0..<(count - 1) {
      sum += ranks[place]
      let statistic = abs(2 * sum - Double((place + 1) * (count + 1)))
      if statistic > largest.statistic { largest = (statistic, place) }
    }
    statistic = largest.statistic
    valuesBefore = largest.place + 1
    lastTimeBefore = series.times[largest.place]
    let size = Double(count)
    pValue = min(
      1, 2 * Double.exp(-6 * statistic * statistic / (size * size * size + size * size)))
    let before = series.values[...largest.place]
    let after = series.values[(largest.place + 1)...]
    meanBefore = before.reduce(0, +) / Double(before.count)
    meanAfter = after.reduce(0, +) / Double(after.count)
  }
}
