/// Values in their order as a line in a drawing of 320 by 100, the lowest at the foot.
struct CourseLine: Sendable {
  let low: Double
  let high: Double
  let dots: [(x: Int, y: Int)]

  init(_ values: [Double]) {
    low = values.min() ?? 0
    high = values.max() ?? 1
    let (low, span) = (low, max(high - low, 1e-9))
    dots = values.enumerated().map { index, value in
      let x = values.count == 1 ? 160 : 10 + 300 * Double(index) / Double(values.count - 1)
      return (x: Int(x.rounded()), y: Int((88 - 76 * (value - low) / span).rounded()))
    }
  }

  /// As `polyline` reads them.
  var points: String { dots.map { "\($0.x),\($0.y)" }.joined(separator: " ") }
}
