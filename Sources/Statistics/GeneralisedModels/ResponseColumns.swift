/// The response of a generalised model as it stands in the data: one column, or two that count.
struct ResponseColumns {
  /// The rows and columns of the model; its response is not to be read.
  let frame: ModelFrame
  /// The response as numbers, or the successes of a pair.
  let values: [Double]
  /// Successes and failures together, when the response is a pair.
  let trials: [Double]?
  /// The levels of a response that is a factor or was one.
  let levels: [String]?

  /// - Parameters:
  ///   - failures: A column that stands beside the response, which then counts successes.
  ///   - trials: The same with successes and failures together.
  init(
    _ formula: ModelFormula, data: ModelData, codings: [String: Coding], weights: String?,
    offset: String?, failures: String? = nil, trials: String? = nil
  ) throws(ModelError) {
    let pair = try Self.pair(formula.response, failures: failures, trials: trials)
    guard let pair else {
      let (numbered, levels) = try Self.numbered(formula, data: data)
      let frame = try ModelFrame(
        formula, data: numbered, codings: codings, weights: weights, offset: offset)
      self.frame = frame
      values = frame.response
      self.trials = nil
      self.levels = levels
      return
    }
    // Their sum reads both columns, so that rows without either are set aside.
    let both = FormulaNode(
      kind: .binary(.add, pair.first, pair.second), column: formula.response.column,
      depth: 1 + max(pair.first.depth, pair.second.depth))
    let summed = ModelFormula(
      source: formula.source, response: both, fixed: formula.fixed, random: formula.random)
    let frame = try ModelFrame(
      summed, data: data, codings: codings, weights: weights, offset: offset)
    let evaluator = VariableEvaluator(data: data, rows: frame.rows)
    self.frame = frame
    values = try evaluator.numbers(pair.first)
    self.trials =
      pair.secondIsTotal ? try evaluator.numbers(pair.second) : frame.response
    levels = nil
  }

  private static func pair(
    _ response: FormulaNode, failures: String?, trials: String?
  ) throws(ModelError) -> (first: FormulaNode, second: FormulaNode, secondIsTotal: Bool)? {
    if case .call("cbind", let arguments) = response.kind {
      guard arguments.count == 2, failures == nil, trials == nil else {
        throw .invalidCall(
          call: response.description, column: response.column,
          expected: "cbind(successes, failures) and no other column of counts")
      }
      return (arguments[0].value, arguments[1].value, false)
    }
    guard let name = failures ?? trials else { return nil }
    guard failures == nil || trials == nil else {
      throw .unsupported("give a column of failures or a column of trials, not both")
    }
    let column = FormulaNode(kind: .name(name), column: 1, depth: 1)
    return (response, column, trials != nil)
  }

  /// The data with a response that is a factor replaced by the positions of its levels.
  private static func numbered(
    _ formula: ModelFormula, data: ModelData
  ) throws(ModelError) -> (data: ModelData, levels: [String]?) {
    guard case .name(let name) = formula.response.kind,
      case .factor(let levels, let codes) = data[name]
    else { return (data, nil) }
    let numbers = codes.map { $0 < 0 ? Double.nan : Double($0) }
    let columns = data.names.map { other in
      (name: other, column: other == name ? .numeric(numbers) : data[other] ?? .numeric(numbers))
    }
    return (try ModelData(columns), levels)
  }

  /// The position in the data of a row of the model.
  func dataRow(_ row: Int) -> Int { frame.rows.map { $0[row] } ?? row }
}
