import RealModule

/// Computes the variables of a formula over the rows that a model uses.
///
/// `poly` and `scale` look at the rows they are given, so they are computed after incomplete rows
/// are set aside (R computes them before; the two differ only when rows are missing).
struct VariableEvaluator {
  let data: ModelData
  /// The rows used, ascending, or `nil` for all.
  let rows: [Int]?
  /// What the variables take from the rows of a model that is already built, by the text of each;
  /// what is not here is taken from the rows at hand.
  var constants: [String: VariableConstants] = [:]

  var rowCount: Int { rows?.count ?? data.rowCount }

  /// The values of a variable: a column, or a function of columns.
  func variable(_ node: FormulaNode) throws(ModelError) -> ModelVariable {
    switch node.kind {
    case .name(let name):
      switch try column(name, at: node.column) {
      case .numeric(let values): return .numeric([("", restricted(values))])
      case .factor(let levels, let codes):
        return recoded(levels: levels, codes: restricted(codes), name: name)
      }
    case .call("poly", let arguments): return try polynomial(arguments, node)
    case .call("factor", let arguments):
      guard arguments.count == 1 else { throw invalid(node, "one column") }
      let found = try grouping(arguments[0].value)
      guard case .factor(let levels, let codes) = found else { return found }
      return recoded(levels: levels, codes: codes, name: node.description)
    default: return .numeric([("", try numbers(node))])
    }
  }

  /// The values of a variable as groups; numbers become levels in ascending order.
  func grouping(_ node: FormulaNode) throws(ModelError) -> ModelVariable {
    let variable = try variable(node)
    guard case .numeric(let columns) = variable, let values = columns.first?.values else {
      return variable
    }
    let levels = Set(values).sorted()
    var positions: [Double: Int32] = [:]
    for (position, level) in levels.enumerated() { positions[level] = Int32(position) }
    return .factor(
      levels: levels.map(shortest), codes: values.map { positions[$0] ?? -1 })
  }

  /// The values of an arithmetic expression.
  func numbers(_ node: FormulaNode) throws(ModelError) -> [Double] {
    switch node.kind {
    case .number(let value): return [Double](repeating: value, count: rowCount)
    case .name(let name):
      guard case .numeric(let values) = try column(name, at: node.column) else {
        throw notNumeric(name)
      }
      return restricted(values)
    case .unary(_, let operand): return try numbers(operand).map { -$0 }
    case .binary(let operation, let left, let right):
      guard operation != .interact else { throw invalid(node, "arithmetic, not ‘:’") }
      let first = try numbers(left)
      let second = try numbers(right)
      return zip(first, second).map { operation.apply($0, $1) }
    case .call(let function, let arguments):
      return try call(function, arguments, node)
    case .random: throw invalid(node, "arithmetic")
    }
  }

  private func column(_ name: String, at place: Int) throws(ModelError) -> ModelData.Column {
    guard let column = data[name] else {
      throw .unknownVariable(
        name: name, column: place, suggestion: nearest(to: name, among: data.names))
    }
    return column
  }

  /// With the value that keeps a column from being numeric, where most others are numbers.
  private func notNumeric(_ name: String) -> ModelError {
    guard case .factor(let levels, let codes) = data[name] else { return .notNumeric(name: name) }
    let odd = levels.indices.filter { Double(levels[$0]) == nil }
    guard 2 * odd.count < levels.count,
      let first = codes.firstIndex(where: { odd.contains(Int($0)) })
    else { return .notNumeric(name: name) }
    return .notANumber(column: name, row: first, value: levels[Int(codes[first])])
  }

  /// Values of all rows at those used.
  func restricted<Value>(_ values: [Value]) -> [Value] {
    rows.map { rows in rows.map { values[$0] } } ?? values
  }

  func invalid(_ node: FormulaNode, _ expected: String) -> ModelError {
    .invalidCall(call: node.description, column: node.column, expected: expected)
  }

