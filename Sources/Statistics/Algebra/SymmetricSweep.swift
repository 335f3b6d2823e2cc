import CTiles

/// A symmetric matrix some of whose rows and columns are swept: eliminated, and inverted in place.
///
/// Sweeping the leading block P of [P Q′; Q R] leaves [−P⁻¹ (QP⁻¹)′; QP⁻¹ R − QP⁻¹Q′] (Goodnight 1979,
/// *A tutorial on the SWEEP operator*, The American Statistician 33). It takes as many operations as
/// a Cholesky factorisation and an inversion from it, all of one kind: products taken off tiles of
/// the matrix. Only the lower triangle counts.
struct SymmetricSweep {
  /// Rows that hold the matrix: a multiple of a tile's columns, the rest 0.
  private let stride: Int
  private var elements: [Double]
  private let size: Int

  /// The columns of a tile, at which every panel begins.
  private static let tile = Int(LONGWELL_TILE_COLUMNS)
  /// The rows of a tile.
  private static let tileRows = Int(LONGWELL_TILE_ROWS)
  /// Columns that are swept at once: enough that a tile is seldom moved, and few enough that what
  /// is multiplied stays in the cache. Half or twice as many take a fifth longer.
  private static let panel = 128

  /// - Parameter size: The rows and columns of the matrix, all 0 to begin with.
  init(size: Int) {
    self.size = size
    stride = Self.wholeTiles(size)
    elements = [Double](repeating: 0, count: stride * stride)
  }

  /// An entry; only where the row is not before the column.
  subscript(row: Int, column: Int) -> Double {
    get { elements[row * stride + column] }
    set { elements[row * stride + column] = newValue }
  }

  /// Sets a row up to its entry on the diagonal, or less.
  mutating func setRow(_ row: Int, to values: ArraySlice<Double>) {
    elements.replaceSubrange((row * stride)..<(row * stride + values.count), with: values)
  }

  /// P⁻¹, after a sweep that inverts.
  ///
  /// - Parameter pivots: How many rows were swept.
  func inverse(_ pivots: Int) -> Matrix {
    var inverse = [Double](repeating: 0, count: pivots * pivots)
    for row in 0..<pivots {
      let (source, target) = (row * stride, row * pivots)
      for column in 0...row { inverse[target + column] = -elements[source + column] }
    }
    return Matrix(rows: pivots, columns: pivots, elements: mirrored(inverse, size: pivots))
  }

  /// Sweeps the leading rows and columns.
  ///
  /// - Parameters:
  ///   - pivots: How many.
  ///   - inverting: Whether P⁻¹ and QP⁻¹ are wanted; without them only what the sweep leaves of R
  ///     is right, at a third of the cost.
  /// - Returns: log|P|, or `nil` when P is not positive definite.
  mutating func sweep(pivots: Int, inverting: Bool) -> Double? {
    sweep(Square(origin: 0, rows: size), pivots: pivots, panel: Self.panel, inverting: inverting)
  }

  /// A square of the matrix on its diagonal, its rows rounded up to whole tiles where it is stored.
  private struct Square {
    var origin: Int
    var rows: Int

    var storedRows: Int { SymmetricSweep.wholeTiles(rows) }
  }

  private static func wholeTiles(_ count: Int) -> Int { (count + tile - 1) / tile * tile }

  private mutating func sweep(
    _ square: Square, pivots: Int, panel: Int, inverting: Bool
  ) -> Double? {
    var logDeterminant = 0.0
    for start in Swift.stride(from: 0, to: pivots, by: panel) {
      let count = min(panel, pivots - start)
      let corner = Square(origin: square.origin + start, rows: count)
      let own =
        panel > Self.tile
        ? sweep(corner, pivots: count, panel: Self.tile, inverting: true) : sweepSmall(corner)
      guard let own else { return nil }
      logDeterminant += own
      guard count < square.rows else { continue }
      eliminate(start..<(start + count), from: square, inverting: inverting)
    }
    return logDeterminant
  }

  /// Sweeps a square of at most one tile, entry by entry.
  private mutating func sweepSmall(_ square: Square) -> Double? {
    var logDeterminant = 0.0
    let (first, rows, stride) = (square.origin * (stride + 1), square.rows, stride)
    for pivot in 0..<rows {
      func place(_ other: Int) -> Int {
        other > pivot ? first + other * stride + pivot : first + pivot * stride + other
      }
      let value = elements[place(pivot)]
      guard value > 0, value.isFinite else { return nil }
      logDeterminant += logarithm(value)
      for row in 0..<rows where row != pivot {
        let share = elements[place(row)] / value
        for column in 0...row where column != pivot {
          elements[first + row * stride + column] -= share * elements[place(column)]
        }
      }
      for other in 0..<rows where other != pivot { elements[place(other)] /= value }
      elements[place(pivot)] = -1 / value
    }
    return logDeterminant
  }

