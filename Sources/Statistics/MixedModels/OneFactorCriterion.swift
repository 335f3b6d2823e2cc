import RealModule

/// The criterion of a model with one grouping factor, from the groups' cross-products.
///
/// With T the relative covariance factor and, for each group, M = T′AT + I, W = TM⁻¹T′ and
/// E = I − AW:
///
/// - C̃ = C − Σ B′WB, whose Cholesky factor holds R, the coefficients and r²;
/// - H = EA = Z′V⁻¹Z, F = EB_X = Z′V⁻¹X, h = E(B_y − B_X b) = Z′V⁻¹(y − Xb);
/// - ∂d/∂T = 2 Σ [H − F(R′R)⁻¹F′ − (m/r²) hh′] T, the middle term under REML only.
///
/// Nothing divides by T, so the gradient holds where T is singular. Eight groups go through each
/// step at once, one a lane.
struct OneFactorCriterion: ProfiledCriterion {
  typealias Lanes = SIMD8<Double>

  let layout: RandomLayout
  let method: EstimationMethod
  private let effects: Int
  private let width: Int
  private let blocks: Int
  /// Eight lower triangles A at a time.
  private let gram: [Lanes]
  /// Eight B at a time.
  private let cross: [Lanes]
  private let total: Matrix
  /// n under ML, n − p under REML.
  private let divisor: Double

  init(_ products: GroupProducts, layout: RandomLayout, method: EstimationMethod) {
    self.layout = layout
    self.method = method
    effects = products.effects
    width = products.width
    blocks = (products.groups + Lanes.scalarCount - 1) / Lanes.scalarCount
    gram = Self.lanes(products.gram, size: products.gramSize, blocks: blocks)
    cross = Self.lanes(products.cross, size: products.crossSize, blocks: blocks)
    total = products.total
    divisor = Double(products.rows) - (method == .reml ? Double(products.width - 1) : 0)
  }

  /// Groups side by side; lanes beyond the last group stay 0 and add nothing.
  private static func lanes(_ values: [Double], size: Int, blocks: Int) -> [Lanes] {
    var lanes = [Lanes](repeating: .zero, count: blocks * size)
    for (position, value) in values.enumerated() {
      let (group, entry) = (position / size, position % size)
      lanes[group / Lanes.scalarCount * size + entry][group % Lanes.scalarCount] = value
    }
    return lanes
  }

  func evaluate(_ theta: [Double], withGradient: Bool) -> CriterionValue? {
    let factor = layout.factor(theta)
    var weights = [Lanes](repeating: .zero, count: blocks * effects * effects)
    let (logDeterminant, reduced) = eliminate(factor, weights: &weights)
    guard let cholesky = Cholesky(reduced) else { return nil }
    let fixed = width - 1
    let last = cholesky.factor[fixed, fixed]
    let penalisedSum = last * last
    guard
      let precision = Cholesky(
        reduced.part(rows: Array(0..<fixed), columns: Array(0..<fixed)))
    else { return nil }
    let coefficients = precision.solveUpper((0..<fixed).map { cholesky.factor[fixed, $0] })
    var deviance =
      logDeterminant + divisor * (1 + Double.log(2 * Double.pi * penalisedSum / divisor))
    if method == .reml { deviance += precision.logDeterminant }
    guard deviance.isFinite else { return nil }
    var value = CriterionValue(
      deviance: deviance, logDeterminant: logDeterminant, penalisedSum: penalisedSum,
      coefficients: coefficients, precision: precision, gradient: [])
    if withGradient { value.gradient = gradient(factor, weights: weights, at: value) }
    return value
  }

  /// The first sweep: log|M|, C̃, and each group's W for the second.
  private func eliminate(
    _ factor: Matrix, weights: inout [Lanes]
  ) -> (logDeterminant: Double, reduced: Matrix) {
    let size = effects
    var squares = [Lanes](repeating: .zero, count: width * (width + 1) / 2)
    var half = [Lanes](repeating: .zero, count: size * size)
    var pivot = half
    var product = half
    var scaled = [Lanes](repeating: .zero, count: size * width)
    var determinants = Lanes(repeating: 1)
    var logarithms = 0.0
    for block in 0..<blocks {
      let a = block * size * (size + 1) / 2
      // product = AT, pivot = lower triangle of M.
      for row in 0..<size {
        for column in 0..<size {
          var sum = Lanes.zero
          for inner in column..<size {
            sum.addProduct(gram[a + packed(row, inner)], factor[inner, column])
          }
          product[row * size + column] = sum
        }
      }
      for row in 0..<size {
        for column in 0...row {
          var sum = Lanes(repeating: row == column ? 1 : 0)
          for inner in row..<size {
            sum.addProduct(product[inner * size + column], factor[inner, row])
          }
          pivot[row * size + column] = sum
        }
      }
      // pivot becomes its own Cholesky factor L, half = L⁻¹T′.
      for column in 0..<size {
        for row in column..<size {
          var sum = pivot[row * size + column]
          for inner in 0..<column {
            sum -= pivot[row * size + inner] * pivot[column * size + inner]
          }
          pivot[row * size + column] =
            row == column ? sum.squareRoot() : sum / pivot[column * size + column]
        }
        determinants *= pivot[column * size + column]
      }
      if determinants.max() > 1e100 {
        logarithms += Self.sumOfLogarithms(determinants)
        determinants = Lanes(repeating: 1)
      }
      for row in 0..<size {
        for column in 0..<size {
          var sum = Lanes(repeating: factor[column, row])
          for inner in 0..<row {
            sum -= pivot[row * size + inner] * half[inner * size + column]
          }
          half[row * size + column] = sum / pivot[row * size + row]
        }
      }
      let w = block * size * size
      for row in 0..<size {
        for column in 0...row {
          var sum = Lanes.zero
          for inner in 0..<size {
            sum += half[inner * size + row] * half[inner * size + column]
          }
          weights[w + row * size + column] = sum
          weights[w + column * size + row] = sum
        }
      }
      // C̃ loses (L⁻¹T′B)′(L⁻¹T′B).
      let b = block * size * width
      for row in 0..<size {
        for column in 0..<width {
          var sum = Lanes.zero
          for inner in 0..<size {
            sum += half[row * size + inner] * cross[b + inner * width + column]
          }
          scaled[row * width + column] = sum
        }
      }
      for effect in 0..<size {
        var target = 0
        for row in 0..<width {
          let left = scaled[effect * width + row]
          for column in 0...row {
            squares[target] += left * scaled[effect * width + column]
            target += 1
          }
        }
      }
    }
    logarithms += Self.sumOfLogarithms(determinants)
    let reduced = Matrix(rows: width, columns: width) { row, column in
      total[row, column] - squares[packed(row, column)].sum()
    }
    return (2 * logarithms, reduced)
  }

