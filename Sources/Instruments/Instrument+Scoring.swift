internal import Expressions

extension Instrument {
  /// Every score of a set of answers, in the order of the file.
  ///
  /// Items that were not shown, left blank, or answered off their response scale count as unanswered.
  /// A mean needs ``Score/least`` of its operands and is over those that are there; so does a sum,
  /// which is then mean × number of operands and flagged (person-mean imputation, Downey & King
  /// (1998), Journal of General Psychology 125, 175-191). In an expression missing stays missing.
  package func scores(of answers: [String: Answer]) -> [ScoreValue] {
    var values: [String: Value] = [:]
    for item in shownItems(answers: answers) {
      guard let answer = answers[item.id], item.accepts(answer) else { continue }
      switch answer {
      case .number(let number): values[item.id] = .number(item.keyed(number))
      case .text(let text): values[item.id] = .text(text)
      }
    }
    let answeredItems = Set(values.keys)
    var results: [String: ScoreValue] = [:]
    for index in scoringOrder {
      let score = scores[index]
      let result = value(of: score, values, results, answered: answeredItems)
      results[score.name] = result
      values[score.name] = result.value.map(Value.number) ?? .missing
    }
    return scores.compactMap { results[$0.name] }
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

extension ClosedRange<Double> {
  /// The range with room for rounding in the last digits.
  var widened: ClosedRange<Double> {
    let room = 1e-9 * Swift.max(1, abs(lowerBound), abs(upperBound))
    return (lowerBound - room)...(upperBound + room)
  }
}
