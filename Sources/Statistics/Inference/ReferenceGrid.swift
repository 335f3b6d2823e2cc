/// The combinations of factor levels and covariate values over which a model is averaged.
///
/// Factors run over all their levels, covariates stand at their mean over the rows used unless
/// values are given (Lenth, *emmeans*; Searle, Speed & Milliken 1980).
struct ReferenceGrid {
  /// The names of the columns, factors first, in order of appearance.
  let factors: [Factor]
  let covariates: [Covariate]
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

  /// A column of numbers over the rows used.
  struct Covariate: Hashable, Sendable, Codable {
    var name: String
    var mean, least, greatest: Double

    var range: Double { greatest - least }

    init(_ values: [Double], name: String) {
      self.name = name
      mean = values.reduce(0, +) / Double(max(1, values.count))
      least = values.min() ?? 0
      greatest = values.max() ?? 0
    }
  }

  /// - Parameter data: The data that the model was made from; not needed where it was made from a
  ///   summary.
  init(_ tables: FitTables, data: ModelData?) throws(ModelError) {
    self.tables = tables
    if let moments = tables.frame.moments {
      factors = tables.formula.summarisedFactors(tables.frame.constants)
      covariates = moments.covariates
      return
    }
    guard let data else {
      throw .unsupported("means and slopes need the data that the model was made from")
    }
    (factors, covariates) = try Self.columns(
      tables.formula, data: data, rows: tables.frame.rows, constants: tables.frame.constants)
  }

  /// The factors and the covariates of the fixed part.
  static func columns(
    _ formula: ModelFormula, data: ModelData, rows: [Int]?, constants: [String: VariableConstants]
  ) throws(ModelError) -> (factors: [Factor], covariates: [Covariate]) {
    var factors: [Factor] = []
    var covariates: [Covariate] = []
    let names = formula.fixedVariableNames
    let evaluator = VariableEvaluator(data: data, rows: rows)
    for name in data.names where names.contains(name) {
      let node = FormulaNode(kind: .name(name), column: 1, depth: 1)
      switch try evaluator.variable(node) {
      case .factor(let levels, _): factors.append(Factor(name: name, levels: levels))
      case .numeric(let columns):
        if case .levels(let levels) = constants["factor(\(name))"] {
          factors.append(Factor(numbers: levels, name: name))
          continue
        }
        covariates.append(Covariate(columns.first?.values ?? [], name: name))
      }
    }
    for node in formula.fixed.variables.flatMap(\.personFunctions)
    where !covariates.contains(where: { $0.name == node.description }) {
      covariates.append(Covariate(try evaluator.numbers(node), name: node.description))
    }
    return (factors, covariates)
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

  /// The covariate of a name.
  func covariate(_ asked: String) throws(ModelError) -> Covariate {
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

extension ReferenceGrid.Factor {
  /// A factor that the formula makes of a column of numbers.
  fileprivate init(numbers levels: [String], name: String) {
    self.init(name: name, levels: levels, values: levels.map { Double($0) ?? .nan })
  }
}

extension ModelFormula {
  /// The columns of the data that the fixed part is made of.
  fileprivate var fixedVariableNames: Set<String> {
    fixed.variables.reduce(into: []) { $0.formUnion($1.plainNames) }
  }

  /// The factors of the fixed part, where nothing is known of the rows but their coding.
  fileprivate func summarisedFactors(
    _ constants: [String: VariableConstants]
  ) -> [ReferenceGrid.Factor] {
    fixedVariableNames.sorted().compactMap { name in
      if case .levels(let levels) = constants[name] {
        return ReferenceGrid.Factor(name: name, levels: levels)
      }
      if case .levels(let levels) = constants["factor(\(name))"] {
        return ReferenceGrid.Factor(numbers: levels, name: name)
      }
      return nil
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
