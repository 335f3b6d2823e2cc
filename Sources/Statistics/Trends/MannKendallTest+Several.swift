extension MannKendallTest {
  /// Tests one series by its seasons: values are compared only within a season, over cycles.
  ///
  /// The slope is per cycle, the intercept at time 0.
  ///
  /// - Parameters:
  ///   - series: Times are whole numbers; a value's season is its time modulo the period.
  ///   - period: Steps in a cycle, at least 2.
  ///   - confidenceLevel: Between 0 and 1.
  /// - Throws: ``TrendError``.
  public init(
    seasonal series: TrendSeries, period: Int, confidenceLevel: Double = 0.95
  ) throws(TrendError) {
    try self.init(
      method: .seasonal, groups: try series.seasons(period: period), values: series.values,
      times: series.times.map { $0 / Double(period) }, confidenceLevel: confidenceLevel)
  }

  /// Tests several series together: the sum of their scores over the sum of their variances.
  ///
  /// The series are taken as independent of each other.
  ///
  /// - Parameters:
  ///   - series: One for each person or place; those with fewer than two values count for nothing.
  ///   - confidenceLevel: Between 0 and 1.
  /// - Throws: ``TrendError``.
  public init(regional series: [TrendSeries], confidenceLevel: Double = 0.95) throws(TrendError) {
    try self.init(
      method: .regional, groups: series, values: series.flatMap(\.values),
      times: series.flatMap(\.times), confidenceLevel: confidenceLevel)
  }

  private init(
    method: Method, groups: [TrendSeries], values: [Double], times: [Double],
    confidenceLevel: Double
  ) throws(TrendError) {
    guard confidenceLevel > 0, confidenceLevel < 1 else {
      throw .outOfRange(option: "the confidence level", expected: "between 0 and 1")
    }
    let scores = groups.map { KendallScore($0.values) }
    let pairs = scores.reduce(0) { $0 + $1.pairs }
    guard pairs > 0 else { throw .tooFew(values: values.count, needed: 2) }
    let variance = scores.reduce(0) { $0 + $1.variance }
    self.init(
      Parts(
        method: method, count: values.count, score: scores.reduce(0) { $0 + $1.score },
        variance: variance, pairs: pairs, exact: nil,
        slope: SenSlope(
          of: groups, values: values, times: times, variance: variance,
          confidenceLevel: confidenceLevel)),
      confidenceLevel: confidenceLevel)
  }
}
