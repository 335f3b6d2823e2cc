/// What a variable takes from the rows of a model, needed to compute it for other rows.
enum VariableConstants: Hashable, Sendable {
  /// The levels of a factor, in order.
  case levels([String])
  /// The mean and standard deviation of `scale`.
  case scale(mean: Double, deviation: Double)
  /// The basis of `poly`.
  case polynomials(OrthogonalPolynomials)
  /// The means that `within` and `between` centre at.
  case persons(PersonMeans)
}

extension VariableEvaluator {
  /// The constants of a variable and of the pieces within it, by the text of each piece.
  func constants(
    of node: FormulaNode, _ variable: ModelVariable
  ) throws(ModelError) -> [String: VariableConstants] {
    var found: [String: VariableConstants] = [:]
    if case .factor(let levels, _) = variable {
      found[node.description] = .levels(levels)
    }
    try collect(node, into: &found)
    return found
  }

  private func collect(
    _ node: FormulaNode, into found: inout [String: VariableConstants]
  ) throws(ModelError) {
    switch node.kind {
    case .call(let function, let arguments):
      if function == "scale" || function == "poly", let first = arguments.first {
        let values = try numbers(first.value)
        if function == "scale" {
          found[node.description] = Self.scale(of: values)
        } else if let basis = try polynomialBasis(arguments, node) {
          found[node.description] = .polynomials(basis)
        }
      }
      if let means = try personMeans(node) { found[node.description] = means }
      for argument in arguments { try collect(argument.value, into: &found) }
    case .unary(_, let operand): try collect(operand, into: &found)
    case .binary(_, let left, let right):
      try collect(left, into: &found)
      try collect(right, into: &found)
    case .name, .number, .random: break
    }
  }

  /// Mean and standard deviation.
  static func scale(of values: [Double]) -> VariableConstants {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return .scale(mean: mean, deviation: (squares / (count - 1)).squareRoot())
  }
}
