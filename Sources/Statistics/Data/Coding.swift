import RealModule

/// How a factor with k levels becomes k − 1 columns.
public enum Coding: String, Hashable, Sendable, Codable, CaseIterable {
  /// Each level but the first against the first: R's `contr.treatment`.
  case treatment
  /// Each level but the last against the mean of levels: R's `contr.sum`.
  case sum
  /// Each level but the first against the mean of those before: R's `contr.helmert`.
  case helmert
  /// Orthonormal linear, quadratic, cubic … trends over equally spaced levels: R's `contr.poly`.
  case polynomial
}

extension Coding {
  /// The suffixes of the columns' names, as R writes them.
  func suffixes(levels: [String]) -> [String] {
    switch self {
    case .treatment: Array(levels.dropFirst())
    case .sum, .helmert: (1..<max(1, levels.count)).map(String.init)
    case .polynomial:
      (1..<max(1, levels.count)).map { degree in
        degree <= 3 ? [".L", ".Q", ".C"][degree - 1] : "^\(degree)"
      }
    }
  }

  /// The value of each column (second index) at each level (first index).
  func values(levelCount: Int) -> [[Double]] {
    let width = max(0, levelCount - 1)
    var table = [[Double]](repeating: [Double](repeating: 0, count: width), count: levelCount)
    switch self {
    case .treatment:
      for column in 0..<width { table[column + 1][column] = 1 }
    case .sum:
      for column in 0..<width {
        table[column][column] = 1
        table[levelCount - 1][column] = -1
      }
    case .helmert:
      for column in 0..<width {
        for level in 0...column { table[level][column] = -1 }
        table[column + 1][column] = Double(column + 1)
      }
    case .polynomial:
      let trends = orthogonalPolynomials(
        of: (0..<levelCount).map(Double.init), degree: width)
      for column in 0..<width {
        for level in 0..<levelCount { table[level][column] = trends[column][level] }
      }
    }
    return table
  }
}

/// Polynomials of degree 1 … `degree`, orthonormal over the points: R's `poly` and `contr.poly`.
///
/// Each power is built from the one before and made orthogonal to all before it, twice, which keeps
/// high degrees accurate. A degree that the points cannot carry comes out as zeros.
func orthogonalPolynomials(of points: [Double], degree: Int) -> [[Double]] {
  guard !points.isEmpty, degree > 0 else { return [] }
  let mean = points.reduce(0, +) / Double(points.count)
  let centred = points.map { $0 - mean }
  let constant = 1 / Double.sqrt(Double(points.count))
  var basis: [[Double]] = [[Double](repeating: constant, count: points.count)]
  for _ in 1...degree {
    guard let last = basis.last else { break }
    var next = zip(last, centred).map(*)
    let size = length(next)
    for _ in 0..<2 {
      for earlier in basis {
        let overlap = zip(next, earlier).reduce(0) { $0 + $1.0 * $1.1 }
        for row in next.indices { next[row] -= overlap * earlier[row] }
      }
    }
    let rest = length(next)
    let scale = rest > 1e-10 * size ? 1 / rest : 0
    basis.append(next.map { $0 * scale })
  }
  return Array(basis.dropFirst())
}

private func length(_ values: [Double]) -> Double {
  values.reduce(0) { $0 + $1 * $1 }.squareRoot()
}
