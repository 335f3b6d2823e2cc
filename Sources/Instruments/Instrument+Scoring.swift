internal import Expressions

extension Instrument {
  /// Every score of a set of answers, in the order of the file.
  ///
  /// Items that were not shown, left blank, or answered off their response scale count as unanswered.
  /// A mean needs ``Score/least`` of its operands and is over those that are there; so does a sum,
  /// which is then mean × number of operands and flagged (person-mean imputation, Downey & King
  /// (1998), Journal of General Psychology 125, 175-191). In an expression missing stays missing.
  ///
  /// A weighted mean needs ``Score/least`` of its operands with their weights, and a weight above 0 among
  /// them. A category needs its items, and is computed only where cut-offs hold.
  ///
  /// - Parameters:
  ///   - carried: what stands from before the session; see ``shownItems(answers:carried:order:)``.
  ///   - cutoffs: whether categories are computed for a wording that is not the published one.
  package func scores(
    of answers: [String: Answer], carried: [String: Answer] = [:],
    cutoffs: CutoffUse = .publishedWording
  ) -> [ScoreValue] {
    let (_, answers, raw) = walk(answers, carried: carried)
    var values = raw
    var answeredItems: Set<String> = []
    for item in items {
      guard let answer = answers[item.id] else { continue }
      answeredItems.insert(item.id)
      guard case .number(let number) = answer else { continue }
      let keyed = item.keyed(number)
      // An option that recoding leaves out has no number to score.
      values[item.id] = keyed.isNaN ? .missing : .number(keyed)
      if keyed.isNaN { answeredItems.remove(item.id) }
    }
    let allowsCutoffs = computesCategories(cutoffs)
    var results: [String: ScoreValue] = [:]
    for index in scoringOrder {
      let score = scores[index]
      let result =
        score.isCutoff && !allowsCutoffs
        ? ScoreValue(withholding: score, answered: answeredItems)
        : value(of: score, values, results, answered: answeredItems)
      results[score.name] = result
      values[score.name] = result.value.map(Value.number) ?? .missing
    }
    return scores.compactMap { results[$0.name] }
  }

  /// The values of computed items, in the order of the file, with how many of their items are answered.
  ///
  /// One that branching hides has no value.
  package func computedItems(
    of answers: [String: Answer], carried: [String: Answer] = [:]
  ) -> [ScoreValue] {
    let (_, answers, values) = walk(answers, carried: carried)
    return items.compactMap { item in
      guard case .computed = item.kind else { return nil }
      let used = computedFrom[item.id] ?? []
      return ScoreValue(
        name: item.id, value: values[item.id]?.number,
        answered: used.count { answers[$0] != nil }, items: used.count, isProrated: false,
        isOutOfRange: false)
    }
  }

  /// The items that each computed item is made from, directly or through others.
  private var computedFrom: [String: Set<String>] {
    var owners: [String: Set<String>] = [:]
    var used: [String: Set<String>] = [:]
    for item in items {
      guard case .computed(let expression) = item.kind else {
        for name in item.names.keys { owners[name] = [item.id] }
        continue
      }
      let own = expression.names.reduce(into: Set()) { $0.formUnion(owners[$1] ?? []) }
      (owners[item.id], used[item.id]) = (own, own)
    }
    return used
  }

  private func value(
    of score: Score, _ values: [String: Value], _ results: [String: ScoreValue],
    answered: Set<String>
  ) -> ScoreValue {
    let present = score.operands.compactMap { values[$0]?.number }
    let total = present.reduce(0, +)
    let isEnough = present.count >= max(1, score.least)
    var isProrated = score.operands.contains { results[$0]?.isProrated ?? false }
    var value: Double?
    switch score.formula {
    case .mean:
      value = isEnough ? total / Double(present.count) : nil
    case .sum(let names):
      value = isEnough ? total / Double(present.count) * Double(names.count) : nil
      // Exact when nothing is missing: a sum of whole numbers stays whole.
      if present.count == names.count { value = total } else { isProrated = true }
    case .weighted(let pairs): value = weightedMean(pairs, values, least: score.least)
    case .category(let categories):
      value =
        score.items.count { answered.contains($0) } >= score.least
        ? category(of: categories, values) : nil
    case .expression(let expression):
      value = expression.evaluate { values[$0] ?? .missing }.number
    }
    let isOutOfRange =
      if let value, let range = score.range { !range.widened.contains(value) } else { false }
    return ScoreValue(
      name: score.name, value: isOutOfRange ? nil : value,
      answered: score.items.count { answered.contains($0) }, items: score.items.count,
      isProrated: isProrated && value != nil, isOutOfRange: isOutOfRange)
  }
}

/// The mean of what has both a value and a weight; nil where too little has, or nothing weighs.
private func weightedMean(
  _ pairs: [Score.Weighting], _ values: [String: Value], least: Int
) -> Double? {
  let present = pairs.compactMap { pair -> (value: Double, weight: Double)? in
    guard let value = values[pair.value]?.number, let weight = values[pair.weight]?.number else {
      return nil
    }
    return (value, max(0, weight))
  }
  let total = present.reduce(0) { $0 + $1.weight }
  guard present.count >= max(1, least), total > 0 else { return nil }
  return present.reduce(0) { $0 + $1.value * $1.weight } / total
}

/// The first category whose rule is true; nil where a rule before it is unknown.
private func category(of categories: [Score.Category], _ values: [String: Value]) -> Double? {
  for category in categories {
    guard let rule = category.rule else { return Double(category.value) }
    switch rule.evaluate({ values[$0] ?? .missing }) {
    case .truth(true): return Double(category.value)
    case .truth(false): continue
    default: return nil
    }
  }
  return nil
}

extension ScoreValue {
  /// A score that is not computed because its cut-offs do not hold.
  fileprivate init(withholding score: Score, answered: Set<String>) {
    self.init(
      name: score.name, value: nil, answered: score.items.count { answered.contains($0) },
      items: score.items.count, isProrated: false, isOutOfRange: false)
  }
}

extension ClosedRange<Double> {
  /// The range with room for rounding in the last digits.
  var widened: ClosedRange<Double> {
    let room = 1e-9 * Swift.max(1, abs(lowerBound), abs(upperBound))
    return (lowerBound - room)...(upperBound + room)
  }
}
