package import Expressions

extension Instrument {
  /// What a condition on answers to this instrument may ask: its items and its scores by name, a
  /// score winning over an item of its name.
  package var conditionNames: [String: ValueType] {
    var names: [String: ValueType] = [:]
    for item in items { names.merge(item.names) { $1 } }
    for score in scores { names[score.name] = .number }
    return names
  }

  /// Whether a condition on answers to this instrument is known to be true; what is missing makes
  /// most conditions unknown, and unknown is not true.
  package func isTrue(_ condition: Expression, of answers: [String: Answer]) -> Bool {
    var values = walk(answers).values
    for score in scores(of: answers) { values[score.name] = score.value.map(Value.number) }
    return condition.isTrue { values[$0] ?? .missing }
  }
}
