/// How a factor with k levels becomes k − 1 columns.
public enum Coding: String, Hashable, Sendable, Codable, CaseIterable {
  /// Each level but the first against the first: R's `contr.treatment`.
  case treatment
  /// Each level but the first against the first, the intercept at the mean of levels.
  case simple
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
    case .treatment, .simple: Array(levels.dropFirst())
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
    case .simple:
      for column in 0..<width {
        for level in 0..<levelCount {
          table[level][column] = (level == column + 1 ? 1 : 0) - 1 / Double(levelCount)
        }
      }
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
      let points = (0..<levelCount).map(Double.init)
      let trends = OrthogonalPolynomials(points: points, degree: width).values(at: points)
      for column in 0..<width {
        for level in 0..<levelCount { table[level][column] = trends[column][level] }
      }
    }
    return table
  }
}
