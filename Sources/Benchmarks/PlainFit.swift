import Foundation

/// The bound of a linear fit: what any program must do for `y ~ time * arm + (time | id)` by REML,
/// written out for this one model in plain loops on one thread.
///
/// One pass over the rows sums the cross-products of each participant; after it the criterion and its
/// gradient are computed from those, participant by participant, as often as a search asks.
struct PlainFit {
  /// For each participant: Z′Z (three numbers) and Z′[1 time arm time·arm y] (two rows of five).
  private var blocks: [Double]
  /// [X y]′[X y] by rows.
  private var total = [Double](repeating: 0, count: 25)
  private let rows: Double

  private static let blockSize = 13
  private static let fixed = 4

  /// The pass over the rows.
  init(_ growth: GrowthData) {
    blocks = [Double](repeating: 0, count: growth.people * Self.blockSize)
    rows = Double(growth.y.count)
    for row in growth.y.indices {
      let (time, arm) = (growth.time[row], Double(growth.arm[row]))
      let start = Int(growth.id[row]) * Self.blockSize
      let y = growth.y[row]
      blocks[start] += 1
      blocks[start + 1] += time
      blocks[start + 2] += time * time
      let values = (1.0, time, arm, time * arm, y)
      blocks[start + 3] += values.0
      blocks[start + 4] += values.1
      blocks[start + 5] += values.2
      blocks[start + 6] += values.3
      blocks[start + 7] += values.4
      blocks[start + 8] += time * values.0
      blocks[start + 9] += time * values.1
      blocks[start + 10] += time * values.2
      blocks[start + 11] += time * values.3
      blocks[start + 12] += time * values.4
      // The other sums of [X y] follow from those by participant.
      total[24] += y * y
    }
    // X is Z and Z times the participant's arm, so X′[X y] are sums of the blocks.
    for person in 0..<growth.people {
      let start = person * Self.blockSize
      let isTreated = blocks[start + 5] > 0
      for column in 0..<5 {
        for (row, source) in [(0, 3), (1, 8)] {
          let value = blocks[start + source + column]
          total[row * 5 + column] += value
          if isTreated { total[(row + 2) * 5 + column] += value }
        }
      }
    }
    for column in 0..<4 { total[20 + column] = total[column * 5 + 4] }
  }

