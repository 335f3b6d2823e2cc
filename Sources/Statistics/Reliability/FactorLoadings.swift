/// Loadings of items on one factor of variance 1, and the variances that the factor does not explain.
public struct FactorLoadings: Hashable, Sendable {
  /// One for each item, in the item's unit; their sum is positive.
  public let loadings: [Double]
  /// The residual variance of each item, 0 or more.
  public let uniquenesses: [Double]

  /// The share of the sum score's variance that the factor explains (McDonald 1999, ω total of one
  /// factor).
  public var omega: Double {
    let sum = loadings.reduce(0, +)
    return sum * sum / (sum * sum + uniquenesses.reduce(0, +))
  }

  /// Whether an item's residual variance has gone to 0 (a Heywood case), so that ω rests on it.
  public var hasHeywoodCase: Bool {
    zip(loadings, uniquenesses).contains { $1 <= 1e-8 * ($0 * $0 + $1) }
  }

  /// - Parameters:
  ///   - point: Loadings and roots of the uniquenesses, one after the other, in units of `scales`.
  ///   - scales: The unit of each item.
  init(point: ArraySlice<Double>, scales: [Double]) {
    let count = scales.count
    let values = Array(point)
    let found = (0..<count).map { values[$0] * scales[$0] }
    let sign: Double = found.reduce(0, +) < 0 ? -1 : 1
    loadings = found.map { sign * $0 }
    uniquenesses = (0..<count).map { item in
      let root = values[count + item] * scales[item]
      return root * root
    }
  }
}

extension Matrix {
  /// λλ′ + Ψ for loadings and roots of uniquenesses, one after the other.
  init(oneFactor point: ArraySlice<Double>) {
    let count = point.count / 2
    let values = Array(point)
    self.init(rows: count, columns: count) { row, column in
      let shared = values[row] * values[column]
      return row == column ? shared + values[count + row] * values[count + row] : shared
    }
  }

  /// The gradient of a function by loadings and roots of uniquenesses, from its derivatives by the
  /// entries of λλ′ + Ψ, which this matrix holds.
  func oneFactorGradient(at point: ArraySlice<Double>) -> [Double] {
    let count = rows
    let values = Array(point)
    let byLoading = (self * Array(values.prefix(count))).map { 2 * $0 }
    let byRoot = (0..<count).map { 2 * values[count + $0] * self[$0, $0] }
    return byLoading + byRoot
  }
}
