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
/// step at once, one a lane, and groups with equal A are collapsed beforehand into the few that
/// have the same sums (``GroupPatterns``).
struct OneFactorCriterion: ProfiledCriterion {
  typealias Lanes = SIMD8<Double>

  let layout: RandomLayout
  let method: EstimationMethod
  let effects: Int
  let width: Int
  let blocks: Int
  /// Eight lower triangles A at a time.
  let gram: [Lanes]
  /// Eight B at a time.
  let cross: [Lanes]
  /// How many groups each lane stands for where only A matters; 0 for lanes that stand for none.
  let multiplicities: [Lanes]
  private let isCollapsed: Bool
  let total: Matrix
  let rows: Int
  let groups: Int
  /// n under ML, n − p under REML.
  let divisor: Double

  /// - Parameter collapsing: Whether groups with equal A may be collapsed.
  init(
    _ products: GroupProducts, layout: RandomLayout, method: EstimationMethod,
    collapsing: Bool = true
  ) {
    self.layout = layout
    self.method = method
    effects = products.effects
    width = products.width
    let patterns = GroupPatterns(products, collapsing: collapsing)
    isCollapsed = patterns.isCollapsed
    let count = patterns.multiplicities.count
    blocks = (count + Lanes.scalarCount - 1) / Lanes.scalarCount
    gram = Self.lanes(patterns.gram, size: products.gramSize, blocks: blocks)
    cross = Self.lanes(patterns.cross, size: products.crossSize, blocks: blocks)
    multiplicities = Self.lanes(patterns.multiplicities, size: 1, blocks: blocks)
    total = products.total
    rows = products.rows
    groups = products.groups
    divisor = Double(products.rows) - (method == .reml ? Double(products.width - 1) : 0)
  }

  /// The entries of one block's triangles.
  var gramSize: Int { effects * (effects + 1) / 2 }
  /// The number of fixed effects.
  var fixed: Int { width - 1 }

  /// Groups side by side; lanes beyond the last group stay 0 and add nothing.
  private static func lanes(_ values: [Double], size: Int, blocks: Int) -> [Lanes] {
    var lanes = [Lanes](repeating: .zero, count: blocks * size)
    var position = 0
    for group in 0..<(size > 0 ? values.count / size : 0) {
      let (block, lane) = (group / Lanes.scalarCount * size, group % Lanes.scalarCount)
      for entry in 0..<size {
        lanes[block + entry][lane] = values[position]
        position += 1
      }
    }
    return lanes
  }

  func evaluate(factor: Matrix, withGradient: Bool) -> CriterionValue? {
    var weights: [Lanes]? = withGradient ? [] : nil
    weights?.reserveCapacity(blocks * effects * effects)
    let left = eliminated(factor: factor, weights: &weights)
    var value = CriterionValue(
      reduced: left.reduced, logDeterminant: left.logDeterminant, divisor: divisor,
      method: method)
    if let weights, let reached = value {
      let slopes = gradient(factor, weights: weights, at: reached)
      value?.gradient = slopes.deviance
      value?.penaltyGradient = slopes.penalty
    }
    return value
  }

  /// log|M| and C̃.
  func eliminated(factor: Matrix) -> (logDeterminant: Double, reduced: Matrix) {
    var weights: [Lanes]?
    return eliminated(factor: factor, weights: &weights)
  }

