/// Algebra of lower triangles of a few random effects, stored by rows in flat arrays that are used
/// again for each group.
enum SmallTriangle {
  /// The Cholesky factor of T′AT + I.
  @inline(__always)
  static func decompose(
    _ gram: [Double], factor: [Double], size: Int, work: inout [Double],
    into result: inout [Double]
  ) {
    if size == 1 {
      result[0] = (gram[0] * factor[0] * factor[0] + 1).squareRoot()
      return
    }
    for row in 0..<size {
      for column in 0..<size {
        var sum = 0.0
        for inner in column..<size {
          sum += gram[row * size + inner] * factor[inner * size + column]
        }
        work[row * size + column] = sum
      }
    }
    for column in 0..<size {
      for row in column..<size {
        var sum = row == column ? 1.0 : 0.0
        for inner in row..<size {
          sum += factor[inner * size + row] * work[inner * size + column]
        }
        for inner in 0..<column {
          sum -= result[row * size + inner] * result[column * size + inner]
        }
        result[row * size + column] =
          row == column ? sum.squareRoot() : sum / result[column * size + column]
      }
    }
  }

  /// (LL′)⁻¹.
  static func invert(_ lower: [Double], size: Int, into inverse: inout [Double]) {
    for column in 0..<size {
      for row in 0..<size { inverse[row * size + column] = row == column ? 1 : 0 }
      solveLower(lower, size: size, &inverse, offset: column, stride: size)
      solveUpper(lower, size: size, &inverse, offset: column, stride: size)
    }
  }

  /// L⁻¹x in place.
  @inline(__always)
  static func solveLower(
    _ lower: [Double], size: Int, _ vector: inout [Double], offset: Int = 0, stride: Int = 1
  ) {
    for row in 0..<size {
      var sum = vector[offset + row * stride]
      for column in 0..<row {
        sum -= lower[row * size + column] * vector[offset + column * stride]
      }
      vector[offset + row * stride] = sum / lower[row * size + row]
    }
  }

  /// L⁻ᵀx in place.
  @inline(__always)
  static func solveUpper(
    _ lower: [Double], size: Int, _ vector: inout [Double], offset: Int = 0, stride: Int = 1
  ) {
    for row in (0..<size).reversed() {
      var sum = vector[offset + row * stride]
      for below in (row + 1)..<max(size, row + 1) {
        sum -= lower[below * size + row] * vector[offset + below * stride]
      }
      vector[offset + row * stride] = sum / lower[row * size + row]
    }
  }

  /// Tv.
  @inline(__always)
  static func multiply(
    _ factor: [Double], _ vector: [Double], size: Int, into result: inout [Double]
  ) {
    for row in 0..<size {
      var sum = 0.0
      for column in 0...row { sum += factor[row * size + column] * vector[column] }
      result[row] = sum
    }
  }

  /// The squared length of a vector in the metric (LL′)⁻¹; `nil` when not finite.
  @inline(__always)
  static func squaredLength(
    _ vector: [Double], by lower: [Double], size: Int, work: inout [Double]
  ) -> Double? {
    var sum = 0.0
    for row in 0..<size {
      var value = vector[row]
      for column in 0..<row { value -= lower[row * size + column] * work[column] }
      value /= lower[row * size + row]
      work[row] = value
      sum += value * value
    }
    return sum.isFinite ? sum : nil
  }
}
