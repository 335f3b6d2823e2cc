import Testing

@testable import Statistics

@Suite("Sparse factorisation agrees with dense")
struct SparsePatternTests {
  /// A random positive definite matrix whose entries below the diagonal are mostly 0.
  private func matrix(size: Int, seed: UInt64) -> (pattern: SparsePattern, dense: Matrix) {
    var generator = SplitMix64(state: seed)
    var dense = Matrix(rows: size, columns: size)
    var columns = [[Int32]](repeating: [], count: size)
    for column in 0..<size {
      dense[column, column] = Double(size)
      for row in (column + 1)..<max(size, column + 1) where generator.uniform() < 0.2 {
        let value = generator.normal()
        dense[row, column] = value
        dense[column, row] = value
        columns[column].append(Int32(row))
      }
    }
    return (SparsePattern(columns: columns), dense)
  }

  @Test("determinant, solution and the inverse where the factor has entries", arguments: 1...20)
  func factorisation(_ seed: Int) throws {
    let size = 1 + seed
    let (pattern, dense) = matrix(size: size, seed: UInt64(seed))
    var sparse = SparseMatrix(pattern)
    for column in 0..<size {
      sparse.diagonal[column] = dense[column, column]
      for row in (column + 1)..<max(size, column + 1) {
        guard let place = pattern.position(row: Int32(row), column: column) else {
          #expect(dense[row, column] == 0)
          continue
        }
        sparse.lower[place] = dense[row, column]
      }
    }
    #expect(pattern.factorise(&sparse))
    let reference = try #require(Cholesky(dense))
    #expect(isClose(sparse.logDeterminant, reference.logDeterminant, relative: 1e-12))
    var solved = (0..<size).map { Double($0) - 2 }
    let known = reference.solve(solved)
    pattern.solveLower(sparse, &solved)
    pattern.solveUpper(sparse, &solved)
    expectClose(solved, known, relative: 1e-11, absolute: 1e-12, "solution")
    let inverse = pattern.selectedInverse(sparse)
    for column in 0..<size {
      #expect(
        isClose(inverse.diagonal[column], reference.inverse[column, column], relative: 1e-11))
      for row in (column + 1)..<max(size, column + 1) {
        guard let place = pattern.position(row: Int32(row), column: column) else { continue }
        #expect(
          isClose(
            inverse.lower[place], reference.inverse[row, column], relative: 1e-10,
            absolute: 1e-13))
      }
    }
  }
}
