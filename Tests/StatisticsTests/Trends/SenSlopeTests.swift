import Foundation
import Testing

@testable import Statistics

@Suite("Sen's slope")
struct SenSlopeTests {
  @Test("and its interval agree with scipy", arguments: try TrendFixtures.load().series)
  func reference(series: TrendFixtures.Series) throws {
    let sen = try SenSlope(try TrendSeries(series.values))
    #expect(agrees(sen.slope, series.theil[0]))
    #expect(agrees(sen.intercept, series.theil[1]))
    #expect(agrees(try #require(sen.lower), series.theil[2]))
    #expect(agrees(try #require(sen.upper), series.theil[3]))
  }

  @Test(
    "is the same by selection as by making all slopes",
    arguments: ["noise", "trend", "rounded", "scale", "constant", "two levels", "uneven times"])
  func selection(kind: String) throws {
    var state: UInt64 = 5
    func draw() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    let count = 700
    let values: [Double] = (0..<count).map { place in
      switch kind {
      case "noise", "uneven times": draw()
      case "trend": draw() + Double(place) / 3
      case "rounded": (draw() * 100).rounded() / 10
      case "scale": (1 + 6 * draw()).rounded()
      case "two levels": place < 300 ? 1 : 2
      default: 3
      }
    }
    let times = (0..<count).map { Double($0) + (kind == "uneven times" ? draw() / 2 : 0) }
    let series = try TrendSeries(values, times: times)
    var all = SlopeSelection([series], fewest: .max)
    var selected = SlopeSelection([series], fewest: 0)
    let medians = (selected.median(), all.median())
    #expect(agrees(try #require(medians.0), try #require(medians.1), to: 1e-12))
    for rank in [0, 1, 999, all.count / 4, all.count / 2, all.count * 9 / 10, all.count - 1] {
      let slopes = (selected.slope(at: rank), all.slope(at: rank))
      #expect(agrees(slopes.0, slopes.1, to: 1e-12))
    }
  }

  @Test("numbers its pairs without gap or repeat")
  func pairs() {
    var number = 0
    for later in 1..<60 {
      for earlier in 0..<later {
        let pair = TrendSeries.pair(number: number)
        #expect(pair.earlier == earlier && pair.later == later)
        number += 1
      }
    }
  }

  @Test("refuses a level outside 0 to 1 and a single value")
  func refusals() throws {
    #expect(throws: TrendError.self) {
      try SenSlope(try TrendSeries([1, 2]), confidenceLevel: 95)
    }
    #expect(throws: TrendError.tooFew(values: 1, needed: 2)) {
      try SenSlope(try TrendSeries([1]))
    }
  }
}
