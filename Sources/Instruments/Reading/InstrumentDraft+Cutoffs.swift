import Definitions
import Expressions

extension InstrumentDraft {
  /// The computed items that are, or use, a cut-off.
  var computedCutoffs: Set<String> {
    var made: Set<String> = []
    var cutoffs: Set<String> = []
    for item in items {
      guard let expression = item.computed?.expression else { continue }
      if expression.isCutoff(on: made) || !cutoffs.isDisjoint(with: expression.names) {
        cutoffs.insert(item.id.value)
      }
      made.insert(item.id.value)
    }
    return cutoffs
  }

  /// The scores that are, or use, a category or a cut-off.
  var cutoffs: Set<String> {
    let made = Set(items.filter { $0.computed != nil }.map(\.id.value) + scores.map(\.name.value))
    var cutoffs = computedCutoffs
    for index in scoringOrder {
      let score = scores[index]
      if score.isCategory || !cutoffs.isDisjoint(with: score.references.map(\.value))
        || score.expressions.contains(where: { $0.expression.isCutoff(on: made) })
      {
        cutoffs.insert(score.name.value)
      }
    }
    return cutoffs
  }
}

extension Expression {
  /// Whether it makes one of a few fixed numbers of a number that several answers made, by a bound:
  /// `if total >= 3 then 1 else 0`, `count(total >= 3)`. A bound on one answer is no cut-off: it may say
  /// which answer is right.
  ///
  /// - Parameter made: the names of scores and computed items.
  fileprivate func isCutoff(on made: Set<String>) -> Bool {
    var waiting = [root]
    while let node = waiting.popLast() {
      switch node.form {
      case .choice(let condition, let then, let otherwise):
        if then.isFixed, otherwise.isFixed, condition.isBound(on: made) { return true }
      case .call(.count, let arguments):
        if arguments.contains(where: { $0.isBound(on: made) }) { return true }
      default: break
      }
      waiting += node.form.children
    }
    return false
  }
}

extension Node {
  /// Whether its value is one of those written in it.
  fileprivate var isFixed: Bool {
    switch form {
    case .choice(_, let then, let otherwise): then.isFixed && otherwise.isFixed
    case .name: false
    default: form.children.allSatisfy(\.isFixed)
    }
  }

  /// Whether it compares a number that several answers made.
  fileprivate func isBound(on made: Set<String>) -> Bool {
    switch form {
    case .comparison(_, let left, let right): left.isMade(from: made) || right.isMade(from: made)
    case .membership(let subject, _): subject.isMade(from: made)
    default: form.children.contains { $0.isBound(on: made) }
    }
  }

  private func isMade(from made: Set<String>) -> Bool {
    var names: Set<String> = []
    var waiting = [self]
    while let node = waiting.popLast() {
      if case .name(let name) = node.form { names.insert(name) }
      waiting += node.form.children
    }
    return names.count > 1 || !names.isDisjoint(with: made)
  }
}
