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
  /// Why there is no prediction, in words; `nil` where there is one.
  public let obstacle: String?
}

/// The mean that a model predicts for one row of a group, with that group's random effects.
public struct ConditionalPrediction: Hashable, Sendable, Codable {
  /// The predicted mean: with the predicted random effects of groups that the model knows, with 0
  /// for those of new ones.
  public let value: Double
  /// The standard deviation of its error, from fixed and random effects together; for a new group
  /// the variance of its random effects is in it.
  public let standardError: Double
  /// The lower end of the interval of the group's mean.
  public let lower: Double
  /// The upper end of that interval.
  public let upper: Double
  /// The lower end of the interval of a new response of weight 1.
  public let responseLower: Double
  /// The upper end of that interval.
  public let responseUpper: Double
  /// Whether the model knows all groups of the row.
  public let isKnown: Bool
  /// Why there is no prediction, in words; `nil` where there is one.
  public let obstacle: String?
}

extension LinearModelFit {
  /// The means that the fixed effects predict for other rows, with confidence intervals.
  ///
  /// - Parameter data: The columns of the fixed effects; factors may have other level orders.
  /// - Returns: One for each row; all NaN where a value is missing, a level is new, or the data of
  ///   the model cannot estimate the mean.
  /// - Throws: ``ModelError`` when a column is missing or of another kind.
  public func predictions(for data: ModelData) throws(ModelError) -> [Prediction] {
    let design = try tables.fixedDesign(of: data, rowCount: data.rowCount)
    let offset = try tables.offset(of: data)
    let obstacles = try tables.obstacles(design, of: data, offset: offset)
    return (0..<data.rowCount).map { row in
      if let obstacle = obstacles[row] {
        return Prediction(
          value: .nan, standardError: .nan, lower: .nan, upper: .nan, obstacle: obstacle)
      }
      let effect = contrast(tables.estimable.map { design.columns[$0].values[row] }, name: "")
      return Prediction(
        value: effect.estimate + offset[row], standardError: effect.standardError,
        lower: effect.lower + offset[row], upper: effect.upper + offset[row], obstacle: nil)
    }
  }
}

extension LinearMixedModelFit {
  /// What the model predicts for other rows with the random effects of their groups, old or new.
  ///
  /// The error's variance is that of x′b + z′u less their predictions at the estimated variances
  /// (Henderson 1975, *Best linear unbiased estimation and prediction*); the uncertainty of the
  /// variances enters only through the degrees of freedom, which are those of x′b.
  ///
  /// - Returns: One for each row; all NaN where a value of a fixed or random effect is missing, or
  ///   the data of the model cannot estimate the mean.
  /// - Throws: ``ModelError`` when a column is missing or of another kind.
  public func conditionalPredictions(
    for data: ModelData
  ) throws(ModelError) -> [ConditionalPrediction] {
    let geometry = try geometry()
    let design = try tables.fixedDesign(of: data, rowCount: data.rowCount)
    let offset = try tables.offset(of: data)
    let terms = try termRows(of: data)
    let obstacles = try tables.obstacles(design, of: data, offset: offset)
    let standardisation = model.standardisation
    return (0..<data.rowCount).map { row in
      let weights = tables.estimable.map { design.columns[$0].values[row] }
      let isKnown = terms.allSatisfy { $0.codes[row] >= 0 }
      let isComplete = terms.allSatisfy { $0.columns.allSatisfy { $0[row].isFinite } }
      if let obstacle = obstacles[row] ?? (isComplete ? nil : "a value is missing") {
        return ConditionalPrediction(
          value: .nan, variance: .nan, residualVariance: .nan, quantile: .nan, isKnown: isKnown,
          obstacle: obstacle)
      }
      var value = dot(weights, estimates) + offset[row]
      var variance = 0.0
      var random = [(level: Int, values: [Double])?](
        repeating: nil, count: model.layout.factorCount)
      for (position, term) in terms.enumerated() {
        let z = term.columns.map { $0[row] }
        guard term.codes[row] >= 0 else {
          variance += varianceComponents[position].covariance.quadratic(z)
          continue
        }
        let level = Int(term.codes[row])
        for (place, own) in z.enumerated() { value += own * term.modes[level, place] }
        let factor = model.layout.factors[position]
        random[factor] = (
          level,
          (random[factor]?.values ?? [])
            + zip(z, standardisation.random[position]).map { $1.standardised($0) }
        )
      }
      let fixed = zip(tables.estimable, weights).map {
        standardisation.fixed[$0].standardised($1)
      }
      variance += sigma * sigma * geometry.relativeVariance(fixed: fixed, random: random)
      let freedom = tables.inference.degreesOfFreedom(weights) ?? .infinity
      let quantile = StudentDistribution(degreesOfFreedom: freedom).quantile(
        (1 + confidenceLevel) / 2)
      return ConditionalPrediction(
        value: value, variance: variance, residualVariance: sigma * sigma, quantile: quantile,
        isKnown: isKnown, obstacle: nil)
    }
  }

