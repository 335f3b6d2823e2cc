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
    let scales = BackTransform(model)
    let layout = model.layout
    let products = model.products
    let whole = layout.factor(optimum.theta)
    let contrast = optimum.value.coefficients.map { -$0 } + [1]
    var values = layout.terms.map { Matrix(rows: products.groups, columns: $0.effects) }
    var covariances: [[Matrix]] = layout.terms.map { _ in [] }
    for group in 0..<products.groups {
      guard let shrinkage = Self.shrinkage(products.gram(group), factor: whole) else { continue }
      let effects = shrinkage * (products.cross(group) * contrast)
      for (position, term) in layout.terms.enumerated() {
        let range = Array(term.firstEffect..<(term.firstEffect + term.effects))
        let back = scales.random[position]
        let moved = back * range.map { effects[$0] }
        for (column, value) in moved.enumerated() {
          values[position][group, column] = value * scales.responseScale
        }
        let block = shrinkage.part(rows: range, columns: range)
        covariances[position].append((sigma * sigma) * (back * block * back.transposed))
      }
    }
    return layout.terms.indices.map { position in
      let term = model.frame.random[position]
      return ConditionalModes(
        group: term.groupName, levels: term.levels, terms: term.design.columns.map(\.name),
        values: values[position], conditionalCovariances: covariances[position])
    }
  }

  /// W = TM⁻¹T′ of one group.
  private static func shrinkage(_ gram: Matrix, factor: Matrix) -> Matrix? {
    let inner = factor.transposed * gram * factor + .identity(gram.rows)
    guard let cholesky = Cholesky(inner) else { return nil }
    return factor * cholesky.inverse * factor.transposed
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
