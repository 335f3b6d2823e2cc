/// The random effects of every level of every factor given the data, in standardised units.
///
/// With one factor u = Wt, t = B[−b; 1], and the covariance is W. With more, the levels of the other
/// factors come first, u_U = W_U S_B[−b; 1], and then u = W(t − Gu_U), with covariances W_U and
/// W + WGW_UG′W.
struct ConditionalPredictions {
  /// By factor, then level.
  private(set) var effects: [[[Double]]]
  /// Covariances at σ = 1, by factor, then level.
  private(set) var covariances: [[Matrix]]

  init(_ model: LinearMixedModel, optimum: Optimum) {
    let products = model.products.main
    let contrast = optimum.value.coefficients.map { -$0 } + [1]
    let factor = model.layout.factor(optimum.theta)
    effects = [(0..<products.groups).map { _ in [] }]
    covariances = [[Matrix](repeating: Matrix(rows: 0, columns: 0), count: products.groups)]
    guard let crossed = optimum.criterion as? CrossedCriterion else {
      for group in 0..<products.groups {
        let weight = Self.weight(products.gram(group), factor: factor)
        effects[0][group] = weight * (products.cross(group) * contrast)
        covariances[0][group] = weight
      }
      return
    }
    guard let state = CrossedCriterion.Elimination(crossed, factor: factor) else { return }
    for (number, own) in crossed.factorEffects.enumerated().dropFirst() {
      let levels = crossed.crossings.components.reduce(0) { sum, component in
        sum + component.blocks.count { $0.factor == number }
      }
      effects.append([[Double]](repeating: own.map { _ in 0 }, count: levels))
      covariances.append(
        [Matrix](repeating: Matrix(rows: own.count, columns: own.count), count: levels))
    }
    for (component, left) in zip(crossed.crossings.components, state.components) {
      let outer = left.solved * contrast
      for block in component.blocks {
        let range = Array(block.start..<(block.start + crossed.factorEffects[block.factor].count))
        effects[block.factor][block.level] = range.map { outer[$0] }
        covariances[block.factor][block.level] = left.weight.part(rows: range, columns: range)
      }
      for link in component.links {
        let weight = state.groups[link.group].weight
        let met = link.products * link.columns.map { outer[$0] }
        let score = products.cross(link.group) * contrast
        effects[0][link.group] = weight * zip(score, met).map(-)
        let bridge = weight * link.products
        let inner = left.weight.part(rows: link.columns, columns: link.columns)
        covariances[0][link.group] = weight + bridge * inner * bridge.transposed
      }
    }
  }

  /// W = TM⁻¹T′ of one group.
  private static func weight(_ gram: Matrix, factor: Matrix) -> Matrix {
    let inner = factor.transposed * gram * factor + .identity(gram.rows)
    guard let cholesky = Cholesky(inner) else { return Matrix(rows: gram.rows, columns: gram.rows) }
    return factor * cholesky.inverse * factor.transposed
  }
}
