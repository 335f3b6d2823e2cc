/// Polynomials of degree 1, 2, … that are orthonormal over given points: R's `poly` and
/// `contr.poly`.
///
/// Kept as the coefficients of their three-term recurrence (Kennedy & Gentle 1980, pp. 343-344), so
/// that they can be evaluated at other points too.
struct OrthogonalPolynomials: Hashable, Sendable {
  /// The centre that each degree's recurrence subtracts.
  private(set) var centres: [Double] = []
  /// The sums of squares of the unscaled polynomials, from degree 0 on.
  private(set) var squares: [Double]

  let degree: Int

  /// The share of a polynomial's squares below which the points cannot carry its degree.
  private static let tolerance = 1e-20

  /// Polynomials whose recurrence is known.
  init(centres: [Double], squares: [Double]) {
    degree = centres.count
    self.centres = centres
    self.squares = squares
  }

  init(points: [Double], degree: Int) {
    self.degree = degree
    squares = [Double(points.count)]
    var previous = [Double](repeating: 0, count: points.count)
    var current = [Double](repeating: 1, count: points.count)
    for order in 0..<max(0, degree) {
      let size = squares[order]
      let centre =
        size > 0 ? zip(points, current).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } / size : 0
      let ratio = order > 0 && squares[order - 1] > 0 ? size / squares[order - 1] : 0
      var next = current
      var bound = 0.0
      for row in points.indices {
        next[row] = (points[row] - centre) * current[row] - ratio * previous[row]
        let reach = abs(points[row] * current[row])
        bound += reach * reach
      }
      let square = next.reduce(0) { $0 + $1 * $1 }
      centres.append(centre)
      squares.append(square > Self.tolerance * bound ? square : 0)
      (previous, current) = (current, next)
    }
  }

  /// The values of each degree at the points; zeros where the degree could not be carried.
  func values(at points: [Double]) -> [[Double]] {
    var previous = [Double](repeating: 0, count: points.count)
    var current = [Double](repeating: 1, count: points.count)
    var columns: [[Double]] = []
    for order in 0..<max(0, degree) {
      let ratio = order > 0 && squares[order - 1] > 0 ? squares[order] / squares[order - 1] : 0
      var next = current
      for row in points.indices {
        next[row] = (points[row] - centres[order]) * current[row] - ratio * previous[row]
      }
      let length = squares[order + 1].squareRoot()
      columns.append(length > 0 ? next.map { $0 / length } : next.map { _ in 0 })
      (previous, current) = (current, next)
    }
    return columns
  }
}