  /// The REML criterion, less its constant, and its gradient by the entries of T, at a θ.
  func criterion(_ theta: [Double]) -> (value: Double, gradient: [Double]) {
    let (a, b, c) = (theta[0], theta[1], theta[2])
    var reduced = total
    var logarithms = 0.0
    let people = blocks.count / Self.blockSize
    for person in 0..<people {
      let start = person * Self.blockSize
      let (w, determinant) = weight(start, a, b, c)
      logarithms += log(determinant)
      for column in 0..<5 {
        let (first, second) = (blocks[start + 3 + column], blocks[start + 8 + column])
        let (left, right) = (w.0 * first + w.1 * second, w.1 * first + w.2 * second)
        for other in 0...column {
          reduced[column * 5 + other] -=
            blocks[start + 3 + other] * left + blocks[start + 8 + other] * right
        }
      }
    }
    let lower = Self.cholesky(reduced)
    let squares = lower[24] * lower[24]
    let divisor = rows - Double(Self.fixed)
    var value = logarithms + divisor * (1 + log(2 * .pi * squares / divisor))
    for column in 0..<Self.fixed { value += 2 * log(lower[column * 6]) }
    let inverse = Self.inverse(lower)
    // The last row of L⁻¹ is (−b, 1) over the root of r².
    let contrast = (0..<5).map { inverse[20 + $0] * lower[24] }
    var sums = (0.0, 0.0, 0.0)
    for person in 0..<people {
      let start = person * Self.blockSize
      let (w, _) = weight(start, a, b, c)
      let (x, y, z) = (blocks[start], blocks[start + 1], blocks[start + 2])
      let shrink = (
        1 - x * w.0 - y * w.1, -x * w.1 - y * w.2, -y * w.0 - z * w.1, 1 - y * w.1 - z * w.2
      )
      sums.0 += shrink.0 * x + shrink.1 * y
      sums.1 += shrink.0 * y + shrink.1 * z
      sums.2 += shrink.2 * y + shrink.3 * z
      var left = (0.0, 0.0, 0.0, 0.0, 0.0)
      var right = left
      (left.0, right.0) = shrunk(start, 0, shrink)
      (left.1, right.1) = shrunk(start, 1, shrink)
      (left.2, right.2) = shrunk(start, 2, shrink)
      (left.3, right.3) = shrunk(start, 3, shrink)
      (left.4, right.4) = shrunk(start, 4, shrink)
      for row in 0..<Self.fixed {
        let place = row * 5
        let first =
          inverse[place] * left.0 + inverse[place + 1] * left.1 + inverse[place + 2] * left.2
          + inverse[place + 3] * left.3
        let second =
          inverse[place] * right.0 + inverse[place + 1] * right.1 + inverse[place + 2] * right.2
          + inverse[place + 3] * right.3
        sums.0 -= first * first
        sums.1 -= first * second
        sums.2 -= second * second
      }
      let first =
        contrast[0] * left.0 + contrast[1] * left.1 + contrast[2] * left.2
        + contrast[3] * left.3 + left.4
      let second =
        contrast[0] * right.0 + contrast[1] * right.1 + contrast[2] * right.2
        + contrast[3] * right.3 + right.4
      let share = divisor / squares
      sums.0 -= share * first * first
      sums.1 -= share * first * second
      sums.2 -= share * second * second
    }
    return (
      value, [2 * (sums.0 * a + sums.1 * b), 2 * (sums.1 * a + sums.2 * b), 2 * sums.2 * c]
    )
  }

  /// W = T(T′AT + I)⁻¹T′ of a participant, and the determinant of what is inverted.
  @inline(__always)
  private func weight(
    _ start: Int, _ a: Double, _ b: Double, _ c: Double
  ) -> (weight: (Double, Double, Double), determinant: Double) {
    let (x, y, z) = (blocks[start], blocks[start + 1], blocks[start + 2])
    let first = a * (a * x + b * y) + b * (a * y + b * z) + 1
    let second = c * (a * y + b * z)
    let third = c * c * z + 1
    let determinant = first * third - second * second
    let (u, v, w) = (third / determinant, -second / determinant, first / determinant)
    return (
      (a * a * u, a * (b * u + c * v), b * (b * u + c * v) + c * (b * v + c * w)), determinant
    )
  }

  /// A column of EB of a participant.
  @inline(__always)
  private func shrunk(
    _ start: Int, _ column: Int, _ shrink: (Double, Double, Double, Double)
  ) -> (Double, Double) {
    let (first, second) = (blocks[start + 3 + column], blocks[start + 8 + column])
    return (shrink.0 * first + shrink.1 * second, shrink.2 * first + shrink.3 * second)
  }

  /// The lower factor of a matrix of five rows, of which the lower triangle counts.
  private static func cholesky(_ matrix: [Double]) -> [Double] {
    var lower = [Double](repeating: 0, count: 25)
    for column in 0..<5 {
      for row in column..<5 {
        var sum = matrix[row * 5 + column]
        for inner in 0..<column { sum -= lower[row * 5 + inner] * lower[column * 5 + inner] }
        lower[row * 5 + column] =
          row == column ? sum.squareRoot() : sum / lower[column * 5 + column]
      }
    }
    return lower
  }

  /// The inverse of a lower factor of five rows.
  private static func inverse(_ lower: [Double]) -> [Double] {
    var inverse = [Double](repeating: 0, count: 25)
    for column in 0..<5 {
      for row in column..<5 {
        var sum = row == column ? 1.0 : 0
        for inner in column..<row { sum -= lower[row * 5 + inner] * inverse[inner * 5 + column] }
        inverse[row * 5 + column] = sum / lower[row * 5 + row]
      }
    }
    return inverse
  }
}
