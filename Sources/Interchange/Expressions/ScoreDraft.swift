/// A score as our file will have it.
struct ScoreDraft: Hashable {
  enum Formula: Hashable {
    case mean([String], answered: Int)
    case sum([String])
    case expression(String)
  }

  /// Its name here, and there.
  var id: String
  var name: String
  var label: String
  var formula: Formula
  /// Where it stands among all items there, which is the order of scores.
  var place: Int
  /// Whether it was to be shown on a condition.
  var hadCondition = false
}

extension ForeignTranslator {
  /// A calculation as a score: a mean or sum of items where it is one, so that what is missing is
  /// accounted for, else an expression.
  mutating func formula(_ node: ForeignNode) throws(Untranslatable) -> ScoreDraft.Formula {
    mayLeaveOutRounding = true
    defer { mayLeaveOutRounding = false }
    if case .call("round", let arguments) = node, let value = arguments.first,
      (1...2).contains(arguments.count)
    {
      notes.append("round() is left out: scores keep all their digits")
      return try formula(value)
    }
    if case .call(let name, let arguments) = node, name == "mean" || name == "sum" {
      let (values, leavesOutBlanks) = try operands(arguments)
      if let ids = plainIds(values) {
        if name == "mean" {
          return .mean(ids, answered: leavesOutBlanks ? 1 : ids.count)
        }
        if leavesOutBlanks {
          notes.append("sum() there counts blank answers as nothing; here it needs all of them")
        }
        return .sum(ids)
      }
    }
    if let ids = plainIds(terms(node)) { return .sum(ids) }
    return .expression(try calculation(node))
  }

  /// The terms of a chain of additions.
  private func terms(_ node: ForeignNode) -> [ForeignNode] {
    guard case .operation(.add, let left, let right) = node else { return [node] }
    return terms(left) + terms(right)
  }

  /// The ids of at least two different questions answered by numbers; nil for anything else.
  private mutating func plainIds(_ nodes: [ForeignNode]) -> [String]? {
    guard nodes.count >= 2 else { return nil }
    var ids: [String] = []
    for node in nodes {
      guard case .reference = node, let piece = try? number(node), piece.symbol != nil else {
        return nil
      }
      ids.append(piece.source)
    }
    return Set(ids).count == ids.count ? ids : nil
  }
}
