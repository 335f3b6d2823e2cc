/// The random effects of every level of every factor given the data, in standardised units.
///
/// With one factor u = Wt, t = B[−b; 1], and the covariance is W. With more, the levels of the
/// other factors come first, u_U = W_U S_B[−b; 1], and then u = W(t − Gu_U), with covariances W_U
/// and W + WGW_UG′W.
struct ConditionalPredictions {
  /// By factor: the effects of each level, one level after another.
  private(set) var effects: [[Double]]
  /// By factor: the covariances at σ = 1 by rows, one level after another.
  private(set) var covariances: [[Double]]

  init(_ model: LinearMixedModel, optimum: Optimum) {
    let products = model.products.main
    let contrast = optimum.value.coefficients.map { -$0 } + [1]
    let factor = model.layout.factor(optimum.theta)
    effects = []
    covariances = []
    guard let crossed = optimum.criterion as? CrossedCriterion else {
      let weights = Self.weights(products, factor: factor)
      effects = [Self.modes(products, weights: weights, contrast: contrast)]
      covariances = [weights]
      return
    }
    guard let state = CrossedCriterion.Elimination(crossed, factor: factor) else { return }
    predict(crossed, state: state, contrast: contrast)
  }

  /// W of each group, eight groups at a time.
  private static func weights(_ products: GroupProducts, factor: Matrix) -> [Double] {
    let size = products.effects
    var weights = [Double](repeating: 0, count: products.groups * size * size)
    var workspace = BlockWorkspace(effects: size, width: products.width, factor: factor)
    var gram = [BlockWorkspace.Lanes](repeating: .zero, count: products.gramSize)
    for first in stride(from: 0, to: products.groups, by: 8) {
      let lanes = 0..<min(8, products.groups - first)
      for entry in 0..<products.gramSize {
        for lane in lanes {
          gram[entry][lane] = products.gram[(first + lane) * products.gramSize + entry]
        }
      }
      _ = workspace.eliminate(gram, from: 0)
      workspace.formWeight()
      for entry in 0..<(size * size) {
        let values = workspace.weight[entry]
        for lane in lanes { weights[(first + lane) * size * size + entry] = values[lane] }
      }
    }
    return weights
  }

  /// WB[−b; 1] of each group.
  private static func modes(
    _ products: GroupProducts, weights: [Double], contrast: [Double]
  ) -> [Double] {
    let (size, width) = (products.effects, products.width)
    var modes = [Double](repeating: 0, count: products.groups * size)
    for group in 0..<products.groups {
      for inner in 0..<size {
        var score = 0.0
        let start = (group * size + inner) * width
        for column in 0..<width { score += products.cross[start + column] * contrast[column] }
        for row in 0..<size {
          modes[group * size + row] += weights[(group * size + row) * size + inner] * score
        }
      }
    }
    return modes
  }

  private mutating func predict(
    _ crossed: CrossedCriterion, state: CrossedCriterion.Elimination, contrast: [Double]
  ) {
    for (number, own) in crossed.factorEffects.enumerated() {
      let levels =
        number == 0
        ? crossed.products.groups
        : crossed.crossings.components.reduce(0) { sum, component in
          sum + component.blocks.count { $0.factor == number }
        }
      effects.append([Double](repeating: 0, count: levels * own.count))
      covariances.append([Double](repeating: 0, count: levels * own.count * own.count))
    }
    for (component, left) in zip(crossed.crossings.components, state.components) {
      let outer = left.solved * contrast
      let covariance = left.weight
      for block in component.blocks {
        let range = Array(block.start..<(block.start + crossed.factorEffects[block.factor].count))
        store(
          range.map { outer[$0] }, covariance.part(rows: range, columns: range),
          factor: block.factor, level: block.level)
      }
      for link in component.links {
        let weight = state.weight(link.group)
        let met = link.products * link.columns.map { outer[$0] }
        let score = crossed.products.cross(link.group) * contrast
        let bridge = weight * link.products
        let inner = covariance.part(rows: link.columns, columns: link.columns)
        store(
          weight * zip(score, met).map(-), weight + bridge * inner * bridge.transposed,
          factor: 0, level: link.group)
      }
    }
  }

  private mutating func store(
    _ values: [Double], _ covariance: Matrix, factor: Int, level: Int
  ) {
    let size = values.count
    for (position, value) in values.enumerated() {
      effects[factor][level * size + position] = value
    }
    for (position, value) in covariance.elements.enumerated() {
      covariances[factor][level * size * size + position] = value
    }
  }
}
