import RealModule

extension VariableEvaluator {
  /// `poly(x, degree)`, orthonormal, or `poly(x, degree, raw = TRUE)`, plain powers.
  func polynomial(
    _ arguments: [FormulaNode.Argument], _ node: FormulaNode
  ) throws(ModelError) -> ModelVariable {
    let call = try polynomialCall(arguments, node)
    let values = try numbers(call.argument)
    let columns: [[Double]]
    if let basis = try polynomialBasis(arguments, node) {
      columns = basis.values(at: values)
    } else {
      columns = (1...call.degree).map { power in values.map { Double.pow($0, power) } }
    }
    let suffixes = (1...call.degree).map(String.init)
    return .numeric(zip(suffixes, columns).map { (suffix: $0, values: $1) })
  }

  /// The basis of an orthonormal `poly`, from the model's rows; `nil` for plain powers.
  func polynomialBasis(
    _ arguments: [FormulaNode.Argument], _ node: FormulaNode
  ) throws(ModelError) -> OrthogonalPolynomials? {
    let call = try polynomialCall(arguments, node)
    guard !call.isRaw else { return nil }
    if case .polynomials(let basis) = constants[node.description] { return basis }
    return OrthogonalPolynomials(points: try numbers(call.argument), degree: call.degree)
  }

  private func polynomialCall(
    _ arguments: [FormulaNode.Argument], _ node: FormulaNode
  ) throws(ModelError) -> (argument: FormulaNode, degree: Int, isRaw: Bool) {
    var isRaw = false
    var degree = 1
    var plain: [FormulaNode] = []
    for argument in arguments {
      switch (argument.label, argument.value.kind) {
      case ("raw", .name("TRUE")): isRaw = true
      case ("raw", .name("FALSE")): isRaw = false
      case (nil, _), ("degree", .number): plain.append(argument.value)
      default: throw invalid(node, "poly(x, degree) or poly(x, degree, raw = TRUE)")
      }
    }
    guard let first = plain.first, plain.count <= 2 else {
      throw invalid(node, "poly(x, degree)")
    }
    if plain.count == 2 {
      guard case .number(let value) = plain[1].kind, value >= 1, value <= 20,
        value == value.rounded()
      else { throw invalid(node, "a degree from 1 to 20") }
      degree = Int(value)
    }
    return (first, degree, isRaw)
  }
}
