extension ResidualModelFit {
  /// The predicted random effects (BLUPs) with their conditional covariances, by term; none in a
  /// marginal model.
  ///
  /// u = TM⁻¹T′Z′R⁻¹(y − Xb), with covariance σ²TM⁻¹T′.
  public func randomEffects() -> [ConditionalModes] {
    let layout = model.layout
    guard layout.effects > 0 else { return [] }
    let back = ResidualBackTransform(model)
    let products = whitened.products
    let whole = layout.factor(Array(optimum.point.prefix(layout.parameterCount)))
    let contrast = optimum.value.coefficients.map { -$0 } + [1]
    var values = layout.terms.map { Matrix(rows: products.groups, columns: $0.effects) }
    var covariances: [[Double]] = layout.terms.map { _ in [] }
    var workspace = ShrinkageWorkspace(effects: layout.effects, factor: whole)
    for group in 0..<products.groups {
      // A group whose M is not positive definite to rounding keeps the zeros of its weights.
      let isDefined = workspace.shrink(products.gram, from: group * products.gramSize)
      let weights =
        isDefined ? workspace.weights : [Double](repeating: 0, count: workspace.weights.count)
      let shrinkage = Matrix(rows: layout.effects, columns: layout.effects) {
        weights[$0 * layout.effects + $1]
      }
      let effects = shrinkage * (products.cross(group) * contrast)
      for (position, term) in layout.terms.enumerated() {
        let range = Array(term.firstEffect..<(term.firstEffect + term.effects))
        let moved = back.random[position] * range.map { effects[$0] }
        for (column, value) in moved.enumerated() {
          values[position][group, column] = value * back.responseScale
        }
        let block = shrinkage.part(rows: range, columns: range)
        let turned = back.random[position] * block * back.random[position].transposed
        covariances[position] += ((sigma * sigma) * turned).elements
      }
    }
    return layout.terms.indices.map { position in
      let term = model.frame.random[position]
      return ConditionalModes(
        group: term.groupName, levels: term.levels, terms: term.design.columns.map(\.name),
        values: values[position], covarianceElements: covariances[position])
    }
  }

  /// The fitted values of the rows used.
  var usedFittedValues: [Double] {
    tables.frame.linearPredictor(estimates, of: tables.estimable, modes: randomEffects())
  }
}
