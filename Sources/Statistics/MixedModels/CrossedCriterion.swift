import RealModule

/// The criterion of a model with several grouping factors, nested or crossed.
///
/// The groups of the first factor are eliminated as in ``OneFactorCriterion``; with G = Z′U for the
/// columns U of the other factors, what is left is S = U′U − Σ G′WG and S_B = U′B − Σ G′WB, on which
/// the other factors act as one group each component with a block diagonal Λ:
/// M_U = Λ′SΛ + I, W_U = ΛM_U⁻¹Λ′, C̃ = C − ΣB′WB − S_B′W_US_B.
///
/// The gradient is that of any mixed model, from F = Z′V⁻¹X, h = Z′V⁻¹(y − Xb) and the diagonal
/// blocks of Z′V⁻¹Z: ∂log|M|/∂T = 2Z′V⁻¹ZT, which for the other factors is SΛM_U⁻¹.
struct CrossedCriterion: ProfiledCriterion {
  let layout: RandomLayout
  let method: EstimationMethod
  let divisor: Double
  let products: GroupProducts
  let crossings: Crossings
  /// The effects of each factor among all effects.
  let factorEffects: [[Int]]

  init(
    _ products: GroupProducts, _ crossings: Crossings, layout: RandomLayout,
    method: EstimationMethod
  ) {
    self.layout = layout
    self.method = method
    self.products = products
    self.crossings = crossings
    factorEffects = (0..<layout.factorCount).map(layout.effects(ofFactor:))
    divisor = Double(products.rows) - (method == .reml ? Double(products.width - 1) : 0)
  }

  /// The number of fixed effects.
  var fixed: Int { products.width - 1 }

  func evaluate(factor: Matrix, withGradient: Bool) -> CriterionValue? {
    guard let state = Elimination(self, factor: factor) else { return nil }
    var value = CriterionValue(
      reduced: state.reduced, logDeterminant: state.logDeterminant, divisor: divisor,
      method: method)
    if withGradient, let reached = value {
      let slopes = gradient(state, factor: factor, at: reached)
      value?.gradient = slopes.deviance
      value?.penaltyGradient = slopes.penalty
    }
    return value
  }

  func expectedCovariance(factor: Matrix) -> Matrix? { nil }

  /// T of one factor.
  func part(_ factor: Matrix, of number: Int) -> Matrix {
    factor.part(rows: factorEffects[number], columns: factorEffects[number])
  }

  private func gradient(
    _ state: Elimination, factor: Matrix, at value: CriterionValue
  ) -> (deviance: Matrix, penalty: Matrix) {
    let solve = inverseFactor(value.precision).transposed
    let contrast = value.coefficients.map { -$0 } + [1]
    let columns = Array(0..<fixed)
    var curvature = factorEffects.map { Matrix(rows: $0.count, columns: $0.count) }
    var penalties = curvature
    state.forEachLevel { number, shrunk, slope in
      curvature[number] += slope
      if method == .reml {
        let turned = shrunk.part(rows: Array(0..<shrunk.rows), columns: columns) * solve
        curvature[number] += -1 * (turned * turned.transposed * part(factor, of: number))
      }
      let score = shrunk * contrast
      penalties[number] +=
        -1
        * (Matrix(rows: score.count, columns: score.count) { score[$0] * score[$1] }
          * part(factor, of: number))
    }
    var deviance = Matrix(rows: layout.effects, columns: layout.effects)
    var penalty = deviance
    let share = divisor / value.penalisedSum
    for (number, effects) in factorEffects.enumerated() {
      for (row, first) in effects.enumerated() {
        for (column, second) in effects.enumerated() {
          penalty[first, second] = 2 * penalties[number][row, column]
          deviance[first, second] =
            2 * curvature[number][row, column] + share * penalty[first, second]
        }
      }
    }
    return (deviance, penalty)
  }
}

extension CrossedCriterion {
  /// What one θ leaves after all random effects are eliminated.
  struct Elimination {
    /// One group of the eliminated factor.
    struct Group {
      var weight: Matrix
      var shrink: Matrix
    }

