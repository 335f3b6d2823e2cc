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

  private let bands: [Band]
  private let size: Int
  /// How far the diagonals of the largest block are from the main one.
  let reach: Int

  /// - Parameter factor: T by the number of its grouping factor.
  init(_ component: Crossings.Component, size: Int, factor: (Int) -> Matrix) {
    var factors: [Int: Matrix] = [:]
    var bands: [Int: [Double]] = [:]
    for block in component.blocks {
      let own = factors[block.factor] ?? factor(block.factor)
      factors[block.factor] = own
      for row in 0..<own.rows {
        for column in 0..<own.rows where own[row, column] != 0 {
          bands[row - column, default: [Double](repeating: 0, count: size)][block.start + column] =
            own[row, column]
        }
      }
    }
    self.bands = bands.sorted { $0.key < $1.key }.map { Band(offset: $0.key, values: $0.value) }
    self.size = size
    reach = factors.values.reduce(0) { max($0, $1.rows - 1) }
  }

  /// The first entries of a row of Λ′A, A by rows.
  func product(row: Int, of matrix: [Double], columns: Int, count: Int) -> [Double] {
    var product = [Double](repeating: 0, count: count)
    for band in bands where band.values[row] != 0 {
      let (share, start) = (band.values[row], (row + band.offset) * columns)
      for column in 0..<count { product[column] += share * matrix[start + column] }
    }
    return product
  }

  /// A row of AΛ, from the first entries of that row of A.
  func product(_ row: ArraySlice<Double>) -> [Double] {
    var product = [Double](repeating: 0, count: row.count)
    for band in bands {
      let (least, most) = (max(0, -band.offset), min(row.count, row.count - band.offset))
      guard least < most else { continue }
      let first = row.startIndex + band.offset
      for column in least..<most { product[column] += row[first + column] * band.values[column] }
    }
    return product
  }

  /// KΛ of each link, K laid out as the products of the table.
  func product(_ factors: [Double], of table: LinkTable, effects: Int) -> [Double] {
    var product = [Double](repeating: 0, count: factors.count)
    for link in table.groups.indices {
      let (start, count) = (table.starts[link], table.starts[link + 1] - table.starts[link])
      for band in bands {
        let (least, most) = (max(0, -band.offset), min(count, count - band.offset))
        for position in least..<max(least, most) {
          // A level's effects stand side by side in a link, all of them.
          let share = band.values[table.columns[start + position]]
          for effect in 0..<effects {
            let line = start * effects + effect * count + position
            product[line] += share * factors[line + band.offset]
          }
        }
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
}