  /// The second sweep: the derivatives of d.
  private func gradient(
    _ factor: Matrix, weights: [Lanes], at value: CriterionValue
  ) -> [Double] {
    let size = effects
    let fixed = width - 1
    let solve = inverseFactor(value.precision)
    let penalty = (divisor / value.penalisedSum).squareRoot()
    let contrast = value.coefficients.map { -penalty * $0 } + [penalty]
    var sums = [Lanes](repeating: .zero, count: size * (size + 1) / 2)
    var shrink = [Lanes](repeating: .zero, count: size * size)
    var shrunk = [Lanes](repeating: .zero, count: size * width)
    var column = [Lanes](repeating: .zero, count: size)
    for block in 0..<blocks {
      let a = block * size * (size + 1) / 2
      let w = block * size * size
      let b = block * size * width
      for row in 0..<size {
        for other in 0..<size {
          var sum = Lanes(repeating: row == other ? 1 : 0)
          for inner in 0..<size {
            sum -= gram[a + packed(row, inner)] * weights[w + inner * size + other]
          }
          shrink[row * size + other] = sum
        }
      }
      for row in 0..<size {
        for other in 0..<width {
          var sum = Lanes.zero
          for inner in 0..<size {
            sum += shrink[row * size + inner] * cross[b + inner * width + other]
          }
          shrunk[row * width + other] = sum
        }
        for other in 0...row {
          var sum = Lanes.zero
          for inner in 0..<size {
            sum += shrink[row * size + inner] * gram[a + packed(inner, other)]
          }
          sums[packed(row, other)] += sum
        }
      }
      for row in 0..<size {
        var sum = Lanes.zero
        for other in 0..<width { sum.addProduct(shrunk[row * width + other], contrast[other]) }
        column[row] = sum
      }
      Self.subtractSquare(of: column, from: &sums)
      guard method == .reml else { continue }
      for other in 0..<fixed {
        for row in 0..<size {
          var sum = Lanes.zero
          for inner in 0...other {
            sum.addProduct(shrunk[row * width + inner], solve[other, inner])
          }
          column[row] = sum
        }
        Self.subtractSquare(of: column, from: &sums)
      }
    }
    let total = Matrix(rows: size, columns: size) { sums[packed($0, $1)].sum() }
    return layout.parameters(2 * (total * factor))
  }

  private static func subtractSquare(of column: [Lanes], from sums: inout [Lanes]) {
    var target = 0
    for row in column.indices {
      for other in 0...row {
        sums[target] -= column[row] * column[other]
        target += 1
      }
    }
  }

  private static func sumOfLogarithms(_ lanes: Lanes) -> Double {
    lanes.indices.reduce(0) { $0 + Double.log(lanes[$1]) }
  }
}

/// The place of an entry of a symmetric matrix in its lower triangle by rows.
@inline(__always)
func packed(_ row: Int, _ column: Int) -> Int {
  row >= column ? row * (row + 1) / 2 + column : column * (column + 1) / 2 + row
}

/// L⁻¹ of a Cholesky factor, so that x′A⁻¹x is the squared length of L⁻¹x.
func inverseFactor(_ cholesky: Cholesky) -> Matrix {
  let size = cholesky.factor.rows
  var inverse = Matrix(rows: size, columns: size)
  for column in 0..<size {
    var unit = [Double](repeating: 0, count: size)
    unit[column] = 1
    let solved = cholesky.solveLower(unit)
    for row in column..<size { inverse[row, column] = solved[row] }
  }
  return inverse
}

extension SIMD8<Double> {
  @inline(__always)
  fileprivate mutating func addProduct(_ left: Self, _ right: Double) { self += left * right }
}
