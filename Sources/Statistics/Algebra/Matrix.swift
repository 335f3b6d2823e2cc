/// A small dense matrix of numbers, stored by rows.
///
/// For the few dozen coefficients of a model; the rows of the data never stand in one.
public struct Matrix: Hashable, Sendable, Codable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The entries, row after row.
  public private(set) var elements: [Double]

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    elements = [Double](repeating: 0, count: rows * columns)
  }

  /// A matrix with these entries, row after row.
  init(rows: Int, columns: Int, elements: [Double]) {
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A matrix whose entries come from a function of row and column.
  public init(rows: Int, columns: Int, entry: (Int, Int) -> Double) {
    self.init(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] = entry(row, column) }
    }
  }

  /// A square matrix with these numbers on its diagonal.
  public init(diagonal: [Double]) {
    self.init(rows: diagonal.count, columns: diagonal.count)
    for (position, value) in diagonal.enumerated() { self[position, position] = value }
  }

  /// The entry in a row and column, counted from 0.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// The entries on the diagonal.
  public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  static func identity(_ size: Int) -> Matrix {
    Matrix(diagonal: [Double](repeating: 1, count: size))
  }

  /// Rows and columns exchanged.
  public var transposed: Matrix {
    var entries = elements
    for row in 0..<rows {
      for column in 0..<columns { entries[column * rows + row] = elements[row * columns + column] }
    }
    return Matrix(rows: columns, columns: rows, elements: entries)
  }

  /// The sum of the diagonal.
  var trace: Double { diagonal.reduce(0, +) }

  /// The mean of the matrix and its transpose.
  var symmetrised: Matrix {
    var entries = elements
    for row in 0..<rows {
      for column in 0..<row {
        let mean = (elements[row * rows + column] + elements[column * rows + row]) / 2
        entries[row * rows + column] = mean
        entries[column * rows + row] = mean
      }
    }
    return Matrix(rows: rows, columns: columns, elements: entries)
  }

  /// The rows and columns named, in that order.
  func part(rows: [Int], columns: [Int]) -> Matrix {
    Matrix(rows: rows.count, columns: columns.count) { self[rows[$0], columns[$1]] }
  }

  static func * (left: Matrix, right: Matrix) -> Matrix {
    let (inner, width) = (left.columns, right.columns)
    var product = [Double](repeating: 0, count: left.rows * width)
    for row in 0..<left.rows {
      for position in 0..<inner {
        let factor = left.elements[row * inner + position]
        guard factor != 0 else { continue }
        for column in 0..<width {
          product[row * width + column] += factor * right.elements[position * width + column]
        }
      }
    }
    return Matrix(rows: left.rows, columns: width, elements: product)
  }

  static func * (left: Matrix, right: [Double]) -> [Double] {
    (0..<left.rows).map { row in
      (0..<left.columns).reduce(0) { $0 + left[row, $1] * right[$1] }
    }
  }

  static func * (scale: Double, matrix: Matrix) -> Matrix {
    var product = matrix
    for position in product.elements.indices { product.elements[position] *= scale }
    return product
  }

  static func + (left: Matrix, right: Matrix) -> Matrix {
    var sum = left
    sum += right
    return sum
  }

  static func += (left: inout Matrix, right: Matrix) {
    for position in left.elements.indices { left.elements[position] += right.elements[position] }
  }

  static func - (left: Matrix, right: Matrix) -> Matrix { left + (-1) * right }

  /// The sum of products of matching entries, which is the trace of one transposed times the other.
  func inner(_ other: Matrix) -> Double {
    zip(elements, other.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

/// The sum of products of matching entries.
func dot(_ left: [Double], _ right: [Double]) -> Double {
  zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
}
