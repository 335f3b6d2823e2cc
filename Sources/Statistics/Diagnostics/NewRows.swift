/// Rows that a model was not fitted to, as its fixed effects read them.
struct NewRows {
  /// All fixed columns, those without a coefficient among them.
  let design: DesignMatrix
  /// The sum of the model's offsets.
  let offset: [Double]
  /// Why a row has no prediction, in words; `nil` where it has one.
  let obstacles: [String?]
  private let estimable: [Int]

  init(_ tables: FitTables, data: ModelData) throws(ModelError) {
    let design = try tables.fixedDesign(of: data, rowCount: data.rowCount)
    let offset = try tables.offset(of: data)
    let estimability = try tables.estimability()
    obstacles = (0..<data.rowCount).map { row in
      let weights = design.columns.map { $0.values[row] }
      guard weights.allSatisfy(\.isFinite), offset[row].isFinite else {
        return tables.unusableValue(of: data, row: row)
      }
      guard estimability?.holds(weights) ?? true else {
        return "not estimable: the model has no rows with these levels together"
      }
      return nil
    }
    self.design = design
    self.offset = offset
    estimable = tables.estimable
  }

  /// The values of a row's columns that have a coefficient.
  func weights(_ row: Int) -> [Double] { estimable.map { design.columns[$0].values[row] } }

  /// Why a row has no prediction with its random effects.
  func obstacle(_ row: Int, _ terms: [NewTermRows]) -> String? {
    obstacles[row] ?? (terms.allSatisfy { $0.isComplete(row) } ? nil : "a value is missing")
  }
}

/// A random term over rows that a model was not fitted to.
struct NewTermRows {
  let columns: [[Double]]
  /// The group of each row among those of the model, -1 for a new one.
  let codes: [Int32]

  /// By term, in the order in which they were fitted.
  static func all(_ tables: FitTables, data: ModelData) throws(ModelError) -> [NewTermRows] {
    let evaluator = VariableEvaluator(data: data, rows: nil, constants: tables.frame.constants)
    var rows: [NewTermRows] = []
    for (term, fitted) in zip(tables.orderedRandomTerms, tables.frame.random) {
      let variables = try term.effects.variables.map { (node) throws(ModelError) in
        try evaluator.variable(node)
      }
      let design = try DesignMatrix(
        term.effects, variables: variables, codings: tables.frame.codings, rowCount: data.rowCount)
      rows.append(
        NewTermRows(
          columns: design.columns.map(\.values.array),
          codes: try codes(of: term, levels: fitted.levels, in: data)))
    }
    return rows
  }

  /// Whether all values of a row are there.
  func isComplete(_ row: Int) -> Bool { columns.allSatisfy { $0[row].isFinite } }

  private static func codes(
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

  /// Which value of a row the fixed effects cannot use.
  fileprivate func unusableValue(of data: ModelData, row: Int) -> String {
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
  func offset(of data: ModelData) throws(ModelError) -> [Double] {
    let evaluator = VariableEvaluator(data: data, rows: nil, constants: frame.constants)
    var total = [Double](repeating: 0, count: data.rowCount)
    let named = offsetNames.map { FormulaNode(kind: .name($0), column: 1, depth: 1) }
    for node in formula.fixed.offsets + named {
      total = zip(total, try evaluator.numbers(node)).map(+)
    }
    return total
  }
}