  private func call(
    _ function: String, _ arguments: [FormulaNode.Argument], _ node: FormulaNode
  ) throws(ModelError) -> [Double] {
    if let values = try personValues(node) { return values }
    let operation: (Double) -> Double
    switch function {
    case "", "I": operation = { $0 }
    case "log": operation = { Double.log($0) }
    case "log2": operation = { Double.log2($0) }
    case "log10": operation = { Double.log10($0) }
    case "exp": operation = { Double.exp($0) }
    case "sqrt": operation = { $0.squareRoot() }
    case "abs": operation = { abs($0) }
    case "scale":
      guard arguments.count == 1 else { throw invalid(node, "scale(x)") }
      return standardised(try numbers(arguments[0].value), node)
    case "cbind":
      throw invalid(
        node, "one number a row; successes and failures need a binomial model (--family binomial)")
    default:
      throw invalid(
        node,
        "a function of I, log, log2, log10, exp, sqrt, abs, scale, poly, factor, offset, within, "
          + "between, lag, lead")
    }
    guard arguments.count == 1 else { throw invalid(node, "one argument") }
    return try numbers(arguments[0].value).map(operation)
  }

  /// Mean 0, standard deviation 1 over the rows of the model.
  private func standardised(_ values: [Double], _ node: FormulaNode) -> [Double] {
    guard
      case .scale(let mean, let deviation) = constants[node.description] ?? Self.scale(of: values)
    else { return values }
    return values.map { ($0 - mean) / deviation }
  }

  /// The codes of a factor in the levels of the model, -1 for a level that it does not have.
  ///
  /// - Parameter name: The text of the variable: `arm`, or `factor(week)`.
  private func recoded(levels: [String], codes: [Int32], name: String) -> ModelVariable {
    guard case .levels(let known) = constants[name] else {
      return dropUnused(levels: levels, codes: codes)
    }
    let positions = levels.map { level in Int32(known.firstIndex(of: level) ?? -1) }
    return .factor(levels: known, codes: codes.map { $0 < 0 ? -1 : positions[Int($0)] })
  }

  /// Levels that no used row has are left out, as lme4 does.
  private func dropUnused(levels: [String], codes: [Int32]) -> ModelVariable {
    var isUsed = [Bool](repeating: false, count: levels.count)
    var last: Int32 = -1
    for code in codes where code != last {
      if code >= 0 { isUsed[Int(code)] = true }
      last = code
    }
    guard isUsed.contains(false) else { return .factor(levels: levels, codes: codes) }
    var renumbered = [Int32](repeating: -1, count: levels.count)
    var kept: [String] = []
    for (position, level) in levels.enumerated() where isUsed[position] {
      renumbered[position] = Int32(kept.count)
      kept.append(level)
    }
    return .factor(levels: kept, codes: codes.map { $0 < 0 ? -1 : renumbered[Int($0)] })
  }
}

extension FormulaNode.Operator {
  fileprivate func apply(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    case .power: Double.power(left, right)
    case .interact: .nan
    }
  }
}

extension Double {
  /// `pow` that keeps whole exponents exact for negative bases.
  fileprivate static func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == exponent.rounded(), abs(exponent) < 1e6 {
      return Double.pow(base, Int(exponent))
    }
    return Double.pow(base, exponent)
  }
}

/// The known name that differs from the given one by the fewest edits, if they are few.
func nearest(to name: String, among names: [String]) -> String? {
  let limit = max(1, name.count / 3)
  return
    names
    .map { (name: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
    .filter { $0.distance <= limit }
    .min { $0.distance < $1.distance }?
    .name
}

private func editDistance(_ first: String, _ second: String) -> Int {
  let columns = Array(second)
  var previous = Array(0...columns.count)
  for (row, character) in first.enumerated() {
    var current = [row + 1]
    for (column, other) in columns.enumerated() {
      current.append(
        min(
          previous[column] + (character == other ? 0 : 1), previous[column + 1] + 1,
          current[column] + 1))
    }
    previous = current
  }
  return previous[columns.count]
}
