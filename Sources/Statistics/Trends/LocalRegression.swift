/// A smooth course by local polynomials: LOESS (Cleveland & Devlin 1988, JASA 83:596).
///
/// Around each point the nearest `span` of the values are fitted by a polynomial under tricube
/// weights, without robustness steps: R's `loess(surface = "direct")`.
public struct LocalRegression: Hashable, Sendable {
  /// The share of the values in each fit, above 0 up to 1.
  public let span: Double
  /// The degree of the polynomial: 0, 1 or 2.
  public let degree: Int
  private let series: TrendSeries
  private let neighbours: Int

  /// - Parameters:
  ///   - series: Enough values for `span` of them to carry the polynomial.
  ///   - span: The share of the values in each fit, above 0 up to 1.
  ///   - degree: Of the polynomial: 0, 1 or 2.
  /// - Throws: ``TrendError/tooFew(values:needed:)`` or ``TrendError/outOfRange(option:expected:)``.
  public init(
    _ series: TrendSeries, span: Double = 0.75, degree: Int = 2
  ) throws(TrendError) {
    guard span > 0, span <= 1 else {
      throw .outOfRange(option: "the span", expected: "above 0 up to 1")
    }
    guard (0...2).contains(degree) else {
      throw .outOfRange(option: "the degree", expected: "0, 1 or 2")
    }
    self.series = series
    self.span = span
    self.degree = degree
    neighbours = min(series.count, Int(Double(series.count) * span + 1e-5))
    guard neighbours >= degree + 2 else {
      let needed = Int((Double(degree + 2) / span).rounded(.up))
      throw .tooFew(values: series.count, needed: needed)
    }
  }

  /// The course at a time, within the range of the series or near it.
  public func value(at time: Double) -> Double {
    let window = nearest(to: time)
    let reach = max(
      abs(series.times[window.lowerBound] - time), abs(series.times[window.upperBound - 1] - time))
    guard reach > 0 else { return series.values[window.lowerBound] }
    var moments = Array(repeating: 0.0, count: 2 * degree + 1)
    var products = Array(repeating: 0.0, count: degree + 1)
    for place in window {
      let distance = (series.times[place] - time) / reach
      let cube = 1 - abs(distance * distance * distance)
      var term = cube * cube * cube
      for power in moments.indices {
        moments[power] += term
        if power <= degree { products[power] += term * series.values[place] }
        term *= distance
      }
    }
    return Self.intercept(moments: moments, products: products)
  }

  /// The course at each of the series' times.
  public func fittedValues() -> [Double] { series.times.map(value(at:)) }

  /// The places of the nearest values.
  private func nearest(to time: Double) -> Range<Int> {
    var first = 0
    var last = series.count - neighbours
    while first < last {
      let middle = (first + last) / 2
      if time - series.times[middle] > series.times[middle + neighbours] - time {
        first = middle + 1
      } else {
        last = middle
      }
    }
    return first..<(first + neighbours)
  }

  /// The polynomial's value at distance 0, from weighted power sums; lower degrees stand in where
  /// the weights leave too few different times.
  private static func intercept(moments: [Double], products: [Double]) -> Double {
    let mean = products[0] / moments[0]
    guard products.count > 1 else { return mean }
    let line = moments[0] * moments[2] - moments[1] * moments[1]
    guard line > 1e-12 * moments[0] * moments[2] else { return mean }
    let straight = (moments[2] * products[0] - moments[1] * products[1]) / line
    guard products.count > 2 else { return straight }
    let first = moments[2] * moments[4] - moments[3] * moments[3]
    let second = moments[1] * moments[4] - moments[2] * moments[3]
    let third = moments[1] * moments[3] - moments[2] * moments[2]
    let determinant = moments[0] * first - moments[1] * second + moments[2] * third
    guard determinant > 1e-12 * moments[0] * moments[2] * moments[4] else { return straight }
    return (products[0] * first - products[1] * second + products[2] * third) / determinant
  }
}
