import Definitions

extension ScoreDraft {
  /// Whether it is computed by an expression.
  var isExpression: Bool {
    if case .expression = formula { true } else { false }
  }

  /// Whether it is one of several categories.
  var isCategory: Bool {
    if case .category = formula { true } else { false }
  }

  /// Whether it is a mean by weights, which stands beside the unweighted one.
  var isWeighted: Bool {
    if case .weighted = formula { true } else { false }
  }

  /// The fewest operands that must be there: all for sums, three quarters rounded up for means, unless
  /// the file says otherwise; 0 for an expression.
  var least: Int {
    switch formula {
    case .sum(let names): answered?.value ?? names.count
    case .mean(let names): answered?.value ?? (3 * names.count + 3) / 4
    case .weighted(let pairs): answered?.value ?? (3 * pairs.count + 3) / 4
    case .category, .expression, nil: 0
    }
  }

  /// The range that a mean or sum has by the ranges of its operands, if all of them are known.
  func derivedRange(operands: [String: ClosedRange<Double>]) -> ClosedRange<Double>? {
    if case .category(let categories) = formula {
      let values = categories.map { Double($0.value.value) }
      return values.min().flatMap { low in values.max().map { low...$0 } }
    }
    let ranges = listed.compactMap { operands[$0.value] }
    guard ranges.count == listed.count,
      let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max()
    else { return nil }
    switch formula {
    case .mean, .weighted: return low...high
    case .sum:
      // Filled up from fewer operands, a sum over unequal ranges can leave the sum of the ranges.
      if least < listed.count {
        return (low * Double(listed.count))...(high * Double(listed.count))
      }
      return ranges.map(\.lowerBound).reduce(0, +)...ranges.map(\.upperBound).reduce(0, +)
    case .category, .expression, nil: return nil
    }
  }
}

extension InstrumentDraft {
  /// The scores' indices in an order in which each comes after those it is computed from. Scores in a
  /// circle, and those computed from one, are left out.
  var scoringOrder: [Int] {
    let names = Dictionary(
      scores.enumerated().map { ($1.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    let references = scores.map { score in
      Set(score.references.compactMap { names[$0.value] })
    }
    var users: [Int: [Int]] = [:]
    for (index, used) in references.enumerated() {
      for other in used { users[other, default: []].append(index) }
    }
    // Kahn (1962), Communications of the ACM 5, 558-562.
    var waiting = references.map(\.count)
    var ready = waiting.indices.filter { waiting[$0] == 0 }
    var order: [Int] = []
    while let index = ready.popLast() {
      order.append(index)
      for user in users[index] ?? [] {
        waiting[user] -= 1
        if waiting[user] == 0 { ready.append(user) }
      }
    }
    return order
  }

  /// One circle for each group of scores that are computed from each other, as names.
  var scoreCycles: [[String]] {
    let ordered = Set(scoringOrder)
    var left = Set(scores.indices.filter { !ordered.contains($0) })
    let names = Dictionary(
      scores.enumerated().map { ($1.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    var cycles: [[String]] = []
    while let start = left.min() {
      var path: [Int] = []
      var current: Int? = start
      while let index = current, left.contains(index), !path.contains(index) {
        path.append(index)
        current = scores[index].references.lazy
          .compactMap { names[$0.value] }.first { left.contains($0) }
      }
      if let current, let first = path.firstIndex(of: current) {
        cycles.append(path[first...].map { scores[$0].name.value })
      }
      left.subtract(path)
    }
    return cycles
  }

  /// The ranges of items and scores, where known.
  var operandRanges: [String: ClosedRange<Double>] {
    var ranges = Dictionary(
      items.compactMap { draft in draft.item?.scoredRange.map { (draft.id.value, $0) } },
      uniquingKeysWith: { first, _ in first })
    for index in scoringOrder {
      let score = scores[index]
      let range = score.isExpression ? score.range?.value : score.derivedRange(operands: ranges)
      if let range, ranges[score.name.value] == nil { ranges[score.name.value] = range }
    }
    return ranges
  }
}
