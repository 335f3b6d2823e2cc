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
  /// The covariances by rows, one level after another.
  private let covarianceElements: [Double]

  init(
    group: String, levels: [String], terms: [String], values: Matrix,
    covarianceElements: [Double]
  ) {
    self.group = group
    self.levels = levels
    self.terms = terms
    self.values = values
    self.covarianceElements = covarianceElements
  }

  init(
    group: String, levels: [String], terms: [String], values: Matrix,
    conditionalCovariances: [Matrix]
  ) {
    self.init(
      group: group, levels: levels, terms: terms, values: values,
      covarianceElements: conditionalCovariances.flatMap(\.elements))
  }

  /// The covariance matrix of the effects of one level given the data and the estimates.
  ///
  /// - Parameter level: Its position in `levels`.
  public func conditionalCovariance(ofLevel level: Int) -> Matrix {
    let size = terms.count * terms.count
    return Matrix(
      rows: terms.count, columns: terms.count,
      elements: Array(covarianceElements[(level * size)..<((level + 1) * size)]))
  }
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
      return ConditionalModes(
        group: term.groupName, levels: term.levels, terms: term.design.columns.map(\.name),
        values: Self.moved(
          predictions.effects[factor], levels: term.levels.count, effects: own.count,
          range: range, by: scales.responseScale * back),
        covarianceElements: Self.turned(
          predictions.covariances[factor], levels: term.levels.count, effects: own.count,
          range: range, by: sigma * back))
    }
  }

  /// Some effects of each level times a matrix.
  private static func moved(
    _ values: [Double], levels: Int, effects: Int, range: [Int], by matrix: Matrix
  ) -> Matrix {
    let size = range.count
    var moved = [Double](repeating: 0, count: levels * size)
    for level in 0..<levels {
      for row in 0..<size {
        var sum = 0.0
        for (column, effect) in range.enumerated() {
          sum += matrix.elements[row * size + column] * values[level * effects + effect]
        }
        moved[level * size + row] = sum
      }
    }
    return Matrix(rows: levels, columns: size, elements: moved)
  }

  /// The blocks of some effects of each level, between a matrix and its transpose.
  private static func turned(
    _ values: [Double], levels: Int, effects: Int, range: [Int], by matrix: Matrix
  ) -> [Double] {
    let size = range.count
    var turned = [Double](repeating: 0, count: levels * size * size)
    var half = [Double](repeating: 0, count: size * size)
    for level in 0..<levels {
      let start = level * effects * effects
      for row in 0..<size {
        for column in 0..<size {
          var sum = 0.0
          for (inner, effect) in range.enumerated() {
            sum +=
              matrix.elements[row * size + inner]
              * values[start + effect * effects + range[column]]
          }
          half[row * size + column] = sum
        }
      }
      for row in 0..<size {
        for column in 0..<size {
          var sum = 0.0
          for inner in 0..<size {
            sum += half[row * size + inner] * matrix.elements[column * size + inner]
          }
          turned[(level * size + row) * size + column] = sum
        }
      }
    }
    return turned
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
      let values = frame.fixed.columns[column].values.array
      for row in fitted.indices { fitted[row] += effect.estimate * values[row] }
    }
    for (term, modes) in zip(frame.random, randomEffects()) {
      for (position, column) in term.design.columns.enumerated() {
        let values = column.values.array
        for row in fitted.indices {
          fitted[row] += values[row] * modes.values[Int(term.codes[row]), position]
        }
      }
    }
    return fitted
  }
}
