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
    scores(of: walk(answers, carried: carried), cutoffs: cutoffs)
  }

  /// The scores and then the computed items of a set of answers; see ``scores(of:carried:cutoffs:)`` and
  /// ``computedItems(of:carried:cutoffs:)``.
  package func results(
    of answers: [String: Answer], carried: [String: Answer] = [:],
    cutoffs: CutoffUse = .publishedWording
  ) -> [ScoreValue] {
    let walk = walk(answers, carried: carried)
    return scores(of: walk, cutoffs: cutoffs) + computedItems(of: walk, cutoffs: cutoffs)
  }

  private func scores(of walk: Walk, cutoffs: CutoffUse) -> [ScoreValue] {
    let answers = walk.answers
    var values = walk.values
    var answeredItems: Set<String> = []
    for index in items.indices {
      let id = items[index].id
      guard let answer = answers[id] else { continue }
      guard case .number(let number) = answer else {
        answeredItems.insert(id)
        continue
      }
      let keyed = items[index].keyed(number)
      // An option that recoding leaves out has no number to score.
      values[id] = keyed.isNaN ? .missing : .number(keyed)
      if !keyed.isNaN { answeredItems.insert(id) }
    }
    let allowsCutoffs = computesCategories(cutoffs)
    var results: [String: ScoreValue] = [:]
    for index in scoringOrder {
      let score = scores[index]
      let outcome =
        score.isCutoff && !allowsCutoffs
        ? Outcome(absence: .notForWording) : outcome(of: score, values, results, answeredItems)
      let result = ScoreValue(
        name: score.name, value: outcome.value,
        answered: score.items.count { answeredItems.contains($0) }, items: score.items.count,
        isProrated: outcome.isProrated && outcome.value != nil, absence: outcome.absence,
        strayed: outcome.strayed)
      results[score.name] = result
      values[score.name] = result.value.map(Value.number) ?? .missing
    }
    return scores.compactMap { results[$0.name] }
  }

  /// The values of computed items, in the order of the file, with how many of their items are answered.
  ///
  /// One that branching hides has no value; one that is a cut-off has one only where cut-offs hold,
  /// although conditions of this instrument may use it.
  package func computedItems(
    of answers: [String: Answer], carried: [String: Answer] = [:],
    cutoffs: CutoffUse = .publishedWording
  ) -> [ScoreValue] {
    computedItems(of: walk(answers, carried: carried), cutoffs: cutoffs)
  }

  private func computedItems(of walk: Walk, cutoffs: CutoffUse) -> [ScoreValue] {
    guard items.contains(where: { if case .computed = $0.kind { true } else { false } }) else {
      return []
    }
    let (answers, values) = (walk.answers, walk.values)
    let computedFrom = self.computedFrom
    let allowsCutoffs = computesCategories(cutoffs)
    return items.compactMap { item in
      guard case .computed = item.kind else { return nil }
      let used = computedFrom[item.id] ?? []
      let answered = used.count { answers[$0] != nil }
      let isWithheld = computedCutoffs.contains(item.id) && !allowsCutoffs
      let value = isWithheld ? nil : values[item.id]?.number
      let absence: ScoreAbsence? =
        switch value {
        case .some: nil
        case nil where isWithheld: .notForWording
        case nil: answered < used.count || values[item.id] == nil ? .tooFewAnswers : .notDefined
        }
      return ScoreValue(
        name: item.id, value: value, answered: answered, items: used.count, isProrated: false,
        absence: absence, strayed: nil)
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

  /// What a score came to, before it is counted on what it rests.
  private struct Outcome {
    var value: Double?
    var isProrated = false
    var absence: ScoreAbsence?
    var strayed: Double?
  }

  private func outcome(
    of score: Score, _ values: [String: Value], _ results: [String: ScoreValue],
    _ answered: Set<String>
  ) -> Outcome {
    let operands = score.operands
    let present = operands.compactMap { values[$0]?.number }
    let total = present.reduce(0, +)
    let isEnough = present.count >= max(1, score.least)
    var outcome = Outcome(isProrated: operands.contains { results[$0]?.isProrated ?? false })
    switch score.formula {
    case .mean:
      outcome.value = isEnough ? total / Double(present.count) : nil
    case .sum(let names):
      outcome.value = isEnough ? total / Double(present.count) * Double(names.count) : nil
      // Exact when nothing is missing: a sum of whole numbers stays whole.
      if present.count == names.count {
        outcome.value = total
      } else {
        outcome.isProrated = true
      }
    case .weighted(let pairs): outcome.value = weightedMean(pairs, values, least: score.least)
    case .category(let categories):
      outcome.value =
        score.items.count { answered.contains($0) } >= score.least
        ? category(of: categories, values) : nil
    case .expression(let expression):
      outcome.value = expression.evaluate { values[$0] ?? .missing }.number
    }
    if let value = outcome.value, let range = score.range, !range.widened.contains(value) {
      return Outcome(absence: .outOfRange, strayed: value)
    }
    guard outcome.value == nil else { return outcome }
    // A score that another one lacks for a reason of its own lacks it for the same reason.
    let inherited = operands.lazy.compactMap { results[$0]?.absence }
      .first { $0 != .tooFewAnswers }
    let hasAll = operands.allSatisfy { name in
      guard let value = values[name] else { return false }
      return value != .missing
    }
    outcome.absence = inherited ?? (hasAll ? .notDefined : .tooFewAnswers)
    return outcome
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

extension ClosedRange<Double> {
  /// The range with room for rounding in the last digits.
  var widened: ClosedRange<Double> {
    let room = 1e-9 * Swift.max(1, abs(lowerBound), abs(upperBound))
    return (lowerBound - room)...(upperBound + room)
  }
}
