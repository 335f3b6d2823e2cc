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
  private(set) var random: [Random]
  let weights: [Double]?
  let offset: [Double]?
  /// The column named as an offset beside those of the formula.
  let offsetName: String?
  /// Rows without a value, by variable, for the variables that lack any.
  let missing: [MissingCount]
  /// Rows set aside.
  let excludedRows: Int
  /// Rows used; there are no columns to them where the model comes from a summary.
  let observations: Int
  /// Σ log w, 0 without weights.
  let logWeights: Double

  /// What a model without rows knows of its columns.
  let moments: FrameMoments?

  /// The rows at hand.
  var rowCount: Int { response.count }

  /// - Parameters:
  ///   - weights: The name of a column of prior weights.
  ///   - offset: The name of a column that is added to the linear predictor as it is.
  ///   - others: Columns without whose values a row is set aside as well.
  ///   - known: What variables are not to take from these rows, such as the levels of factors.
  ///   - keepsOrder: Whether random terms stay in the order of the formula.
  init(
    _ formula: ModelFormula, data: ModelData, codings: [String: Coding], weights: String?,
    offset: String?, others: [String] = [], known: [String: VariableConstants] = [:],
    keepsOrder: Bool = false
  ) throws(ModelError) {
    let codings = Self.named(codings, formula)
    let builder = try FrameBuilder(
      formula, data: data, weights: weights, offset: offset, others: others, known: known)
    rows = builder.rows
    missing = builder.missing
    excludedRows = data.rowCount - builder.evaluator.rowCount
    responseName = formula.responseName
    response = try builder.numbers(formula.response)
    fixedVariables = try builder.variables(formula.fixed)
    self.codings = codings
    fixed = try builder.design(formula.fixed, fixedVariables, codings: codings)
    var constants = try builder.constants(formula.fixed, fixedVariables)
    var terms: [Random] = []
    for term in formula.random {
      let variables = try builder.variables(term.effects)
      constants.merge(try builder.constants(term.effects, variables)) { first, _ in first }
      terms.append(try builder.random(term, variables, codings: codings))
    }
    self.constants = constants.merging(known) { $1 }
    random = keepsOrder ? terms : Self.order(terms.map(\.levels.count)).map { terms[$0] }
    let weights = try builder.weights()
    self.weights = weights
    observations = response.count
    moments = nil
    logWeights = weights?.reduce(0) { $0 + logarithm($1) } ?? 0
    self.offset = try builder.offset(formula.fixed.offsets)
    offsetName = offset
    for name in codings.keys.sorted() where !builder.isFactor(name) {
      guard case .levels = self.constants[name] else { throw .codingWithoutFactor(name: name) }
    }
  }

  /// Codings by the variables as the formula writes them: that of `week` is that of `factor(week)`
  /// where only this stands in the formula, and the other way round.
  private static func named(
    _ codings: [String: Coding], _ formula: ModelFormula
  ) -> [String: Coding] {
    let lists = [formula.fixed] + formula.random.map(\.effects)
    let written = Set(lists.flatMap { $0.variables.map(\.description) })
    var named: [String: Coding] = [:]
    for (name, coding) in codings {
      let inner = name.hasPrefix("factor(") && name.hasSuffix(")")
      let other = inner ? String(name.dropFirst(7).dropLast()) : "factor(\(name))"
      named[!written.contains(name) && written.contains(other) ? other : name] = coding
    }
    return named
  }

  /// A frame without rows, for a model whose cross-products are known already.
  ///
  /// - Parameter random: In the order in which they are fitted.
  init(
    design: SummaryDesign, random: [Random], moments: FrameMoments, observations: Int,
    missing: [MissingCount],
    excludedRows: Int, logWeights: Double
  ) {
    rows = nil
    response = []
    responseName = design.formula.responseName
    fixed = design.fixed
    fixedVariables = design.fixedVariables
    constants = design.constants
    codings = design.codings
    self.random = random
    self.moments = moments
    weights = nil
    offset = nil
    offsetName = design.offset
    self.missing = missing
    self.excludedRows = excludedRows
    self.observations = observations
    self.logWeights = logWeights
  }

  /// The same rows with random terms whose columns stand differently.
  func replacing(_ random: [Random]) -> ModelFrame {
    var copy = self
    copy.random = random
    return copy
  }

  /// The terms with most groups first, in the order that lme4 gives them: as written if that is
  /// already so, else sorted with ties reversed.
  ///
  /// - Parameter counts: The number of groups of each term.
  static func order(_ counts: [Int]) -> [Int] {
    guard zip(counts, counts.dropFirst()).contains(where: { $0 < $1 }) else {
      return Array(counts.indices)
    }
    return counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }.reversed()
  }
}

/// Means of squares and products of a model's columns over its rows.
struct FrameMoments: Sendable {
  /// The covariance matrix of the fixed columns.
  var fixedCovariance: Matrix
  /// By random term: the mean of zz′ over rows.
  var randomSquares: [Matrix]
  /// By random term: the mean over rows of the number of rows in their group.
  var sharing: [Double]
  /// The columns of numbers that the fixed part is made of.
  var covariates: [ReferenceGrid.Covariate]
  /// The mean of the offsets.
  var offset: Double
}