    /// One component of the other factors.
    struct Reduced {
      var gram: Matrix
      /// Λ.
      var factor: Matrix
      /// M_U⁻¹.
      var inverse: Matrix
      /// W_U.
      var weight: Matrix
      /// W_US_B.
      var solved: Matrix
      var cross: Matrix
    }

    let criterion: CrossedCriterion
    let factor: Matrix
    private(set) var groups: [Group] = []
    private(set) var components: [Reduced] = []
    private(set) var logDeterminant = 0.0
    /// C̃.
    private(set) var reduced: Matrix

    /// - Returns: `nil` for want of precision.
    init?(_ criterion: CrossedCriterion, factor: Matrix) {
      self.criterion = criterion
      self.factor = factor
      let products = criterion.products
      reduced = products.total
      let own = criterion.part(factor, of: 0)
      for group in 0..<products.groups {
        let gram = products.gram(group)
        let cross = products.cross(group)
        guard
          let pivot = Cholesky(own.transposed * gram * own + .identity(own.rows))
        else { return nil }
        logDeterminant += pivot.logDeterminant
        let weight = own * pivot.inverse * own.transposed
        groups.append(Group(weight: weight, shrink: .identity(own.rows) - gram * weight))
        reduced += -1 * (cross.transposed * (weight * cross))
      }
      for component in criterion.crossings.components {
        guard let left = reduce(component) else { return nil }
        reduced += -1 * (left.cross.transposed * left.solved)
        components.append(left)
      }
      reduced = reduced.symmetrised
    }

    private mutating func reduce(_ component: Crossings.Component) -> Reduced? {
      let products = criterion.products
      var gram = component.gram
      var cross = component.cross
      for link in component.links {
        let weighted = groups[link.group].weight * link.products
        let square = link.products.transposed * weighted
        let share = weighted.transposed * products.cross(link.group)
        for (row, first) in link.columns.enumerated() {
          for (column, second) in link.columns.enumerated() {
            gram[first, second] -= square[row, column]
          }
          for column in 0..<products.width { cross[first, column] -= share[row, column] }
        }
      }
      let factor = blockFactor(component)
      let scaled = gram * factor
      let pivot = factor.transposed * scaled + .identity(gram.rows)
      guard let inverse = DenseCholesky(pivot.symmetrised) else { return nil }
      logDeterminant += inverse.logDeterminant
      let weight = factor * inverse.inverse * factor.transposed
      return Reduced(
        gram: gram, factor: factor, inverse: inverse.inverse, weight: weight,
        solved: weight * cross, cross: cross)
    }

    /// Λ of a component.
    private func blockFactor(_ component: Crossings.Component) -> Matrix {
      var blocks = Matrix(rows: component.gram.rows, columns: component.gram.rows)
      for block in component.blocks {
        let own = criterion.part(factor, of: block.factor)
        for row in 0..<own.rows {
          for column in 0..<own.columns {
            blocks[block.start + row, block.start + column] = own[row, column]
          }
        }
      }
      return blocks
    }

    /// For each level of each factor: the factor, Z′V⁻¹[X y], and Z′V⁻¹ZT, the slope of log|M|.
    func forEachLevel(_ body: (Int, _ shrunk: Matrix, _ slope: Matrix) -> Void) {
      let own = criterion.part(factor, of: 0)
      for (component, left) in zip(criterion.crossings.components, components) {
        for link in component.links {
          let group = groups[link.group]
          let bridge = group.shrink * link.products
          let weight = left.weight.part(rows: link.columns, columns: link.columns)
          let solved = left.solved.part(
            rows: link.columns, columns: Array(0..<criterion.products.width))
          let precision =
            group.shrink * criterion.products.gram(link.group)
            - bridge * weight * bridge.transposed
          body(
            0, group.shrink * criterion.products.cross(link.group) - bridge * solved,
            precision * own)
        }
        let shrunk = left.cross - left.gram * left.solved
        let scaled = left.factor * left.inverse
        let width = Array(0..<criterion.products.width)
        for block in component.blocks {
          let size = criterion.factorEffects[block.factor].count
          let range = Array(block.start..<(block.start + size))
          let all = Array(0..<left.gram.rows)
          body(
            block.factor, shrunk.part(rows: range, columns: width),
            left.gram.part(rows: range, columns: all) * scaled.part(rows: all, columns: range))
        }
      }
    }
  }
}
