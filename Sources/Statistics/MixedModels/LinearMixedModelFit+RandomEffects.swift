/// The predicted random effects of one term.
public struct ConditionalModes: Hashable, Sendable, Codable {
  /// The grouping factor.
  public let group: String
  /// Its levels, in the order of the rows of `values`.
  public let levels: [String]
  /// The names of the effects, in the order of the columns of `values`.
  public let terms: [String]
  /// The effects: best linear unbiased predictors at the estimated variances.
  public let values: Matrix
  /// For each level the covariance matrix of its effects given the data and the estimates.
  public let conditionalCovariances: [Matrix]
}

extension LinearMixedModelFit {
  /// The predicted random effects (BLUPs) with their conditional covariances, by term.
  ///
  /// u = TM⁻¹T′Z′(y − Xb), with covariance σ²TM⁻¹T′ as lme4's `ranef(condVar = TRUE)` gives it.
  public func randomEffects() -> [ConditionalModes] {
    let predictions = ConditionalPredictions(model, optimum: optimum)
    let scales = BackTransform(model)
    let layout = model.layout
    return layout.terms.indices.map { position in
      let term = model.frame.random[position]
      let factor = layout.factors[position]
      let own = layout.effects(ofFactor: factor)
      let range = own.indices.filter {
        let effect = own[$0] - layout.terms[position].firstEffect
        return effect >= 0 && effect < layout.terms[position].effects
      }
      let back = scales.random[position]
      var values = Matrix(rows: term.levels.count, columns: range.count)
      var covariances: [Matrix] = []
      for level in term.levels.indices {
        let effects = predictions.effects[factor][level]
        for (column, value) in (back * range.map { effects[$0] }).enumerated() {
          values[level, column] = value * scales.responseScale
        }
        let block = predictions.covariances[factor][level].part(rows: range, columns: range)
        covariances.append((sigma * sigma) * (back * block * back.transposed))
      }
      return ConditionalModes(
        group: term.groupName, levels: term.levels, terms: term.design.columns.map(\.name),
        values: values, conditionalCovariances: covariances)
    }
  }

  /// The fitted values, fixed and random, for every row of the data; NaN for rows set aside.
  public func fittedValues() -> [Double] {
    spread(linearPredictor())
  }

  /// Response minus fitted value for every row of the data; NaN for rows set aside.
  public func residuals() -> [Double] {
    spread(zip(model.frame.response, linearPredictor()).map(-))
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
    for (effect, column) in zip(fixedEffects, model.estimable) {
      let values = frame.fixed.columns[column].values
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
