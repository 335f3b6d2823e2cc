import RealModule

/// The criterion of a model with several grouping factors, nested or crossed.
///
/// The groups of the first factor are eliminated as in ``OneFactorCriterion``; with G = Z′U for the
/// columns U of the other factors, what is left is S = U′U − Σ G′WG and S_B = U′B − Σ G′WB, on
/// which the other factors act as one group each component with a block diagonal Λ: M_U = Λ′SΛ + I,
/// W_U = ΛM_U⁻¹Λ′, C̃ = C − ΣB′WB − S_B′W_US_B.
///
/// The gradient is that of any mixed model, from F = Z′V⁻¹X, h = Z′V⁻¹(y − Xb) and the diagonal
/// blocks of Z′V⁻¹Z: ∂log|M|/∂T = 2Z′V⁻¹ZT, which for the other factors is SΛM_U⁻¹.
struct CrossedCriterion: ProfiledCriterion {
  let layout: RandomLayout
  let method: EstimationMethod
  let divisor: Double
  let products: GroupProducts
  let crossings: Crossings
  /// The links of each component.
  let tables: [LinkTable]
  /// The eliminated factor on its own, each group in a lane of its own.
  let inner: OneFactorCriterion
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
    tables = crossings.components.map(LinkTable.init)
    inner = OneFactorCriterion(products, layout: layout, method: method, collapsing: false)
    factorEffects = (0..<layout.factorCount).map(layout.effects(ofFactor:))
    divisor = Double(products.rows) - (method == .reml ? Double(products.width - 1) : 0)
  }

  /// The number of fixed effects.
  var fixed: Int { products.width - 1 }

  func evaluate(factor: Matrix, withGradient: Bool) -> CriterionValue? {
    guard let state = Elimination(self, factor: factor, inverting: withGradient) else { return nil }
    var value = CriterionValue(
      reduced: state.reduced, logDeterminant: state.logDeterminant, divisor: divisor,
      method: method)
    if withGradient, let reached = value {
      let levels = state.levels()
      let slopes = gradient(levels, factor: factor, at: reached)
      value?.gradient = slopes.deviance
      value?.penaltyGradient = slopes.penalty
      if crossings.components.contains(where: { $0.gram.rows >= Self.dearSize }) {
        value?.averageInformation = averageInformation(state, levels: levels, at: reached)
      }
    }
    return value
  }

  /// Rows of a reduced matrix from which on a gradient takes milliseconds. Below, differences of
  /// gradients are cheap, and tell more of flat directions than the average information does.
  static let dearSize = 200

  func expectedCovariance(factor: Matrix) -> Matrix? { nil }

  /// T of one factor.
  func part(_ factor: Matrix, of number: Int) -> Matrix {
    factor.part(rows: factorEffects[number], columns: factorEffects[number])
  }

  private func gradient(
    _ levels: [Elimination.Level], factor: Matrix, at value: CriterionValue
  ) -> (deviance: Matrix, penalty: Matrix) {
    let solve = inverseFactor(value.precision).transposed
    let contrast = value.coefficients.map { -$0 } + [1]
    let columns = Array(0..<fixed)
    var curvature = factorEffects.map { Matrix(rows: $0.count, columns: $0.count) }
    var penalties = curvature
    let own = factorEffects.indices.map { part(factor, of: $0) }
    for level in levels {
      curvature[level.factor] += level.slope
      if method == .reml {
        let turned =
          level.shrunk.part(rows: Array(0..<level.shrunk.rows), columns: columns) * solve
        curvature[level.factor] += -1 * (turned * turned.transposed * own[level.factor])
      }
      let score = level.shrunk * contrast
      penalties[level.factor] +=
        -1
        * (Matrix(rows: score.count, columns: score.count) { score[$0] * score[$1] }
          * own[level.factor])
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