  /// Takes a swept panel off the rest of a square, and leaves QP⁻¹ in its place.
  ///
  /// - Parameter own: The panel's rows in the square.
  private mutating func eliminate(_ own: Range<Int>, from square: Square, inverting: Bool) {
    let (size, count, stride) = (square.storedRows, own.count, stride)
    let origin = square.origin * (stride + 1)
    let first = inverting ? 0 : own.lowerBound
    let outside = (first..<square.rows).filter { !own.contains($0) }
    // What lies below the panel stands in its columns, what lies before it in its rows.
    func place(_ row: Int, _ column: Int) -> Int {
      row < own.lowerBound
        ? origin + (own.lowerBound + column) * stride + row
        : origin + row * stride + own.lowerBound + column
    }
    var panel = [Double](repeating: 0, count: size * count)
    for row in outside {
      for column in 0..<count { panel[row * count + column] = elements[place(row, column)] }
    }
    let width = Self.wholeTiles(count)
    var inverse = [Double](repeating: 0, count: width * count)
    for row in 0..<count {
      for column in 0..<count {
        let (high, low) = (max(row, column), min(row, column))
        inverse[row * count + column] = elements[place(own.lowerBound + high, low)]
      }
    }
    var solved = [Double](repeating: 0, count: size * width)
    let tiles = Swift.stride(from: first, to: size, by: Self.tileRows).filter {
      $0 < own.lowerBound || $0 + Self.tileRows > own.upperBound
    }
    // The swept square is −P⁻¹, and what is taken off 0 changes its sign again.
    TileFactors(panel, depth: count, stride: count, tile: Self.tileRows).subtract(
      times: TileFactors(inverse, depth: count, stride: count, tile: Self.tile),
      from: &solved, at: 0, stride: width, rows: tiles, columns: { _ in 0..<width })
    TileFactors(solved, depth: count, stride: width, tile: Self.tileRows).subtract(
      times: TileFactors(panel, depth: count, stride: count, tile: Self.tile),
      from: &elements, at: origin, stride: stride, rows: tiles,
      columns: { first..<($0 + Self.tileRows) })
    guard inverting else { return }
    for row in outside {
      for column in 0..<count { elements[place(row, column)] = solved[row * width + column] }
    }
  }
}

/// The rows of a matrix as tiles take them: for a few rows at a time, all first entries, all second
/// ones, and so on.
private struct TileFactors {
  private let depth: Int
  private let tile: Int
  private var values: [Double]

  /// - Parameters:
  ///   - rows: A matrix by rows, as many as make whole tiles.
  ///   - depth: The entries of a row that count.
  ///   - stride: How far the rows are apart.
  init(_ rows: [Double], depth: Int, stride: Int, tile: Int) {
    self.depth = depth
    self.tile = tile
    let count = rows.count / stride
    values = [Double](repeating: 0, count: count * depth)
    for first in Swift.stride(from: 0, to: count, by: tile) {
      for row in 0..<tile {
        let (source, target) = ((first + row) * stride, first * depth + row)
        for step in 0..<depth { values[target + step * tile] = rows[source + step] }
      }
    }
  }

  /// Takes the products of rows of this matrix and rows of another off the tiles of a third.
  ///
  /// - Parameters:
  ///   - start: Where the third begins in `target`.
  ///   - rows: The first row of each tile.
  ///   - columns: Those that a tile row meets; whole tiles of columns are worked on.
  func subtract(
    times other: TileFactors, from target: inout [Double], at start: Int, stride: Int,
    rows: [Int], columns: (Int) -> Range<Int>
  ) {
    unsafe target.withUnsafeMutableBufferPointer { target in
      unsafe values.withUnsafeBufferPointer { left in
        unsafe other.values.withUnsafeBufferPointer { right in
          guard let matrix = target.baseAddress, let left = left.baseAddress,
            let right = right.baseAddress
          else { return }
          for row in rows {
            let range = columns(row)
            for column in Swift.stride(
              from: range.lowerBound, to: range.upperBound, by: other.tile)
            {
              unsafe longwell_subtract_product(
                matrix + start + row * stride + column, stride, left + row * depth,
                right + column * depth, depth)
            }
          }
        }
      }
    }
  }
}

/// A symmetric matrix by rows with its upper triangle like the lower one.
func mirrored(_ lower: [Double], size: Int) -> [Double] {
  var whole = lower
  // Squares of this many rows stay in the cache while they are turned.
  let square = 32
  for first in stride(from: 0, to: size, by: square) {
    for other in stride(from: 0, through: first, by: square) {
      for row in first..<min(first + square, size) {
        for column in other..<min(other + square, row) {
          whole[column * size + row] = lower[row * size + column]
        }
      }
    }
  }
  return whole
}
