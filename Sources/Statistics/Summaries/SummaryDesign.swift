/// What the columns of a summary are: enough to tell whether two summaries may be merged, to code
/// more rows alike, and to name the results.
struct SummaryDesign: Sendable {
  let formula: ModelFormula
  /// Contrasts by factor, where given.
  let codings: [String: Coding]
  /// What variables do not take from the rows: levels, centres, bases.
  let constants: [String: VariableConstants]
  /// The names of the columns of prior weights and of the offset.
  let weights: String?
  let offset: String?

  /// The fixed columns, without rows.
  let fixed: DesignMatrix
  let fixedVariables: [ModelVariable]
  /// The columns of each random term, without rows.
  let random: [DesignMatrix]
  /// The columns whose sums are kept: those that are not constant, fixed ones first, then the
  /// response, then what only random terms have.
  let columns: [String]
  /// The columns that random terms have, as positions in `columns`.
  let spread: [Int]
  /// Where each fixed column is kept, `nil` for the intercept.
  let fixedPlaces: [Int?]
  let responsePlace: Int
  /// Where each column of each random term is kept.
  let randomPlaces: [[Int?]]
  /// The grouping factors, each once.
  let groupNames: [String]
  /// The grouping factor of each random term.
  let factors: [Int]

  init(
    _ formula: ModelFormula, codings: [String: Coding], constants: [String: VariableConstants],
    weights: String?, offset: String?
  ) throws(ModelError) {
    self.formula = formula
    self.codings = codings
    self.constants = constants
    self.weights = weights
    self.offset = offset
    let evaluator = VariableEvaluator(
      data: try Self.emptyData(formula, constants), rows: nil, constants: constants)
    func variables(_ list: TermList) throws(ModelError) -> [ModelVariable] {
      try list.variables.map { (node) throws(ModelError) in try evaluator.variable(node) }
    }
    fixedVariables = try variables(formula.fixed)
    fixed = try DesignMatrix(
      formula.fixed, variables: fixedVariables, codings: codings, rowCount: 0)
    random = try formula.random.map { (term) throws(ModelError) in
      try DesignMatrix(
        term.effects, variables: variables(term.effects), codings: codings, rowCount: 0)
    }
    var meanings: [String] = []
    func place(_ column: DesignMatrix.Column) -> Int? {
      guard column.term >= 0 else { return nil }
      if let known = meanings.firstIndex(of: column.meaning) { return known }
      meanings.append(column.meaning)
      return meanings.count - 1
    }
    fixedPlaces = fixed.columns.map(place)
    responsePlace = meanings.count
    meanings.append("response " + formula.responseName)
    randomPlaces = random.map { $0.columns.map(place) }
    columns = meanings
    spread = Set(randomPlaces.flatMap { $0.compactMap(\.self) }).sorted()
    let groupNames = formula.groupNames
    self.groupNames = groupNames
    factors = formula.random.map { groupNames.firstIndex(of: $0.groupName) ?? 0 }
  }

  /// Columns of the right kinds and no rows.
  private static func emptyData(
    _ formula: ModelFormula, _ constants: [String: VariableConstants]
  ) throws(ModelError) -> ModelData {
    try ModelData(
      formula.variableNames.sorted().map { name in
        if case .levels(let levels) = constants[name] {
          return (name, .factor(levels: levels, codes: []))
        }
        return (name, .numeric([]))
      })
  }
}

extension SummaryDesign: Hashable {
  /// Whether rows are coded alike: what the columns are follows from these.
  static func == (left: Self, right: Self) -> Bool {
    left.formula.meaning == right.formula.meaning && left.codings == right.codings
      && left.constants == right.constants && left.weights == right.weights
      && left.offset == right.offset
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(formula.meaning)
    hasher.combine(codings)
    hasher.combine(constants)
  }
}

extension ModelFormula {
  /// The expanded formula: equal for two ways of writing the same columns in the same order.
  var meaning: String {
    func text(_ list: TermList) -> String {
      ([list.hasIntercept ? "1" : "0"] + list.terms.map(list.label)).joined(separator: " + ")
    }
    let offsets = fixed.offsets.map { " + offset(\($0))" }.joined()
    let terms = random.map { " + (\(text($0.effects)) | \($0.groupName))" }.joined()
    return "\(responseName) ~ \(text(fixed))\(offsets)\(terms)"
  }
}
