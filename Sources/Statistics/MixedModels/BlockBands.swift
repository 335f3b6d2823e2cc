/// The relative covariance factor Λ of a component of crossed factors, by its diagonals.
///
/// Λ is block diagonal with one small T a level, so it has as many diagonals as the largest T. Whole
/// rows and columns are multiplied at once, whatever the sizes of the blocks.
struct BlockBands {
  /// One diagonal: Λ[i + offset, i] for each i.
  private struct Band {
    var offset: Int
    var values: [Double]
  }

  private var bands: [Band]
  private let size: Int

  /// - Parameter factor: T by the number of its grouping factor.
  init(_ component: Crossings.Component, size: Int, factor: (Int) -> Matrix) {
    var factors: [Int: Matrix] = [:]
    var bands: [Int: [Double]] = [:]
    for block in component.blocks {
      let own = factors[block.factor] ?? factor(block.factor)
      factors[block.factor] = own
      for row in 0..<own.rows {
        for column in 0..<own.rows where row == column || own[row, column] != 0 {
          bands[row - column, default: [Double](repeating: 0, count: size)][block.start + column] =
            own[row, column]
        }
      }
    }
    self.bands = bands.sorted { $0.key < $1.key }.map { Band(offset: $0.key, values: $0.value) }
    self.size = size
  }

  /// How far the diagonals are from the main one.
  var reach: Int { bands.reduce(0) { max($0, abs($1.offset)) } }

  /// A row of Λ′A, A by rows.
  func product(row: Int, of matrix: [Double], columns: Int) -> [Double] {
    var product = [Double](repeating: 0, count: columns)
    for band in bands where band.values[row] != 0 {
      let (share, start) = (band.values[row], (row + band.offset) * columns)
      for column in 0..<columns { product[column] += share * matrix[start + column] }
    }
    return product
  }

  /// A row of AΛ, from the first entries of that row of A.
  func product(_ row: ArraySlice<Double>) -> [Double] {
    var product = [Double](repeating: 0, count: row.count)
    for band in bands {
      for column in max(0, -band.offset)..<max(0, min(row.count, row.count - band.offset)) {
        product[column] += row[column + band.offset] * band.values[column]
      }
    }
    return product
  }

  /// ΛA.
  func scaled(_ matrix: Matrix) -> Matrix {
    let (columns, source) = (matrix.columns, matrix.elements)
    var product = [Double](repeating: 0, count: source.count)
    for band in bands {
      for row in 0..<size where band.values[row] != 0 {
        let (target, start) = ((row + band.offset) * columns, row * columns)
        let share = band.values[row]
        for column in 0..<columns { product[target + column] += share * source[start + column] }
      }
    }
    return Matrix(rows: matrix.rows, columns: columns, elements: product)
  }

  /// AΛ′.
  func scaledColumns(_ matrix: Matrix) -> Matrix {
    let (columns, source) = (matrix.columns, matrix.elements)
    var product = [Double](repeating: 0, count: source.count)
    for row in 0..<matrix.rows {
      let start = row * columns
      for band in bands {
        let offset = band.offset
        for column in max(0, -offset)..<max(0, min(columns, columns - offset)) {
          product[start + column + offset] += source[start + column] * band.values[column]
        }
      }
    }
    return Matrix(rows: matrix.rows, columns: columns, elements: product)
  }
}
