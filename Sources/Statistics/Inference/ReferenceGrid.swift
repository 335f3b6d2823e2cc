/// The combinations of factor levels and covariate values over which a model is averaged.
///
/// Factors run over all their levels, covariates stand at their mean over the rows used unless
/// values are given (Lenth, *emmeans*; Searle, Speed & Milliken 1980).
struct ReferenceGrid {
  /// The names of the columns, factors first, in order of appearance.
  let factors: [Factor]
  let covariates: [(name: String, mean: Double, spread: Double)]
  private let tables: FitTables

  /// A column whose levels the grid runs over.
  struct Factor {
    var name: String
    var levels: [String]
    /// The levels' numbers, where the formula makes a factor of a column of numbers.
    var values: [Double]?

    /// Whether this is meant by `g`, or by `factor(g)`.
    func isCalled(_ asked: String) -> Bool { asked == name || asked == "factor(\(name))" }

    func column(_ codes: [Int32]) -> ModelData.Column {
      guard let values else { return .factor(levels: levels, codes: codes) }
      return .numeric(codes.map { $0 < 0 ? .nan : values[Int($0)] })
    }
  }

  init(_ tables: FitTables, data: ModelData) throws(ModelError) {
    self.tables = tables
    var factors: [Factor] = []
    var covariates: [(name: String, mean: Double, spread: Double)] = []
    let names = tables.formula.fixed.variables.reduce(into: Set<String>()) {
      $0.formUnion($1.plainNames)
    }
    let evaluator = VariableEvaluator(data: data, rows: tables.frame.rows)
    func append(_ values: [Double], name: String) {
      let mean = values.reduce(0, +) / Double(max(1, values.count))
      covariates.append((name, mean, (values.max() ?? 0) - (values.min() ?? 0)))
    }
    for name in data.names where names.contains(name) {
      let node = FormulaNode(kind: .name(name), column: 1, depth: 1)
      switch try evaluator.variable(node) {
      case .factor(let levels, _): factors.append(Factor(name: name, levels: levels))
      case .numeric(let columns):
        if case .levels(let levels) = tables.frame.constants["factor(\(name))"] {
          factors.append(
            Factor(name: name, levels: levels, values: levels.map { Double($0) ?? .nan }))
          continue
        }
        append(columns.first?.values ?? [], name: name)
      }
    }
    for node in tables.formula.fixed.variables.flatMap(\.personFunctions)
    where !covariates.contains(where: { $0.name == node.description }) {
      append(try evaluator.numbers(node), name: node.description)
    }
    self.factors = factors
    self.covariates = covariates
  }

  /// The weights of all fixed columns in the mean over the grid, factors named kept at their level
  /// and covariates named at their value.
  func weights(
    levels: [String: String], values: [String: Double]
  ) throws(ModelError) -> [Double] {
    let design = try design(levels: levels, values: values)
    return design.columns.map { $0.values.reduce(0, +) / Double(max(1, $0.values.count)) }
  }

  /// All fixed columns over the points of the grid, factors named kept at their level and covariates
  /// named at their value.
  func design(
    levels: [String: String], values: [String: Double]
  ) throws(ModelError) -> DesignMatrix {
    var columns: [(name: String, column: ModelData.Column)] = []
    var combinations = 1
    for factor in factors where levels[factor.name] == nil { combinations *= factor.levels.count }
    var repeats = 1
    for factor in factors {
      let codes: [Int32]
      if let level = levels[factor.name] {
        let code = Int32(factor.levels.firstIndex(of: level) ?? -1)
        codes = [Int32](repeating: code, count: combinations)
      } else {
        codes = (0..<combinations).map { Int32($0 / repeats % factor.levels.count) }
        repeats *= factor.levels.count
      }
      columns.append((factor.name, factor.column(codes)))
    }
    for covariate in covariates {
      let value = values[covariate.name] ?? covariate.mean
      columns.append(
        (covariate.name, .numeric([Double](repeating: value, count: combinations))))
    }
    return try tables.fixedDesign(of: ModelData(columns), rowCount: combinations)
  }

  /// The factor that is meant by a name.
  func factor(_ asked: String) throws(ModelError) -> Factor {
    if let found = factors.first(where: { $0.isCalled(asked) }) { return found }
    guard !covariates.contains(where: { $0.name == asked }) else {
      throw .unsupported(
        "‘\(asked)’ is a covariate of the model, not a factor: it has slopes, not means of levels; "
          + "for those write factor(\(asked)) in the formula")
    }
    throw absent(asked, "factor", among: factors.map(\.name))
  }

  /// The covariate of a name, with its mean and its range.
  func covariate(
    _ asked: String
  ) throws(ModelError) -> (name: String, mean: Double, spread: Double) {
    if let found = covariates.first(where: { $0.name == asked }) { return found }
    guard !factors.contains(where: { $0.isCalled(asked) }) else {
      throw .unsupported(
        "‘\(asked)’ is a factor of the model, not a covariate: it has means of levels, not slopes")
    }
    throw absent(asked, "covariate", among: covariates.map(\.name))
  }

  private func absent(_ name: String, _ kind: String, among known: [String]) -> ModelError {
    let listed = known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))"
    let hint = nearest(to: name, among: known).map { "did you mean ‘\($0)’?" } ?? listed
    return .unsupported("the fixed part of the model has no \(kind) ‘\(name)’; \(hint)")
  }
}

extension FitTables {
  /// The fixed columns of the model for other rows.
  func fixedDesign(of data: ModelData, rowCount: Int) throws(ModelError) -> DesignMatrix {
    let evaluator = VariableEvaluator(data: data, rows: nil, constants: frame.constants)
    let variables = try formula.fixed.variables.map { (node) throws(ModelError) in
      try evaluator.variable(node)
    }
    return try DesignMatrix(
      formula.fixed, variables: variables, codings: frame.codings, rowCount: rowCount)
  }
}
