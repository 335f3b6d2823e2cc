/// The variance of what a linear mixed model predicts for a row with its random effects, over σ².
///
/// For a row (x, z, u) of a group, with W, B, G as in ``CrossedCriterion``, the joint covariance of
/// the estimates' errors (Henderson 1975) gives z′Wz + ũ′W_Uũ + x̃′C̃⁻¹x̃, where ũ = u − G′Wz and
/// x̃ = x − B′Wz − S_B′W_Uũ. For a row of the model, times its prior weight, that is its leverage:
/// the entry of the hat matrix.
struct PredictionGeometry {
  private let layout: RandomLayout
  private let products: GroupProducts
  private let precision: Cholesky
  /// W of each group by rows, for one factor.
  private let weights: [Double]
  private let crossed: (criterion: CrossedCriterion, state: CrossedCriterion.Elimination)?
  /// W_U of each component.
  private var outerWeights: [Matrix] = []
  /// By group of the first factor: its component and link.
  private var links: [(component: Int, link: Int)] = []
  /// By other factor, then level.
  private var places: [[Crossings.Place]] = []

  /// - Returns: `nil` for want of precision.
  init?(_ model: LinearMixedModel, optimum: Optimum) {
    layout = model.layout
    products = model.products.main
    precision = optimum.value.precision
    let factor = layout.factor(optimum.theta)
    guard let criterion = optimum.criterion as? CrossedCriterion else {
      weights =
        OneFactorCriterion(products, layout: layout, method: .ml, collapsing: false)
        .unpacked(factor: factor).weights
      crossed = nil
      return
    }
    guard let state = CrossedCriterion.Elimination(criterion, factor: factor) else { return nil }
    weights = []
    crossed = (criterion, state)
    outerWeights = state.components.map(\.weight)
    links = [(component: Int, link: Int)](repeating: (0, 0), count: products.groups)
    places = criterion.crossings.places(factors: layout.factorCount)
    for (number, component) in criterion.crossings.components.enumerated() {
      for (position, link) in component.links.enumerated() {
        links[link.group] = (number, position)
      }
    }
  }

  /// - Parameters:
  ///   - fixed: The row's estimable fixed columns, standardised.
  ///   - random: By factor: the level, and its random-effect columns, standardised; `nil` for a
  ///     level that the model does not know, whose effects are not in the variance.
  func relativeVariance(fixed: [Double], random: [(level: Int, values: [Double])?]) -> Double {
    var variance = 0.0
    var x = fixed
    // By component: the columns of ũ that are not 0, and their values.
    var rest: [Int: [Int: Double]] = [:]
    for (factor, row) in random.enumerated().dropFirst() {
      guard let row else { continue }
      let place = places[factor][row.level]
      for (position, value) in row.values.enumerated() {
        rest[place.component, default: [:]][place.start + position, default: 0] += value
      }
    }
    if let row = random.first ?? nil {
      let weight = weight(of: row.level)
      let turned = weight * row.values
      variance += dot(row.values, turned)
      let start = row.level * products.crossSize
      for (effect, value) in turned.enumerated() {
        for column in x.indices {
          x[column] -= products.cross[start + effect * products.width + column] * value
        }
      }
      if let crossed {
        let place = links[row.level]
        let link = crossed.criterion.crossings.components[place.component].links[place.link]
        for (position, column) in link.columns.enumerated() {
          let met = (0..<turned.count).reduce(0) { $0 + link.products[$1, position] * turned[$1] }
          rest[place.component, default: [:]][column, default: 0] -= met
        }
      }
    }
    if let crossed {
      for (component, entries) in rest {
        let left = crossed.state.components[component]
        let weight = outerWeights[component]
        for (row, value) in entries {
          for (column, other) in entries { variance += value * other * weight[row, column] }
          for column in x.indices { x[column] -= left.solved[row, column] * value }
        }
      }
    }
    let half = precision.solveLower(x)
    return variance + dot(half, half)
  }

  private func weight(of group: Int) -> Matrix {
    if let crossed { return crossed.state.weight(group) }
    let size = products.effects * products.effects
    return Matrix(
      rows: products.effects, columns: products.effects,
      elements: Array(weights[(group * size)..<((group + 1) * size)]))
  }
}

extension LinearMixedModelFit {
  /// How much each row of the data draws its own fitted value: the diagonal of the hat matrix of
  /// fixed and random effects at the estimated variances, lme4's `hatvalues`; NaN for rows set aside.
  ///
  /// Their sum is the effective number of parameters.
  ///
  /// - Throws: ``ModelError/numerical(_:)``.
  public func leverages() throws(ModelError) -> [Double] {
    try tables.requireRows()
    let geometry = try geometry()
    let frame = tables.frame
    let standardisation = model.standardisation
    let values = (0..<frame.rowCount).map { row -> Double in
      let fixed = tables.estimable.map { column in
        standardisation.fixed[column].standardised(frame.fixed.columns[column].values[row])
      }
      var random = [(level: Int, values: [Double])?](
        repeating: nil, count: model.layout.factorCount)
      for (position, term) in frame.random.enumerated() {
        let columns = zip(term.design.columns, standardisation.random[position]).map {
          $1.standardised($0.values[row])
        }
        let factor = model.layout.factors[position]
        random[factor] = (Int(term.codes[row]), (random[factor]?.values ?? []) + columns)
      }
      return geometry.relativeVariance(fixed: fixed, random: random)
        * (frame.weights?[row] ?? 1)
    }
    return frame.spread(values)
  }

  func geometry() throws(ModelError) -> PredictionGeometry {
    guard let geometry = PredictionGeometry(model, optimum: optimum) else {
      throw .numerical("the covariance of the predictions is not defined")
    }
    return geometry
  }
}

extension Standardisation.Column {
  /// (x − centre) / scale.
  func standardised(_ value: Double) -> Double { (value - centre) / scale }
}
