/// The rows and columns of one model: what is left of the data once incomplete rows are set aside
/// and factors are coded.
struct ModelFrame: Sendable {
  /// The columns of one random term and the group that each row belongs to.
  struct Random: Sendable {
    var groupName: String
    var levels: [String]
    var codes: [Int32]
    var design: DesignMatrix
  }

  /// The rows used, as positions in the data, or `nil` for all.
  let rows: [Int]?
  let response: [Double]
  let responseName: String
  let fixed: DesignMatrix
  /// The values of the variables of the fixed terms.
  let fixedVariables: [ModelVariable]
  /// What the variables of all terms take from these rows.
  let constants: [String: VariableConstants]
  /// Contrasts by factor, where given.
  let codings: [String: Coding]
  let random: [Random]
  let weights: [Double]?
  let offset: [Double]?
  /// The column named as an offset beside those of the formula.
  let offsetName: String?
  /// Rows without a value, by variable, for the variables that lack any.
  let missing: [MissingCount]
  /// Rows set aside.
  let excludedRows: Int

  var rowCount: Int { response.count }

  /// - Parameters:
  ///   - weights: The name of a column of prior weights.
  ///   - offset: The name of a column that is added to the linear predictor as it is.
  ///   - others: Columns without whose values a row is set aside as well.
  init(
    _ formula: ModelFormula, data: ModelData, codings: [String: Coding], weights: String?,
    offset: String?, others: [String] = []
  ) throws(ModelError) {
    let builder = try FrameBuilder(
      formula, data: data, weights: weights, offset: offset, others: others)
    rows = builder.rows
    missing = builder.missing
    excludedRows = data.rowCount - builder.evaluator.rowCount
    responseName = formula.responseName
    response = try builder.numbers(formula.response)
    fixedVariables = try builder.variables(formula.fixed)
    constants = try builder.constants([formula.fixed] + formula.random.map(\.effects))
    self.codings = codings
    fixed = try builder.design(formula.fixed, fixedVariables, codings: codings)
    random = Self.ordered(
      try formula.random.map { (term) throws(ModelError) in
        try builder.random(term, codings: codings)
      })
    self.weights = try builder.weights()
    self.offset = try builder.offset(formula.fixed.offsets)
    offsetName = offset
    for name in codings.keys.sorted() where !builder.isFactor(name) {
      throw .codingWithoutFactor(name: name)
    }
  }

  /// The terms with most groups first, in the order that lme4 gives them: as written if that is
  /// already so, else sorted with ties reversed.
  private static func ordered(_ terms: [Random]) -> [Random] {
    let counts = terms.map(\.levels.count)
    guard zip(counts, counts.dropFirst()).contains(where: { $0 < $1 }) else { return terms }
    let ascending = counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
    return ascending.reversed().map { terms[$0] }
  }
}
