import RealModule

extension ResidualModelFit {
  /// What the model predicts for other rows with the random effects of their groups, old or new.
  ///
  /// As for ``LinearMixedModelFit/conditionalPredictions(for:)``, by rows whitened with the
  /// estimated residual structure. What residuals of the same person would add to the prediction of a
  /// row near theirs in time is not in it (nor in nlme's `predict`); the interval of a new response
  /// is that of a row for itself, of its own stratum, wave or power, where the rows tell which.
  ///
  /// - Returns: One for each row; all NaN where a value of a fixed or random effect is missing, or
  ///   the data of the model cannot estimate the mean.
  /// - Throws: ``ModelError`` when a column is missing or of another kind.
  public func conditionalPredictions(
    for data: ModelData
  ) throws(ModelError) -> [ConditionalPrediction] {
    let rows = try NewRows(tables, data: data)
    let terms = try NewTermRows.all(tables, data: data)
    let modes = randomEffects()
    let standardisation = model.standardisation
    let layout = model.layout
    var workspace = ShrinkageWorkspace(
      effects: layout.effects,
      factor: layout.factor(Array(optimum.point.prefix(layout.parameterCount))))
    let deviations = newDeviations(for: data)
    return (0..<data.rowCount).map { row in
      let weights = rows.weights(row)
      let isKnown = terms.allSatisfy { $0.codes[row] >= 0 }
      if let obstacle = rows.obstacle(row, terms) {
        return ConditionalPrediction(obstacle: obstacle, isKnown: isKnown)
      }
      var value = dot(weights, estimates) + rows.offset[row]
      var variance = 0.0
      var x = zip(tables.estimable, weights).map { standardisation.fixed[$0].standardised($1) }
      let z = terms.indices.flatMap { position in
        zip(terms[position].columns, standardisation.random[position]).map {
          $1.standardised($0[row])
        }
      }
      // All terms have the same groups, so a row knows all of them or none.
      if let code = terms.first?.codes[row], code >= 0 {
        let group = Int(code)
        for (position, term) in terms.enumerated() {
          for (place, column) in term.columns.enumerated() {
            value += column[row] * modes[position].values[group, place]
          }
        }
        let products = whitened.products
        if workspace.shrink(products.gram, from: group * products.gramSize) {
          let turned = (0..<layout.effects).map { effect in
            (0..<layout.effects).reduce(0) {
              $0 + workspace.weights[effect * layout.effects + $1] * z[$1]
            }
          }
          variance += sigma * sigma * dot(z, turned)
          let cross = products.cross(group)
          for (effect, own) in turned.enumerated() {
            for column in x.indices { x[column] -= cross[effect, column] * own }
          }
        }
      } else {
        for (position, term) in terms.enumerated() {
          variance += varianceComponents[position].covariance.quadratic(
            term.columns.map { $0[row] })
        }
      }
      let half = optimum.value.precision.solveLower(x)
      variance += sigma * sigma * dot(half, half)
      let deviation = sigma * deviations(row, value)
      return ConditionalPrediction(
        value: value, variance: variance, residualVariance: deviation * deviation,
        reach: reach(weights), isKnown: isKnown)
    }
  }

  /// The residual standard deviation of other rows over σ, by row and predicted value; NaN where a
  /// row does not tell its stratum, wave or covariate.
  private func newDeviations(
    for data: ModelData
  ) -> (_ row: Int, _ value: Double) -> Double {
    let evaluator = VariableEvaluator(data: data, rows: nil)
    func levels(_ name: String) -> [String?] {
      let node = FormulaNode(kind: .name(name), column: 0, depth: 1)
      guard case .factor(let levels, let codes) = try? evaluator.grouping(node) else {
        return [String?](repeating: nil, count: data.rowCount)
      }
      return codes.map { $0 < 0 ? nil : levels[Int($0)] }
    }
    if let waves, let name = structure.time {
      let own = levels(name)
      let known = waves.standardDeviations
      return { row, _ in
        own[row].flatMap(waves.waves.firstIndex(of:)).map { known[$0] / sigma } ?? .nan
      }
    }
    if let name = structure.stratum {
      let own = levels(name)
      return { row, _ in strata.first { $0.name == own[row] }?.ratio ?? .nan }
    }
    if let power = structure.power, let weights = model.source as? PowerWeights,
      let exponent = optimum.point.last
    {
      var covariate: [Double]?
      if case .covariate(let name) = power {
        let node = FormulaNode(kind: .name(name), column: 0, depth: 1)
        covariate =
          (try? evaluator.numbers(node)) ?? [Double](repeating: .nan, count: data.rowCount)
      }
      return { row, value in
        Double.pow(abs(covariate?[row] ?? value) / weights.centre, exponent)
      }
    }
    return { _, _ in 1 }
  }
}
