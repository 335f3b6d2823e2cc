/// A function of a formula that looks at all rows of a person: `within(x, id)`, `between(x, id)`,
/// `lag(x, id, time)` and `lead(x, id, time)`.
///
/// The first two take a covariate apart into a person's deviations from their own mean and that mean
/// less the mean of all persons' means, over the rows that the model uses (``PersonCentring``). The
/// others give the value at another time of the same person, in whatever row of the data, and are
/// missing where there is no such row (``PersonTimeline``): `lag(x, id, time, 2)` is two steps back,
/// and `lag(x, id, time, day = day)` does not reach back over the night.
struct PersonFunction {
  enum Kind: String, CaseIterable {
    case within, between, lag, lead
  }

  let kind: Kind
  let value: FormulaNode
  let person: FormulaNode
  /// Of a lag or lead.
  let time: FormulaNode?
  let steps: Int
  let day: FormulaNode?

  /// Whether a piece of a formula is such a function.
  static func isOne(_ node: FormulaNode) -> Bool {
    guard case .call(let function, _) = node.kind else { return false }
    return Kind(rawValue: function) != nil
  }

  /// - Returns: `nil` for another function.
  /// - Throws: ``ModelError/invalidCall(call:column:expected:)`` for arguments that it does not take.
  init?(_ node: FormulaNode) throws(ModelError) {
    guard case .call(let function, let arguments) = node.kind, let kind = Kind(rawValue: function)
    else { return nil }
    let plain = arguments.filter { $0.label == nil }.map(\.value)
    let labels = arguments.compactMap { argument in argument.label.map { ($0, argument.value) } }
    self.kind = kind
    switch kind {
    case .within, .between:
      guard plain.count == 2, labels.isEmpty else {
        throw Self.invalid(node, "\(function)(x, person)")
      }
      (value, person, time, steps, day) = (plain[0], plain[1], nil, 0, nil)
    case .lag, .lead:
      let expected = "\(function)(x, person, time), then perhaps a number of steps and day = column"
      guard (3...4).contains(plain.count), labels.allSatisfy({ $0.0 == "day" }), labels.count < 2
      else { throw Self.invalid(node, expected) }
      var steps = 1
      if plain.count == 4 {
        guard case .number(let number) = plain[3].kind, (1...1000).contains(number),
          number == number.rounded()
        else { throw Self.invalid(node, "a whole number of steps from 1 to 1000") }
        steps = Int(number)
      }
      (value, person, time, day) = (plain[0], plain[1], plain[2], labels.first?.1)
      self.steps = steps
    }
  }

  private static func invalid(_ node: FormulaNode, _ expected: String) -> ModelError {
    .invalidCall(call: node.description, column: node.column, expected: expected)
  }
}

extension FormulaNode {
  /// The columns whose value in a row the piece needs; a lag needs its covariate in another row.
  var requiredNames: Set<String> {
    switch kind {
    case .call(let function, let arguments):
      let isMoved = function == "lag" || function == "lead"
      return (isMoved ? arguments.dropFirst() : arguments[...]).reduce(into: []) {
        $0.formUnion($1.value.requiredNames)
      }
    case .unary(_, let operand): return operand.requiredNames
    case .binary(_, let left, let right): return left.requiredNames.union(right.requiredNames)
    case .random(let effects, let group, _):
      return effects.requiredNames.union(group.requiredNames)
    case .name, .number: return names
    }
  }

  /// The functions of persons in the piece, the outermost only.
  var personFunctions: [FormulaNode] {
    if PersonFunction.isOne(self) { return [self] }
    switch kind {
    case .call(_, let arguments): return arguments.flatMap(\.value.personFunctions)
    case .unary(_, let operand): return operand.personFunctions
    case .binary(_, let left, let right): return left.personFunctions + right.personFunctions
    case .random(let effects, let group, _):
      return effects.personFunctions + group.personFunctions
    case .name, .number: return []
    }
  }

  /// The columns that the piece reads outside functions of persons.
  var plainNames: Set<String> {
    if PersonFunction.isOne(self) { return [] }
    switch kind {
    case .call(_, let arguments):
      return arguments.reduce(into: []) { $0.formUnion($1.value.plainNames) }
    case .unary(_, let operand): return operand.plainNames
    case .binary(_, let left, let right): return left.plainNames.union(right.plainNames)
    case .random, .name, .number: return names
    }
  }
}

