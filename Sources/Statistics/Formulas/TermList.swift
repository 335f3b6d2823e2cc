/// The terms of one side of a model, expanded from its formula as R's `terms` expands them.
///
/// A term is the set of variables that it multiplies: `a:b` is {a, b}, and the intercept is kept as
/// a flag. Terms are ordered by degree, then by appearance (Wilkinson & Rogers 1973; Chambers &
/// Hastie, *Statistical Models in S*, chapter 2).
struct TermList: Hashable, Sendable {
  /// The variables in order of appearance, each once. Two pieces of a formula that print alike are
  /// the same variable.
  private(set) var variables: [FormulaNode] = []
  /// Each term as ascending positions in `variables`.
  private(set) var terms: [[Int]] = []
  private(set) var hasIntercept: Bool
  /// The arguments of `offset(…)`, in order.
  private(set) var offsets: [FormulaNode] = []
  /// The `(… | …)` pieces, in order.
  private(set) var random: [FormulaNode] = []

  /// More terms than anyone can interpret; keeps `(a+b+…)^20` from filling memory.
  static let mostTerms = 2_000

  private var positions: [String: Int] = [:]

  /// Expands one side of a formula.
  ///
  /// - Parameter allowsRandom: Whether `( | )` may stand among the summands.
  init(_ node: FormulaNode, allowsRandom: Bool) throws(FormulaError) {
    hasIntercept = true
    let expanded = try expand(node, allowsRandom: allowsRandom)
    var byDegree: [[Int]] = []
    for degree in 1...max(1, variables.count) {
      byDegree += expanded.filter { $0.count == degree }
    }
    terms = byDegree
  }

  /// The same variables with some of the terms only.
  func part(terms: [[Int]], hasIntercept: Bool) -> TermList {
    var copy = self
    copy.terms = terms
    copy.hasIntercept = hasIntercept
    return copy
  }

  /// The name of a term as R writes it: `a:b`, the variables in order of appearance.
  func label(_ term: [Int]) -> String {
    term.map { variables[$0].description }.joined(separator: ":")
  }

  private mutating func expand(
    _ node: FormulaNode, allowsRandom: Bool
  ) throws(FormulaError) -> [[Int]] {
    switch node.kind {
    case .name: return [[position(of: node)]]
    case .number(let value):
      try setIntercept(value, at: node.column)
      return []
    case .call("", let arguments):
      guard let inner = arguments.first else { return [] }
      return try expand(inner.value, allowsRandom: allowsRandom)
    case .call("offset", let arguments):
      offsets += arguments.map(\.value)
      return []
    case .call: return [[position(of: node)]]
    case .random:
      guard allowsRandom else {
        throw FormulaError(
          column: node.column, found: "a random term",
          expected: "random terms only as summands of the right-hand side")
      }
      random.append(node)
      return []
    case .unary(_, let operand):
      return try remove(operand, from: [])
    case .binary(let operation, let left, let right):
      return try combine(operation, left, right, allowsRandom: allowsRandom)
    }
  }

  private mutating func combine(
    _ operation: FormulaNode.Operator, _ left: FormulaNode, _ right: FormulaNode,
    allowsRandom: Bool
  ) throws(FormulaError) -> [[Int]] {
    switch operation {
    case .add:
      let first = try expand(left, allowsRandom: allowsRandom)
      return try united(first, try expand(right, allowsRandom: allowsRandom), at: right.column)
    case .subtract:
      return try remove(right, from: try expand(left, allowsRandom: allowsRandom))
    case .power: return try raised(left, right)
    case .interact, .multiply, .divide: break
    }
    let first = try factors(left)
    let second = try factors(right)
    switch operation {
    case .multiply:
      let both = try united(first, second, at: right.column)
      return try united(both, try crossed(first, second, at: right.column), at: right.column)
    case .divide:
      let whole = Array(Set(first.joined())).sorted()
      return try united(first, try crossed([whole], second, at: right.column), at: right.column)
    default: return try crossed(first, second, at: right.column)
    }
  }

  /// The terms of an operand that is to be crossed, which a bare number or a random term cannot be.
  private mutating func factors(_ node: FormulaNode) throws(FormulaError) -> [[Int]] {
    let kept = hasIntercept
    let expanded = try expand(node, allowsRandom: false)
    guard !expanded.isEmpty else {
      throw FormulaError(
        column: node.column, found: "‘\(node)’", expected: "a variable to cross with")
    }
    hasIntercept = kept
    return expanded
  }

  private mutating func raised(
    _ base: FormulaNode, _ exponent: FormulaNode
  ) throws(FormulaError) -> [[Int]] {
    guard case .number(let value) = exponent.kind, value >= 1, value <= 20, value == value.rounded()
    else {
      throw FormulaError(
        column: exponent.column, found: "‘\(exponent)’", expected: "a whole number from 1 to 20")
    }
    let once = try factors(base)
    var all = once
    for _ in 1..<max(1, Int(value)) {
      all = try united(all, try crossed(all, once, at: base.column), at: base.column)
    }
    return all
  }

  private mutating func remove(
    _ node: FormulaNode, from terms: [[Int]]
  ) throws(FormulaError) -> [[Int]] {
    if case .number(let value) = node.kind {
      try setIntercept(1 - value, at: node.column)
      return terms
    }
    let removed = Set(try expand(node, allowsRandom: false))
    return terms.filter { !removed.contains($0) }
  }

  private mutating func setIntercept(_ value: Double, at column: Int) throws(FormulaError) {
    guard value == 0 || value == 1 else {
      throw FormulaError(
        column: column, found: "the number \(shortest(value))",
        expected: "a variable, or 0 or 1 for the intercept")
    }
    hasIntercept = value == 1
  }

  private mutating func position(of node: FormulaNode) -> Int {
    let name = node.description
    if let known = positions[name] { return known }
    positions[name] = variables.count
    variables.append(node)
    return variables.count - 1
  }

  private func united(
    _ first: [[Int]], _ second: [[Int]], at column: Int
  ) throws(FormulaError) -> [[Int]] {
    var seen = Set(first)
    let all = first + second.filter { seen.insert($0).inserted }
    guard all.count <= Self.mostTerms else {
      throw FormulaError(
        column: column, found: "more than \(Self.mostTerms) terms", expected: "fewer")
    }
    return all
  }

  private func crossed(
    _ first: [[Int]], _ second: [[Int]], at column: Int
  ) throws(FormulaError) -> [[Int]] {
    var seen: Set<[Int]> = []
    var all: [[Int]] = []
    for one in first {
      for other in second {
        let term = Array(Set(one + other)).sorted()
        if seen.insert(term).inserted { all.append(term) }
        guard all.count <= Self.mostTerms else {
          throw FormulaError(
            column: column, found: "more than \(Self.mostTerms) terms", expected: "fewer")
        }
      }
    }
    return all
  }
}
