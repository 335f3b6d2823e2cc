import CGSL

/// The eigenvalues and eigenvectors of a symmetric matrix, A = QΛQ′, by GSL's `gsl_eigen_symmv`.
struct SymmetricEigen: Sendable {
  /// In descending order.
  let values: [Double]
  /// One eigenvector a column, in the order of the values.
  let vectors: Matrix

  /// - Returns: `nil` when an entry is not finite or the iteration does not end.
  init?(_ matrix: Matrix) {
    let size = matrix.rows
    guard GSL.returnsErrors, matrix.elements.allSatisfy(\.isFinite) else { return nil }
    guard size > 0 else {
      values = []
      vectors = matrix
      return
    }
    guard let workspace = unsafe gsl_eigen_symmv_alloc(size) else { return nil }
    defer { unsafe gsl_eigen_symmv_free(workspace) }
    var elements = matrix.symmetrised.elements
    var found = [Double](repeating: 0, count: size)
    var columns = [Double](repeating: 0, count: size * size)
    let code = unsafe elements.withUnsafeMutableBufferPointer { elements in
      unsafe found.withUnsafeMutableBufferPointer { found in
        unsafe columns.withUnsafeMutableBufferPointer { columns -> Int32 in
          guard let source = elements.baseAddress, let target = found.baseAddress,
            let basis = columns.baseAddress
          else { return -1 }
          var matrix = unsafe gsl_matrix_view_array(source, size, size)
          var values = unsafe gsl_vector_view_array(target, size)
          var vectors = unsafe gsl_matrix_view_array(basis, size, size)
          let code = unsafe gsl_eigen_symmv(
            &matrix.matrix, &values.vector, &vectors.matrix, workspace)
          guard code == 0 else { return code }
          return unsafe gsl_eigen_symmv_sort(
            &values.vector, &vectors.matrix, GSL_EIGEN_SORT_VAL_DESC)
        }
      }
    }
    guard code == 0 else { return nil }
    values = found
    vectors = Matrix(rows: size, columns: size, elements: columns)
  }

  /// The pseudo-inverse, eigenvalues up to `cutoff` taken as 0.
  func pseudoInverse(cutoff: Double) -> Matrix {
    compose { $0 > cutoff ? 1 / $0 : 0 }
  }

  /// Q f(Λ) Q′.
  func compose(_ function: (Double) -> Double) -> Matrix {
    let scales = values.map(function)
    var scaled = vectors
    for row in 0..<vectors.rows {
      for column in 0..<vectors.columns { scaled[row, column] *= scales[column] }
    }
    return scaled * vectors.transposed
  }
}
