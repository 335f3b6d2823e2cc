/// The lower-triangular factor L of a positive definite matrix, A = LL′.
struct Cholesky: Hashable, Sendable {
  let factor: Matrix

  /// - Returns: `nil` when a pivot is not positive.
  init?(_ matrix: Matrix) {
    let size = matrix.rows
    var lower = Matrix(rows: size, columns: size)
    for column in 0..<size {
      var pivot = matrix[column, column]
      for inner in 0..<column { pivot -= lower[column, inner] * lower[column, inner] }
      guard pivot > 0, pivot.isFinite else { return nil }
      let root = pivot.squareRoot()
      lower[column, column] = root
      for row in (column + 1)..<max(size, column + 1) {
        var sum = matrix[row, column]
        for inner in 0..<column { sum -= lower[row, inner] * lower[column, inner] }
        lower[row, column] = sum / root
      }
    }
    factor = lower
  }

  /// The logarithm of the determinant of A.
  var logDeterminant: Double {
    factor.diagonal.reduce(0) { $0 + 2 * logarithm($1) }
  }

  /// L⁻¹b.
  func solveLower(_ vector: [Double]) -> [Double] {
    var solution = vector
    for row in 0..<factor.rows {
      var sum = solution[row]
      for column in 0..<row { sum -= factor[row, column] * solution[column] }
      solution[row] = sum / factor[row, row]
    }
    return solution
  }

  /// L⁻ᵀb.
  func solveUpper(_ vector: [Double]) -> [Double] {
    var solution = vector
    for row in (0..<factor.rows).reversed() {
      var sum = solution[row]
      for below in (row + 1)..<max(factor.rows, row + 1) {
        sum -= factor[below, row] * solution[below]
      }
      solution[row] = sum / factor[row, row]
    }
    return solution
  }

  /// A⁻¹b.
  func solve(_ vector: [Double]) -> [Double] { solveUpper(solveLower(vector)) }

  /// A⁻¹.
  var inverse: Matrix {
    let size = factor.rows
    var result = Matrix(rows: size, columns: size)
    for column in 0..<size {
      var unit = [Double](repeating: 0, count: size)
      unit[column] = 1
      let solved = solve(unit)
      for row in 0..<size { result[row, column] = solved[row] }
    }
    return result.symmetrised
  }
}
