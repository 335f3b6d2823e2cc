/// One random term: effects that vary together over the levels of one grouping factor.
struct RandomTerm: Hashable, Sendable {
  /// The effects, always without random terms of their own.
  var effects: TermList
  /// The factors whose joint levels are the groups, `[a, b]` for `a:b`.
  var group: [FormulaNode]
  /// Where the term was written.
  var column: Int

  /// The name of the grouping factor, as lme4 writes it.
  var groupName: String { group.map(\.description).joined(separator: ":") }

  /// The terms that one `(effects | group)` stands for.
  ///
  /// `a/b` gives the groups `a` and `b:a`; `||` gives a term of its own to the intercept and to
  /// each effect, as lme4's `expandDoubleVerts` does.
  static func expand(_ node: FormulaNode) throws(FormulaError) -> [RandomTerm] {
    guard case .random(let effects, let group, let isCorrelated) = node.kind else { return [] }
    let groups = try Self.groups(group)
    let list = try TermList(effects, allowsRandom: false)
    guard list.hasIntercept || !list.terms.isEmpty else {
      throw FormulaError(
        column: effects.column, found: "no effect", expected: "at least one effect before ‘|’")
    }
    let lists = isCorrelated ? [list] : list.split()
    var terms: [RandomTerm] = []
    for group in groups {
      for list in lists {
        terms.append(RandomTerm(effects: list, group: group, column: node.column))
      }
    }
    return terms
  }

  /// The grouping factors that the right of a bar names, each as the factors that it joins.
  private static func groups(_ node: FormulaNode) throws(FormulaError) -> [[FormulaNode]] {
    switch node.kind {
    case .name: return [[node]]
    case .call("", let arguments):
      guard let inner = arguments.first else { return [] }
      return try groups(inner.value)
    case .binary(.interact, let left, let right):
      var joined: [[FormulaNode]] = []
      for first in try groups(left) {
        for second in try groups(right) { joined.append(first + second) }
      }
      return joined
    case .binary(.divide, let left, let right):
      let outer = try groups(left)
      var all = outer
      guard let innermost = outer.last else { return [] }
      for second in try groups(right) { all.append(second + innermost) }
      return all
    case .binary(.add, let left, let right):
      return try groups(left) + groups(right)
    default:
      throw FormulaError(
        column: node.column, found: "‘\(node)’",
        expected: "a grouping factor: a name, a:b or a/b")
    }
  }
}

extension TermList {
  /// One list for the intercept and one for each term.
  fileprivate func split() -> [TermList] {
    var parts: [TermList] = []
    if hasIntercept { parts.append(part(terms: [], hasIntercept: true)) }
    for term in terms { parts.append(part(terms: [term], hasIntercept: false)) }
    return parts
  }
}