extension VariableEvaluator {
  /// The values of a function of persons over the rows.
  ///
  /// Persons that a model knows keep the means that it found; others have those of the rows at hand.
  func personValues(_ node: FormulaNode) throws(ModelError) -> [Double]? {
    guard let function = try PersonFunction(node) else { return nil }
    // A grid of covariates has the function's own values in a column.
    if case .numeric(let values) = data[node.description] { return restricted(values) }
    switch function.kind {
    case .within, .between:
      let values = try numbers(function.value)
      let (levels, codes) = try persons(function.person)
      let means = try personMeans(values, levels: levels, codes: codes, node)
      return values.indices.map { row in
        guard codes[row] >= 0 else { return .nan }
        let mean = means.byPerson[levels[Int(codes[row])]] ?? .nan
        return function.kind == .within ? values[row] - mean : mean - means.grand
      }
    case .lag, .lead:
      let whole = VariableEvaluator(data: data, rows: nil, constants: constants)
      let values = try whole.numbers(function.value)
      let days = try function.day.map { (day) throws(ModelError) in try whole.dayNumbers(day) }
      let times = try function.time.map { (time) throws(ModelError) in try whole.numbers(time) }
      let codes = try whole.persons(function.person).codes
      let timeline: PersonTimeline
      do {
        timeline = try PersonTimeline(persons: codes, times: times ?? [], days: days)
      } catch .fractionalTime(_, let row) {
        throw .fractionalTime(variable: function.time?.description ?? "", row: row)
      } catch .repeatedTime(_, let row) {
        throw .repeatedTime(variable: function.time?.description ?? "", row: row)
      }
      return restricted(
        function.kind == .lag
          ? timeline.lag(values, steps: function.steps)
          : timeline.lead(values, steps: function.steps))
    }
  }

  /// What a centring takes from the rows.
  func personMeans(_ node: FormulaNode) throws(ModelError) -> VariableConstants? {
    guard let function = try PersonFunction(node),
      function.kind == .within || function.kind == .between
    else { return nil }
    let (levels, codes) = try persons(function.person)
    return .persons(
      try personMeans(try numbers(function.value), levels: levels, codes: codes, node))
  }

  private func personMeans(
    _ values: [Double], levels: [String], codes: [Int32], _ node: FormulaNode
  ) throws(ModelError) -> PersonMeans {
    let here = PersonCentring(values, persons: codes)
    var means = PersonMeans(byPerson: [:], grand: here.grandMean)
    for (row, code) in codes.enumerated() where code >= 0 {
      means.byPerson[levels[Int(code)]] = here.personMean[row]
    }
    if case .persons(let known) = constants[node.description] {
      means.byPerson.merge(known.byPerson) { $1 }
      means.grand = known.grand
    }
    return means
  }

  private func persons(
    _ node: FormulaNode
  ) throws(ModelError) -> (levels: [String], codes: [Int32]) {
    guard case .factor(let levels, let codes) = try grouping(node) else { return ([], []) }
    return (levels, codes)
  }

  /// Days as numbers, be they dates in words.
  private func dayNumbers(_ node: FormulaNode) throws(ModelError) -> [Double] {
    guard case .factor(_, let codes) = try grouping(node) else { return [] }
    return codes.map { $0 < 0 ? .nan : Double($0) }
  }
}

/// The means of a covariate by person.
struct PersonMeans: Hashable, Sendable {
  var byPerson: [String: Double]
  /// The mean of the persons' means.
  var grand: Double
}

extension ModelFormula {
  /// Whether some column needs all rows of a person at once.
  var looksAtPersons: Bool {
    let lists = [fixed] + random.map(\.effects)
    return lists.contains { list in
      (list.variables + list.offsets).contains { !$0.personFunctions.isEmpty }
    } || !response.personFunctions.isEmpty
  }

  /// What is to be said of a lagged response that is centred at the person's own mean.
  func nickellNotes(_ frame: ModelFrame) -> [String] {
    let centred = fixed.variables.flatMap(\.personFunctions).contains { node in
      guard case .call("within", let arguments) = node.kind, let inner = arguments.first?.value
      else { return false }
      return inner.personFunctions.contains { lagged in
        guard case .call("lag", let parts) = lagged.kind else { return false }
        return parts.first?.value.description == responseName
      }
    }
    guard centred, let term = frame.random.first, !term.codes.isEmpty else { return [] }
    var prompts = [Int](repeating: 0, count: term.levels.count)
    for code in term.codes { prompts[Int(code)] += 1 }
    return [NickellBias.warning(prompts: prompts)].compactMap(\.self)
  }
}
