/// The mean that a model predicts for one row, random effects at 0.
public struct Prediction: Hashable, Sendable, Codable {
  /// The predicted mean.
  public let value: Double
  /// Its standard error, from the fixed effects alone.
  public let standardError: Double
  /// The lower end of its confidence interval.
  public let lower: Double
  /// The upper end of its confidence interval.
  public let upper: Double
}

extension LinearMixedModelFit {
  /// The means that the fixed effects predict for other rows, with confidence intervals.
  ///
  /// - Parameter data: The columns of the fixed effects; factors may have other level orders.
  /// - Returns: One for each row; all NaN where a value is missing or a level is new.
  /// - Throws: ``ModelError`` when a column is missing or of another kind.
  public func predictions(for data: ModelData) throws(ModelError) -> [Prediction] {
    let design = try model.fixedDesign(of: data, rowCount: data.rowCount)
    let offset = try model.offset(of: data)
    return (0..<data.rowCount).map { row in
      let weights = model.estimable.map { design.columns[$0].values[row] }
      guard weights.allSatisfy(\.isFinite) else {
        return Prediction(value: .nan, standardError: .nan, lower: .nan, upper: .nan)
      }
      let effect = contrast(weights, name: "")
      return Prediction(
        value: effect.estimate + offset[row], standardError: effect.standardError,
        lower: effect.lower + offset[row], upper: effect.upper + offset[row])
    }
  }

  /// The values predicted for other rows with the random effects of the groups that the model
  /// knows; new groups get the mean of the population.
  ///
  /// - Returns: One for each row; NaN where a value of the fixed effects or of a known group's
  ///   random effects is missing.
  public func conditionalPredictions(for data: ModelData) throws(ModelError) -> [Double] {
    let design = try model.fixedDesign(of: data, rowCount: data.rowCount)
    var values = try model.offset(of: data)
    for (effect, column) in zip(fixedEffects, model.estimable) {
      let column = design.columns[column].values
      for row in values.indices { values[row] += effect.estimate * column[row] }
    }
    let modes = randomEffects()
    for (position, term) in model.orderedRandomTerms.enumerated() {
      let codes = try model.codes(of: term, levels: modes[position].levels, in: data)
      let columns = try model.design(of: term.effects, in: data, rowCount: data.rowCount).columns
      for row in values.indices where codes[row] >= 0 {
        for (place, column) in columns.enumerated() {
          values[row] += column.values[row] * modes[position].values[Int(codes[row]), place]
        }
      }
    }
    return values
  }
}

extension LinearMixedModel {
  /// The random terms in the order in which they were fitted.
  fileprivate var orderedRandomTerms: [RandomTerm] {
    var waiting = formula.random
    return frame.random.compactMap { fitted in
      let names = fitted.design.columns.map(\.name)
      let found = waiting.firstIndex { term in
        term.groupName == fitted.groupName
          && term.effects.hasIntercept == (names.first == "(Intercept)")
          && term.effects.terms.map(term.effects.label) == fitted.design.termNames
      }
      return found.map { waiting.remove(at: $0) }
    }
  }

  /// The columns of a list of effects for other rows.
  fileprivate func design(
    of list: TermList, in data: ModelData, rowCount: Int
  ) throws(ModelError) -> DesignMatrix {
    let evaluator = VariableEvaluator(data: data, rows: nil, constants: frame.constants)
    let variables = try list.variables.map { (node) throws(ModelError) in
      try evaluator.variable(node)
    }
    return try DesignMatrix(
      list, variables: variables, codings: frame.codings, rowCount: rowCount)
  }

  /// The sum of the formula's offsets for other rows.
  fileprivate func offset(of data: ModelData) throws(ModelError) -> [Double] {
    let evaluator = VariableEvaluator(data: data, rows: nil, constants: frame.constants)
    var total = [Double](repeating: 0, count: data.rowCount)
    for node in formula.fixed.offsets {
      total = zip(total, try evaluator.numbers(node)).map(+)
    }
    return total
  }

  /// The group of each of other rows among the known levels, -1 for a new one.
  fileprivate func codes(
    of term: RandomTerm, levels: [String], in data: ModelData
  ) throws(ModelError) -> [Int32] {
    let evaluator = VariableEvaluator(data: data, rows: nil)
    var names: [String?] = [String?](repeating: "", count: data.rowCount)
    for (position, node) in term.group.enumerated() {
      guard case .factor(let own, let codes) = try evaluator.grouping(node) else { continue }
      for row in names.indices {
        guard let name = names[row], codes[row] >= 0 else {
          names[row] = nil
          continue
        }
        names[row] = position == 0 ? own[Int(codes[row])] : name + ":" + own[Int(codes[row])]
      }
    }
    var positions: [String: Int32] = [:]
    for (position, level) in levels.enumerated() { positions[level] = Int32(position) }
    return names.map { $0.flatMap { positions[$0] } ?? -1 }
  }
}
