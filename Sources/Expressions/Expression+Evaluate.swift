extension Expression {
  /// The value, given what each name stands for. Never fails.
  ///
  /// An expression that `check` refused still evaluates: what has the wrong type is missing.
  package func evaluate(_ lookup: (String) -> Value) -> Value { root.evaluate(lookup) }

  /// Whether the value is known to be true: unknown counts as false, as for display and `only_if`.
  package func isTrue(_ lookup: (String) -> Value) -> Bool { evaluate(lookup) == .truth(true) }
}

extension Node {
  fileprivate func evaluate(_ lookup: (String) -> Value) -> Value {
    switch form {
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .truth(let truth): .truth(truth)
    case .name(let name): lookup(name).normalized
    case .negation(let operand): operand.evaluate(lookup).number.map { .number(-$0) } ?? .missing
    case .not(let operand): operand.evaluate(lookup).truth.map { .truth(!$0) } ?? .missing
    case .arithmetic(let sign, let left, let right):
      sign.apply(left.evaluate(lookup), right.evaluate(lookup))
    case .comparison(let sign, let left, let right):
      sign.apply(left.evaluate(lookup), right.evaluate(lookup))
    case .logic(let word, let left, let right):
      word.apply(left.evaluate(lookup), right.evaluate(lookup))
    case .membership(let subject, let list): membership(subject.evaluate(lookup), list, lookup)
    case .choice(let condition, let then, let otherwise):
      switch condition.evaluate(lookup).truth {
      case true?: then.evaluate(lookup)
      case false?: otherwise.evaluate(lookup)
      case nil: .missing
      }
    case .call(let function, let arguments):
      function.apply(arguments.map { $0.evaluate(lookup) })
    }
  }

  /// `x in [a, b]` is `x == a or x == b`, so a missing element leaves a miss unknown.
  private func membership(
    _ subject: Value, _ list: [Node], _ lookup: (String) -> Value
  ) -> Value {
    list.reduce(.truth(false)) { soFar, element in
      Logic.or.apply(soFar, Comparison.equal.apply(subject, element.evaluate(lookup)))
    }
  }
}

extension Arithmetic {
  fileprivate func apply(_ left: Value, _ right: Value) -> Value {
    guard let left = left.number, let right = right.number else { return .missing }
    let result =
      switch self {
      case .add: left + right
      case .subtract: left - right
      case .multiply: left * right
      case .divide: left / right
      }
    return Value.number(result).normalized
  }
}

extension Comparison {
  fileprivate func apply(_ left: Value, _ right: Value) -> Value {
    if let left = left.number, let right = right.number { return .truth(holds(left, right)) }
    guard !left.isMissing, left.type == right.type, !isOrdering else { return .missing }
    return .truth((left == right) == (self == .equal))
  }

  private func holds(_ left: Double, _ right: Double) -> Bool {
    switch self {
    case .equal: left == right
    case .unequal: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
  }
}

extension Logic {
  /// Kleene: one operand that settles the question settles it, whatever the other is.
  fileprivate func apply(_ left: Value, _ right: Value) -> Value {
    let decisive = self == .or
    if left.truth == decisive || right.truth == decisive { return .truth(decisive) }
    guard left.truth != nil, right.truth != nil else { return .missing }
    return .truth(!decisive)
  }
}

extension ExpressionFunction {
  fileprivate func apply(_ arguments: [Value]) -> Value {
    switch self {
    case .mean: numbers(arguments) { $0.reduce(0, +) / Double($0.count) }
    case .sum: numbers(arguments) { $0.reduce(0, +) }
    case .min: numbers(arguments) { $0.min() }
    case .max: numbers(arguments) { $0.max() }
    case .count: .number(Double(arguments.count { !$0.isMissing && $0 != .truth(false) }))
    case .answered: .truth(!arguments.contains { $0.isMissing })
    case .missing: .truth(arguments.contains { $0.isMissing })
    case .firstOf: arguments.first { !$0.isMissing } ?? .missing
    }
  }

  private func numbers(_ arguments: [Value], _ compute: ([Double]) -> Double?) -> Value {
    let numbers = arguments.compactMap(\.number)
    guard numbers.count == arguments.count, let result = compute(numbers) else { return .missing }
    return Value.number(result).normalized
  }
}
