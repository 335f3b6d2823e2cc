extension Expression {
  /// Every problem of names and types, by column.
  ///
  /// - Parameters:
  ///   - names: what may be used, and what each name stands for.
  ///   - expecting: what the whole must be, or nil where anything will do.
  package func check(
    names: [String: ValueType], expecting: ValueType? = nil
  ) -> [ExpressionProblem] {
    var checker = Checker(names: names)
    let type = checker.type(of: root)
    if let expecting { checker.require(type, expecting, at: root) }
    return checker.problems.sorted { $0.column < $1.column }
  }

  /// The type of the whole, or nil when a name it hangs on is unknown.
  package func resultType(names: [String: ValueType]) -> ValueType? {
    var checker = Checker(names: names)
    return checker.type(of: root)
  }
}

/// Walks a tree bottom-up. A node whose type cannot be known gives nil, which fits everywhere, so
/// that one mistake is reported once.
private struct Checker {
  let names: [String: ValueType]
  var problems: [ExpressionProblem] = []

  mutating func type(of node: Node) -> ValueType? {
    switch node.form {
    case .number: return .number
    case .text: return .text
    case .truth: return .truth
    case .name(let name): return type(ofName: name, at: node)
    case .negation(let operand): return all([operand], are: .number, giving: .number)
    case .not(let operand): return all([operand], are: .truth, giving: .truth)
    case .arithmetic(_, let left, let right):
      return all([left, right], are: .number, giving: .number)
    case .comparison(let sign, let left, let right):
      if sign.isOrdering { return all([left, right], are: .number, giving: .truth) }
      if !refuseNumberOfList(left, right) { _ = same([left, right]) }
      return .truth
    case .logic(_, let left, let right): return all([left, right], are: .truth, giving: .truth)
    case .membership(let subject, let list):
      _ = same([subject] + list)
      return .truth
    case .choice(let condition, let then, let otherwise):
      _ = all([condition], are: .truth, giving: .truth)
      return same([then, otherwise])
    case .call(let function, let arguments): return type(of: function, arguments)
    }
  }

  mutating func require(_ type: ValueType?, _ expected: ValueType, at node: Node) {
    guard let type, type != expected else { return }
    let advice = expected == .truth ? ", such as a comparison" : ""
    problems.append(
      ExpressionProblem(
        column: node.column, found: "\(type), '\(shortened(node))'",
        expected: "\(expected)\(advice)"))
  }

  private mutating func type(ofName name: String, at node: Node) -> ValueType? {
    if let type = names[name] { return type }
    problems.append(
      ExpressionProblem(
        column: node.column, found: "unknown name '\(name)'",
        expected: names.isEmpty ? "no names here" : "a name that exists here",
        suggestion: nearestName(to: name, among: names.keys)))
    return nil
  }

  private mutating func type(
    of function: ExpressionFunction, _ arguments: [Node]
  ) -> ValueType? {
    switch function {
    case .mean, .sum, .min, .max: return all(arguments, are: .number, giving: .number)
    case .firstOf: return same(arguments)
    case .answered, .missing, .count:
      let types = arguments.map { type(of: $0) }
      if function == .count { refuseMixedCount(arguments, types) }
      return function == .count ? .number : .truth
    }
  }

  /// A choice of several is no number: option 2 of `c` is `c.has_2`.
  ///
  /// - Returns: whether one was compared with a number, which is then reported.
  private mutating func refuseNumberOfList(_ left: Node, _ right: Node) -> Bool {
    guard case .name(let name) = left.form, case .number(let number) = right.form,
      names[name] == .text
    else { return false }
    let part = "\(name).has_\(Node(.number(number), column: 1).printed(in: .choice))"
    guard names[part] != nil else { return false }
    problems.append(
      ExpressionProblem(
        column: left.column, found: "a list of options, '\(name)'",
        expected: "a number, or whether an option was chosen", suggestion: part))
    return true
  }

  /// `count` of truths counts the true ones, of others the answered ones: not both in one number.
  private mutating func refuseMixedCount(_ arguments: [Node], _ types: [ValueType?]) {
    guard let first = types.lazy.compactMap({ $0 }).first else { return }
    for (argument, type) in zip(arguments, types) {
      guard let type, (type == .truth) != (first == .truth) else { continue }
      problems.append(
        ExpressionProblem(
          column: argument.column, found: "\(type), '\(shortened(argument))'",
          expected: first == .truth
            ? "a truth like the others, such as a comparison"
            : "a number or a text like the others"))
    }
  }

  private mutating func all(
    _ nodes: [Node], are expected: ValueType, giving result: ValueType
  ) -> ValueType {
    for node in nodes { require(type(of: node), expected, at: node) }
    return result
  }

  /// Requires all to be of the type of the first one whose type is known.
  private mutating func same(_ nodes: [Node]) -> ValueType? {
    var common: ValueType?
    for node in nodes {
      let type = type(of: node)
      if let common { require(type, common, at: node) } else { common = type }
    }
    return common
  }

  private func shortened(_ node: Node) -> String {
    let source = node.printed(in: .choice)
    return source.count > 40 ? source.prefix(40) + "…" : source
  }
}
