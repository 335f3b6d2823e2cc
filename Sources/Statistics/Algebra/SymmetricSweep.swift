import CVectors

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

  /// The rows and columns of a tile; every panel begins at one.
  private static let tile = Int(LONGWELL_TILE)
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
    Matrix(rows: pivots, columns: pivots) { -self[max($0, $1), min($0, $1)] }
  }

  /// An entry of P⁻¹, after a sweep that inverts; only where the row is not before the column.
  func inverseEntry(_ row: Int, _ column: Int) -> Double { -self[row, column] }

  /// A row of −P⁻¹ up to the diagonal, after a sweep that inverts.
  func sweptRow(_ row: Int) -> ArraySlice<Double> {
    elements[(row * stride)...(row * stride + row)]
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
    let (first, rows, stride) = (square.origin * (stride + 1), square.rows, stride)
    var logDeterminant = 0.0
    var own = [Double](repeating: 0, count: rows * rows)
    for row in 0..<rows {
      for column in 0...row {
        own[row * rows + column] = elements[first + row * stride + column]
        own[column * rows + row] = own[row * rows + column]
      }
    }
    var line = [Double](repeating: 0, count: rows)
    for pivot in 0..<rows {
      let value = own[pivot * rows + pivot]
      guard value > 0, value.isFinite else { return nil }
      logDeterminant += logarithm(value)
      for column in 0..<rows { line[column] = own[pivot * rows + column] / value }
      for row in 0..<rows where row != pivot {
        let share = own[row * rows + pivot]
        for column in 0..<rows { own[row * rows + column] -= share * line[column] }
        own[row * rows + pivot] = line[row]
      }
      for column in 0..<rows { own[pivot * rows + column] = line[column] }
      own[pivot * rows + pivot] = -1 / value
    }
    for row in 0..<rows {
      for column in 0...row { elements[first + row * stride + column] = own[row * rows + column] }
    }
    return logDeterminant
  }

  /// Takes a swept panel off the rest of a square, and leaves QP⁻¹ in its place.
  ///
  /// - Parameter own: The panel's rows in the square.
  private mutating func eliminate(_ own: Range<Int>, from square: Square, inverting: Bool) {
    let panel = Panel(
      own: own, rows: square.rows, origin: square.origin, stride: stride,
      first: inverting ? 0 : own.lowerBound)
    let outside = panel.read(elements)
    let solved = panel.product(outside, inverse: panel.square(elements))
    panel.subtract(solved, outside, from: &elements)
    if inverting { panel.write(solved, to: &elements) }
  }

  /// Rows and columns that are swept at once, and what they meet.
  ///
  /// What is multiplied stands as the tiles take it: for sixteen rows all first entries, all second
  /// ones, and so on.
  private struct Panel {
    /// The panel's rows in the square.
    let own: Range<Int>
    /// Where the square begins in the matrix.
    let start: Int
    let stride: Int
    let rows: Int
    /// The first row of each tile that has rows outside the panel.
    let tiles: [Int]
    /// The panel's columns, rounded up to whole tiles.
    let width: Int

    init(own: Range<Int>, rows: Int, origin: Int, stride: Int, first: Int) {
      self.own = own
      self.rows = rows
      self.stride = stride
      start = origin * (stride + 1)
      width = wholeTiles(own.count)
      tiles = Swift.stride(from: first, to: rows, by: tile).filter {
        $0 < own.lowerBound || $0 + tile > own.upperBound
      }
    }

    /// Q: columns of the panel below it, its rows before it.
    func read(_ elements: [Double]) -> [Double] {
      var outside = [Double](repeating: 0, count: wholeTiles(rows) * width)
      for first in tiles {
        if first < own.lowerBound {
          for step in own.indices {
            let target = first * width + (step - own.lowerBound) * tile
            let source = start + step * stride + first
            for row in 0..<tile { outside[target + row] = elements[source + row] }
          }
        } else {
          for row in max(first, own.upperBound)..<max(min(first + tile, rows), own.upperBound) {
            let target = first * width + row - first
            let source = start + row * stride + own.lowerBound
            for step in 0..<own.count { outside[target + step * tile] = elements[source + step] }
          }
        }
      }
      return outside
    }

    /// What stands where the panel meets itself, after its sweep: −P⁻¹.
    func square(_ elements: [Double]) -> [Double] {
      var square = [Double](repeating: 0, count: width * width)
      let origin = start + own.lowerBound * (stride + 1)
      for row in own.indices.map({ $0 - own.lowerBound }) {
        for column in 0...row {
          let value = elements[origin + row * stride + column]
          square[row / tile * tile * width + column * tile + row % tile] = value
          square[column / tile * tile * width + row * tile + column % tile] = value
        }
      }
      return square
    }

    /// QP⁻¹; what is taken off 0 changes its sign once more.
    func product(_ outside: [Double], inverse: [Double]) -> [Double] {
      var solved = [Double](repeating: 0, count: outside.count)
      unsafe solved.withUnsafeMutableBufferPointer { solved in
        unsafe outside.withUnsafeBufferPointer { outside in
          unsafe inverse.withUnsafeBufferPointer { inverse in
            guard let target = solved.baseAddress, let left = inverse.baseAddress,
              let right = outside.baseAddress
            else { return }
            for first in tiles {
              for step in Swift.stride(from: 0, to: width, by: tile) {
                unsafe longwell_subtract_product(
                  target + first * width + step * tile, tile, left + step * width,
                  right + first * width, own.count)
              }
            }
          }
        }
      }
      return solved
    }

    /// Takes QP⁻¹Q′ off the tiles outside the panel.
    func subtract(_ solved: [Double], _ outside: [Double], from elements: inout [Double]) {
      unsafe elements.withUnsafeMutableBufferPointer { elements in
        unsafe solved.withUnsafeBufferPointer { solved in
          unsafe outside.withUnsafeBufferPointer { outside in
            guard let target = elements.baseAddress, let left = solved.baseAddress,
              let right = outside.baseAddress
            else { return }
            for (number, row) in tiles.enumerated() {
              for column in tiles[...number] {
                unsafe longwell_subtract_product(
                  target + start + row * stride + column, stride, left + row * width,
                  right + column * width, own.count)
              }
            }
          }
        }
      }
    }

    /// Puts QP⁻¹ where Q was.
    func write(_ solved: [Double], to elements: inout [Double]) {
      for first in tiles {
        if first < own.lowerBound {
          for step in own.indices {
            let source = first * width + (step - own.lowerBound) * tile
            let target = start + step * stride + first
            for row in 0..<tile { elements[target + row] = solved[source + row] }
          }
        } else {
          for row in max(first, own.upperBound)..<max(min(first + tile, rows), own.upperBound) {
            let source = first * width + row - first
            let target = start + row * stride + own.lowerBound
            for step in 0..<own.count { elements[target + step] = solved[source + step * tile] }
          }
        }
      }
    }
  }
}
