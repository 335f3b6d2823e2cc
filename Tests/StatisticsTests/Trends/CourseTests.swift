import Foundation
import Statistics
import Testing

@Suite("Courses, levels and variability")
struct CourseTests {
  @Test("Pettitt's change agrees with its definition", arguments: try TrendFixtures.load().series)
  func pettitt(series: TrendFixtures.Series) throws {
    let test = try PettittTest(try TrendSeries(series.values))
    #expect(agrees(test.statistic, series.pettitt.k))
    #expect(test.valuesBefore == series.pettitt.place)
    #expect(agrees(test.pValue, series.pettitt.p))
  }

  @Test("binary segmentation agrees with ruptures")
  func segmentation() throws {
    let fixture = try TrendFixtures.load().segmentation
    let series = try TrendSeries(fixture.values)
    for expected in fixture.cases {
      let found = try BinarySegmentation(series, penalty: expected.penalty)
      #expect(found.segments.map(\.places.upperBound) == expected.ends)
    }
    let changes = try BinarySegmentation(series, most: 2).changes
    #expect(changes.count == 2)
  }

  /// R 4.2.2: fitted(loess(y ~ x, span, degree, surface = "direct")), its first, third and last.
  @Test(
    "LOESS agrees with R",
    arguments: [
      (0.5, 0, 1.113681259879, 1.212262296247, -1.631868369740),
      (0.5, 1, 0.279104221090, 0.923306722274, -1.740856991895),
      (0.5, 2, 0.125552095629, 1.029785254668, -1.368242956828),
      (0.75, 0, 1.3044896153961, 1.3168152005838, -1.1606614210586),
      (0.75, 1, 0.885168885125, 1.102513756108, -2.229724671832),
      (0.75, 2, 0.0711228488771, 1.0671770917635, -1.5547533744596),
      (1, 1, 1.5604585228120, 1.4443533522067, -2.3656111376857),
      (1, 2, 0.2512990007994, 1.0679399443597, -1.9338217329305),
    ])
  func loess(span: Double, degree: Int, first: Double, third: Double, last: Double) throws {
    let times = [
      0, 1, 2, 3.5, 4, 5, 6, 7.5, 8, 9, 11, 12, 13, 15, 16, 17, 18, 20, 21, 22,
    ]
    let values = [
      0.3, 0.295, 1.059, 1.935, 1.183, 2.098, 1.995, 2.008, 1.519, 1.756, 1.063, 0.182, -0.166,
      -0.943, -1.914, -1.49, -1.855, -2.118, -1.718, -1.261,
    ]
    let fitted = try LocalRegression(
      try TrendSeries(values, times: times), span: span, degree: degree
    ).fittedValues()
    #expect(agrees(fitted[0], first, to: 1e-7))
    #expect(agrees(fitted[2], third, to: 1e-7))
    #expect(agrees(fitted[19], last, to: 1e-7))
  }

  /// R 4.2.2: psych 2.2.9 mssd(x), acf(x)$acf[2] · n/(n − 1), sd(x).
  @Test("within-person variability agrees with R")
  func variability() throws {
    let series = try TrendSeries([4, 5, 3, 6, 6, 7, 5, 4, 4, 5])
    let variability = WithinPersonVariability(series)
    #expect(agrees(variability.meanSquareSuccessiveDifference, 21.0 / 9))
    #expect(agrees(variability.lagOneAutocorrelation, 0.1542636 * 10 / 9, to: 1e-6))
    #expect(agrees(variability.standardDeviation, 1.197219, to: 1e-6))
  }

  @Test("a gap is not a step")
  func gaps() throws {
    let series = try TrendSeries([1, 2, .nan, 9, 10])
    #expect(WithinPersonVariability(series).steps == 3)
    let planned = WithinPersonVariability(series, gap: 1)
    #expect(planned.steps == 2)
    #expect(planned.meanSquareSuccessiveDifference == 1)
  }

  @Test("a straight line is its own smooth course", arguments: [0, 1, 2])
  func line(degree: Int) throws {
    let times = (0..<30).map(Double.init)
    let smooth = try LocalRegression(
      try TrendSeries(times.map { 2 * $0 + 1 }, times: times), degree: degree)
    #expect(degree == 0 || agrees(smooth.value(at: 12.5), 26))
  }

  @Test("options outside their ranges are refused")
  func refusals() throws {
    let series = try TrendSeries([1, 2, 3, 4, 5])
    #expect(throws: TrendError.self) { try LocalRegression(series, span: 0) }
    #expect(throws: TrendError.self) { try LocalRegression(series, degree: 3) }
    #expect(throws: TrendError.self) { try LocalRegression(series, span: 0.3) }
    #expect(throws: TrendError.self) { try BinarySegmentation(series, shortest: 0) }
    #expect(throws: TrendError.self) { try BinarySegmentation(series, penalty: .nan) }
    #expect(throws: TrendError.tooFew(values: 2, needed: 3)) {
      try PettittTest(try TrendSeries([1, 2]))
    }
  }
}