  /// - Parameter weights: Filled with W of each block, unless `nil`.
  private func eliminated(
    factor: Matrix, weights: inout [Lanes]?
  ) -> (logDeterminant: Double, reduced: Matrix) {
    var workspace = BlockWorkspace(effects: effects, width: width, factor: factor)
    var squares = [Lanes](repeating: .zero, count: width * (width + 1) / 2)
    var determinants = Lanes(repeating: 1)
    var logarithms = 0.0
    for block in 0..<blocks {
      let determinant = workspace.eliminate(gram, from: block * gramSize)
      if isCollapsed {
        logarithms += determinant.sumOfLogarithms(times: multiplicities[block])
      } else {
        determinants *= determinant
        // The factors are at least 1: far from overflow, one logarithm stands for many.
        if determinants.max() > 1e100 {
          logarithms += determinants.sumOfLogarithms
          determinants = Lanes(repeating: 1)
        }
      }
      addSquares(of: workspace.half, block: block, to: &squares)
      if weights != nil {
        workspace.formWeight()
        weights?.append(contentsOf: workspace.weight)
      }
    }
    logarithms += determinants.sumOfLogarithms
    let reduced = Matrix(rows: width, columns: width) { row, column in
      total[row, column] - squares[packed(row, column)].sum()
    }
    return (2 * logarithms, reduced)
  }

  /// Adds the lower triangle of B′WB = (L⁻¹T′B)′(L⁻¹T′B).
  private func addSquares(of half: [Lanes], block: Int, to squares: inout [Lanes]) {
    let start = block * effects * width
    var scaled = [Lanes](repeating: .zero, count: width)
    for effect in 0..<effects {
      for column in 0..<width {
        var sum = Lanes.zero
        for inner in 0..<effects {
          sum += half[effect * effects + inner] * cross[start + inner * width + column]
        }
        scaled[column] = sum
      }
      var target = 0
      for row in 0..<width {
        for column in 0...row {
          squares[target] += scaled[row] * scaled[column]
          target += 1
        }
      }
    }
  }

  /// The derivatives of d and of r².
  private func gradient(
    _ factor: Matrix, weights: [Lanes], at value: CriterionValue
  ) -> (deviance: Matrix, penalty: Matrix) {
    var workspace = BlockWorkspace(effects: effects, width: width, factor: factor)
    let solve = inverseFactor(value.precision)
    let contrast = value.coefficients.map { -$0 } + [1]
    var sums = [Lanes](repeating: .zero, count: gramSize)
    var penalties = sums
    var column = [Lanes](repeating: .zero, count: effects)
    for block in 0..<blocks {
      let start = block * gramSize
      workspace.formShrunk(
        gram, from: start, cross, from: block * effects * width, weights: weights,
        from: block * effects * effects)
      for row in 0..<effects {
        for other in 0...row {
          var sum = Lanes.zero
          for inner in 0..<effects {
            sum += workspace.shrink[row * effects + inner] * gram[start + packed(inner, other)]
          }
          sums[packed(row, other)] += multiplicities[block] * sum
        }
      }
      for row in 0..<effects {
        column[row] = Self.combination(workspace.shrunk, row * width, contrast)
      }
      Self.addSquare(of: column, times: -1, to: &penalties)
      guard method == .reml else { continue }
      for other in 0..<fixed {
        for row in 0..<effects {
          var sum = Lanes.zero
          for inner in 0...other {
            sum.addProduct(workspace.shrunk[row * width + inner], solve[other, inner])
          }
          column[row] = sum
        }
        Self.addSquare(of: column, times: -1, to: &sums)
      }
    }
    let penalty = Matrix(rows: effects, columns: effects) { penalties[packed($0, $1)].sum() }
    let other = Matrix(rows: effects, columns: effects) { sums[packed($0, $1)].sum() }
    let share = divisor / value.penalisedSum
    return (2 * ((other + share * penalty) * factor), 2 * (penalty * factor))
  }

  @inline(__always)
  private static func combination(_ row: [Lanes], _ start: Int, _ contrast: [Double]) -> Lanes {
    var sum = Lanes.zero
    for (position, value) in contrast.enumerated() {
      sum.addProduct(row[start + position], value)
    }
    return sum
  }

  @inline(__always)
  private static func addSquare(of column: [Lanes], times scale: Double, to sums: inout [Lanes]) {
    var target = 0
    for row in column.indices {
      let scaled = column[row] * scale
      for other in 0...row {
        sums[target] += scaled * column[other]
        target += 1
      }
    }
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
