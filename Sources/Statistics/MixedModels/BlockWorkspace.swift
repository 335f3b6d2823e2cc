/// The per-group algebra of ``OneFactorCriterion``, eight groups at a time, in memory that is
/// allocated once for all blocks.
struct BlockWorkspace {
  typealias Lanes = SIMD8<Double>

  let effects: Int
  let width: Int
  /// T, of any shape: only TT′ matters to the model.
  let factor: Matrix
  /// L⁻¹T′, where LL′ = M = T′AT + I; square, by rows.
  private(set) var half: [Lanes]
  /// W = TM⁻¹T′; square, by rows.
  private(set) var weight: [Lanes]
  /// E = I − AW; square, by rows.
  private(set) var shrink: [Lanes]
  /// EB; by rows.
  private(set) var shrunk: [Lanes]
  private var product: [Lanes]
  private var pivot: [Lanes]

  init(effects: Int, width: Int, factor: Matrix) {
    self.effects = effects
    self.width = width
    self.factor = factor
    half = [Lanes](repeating: .zero, count: effects * effects)
    weight = half
    shrink = half
    product = half
    pivot = half
    shrunk = [Lanes](repeating: .zero, count: effects * width)
  }

  /// Factors M and makes L⁻¹T′.
  ///
  /// - Parameter start: Where the triangles A of the block begin in `gram`.
  /// - Returns: The product of the diagonal of L, whose logarithm is half of log|M|.
  mutating func eliminate(_ gram: [Lanes], from start: Int) -> Lanes {
    formPivot(gram, from: start)
    let size = effects
    var determinant = Lanes(repeating: 1)
    for column in 0..<size {
      for row in column..<size {
        var sum = pivot[row * size + column]
        for inner in 0..<column {
          sum -= pivot[row * size + inner] * pivot[column * size + inner]
        }
        pivot[row * size + column] =
          row == column ? sum.squareRoot() : sum / pivot[column * size + column]
      }
      determinant *= pivot[column * size + column]
    }
    for row in 0..<size {
      for column in 0..<size {
        var sum = Lanes(repeating: factor[column, row])
        for inner in 0..<row { sum -= pivot[row * size + inner] * half[inner * size + column] }
        half[row * size + column] = sum / pivot[row * size + row]
      }
    }
    return determinant
  }

  /// The lower triangle of M = T′AT + I.
  private mutating func formPivot(_ gram: [Lanes], from start: Int) {
    let size = effects
    for row in 0..<size {
      for column in 0..<size {
        var sum = Lanes.zero
        for inner in 0..<size {
          sum.addProduct(gram[start + packed(row, inner)], factor[inner, column])
        }
        product[row * size + column] = sum
      }
    }
    for row in 0..<size {
      for column in 0...row {
        var sum = Lanes(repeating: row == column ? 1 : 0)
        for inner in 0..<size {
          sum.addProduct(product[inner * size + column], factor[inner, row])
        }
        pivot[row * size + column] = sum
      }
    }
  }

  /// Makes W from L⁻¹T′.
  mutating func formWeight() {
    let size = effects
    for row in 0..<size {
      for column in 0...row {
        var sum = Lanes.zero
        for inner in 0..<size {
          sum += half[inner * size + row] * half[inner * size + column]
        }
        weight[row * size + column] = sum
        weight[column * size + row] = sum
      }
    }
  }

  /// Makes E and EB from the W at `weights`, which may be this workspace's own.
  mutating func formShrunk(
    _ gram: [Lanes], from gramStart: Int, _ cross: [Lanes], from crossStart: Int,
    weights: [Lanes], from weightStart: Int
  ) {
    let size = effects
    for row in 0..<size {
      for column in 0..<size {
        var sum = Lanes(repeating: row == column ? 1 : 0)
        for inner in 0..<size {
          sum -=
            gram[gramStart + packed(row, inner)] * weights[weightStart + inner * size + column]
        }
        shrink[row * size + column] = sum
      }
    }
    for row in 0..<size {
      for column in 0..<width {
        var sum = Lanes.zero
        for inner in 0..<size {
          sum += shrink[row * size + inner] * cross[crossStart + inner * width + column]
        }
        shrunk[row * width + column] = sum
      }
    }
  }
}

extension SIMD8<Double> {
  @inline(__always)
  mutating func addProduct(_ left: Self, _ right: Double) { self += left * right }

  /// The sum of the lanes' logarithms.
  var sumOfLogarithms: Double { indices.reduce(0) { $0 + logarithm(self[$1]) } }

  /// The sum of the lanes' logarithms, each times its weight.
  func sumOfLogarithms(times weights: Self) -> Double {
    indices.reduce(0) { $0 + (weights[$1] > 0 ? weights[$1] * logarithm(self[$1]) : 0) }
  }
}
