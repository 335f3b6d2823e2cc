import Foundation
import Statistics
import Testing

@Suite("Mann-Kendall tests")
struct MannKendallTests {
  @Test("agree with pymannkendall", arguments: try TrendFixtures.load().series)
  func reference(series: TrendFixtures.Series) throws {
    let given = try TrendSeries(series.values)
    for (name, expected) in series.tests {
      let parts = name.split(separator: " ")
      let method = try #require(MannKendallTest.Method(rawValue: String(parts[0])))
      let test = try MannKendallTest(given, method: method, lags: parts.count > 1 ? 3 : nil)
      #expect(test.score == expected.s, "\(name)")
      #expect(agrees(test.variance, expected.variance), "\(name)")
      #expect(agrees(test.tau, expected.tau), "\(name)")
      if expected.variance > 0 || expected.s == 0 {
        #expect(agrees(test.z, expected.z), "\(name)")
      }
      if !test.isExact, expected.variance > 0 {
        #expect(abs(test.pValue - expected.p) < 1e-9, "\(name)")
        #expect(test.trend.rawValue == expected.trend, "\(name)")
      }
      if let slope = expected.slope, let intercept = expected.intercept {
        #expect(agrees(test.slope.slope, slope), "\(name)")
        #expect(agrees(test.slope.intercept, intercept), "\(name)")
      }
    }
  }

  @Test("by season agree with pymannkendall", arguments: try TrendFixtures.load().seasonal)
  func seasonal(series: TrendFixtures.Seasonal) throws {
    let given = try TrendSeries(series.values.map { $0 ?? .nan })
    let test = try MannKendallTest(seasonal: given, period: series.period)
    #expect(test.score == series.s)
    #expect(agrees(test.variance, series.variance))
    #expect(agrees(test.z, series.z))
    #expect(abs(test.pValue - series.p) < 1e-9)
    #expect(agrees(test.tau, series.tau))
    #expect(agrees(test.slope.slope, series.slope))
    #expect(agrees(test.slope.intercept, series.intercept))
  }

  @Test("over several people agree with pymannkendall")
  func regional() throws {
    let expected = try TrendFixtures.load().regional
    let test = try MannKendallTest(regional: expected.series.map { try TrendSeries($0) })
    #expect(test.score == expected.s)
    #expect(agrees(test.variance, expected.variance))
    #expect(agrees(test.z, expected.z))
    #expect(abs(test.pValue - expected.p) < 1e-9)
    #expect(agrees(test.tau, expected.tau))
  }

  /// Counted by hand: of the 24 orders of four values, S = 6 in one, 4 in three, 2 in five, 0 in six.
  @Test(
    "are exact for few different values",
    arguments: [
      ([1, 2, 3, 4], 2), ([1, 2, 4, 3], 8), ([2, 1, 4, 3], 18), ([2, 4, 1, 3], 24),
      ([3, 1, 4, 2], 24), ([4, 3, 2, 1], 2),
    ] as [([Double], Double)])
  func exact(values: [Double], orders: Double) throws {
    let test = try MannKendallTest(try TrendSeries(values))
    #expect(test.isExact)
    #expect(abs(test.pValue - orders / 24) < 1e-12)
  }

  @Test("do not depend on the order of the rows, on a shift, or on the scale of time")
  func invariance() throws {
    let series = try TrendFixtures.load().series[2]
    let times = series.values.indices.map(Double.init)
    let plain = try MannKendallTest(try TrendSeries(series.values, times: times))
    let turned = try MannKendallTest(
      try TrendSeries(
        series.values.reversed().map { $0 + 1e3 }, times: times.reversed().map { $0 * 7 + 3 }))
    #expect(turned.score == plain.score)
    #expect(turned.pValue == plain.pValue)
    #expect(agrees(turned.slope.slope * 7, plain.slope.slope, to: 1e-9))
  }

  @Test("say what is wrong with a series")
  func refusals() throws {
    #expect(throws: TrendError.tooFew(values: 2, needed: 3)) {
      try MannKendallTest(try TrendSeries([1, .nan, 2]))
    }
    #expect(throws: TrendError.repeatedTime(1)) { try TrendSeries([1, 2], times: [1, 1]) }
    #expect(throws: TrendError.notFinite(place: 1)) { try TrendSeries([1, .infinity]) }
    #expect(throws: TrendError.unequalLengths(times: 1, values: 2)) {
      try TrendSeries([1, 2], times: [1])
    }
    #expect(throws: TrendError.notSeasonal(period: 1)) {
      try MannKendallTest(seasonal: try TrendSeries([1, 2, 3]), period: 1)
    }
    #expect(throws: TrendError.notSeasonal(period: 3)) {
      try MannKendallTest(
        seasonal: try TrendSeries([1, 2, 3], times: [0, 0.5, 1]), period: 3)
    }
    #expect(throws: TrendError.self) {
      try MannKendallTest(try TrendSeries([1, 2, 3, 5]), method: .hamedRao, lags: 9)
    }
  }

  @Test("call a constant series no trend")
  func constant() throws {
    for method in MannKendallTest.Method.allCases where method != .seasonal && method != .regional {
      let test = try MannKendallTest(
        try TrendSeries(Array(repeating: 4, count: 12)), method: method)
      #expect(test.score == 0)
      #expect(test.pValue == 1)
      #expect(test.trend == .none)
    }
  }
}

/// Whether two numbers agree to a tolerance, relative above 1 and absolute below.
func agrees(_ found: Double, _ expected: Double, to tolerance: Double = 1e-10) -> Bool {
  isClose(found, expected, relative: tolerance, absolute: tolerance)
}
