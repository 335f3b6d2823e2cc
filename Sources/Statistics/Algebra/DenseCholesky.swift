import CGSL

/// The inverse and determinant of a positive definite matrix of up to a few thousand rows, by GSL's
/// Cholesky factorisation, which works in blocks.
struct DenseCholesky: Sendable {
  let inverse: Matrix
  let logDeterminant: Double

  /// - Returns: `nil` when the matrix is not positive definite.
  init?(_ matrix: Matrix) {
    let size = matrix.rows
    guard GSL.returnsErrors, matrix.elements.allSatisfy(\.isFinite) else { return nil }
    var elements = matrix.elements
    var logarithms = 0.0
    if size > 0 {
      let code = unsafe elements.withUnsafeMutableBufferPointer { elements -> Int32 in
        guard let start = elements.baseAddress else { return -1 }
        var view = unsafe gsl_matrix_view_array(start, size, size)
        let code = unsafe gsl_linalg_cholesky_decomp1(&view.matrix)
        guard code == 0 else { return code }
        for row in 0..<size { logarithms += unsafe 2 * logarithm(elements[row * size + row]) }
        return unsafe gsl_linalg_cholesky_invert(&view.matrix)
      }
      guard code == 0 else { return nil }
    }
    inverse = Matrix(rows: size, columns: size, elements: elements)
    logDeterminant = logarithms
  }
}
