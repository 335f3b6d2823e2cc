/// The combinations of factor levels and covariate values over which a model is averaged.
///
/// Factors run over all their levels, covariates stand at their mean over the rows used unless
/// values are given (Lenth, *emmeans*; Searle, Speed & Milliken 1980).
struct ReferenceGrid {
  /// The names of the columns, factors first, in order of appearance.
  let factors: [(name: String, levels: [String])]
  let covariates: [(name: String, mean: Double, spread: Double)]
  private let tables: FitTables

  init(_ tables: FitTables, data: ModelData) throws(ModelError) {
    self.tables = tables
    var factors: [(name: String, levels: [String])] = []
    var covariates: [(name: String, mean: Double, spread: Double)] = []
    let names = tables.formula.fixed.variables.reduce(into: Set<String>()) {
      $0.formUnion($1.names)
    }
    let evaluator = VariableEvaluator(data: data, rows: tables.frame.rows)
    for name in data.names where names.contains(name) {
      let node = FormulaNode(kind: .name(name), column: 1, depth: 1)
      switch try evaluator.variable(node) {
      case .factor(let levels, _): factors.append((name, levels))
      case .numeric(let columns):
        let values = columns.first?.values ?? []
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        let spread = (values.max() ?? 0) - (values.min() ?? 0)
        covariates.append((name, mean, spread))
      }
    }
    self.factors = factors
    self.covariates = covariates
  }

  /// The weights of the fixed effects in the mean over the grid, factors named kept at their level
  /// and covariates named at their value.
  func weights(
    levels: [String: String], values: [String: Double]
  ) throws(ModelError) -> [Double] {
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
      columns.append((factor.name, .factor(levels: factor.levels, codes: codes)))
    }
    for covariate in covariates {
      let value = values[covariate.name] ?? covariate.mean
      columns.append(
        (covariate.name, .numeric([Double](repeating: value, count: combinations))))
    }
    let design = try tables.fixedDesign(of: ModelData(columns), rowCount: combinations)
    return tables.estimable.map { column in
      design.columns[column].values.reduce(0, +) / Double(combinations)
    }
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
