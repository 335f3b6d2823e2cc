/// The range that a constraint on an answer, `.`, comes to: `. >= 0 and . <= 120`.
struct ConstraintRange: Hashable {
  var least: Double?
  var most: Double?
  /// Whether an end that is excluded there belongs to the range here.
  var isWidened = false

  /// The range of a constraint; nil where it asks for anything else.
  static func read(_ source: String, isWhole: Bool) -> ConstraintRange? {
    guard let node = try? ForeignParser.parse(source, dialect: .xpath, known: []) else {
      return nil
    }
    var range = ConstraintRange()
    return range.add(node, isWhole: isWhole) ? range : nil
  }

  private mutating func add(_ node: ForeignNode, isWhole: Bool) -> Bool {
    guard case .operation(let sign, let left, let right) = node else { return false }
    if sign == .and { return add(left, isWhole: isWhole) && add(right, isWhole: isWhole) }
    if Self.isAnswer(left), let number = Self.number(right) {
      return add(sign, number, isWhole: isWhole)
    }
    if Self.isAnswer(right), let number = Self.number(left) {
      return add(sign.mirrored, number, isWhole: isWhole)
    }
    return false
  }

  private static func isAnswer(_ node: ForeignNode) -> Bool {
    node == .reference(ForeignReference(name: "."))
  }

  private static func number(_ node: ForeignNode) -> Double? {
    switch node {
    case .number(let number): number
    case .negation(.number(let number)): -number
    case .text(let text): Double(text.trimmed)
    default: nil
    }
  }

  private mutating func add(_ sign: ForeignOperator, _ number: Double, isWhole: Bool) -> Bool {
    switch sign {
    case .greaterOrEqual: least = max(least ?? -.infinity, number)
    case .lessOrEqual: most = min(most ?? .infinity, number)
    case .greater:
      if !isWhole { isWidened = true }
      least = max(least ?? -.infinity, isWhole ? number.rounded(.down) + 1 : number)
    case .less:
      if !isWhole { isWidened = true }
      most = min(most ?? .infinity, isWhole ? number.rounded(.up) - 1 : number)
    default: return false
    }
    return true
  }
}
