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

  /// The fitted values, fixed and random, for every row of the data; NaN for rows set aside.
  public func fittedValues() -> [Double] { spread(linearPredictor()) }

  /// Response minus fitted value for every row of the data; NaN for rows set aside.
  public func residuals() -> [Double] {
    spread(zip(model.frame.response, linearPredictor()).map(-))
  }

  /// Residuals freed of their correlation and of unequal variances, then divided by σ: standard
  /// normal and independent if the model holds; NaN for rows set aside.
  ///
  /// Each is what is new in a residual given those before it in its block, nlme's
  /// `residuals(type = "normalized")` for autoregressive structures. Costs the cube of a block's
  /// rows.
  public func normalizedResiduals() -> [Double] {
    let raw = zip(model.frame.response, linearPredictor()).map(-)
    let parameters = Array(optimum.point.dropFirst(model.layout.parameterCount))
    let frame = model.residuals
    var normalized = [Double](repeating: .nan, count: raw.count)
    for block in 0..<frame.blocks {
      let range = frame.blockStarts[block]..<frame.blockStarts[block + 1]
      let rows = range.map { frame.rows[$0] }
      let residuals = rows.map { row in
        raw[row] * (model.frame.weights.map { $0[row].squareRoot() } ?? 1)
      }
      let solved: [Double]
      if model.structure.correlation == .independent {
        // Blocks without correlation may be large; their covariance is never formed.
        let ratios = strata.map(\.ratio)
        solved = zip(range, residuals).map { position, residual in
          ratios.isEmpty ? residual : residual / ratios[Int(frame.strata[position])]
        }
      } else {
        let covariance = model.source.relativeCovariance(of: block, at: parameters)
        guard let cholesky = Cholesky(covariance) else { continue }
        solved = cholesky.solveLower(residuals)
      }
      for (row, value) in zip(rows, solved) { normalized[row] = value / sigma }
    }
    return spread(normalized)
  }

  private func spread(_ values: [Double]) -> [Double] {
    guard let rows = model.frame.rows else { return values }
    var all = [Double](
      repeating: .nan, count: model.frame.rowCount + model.frame.excludedRows)
    for (position, row) in rows.enumerated() { all[row] = values[position] }
    return all
  }

  private func linearPredictor() -> [Double] {
    let frame = model.frame
    var fitted = frame.offset ?? [Double](repeating: 0, count: frame.rowCount)
    for (effect, column) in zip(fixedEffects, model.rows.estimable) {
      let values = frame.fixed.columns[column].values.array
      for row in fitted.indices { fitted[row] += effect.estimate * values[row] }
    }
    for (term, modes) in zip(frame.random, randomEffects()) {
      for (position, column) in term.design.columns.enumerated() {
        for row in fitted.indices {
          fitted[row] += column.values[row] * modes.values[Int(term.codes[row]), position]
        }
      }
    }
    return fitted
  }
}
