extension MannKendallTest {
  /// Tests one series.
  ///
  /// - Parameters:
  ///   - series: At least three values.
  ///   - method: Any but `.seasonal` and `.regional`, which take several series.
  ///   - lags: The largest lag for the two variance corrections; without it, all.
  ///   - confidenceLevel: For the direction, the slope's interval, and the lags that count as
  ///     significant.
  /// - Throws: ``TrendError/tooFew(values:needed:)`` or ``TrendError/outOfRange(option:expected:)``.
  public init(
    _ series: TrendSeries, method: Method = .mannKendall, lags: Int? = nil,
    confidenceLevel: Double = 0.95
  ) throws(TrendError) {
    guard series.count >= 3 else { throw .tooFew(values: series.count, needed: 3) }
    guard lags.map({ $0 >= 1 && $0 < series.count }) ?? true else {
      throw .outOfRange(option: "the number of lags", expected: "1 to \(series.count - 1)")
    }
    guard method != .seasonal, method != .regional else {
      throw .outOfRange(option: "the method", expected: "one for a single series")
    }
    let sen = try SenSlope(series, confidenceLevel: confidenceLevel)
    let whole = KendallScore(series.values)
    var tested = whole
    var variance = whole.variance
    switch method {
    case .mannKendall, .seasonal, .regional: break
    case .hamedRao:
      let ranks = series.detrended(by: sen.slope).averageRanks
      let bound =
        NormalDistribution().quantile(1 - (1 - confidenceLevel) / 2)
        / Double(series.count).squareRoot()
      variance *= Self.hamedRaoFactor(ranks.autocorrelations(to: lags), bound: bound, of: series)
    case .yueWang:
      let correlations = series.detrended(by: sen.slope).autocorrelations(to: lags)
      let total = correlations.enumerated().dropFirst().reduce(0) {
        $0 + (1 - Double($1.offset) / Double(series.count)) * $1.element
      }
      variance *= 1 + 2 * total
    case .preWhitening:
      tested = KendallScore(series.values.whitened(by: series.values.lagOneAutocorrelation))
      variance = tested.variance
    case .trendFree:
      let flat = series.detrended(by: sen.slope)
      let white = flat.whitened(by: flat.lagOneAutocorrelation)
      let back = zip(white, series.timesFromOne).map { $0 + $1 * sen.slope }
      tested = KendallScore(back)
      variance = tested.variance
    }
    let slope =
      variance == whole.variance
      ? sen
      : SenSlope(
        of: [series], values: series.values, times: series.times,
        variance: method == .hamedRao || method == .yueWang ? variance : whole.variance,
        confidenceLevel: confidenceLevel)
    self.init(
      Parts(
        method: method, count: series.count, score: tested.score, variance: variance,
        pairs: tested.pairs, exact: method == .mannKendall ? whole.exactTwoSided() : nil,
        slope: slope, notes: method.caution.map { [$0] } ?? []),
      confidenceLevel: confidenceLevel)
  }

  /// 1 + 2/(n(n−1)(n−2)) Σ (n−i)(n−i−1)(n−i−2) r_i over the lags outside ±`bound`.
  private static func hamedRaoFactor(
    _ correlations: [Double], bound: Double, of series: TrendSeries
  ) -> Double {
    let count = Double(series.count)
    var sum = 0.0
    for (lag, correlation) in correlations.enumerated().dropFirst() where abs(correlation) > bound {
      let left = count - Double(lag)
      sum += left * (left - 1) * (left - 2) * correlation
    }
    return 1 + 2 / (count * (count - 1) * (count - 2)) * sum
  }
}

extension MannKendallTest.Method {
  /// What to say whenever the method is used.
  fileprivate var caution: String? {
    self == .yueWang
      ? "yue-wang finds trends in white noise far more often than its level says: prefer hamed-rao"
      : nil
  }
}

extension [Double] {
  /// The series less `correlation` times its predecessor; one value shorter.
  fileprivate func whitened(by correlation: Double) -> [Double] {
    zip(self, dropFirst()).map { $1 - correlation * $0 }
  }

  /// Ranks from 1, equal values sharing their mean rank.
  var averageRanks: [Double] {
    let order = indices.sorted { self[$0] < self[$1] }
    var ranks = Array(repeating: 0.0, count: count)
    var start = 0
    while start < count {
      var end = start + 1
      while end < count, self[order[end]] == self[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }
}
