/// Where the Cholesky factor of a sparse symmetric matrix has entries, found once for a model.
///
/// Columns are eliminated in the order given. With the grouping factor of most levels first, nested
/// factors fill in nothing and crossed ones only the block of the smaller factors. The algorithms
/// are those of Davis (2006), *Direct Methods for Sparse Linear Systems*, chapter 4, and, for the
/// entries of the inverse, Takahashi, Fagan & Chen (1973).
struct SparsePattern: Sendable {
  let size: Int
  /// The first entry of each column; one more than columns.
  let starts: [Int]
  /// The row of each entry below the diagonal, ascending within a column.
  let rows: [Int32]
  /// By row: the entries to its left, as positions, in the order of their columns.
  private let leftStarts: [Int]
  private let leftEntries: [Int32]
  private let leftColumns: [Int32]

  /// - Parameter columns: The rows of each column's entries below the diagonal.
  init(columns: [[Int32]]) {
    let size = columns.count
    var filled: [[Int32]] = []
    filled.reserveCapacity(size)
    var children = [[Int]](repeating: [], count: size)
    var mark = [Int](repeating: -1, count: size)
    for column in 0..<size {
      mark[column] = column
      var entries: [Int32] = []
      func add(_ rows: [Int32]) {
        for row in rows where mark[Int(row)] != column {
          mark[Int(row)] = column
          entries.append(row)
        }
      }
      add(columns[column])
      for child in children[column] { add(filled[child]) }
      entries.sort()
      if let parent = entries.first { children[Int(parent)].append(column) }
      filled.append(entries)
    }
    var starts = [0]
    for column in filled { starts.append(starts[starts.count - 1] + column.count) }
    let rows = filled.flatMap(\.self)
    var leftStarts = [Int](repeating: 0, count: size + 1)
    for row in rows { leftStarts[Int(row) + 1] += 1 }
    for row in 0..<size { leftStarts[row + 1] += leftStarts[row] }
    var next = leftStarts
    var leftEntries = [Int32](repeating: 0, count: rows.count)
    var leftColumns = leftEntries
    for column in 0..<size {
      for entry in starts[column]..<starts[column + 1] {
        let row = Int(rows[entry])
        leftEntries[next[row]] = Int32(entry)
        leftColumns[next[row]] = Int32(column)
        next[row] += 1
      }
    }
    self.size = size
    self.starts = starts
    self.rows = rows
    self.leftStarts = leftStarts
    self.leftEntries = leftEntries
    self.leftColumns = leftColumns
  }

  /// The position of an entry below the diagonal.
  func position(row: Int32, column: Int) -> Int? {
    var low = starts[column]
    var high = starts[column + 1]
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] == row { return middle }
      if rows[middle] < row { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// Replaces a matrix by its Cholesky factor.
  ///
  /// - Returns: Whether it is positive definite.
  func factorise(_ matrix: inout SparseMatrix) -> Bool {
    var work = [Double](repeating: 0, count: size)
    for column in 0..<size {
      for entry in starts[column]..<starts[column + 1] {
        work[Int(rows[entry])] = matrix.lower[entry]
      }
      var pivot = matrix.diagonal[column]
      for left in leftStarts[column]..<leftStarts[column + 1] {
        let entry = Int(leftEntries[left])
        let factor = matrix.lower[entry]
        guard factor != 0 else { continue }
        pivot -= factor * factor
        let end = starts[Int(leftColumns[left]) + 1]
        for below in (entry + 1)..<max(end, entry + 1) {
          work[Int(rows[below])] -= factor * matrix.lower[below]
        }
      }
      guard pivot > 0, pivot.isFinite else { return false }
      let root = pivot.squareRoot()
      matrix.diagonal[column] = root
      for entry in starts[column]..<starts[column + 1] {
        matrix.lower[entry] = work[Int(rows[entry])] / root
        work[Int(rows[entry])] = 0
      }
    }
    return true
  }

  /// L⁻¹x.
  func solveLower(_ factor: SparseMatrix, _ vector: inout [Double]) {
    for column in 0..<size {
      vector[column] /= factor.diagonal[column]
      let value = vector[column]
      guard value != 0 else { continue }
      for entry in starts[column]..<starts[column + 1] {
        vector[Int(rows[entry])] -= factor.lower[entry] * value
      }
    }
  }

  /// L⁻ᵀx.
  func solveUpper(_ factor: SparseMatrix, _ vector: inout [Double]) {
    for column in (0..<size).reversed() {
      var sum = vector[column]
      for entry in starts[column]..<starts[column + 1] {
        sum -= factor.lower[entry] * vector[Int(rows[entry])]
      }
      vector[column] = sum / factor.diagonal[column]
    }
  }

  /// The entries of (LL′)⁻¹ where L has entries.
  func selectedInverse(_ factor: SparseMatrix) -> SparseMatrix {
    var inverse = SparseMatrix(self)
    var place = [Int](repeating: -1, count: size)
    var sums: [Double] = []
    for column in (0..<size).reversed() {
      let range = starts[column]..<starts[column + 1]
      let pivot = factor.diagonal[column]
      sums = [Double](repeating: 0, count: range.count)
      for (local, entry) in range.enumerated() { place[Int(rows[entry])] = local }
      for (local, entry) in range.enumerated() {
        let other = Int(rows[entry])
        let scale = factor.lower[entry] / pivot
        sums[local] += scale * inverse.diagonal[other]
        for below in starts[other]..<starts[other + 1] {
          let match = place[Int(rows[below])]
          guard match >= 0 else { continue }
          sums[match] += scale * inverse.lower[below]
          sums[local] += factor.lower[range.lowerBound + match] / pivot * inverse.lower[below]
        }
      }
      var own = 1 / (pivot * pivot)
      for (local, entry) in range.enumerated() {
        place[Int(rows[entry])] = -1
        inverse.lower[entry] = -sums[local]
        own += factor.lower[entry] / pivot * sums[local]
      }
      inverse.diagonal[column] = own
    }
    return inverse
  }
}

/// The numbers of a symmetric matrix, or of its Cholesky factor, on a ``SparsePattern``.
struct SparseMatrix: Sendable {
  var diagonal: [Double]
  var lower: [Double]

  init(_ pattern: SparsePattern) {
    diagonal = [Double](repeating: 0, count: pattern.size)
    lower = [Double](repeating: 0, count: pattern.rows.count)
  }

  /// The logarithm of the determinant of LL′.
  var logDeterminant: Double { diagonal.reduce(0) { $0 + 2 * logarithm($1) } }
}
