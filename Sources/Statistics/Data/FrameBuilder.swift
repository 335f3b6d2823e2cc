/// Finds the rows that a formula can use and computes its columns over them.
struct FrameBuilder {
  let data: ModelData
  let weightName: String?
  let offsetName: String?
  let known: [String: VariableConstants]
  private(set) var rows: [Int]?
  private(set) var missing: [MissingCount]

  var evaluator: VariableEvaluator { VariableEvaluator(data: data, rows: rows, constants: known) }

  /// Sets incomplete rows aside: first by the columns read, then by functions that came out
  /// undefined, such as the logarithm of a negative number.
  ///
  /// - Parameters:
  ///   - others: Columns that must be present too, such as times of a residual structure.
  ///   - known: What variables are not to take from these rows.
  init(
    _ formula: ModelFormula, data: ModelData, weights: String?, offset: String?,
    others: [String] = [], known: [String: VariableConstants] = [:]
  ) throws(ModelError) {
    self.data = data
    self.known = known
    weightName = weights
    offsetName = offset
    missing = []
    var isKept: [Bool]?
    let named = formula.requiredNames.union([weights, offset].compactMap(\.self) + others)
    for name in named.sorted() {
      guard let column = data[name], column.hasMissing else { continue }
      exclude(column.isPresent(), name: name, from: &isKept)
    }
    keep(isKept)
    for node in formula.computedVariables {
      guard case .numeric(let columns) = try evaluator.variable(node) else { continue }
      for column in columns where column.values.contains(where: \.isNaN) {
        var isPresent = [Bool](repeating: true, count: data.rowCount)
        let used = rows ?? Array(0..<data.rowCount)
        for (position, row) in used.enumerated() {
          isPresent[row] = !column.values[position].isNaN
        }
        exclude(isPresent, name: node.description, from: &isKept)
      }
    }
    keep(isKept)
    guard evaluator.rowCount > 0 else { throw .noCompleteRows(missing: missing) }
  }

  private mutating func exclude(
    _ isPresent: [Bool], name: String, from isKept: inout [Bool]?
  ) {
    var count = 0
    var left = isKept ?? isPresent
    for row in left.indices where !isPresent[row] {
      left[row] = false
      count += 1
    }
    isKept = left
    if count > 0 { missing.append(MissingCount(name: name, rows: count)) }
  }

  /// - Parameter isKept: `nil` while no row has been found to lack a value.
  private mutating func keep(_ isKept: [Bool]?) {
    guard let isKept, isKept.contains(false) else { return }
    rows = isKept.indices.filter { isKept[$0] }
  }

  /// The values of a response, offset or weight.
  func numbers(_ node: FormulaNode) throws(ModelError) -> [Double] {
    try finite(try evaluator.numbers(node), name: node.description)
  }

  /// The values of a list's variables.
  func variables(_ list: TermList) throws(ModelError) -> [ModelVariable] {
    try list.variables.map { (node) throws(ModelError) in
      let variable = try evaluator.variable(node)
      guard case .numeric(let columns) = variable else { return variable }
      for column in columns { _ = try finite(column.values, name: node.description) }
      return variable
    }
  }

  /// What the variables of a list take from the rows used.
  func constants(
    _ list: TermList, _ variables: [ModelVariable]
  ) throws(ModelError) -> [String: VariableConstants] {
    var all: [String: VariableConstants] = [:]
    for (node, variable) in zip(list.variables, variables) {
      all.merge(try evaluator.constants(of: node, variable)) { first, _ in first }
    }
    return all
  }

  /// The columns of a list, whose variables are known to be finite.
  func design(
    _ list: TermList, _ variables: [ModelVariable], codings: [String: Coding]
  ) throws(ModelError) -> DesignMatrix {
    let design = try DesignMatrix(
      list, variables: variables, codings: codings, rowCount: evaluator.rowCount)
    for column in design.columns {
      if let row = column.values.firstNotFinite(areFinite: true) {
        throw .notFinite(variable: column.name, row: rows?[row] ?? row)
      }
    }
    return design
  }

  /// The groups and columns of a random term.
  func random(
    _ term: RandomTerm, _ variables: [ModelVariable], codings: [String: Coding]
  ) throws(ModelError) -> ModelFrame.Random {
    let group = try grouping(term.group)
    return ModelFrame.Random(
      groupName: term.groupName, levels: group.levels, codes: group.codes,
      design: try design(term.effects, variables, codings: codings))
  }

  /// The joint levels of one or more factors that occur together, the first varying slowest.
  private func grouping(
    _ factors: [FormulaNode]
  ) throws(ModelError) -> (levels: [String], codes: [Int32]) {
    var levels: [String] = []
    var codes: [Int32] = []
    for (position, node) in factors.enumerated() {
      guard case .factor(let nextLevels, let nextCodes) = try evaluator.grouping(node) else {
        continue
      }
      guard position > 0 else {
        (levels, codes) = (nextLevels, nextCodes)
        continue
      }
      let width = nextLevels.count
      let joint = zip(codes, nextCodes).map { Int($0) * width + Int($1) }
      let seen = Set(joint).sorted()
      var renumbered: [Int: Int32] = [:]
      for (code, pair) in seen.enumerated() { renumbered[pair] = Int32(code) }
      levels = seen.map { levels[$0 / width] + ":" + nextLevels[$0 % width] }
      codes = joint.map { renumbered[$0] ?? -1 }
    }
    return (levels, codes)
  }

  /// The prior weights, positive.
  func weights() throws(ModelError) -> [Double]? {
    guard let weightName else { return nil }
    let values = try numbers(named(weightName))
    if let row = values.firstIndex(where: { $0 <= 0 }) {
      throw .invalidWeight(row: rows?[row] ?? row)
    }
    return values
  }

  /// The sum of the offsets in the formula and the one given by name.
  func offset(_ nodes: [FormulaNode]) throws(ModelError) -> [Double]? {
    var total: [Double]?
    for node in nodes + [offsetName.map(named)].compactMap(\.self) {
      let values = try numbers(node)
      total = total.map { zip($0, values).map(+) } ?? values
    }
    return total
  }

  /// Whether the data hold a factor of that name.
  func isFactor(_ name: String) -> Bool {
    if case .factor = data[name] { return true }
    return false
  }

  private func named(_ name: String) -> FormulaNode {
    // Not written in the formula: no place in it.
    FormulaNode(kind: .name(name), column: 0, depth: 1)
  }

  private func finite(_ values: [Double], name: String) throws(ModelError) -> [Double] {
    guard !areFinite(values) else { return values }
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(variable: name, row: rows?[row] ?? row)
    }
    return values
  }
}

extension ModelFormula {
  /// The variables that are functions of columns and so can come out undefined.
  fileprivate var computedVariables: [FormulaNode] {
    let all =
      [response] + fixed.variables + fixed.offsets + random.flatMap { $0.effects.variables }
    return all.filter { node in
      if case .name = node.kind { return false }
      return true
    }
  }
}