  /// A random term over other rows: its columns, and the groups that the model knows.
  private struct TermRows {
    var columns: [[Double]]
    /// -1 for a new group.
    var codes: [Int32]
    var modes: Matrix
  }

  private func termRows(of data: ModelData) throws(ModelError) -> [TermRows] {
    let modes = randomEffects()
    var rows: [TermRows] = []
    for (position, term) in model.orderedRandomTerms.enumerated() {
      rows.append(
        TermRows(
          columns: try model.design(of: term.effects, in: data, rowCount: data.rowCount)
            .columns.map(\.values.array),
          codes: try model.codes(of: term, levels: modes[position].levels, in: data),
          modes: modes[position].values))
    }
    return rows
  }
}

extension ConditionalPrediction {
  fileprivate init(
    value: Double, variance: Double, residualVariance: Double, quantile: Double, isKnown: Bool,
    obstacle: String?
  ) {
    self.value = value
    standardError = variance.squareRoot()
    lower = value - quantile * variance.squareRoot()
    upper = value + quantile * variance.squareRoot()
    responseLower = value - quantile * (variance + residualVariance).squareRoot()
    responseUpper = value + quantile * (variance + residualVariance).squareRoot()
    self.isKnown = isKnown
    self.obstacle = obstacle
  }
}

extension LinearMixedModel {
  /// The random terms in the order in which they were fitted.
  var orderedRandomTerms: [RandomTerm] {
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

extension FitTables {
  /// Why the fixed effects predict nothing for some of other rows, in words.
  fileprivate func obstacles(
    _ design: DesignMatrix, of data: ModelData, offset: [Double]
  ) throws(ModelError) -> [String?] {
    let estimability = try estimability()
    return (0..<data.rowCount).map { row in
      let weights = design.columns.map { $0.values[row] }
      guard weights.allSatisfy(\.isFinite), offset[row].isFinite else {
        return unusableValue(of: data, row: row)
      }
      guard estimability?.holds(weights) ?? true else {
        return "not estimable: the model has no rows with these levels together"
      }
      return nil
    }
  }

  /// Which value of a row the fixed effects cannot use.
  private func unusableValue(of data: ModelData, row: Int) -> String {
    let names = (formula.fixed.variables + formula.fixed.offsets).reduce(
      into: Set(offsetNames)
    ) { $0.formUnion($1.names) }
    for name in data.names where names.contains(name) {
      switch data[name] {
      case .numeric(let values) where values[row].isNaN: return "no value of \(name)"
      case .numeric(let values):
        if case .levels(let known) = frame.constants["factor(\(name))"],
          !known.contains(shortest(values[row]))
        {
          return "\(name) \(shortest(values[row])) is not a level of the model"
        }
      case .factor(let levels, let codes):
        guard codes[row] >= 0 else { return "no value of \(name)" }
        let level = levels[Int(codes[row])]
        if case .levels(let known) = frame.constants[name], !known.contains(level) {
          return "\(name) \(level) is not a level of the model"
        }
      case nil: break
      }
    }
    return "a value is missing or out of range"
  }

  private var offsetNames: [String] { [frame.offsetName].compactMap(\.self) }

  /// The sum of the model's offsets for other rows.
  fileprivate func offset(of data: ModelData) throws(ModelError) -> [Double] {
    let evaluator = VariableEvaluator(data: data, rows: nil, constants: frame.constants)
    var total = [Double](repeating: 0, count: data.rowCount)
    let named = offsetNames.map { FormulaNode(kind: .name($0), column: 1, depth: 1) }
    for node in formula.fixed.offsets + named {
      total = zip(total, try evaluator.numbers(node)).map(+)
    }
    return total
  }
}
