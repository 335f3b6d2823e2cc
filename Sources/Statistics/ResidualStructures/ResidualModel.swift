/// A linear mixed or marginal model with a residual structure, ready to be fitted.
public struct ResidualModel: Sendable {
  /// The formula it was made from.
  public let formula: ModelFormula
  /// How residuals vary and go together.
  public let structure: ResidualStructure
  let frame: ModelFrame
  let standardisation: Standardisation
  let layout: RandomLayout
  let residuals: ResidualFrame
  let rows: ResidualRows
  private(set) var source: any ResidualProducts

  /// Reads the rows; the parameters are those of
  /// ``LinearMixedModel/fit(_:data:method:residuals:codings:weights:offset:degreesOfFreedom:confidenceLevel:)``.
  ///
  /// - Throws: A ``ModelError`` that says what the data, the formula or the structure lack.
  public init(
    _ formula: ModelFormula, data: ModelData, structure: ResidualStructure,
    codings: [String: Coding] = [:], weights: String? = nil, offset: String? = nil
  ) throws(ModelError) {
    for name in structure.columns where data[name] == nil {
      let hint = nearest(to: name, among: data.names).map { "; did you mean ‘\($0)’?" } ?? ""
      throw .residualStructure("residuals: the data have no column ‘\(name)’\(hint)")
    }
    if structure.isMarginal, !formula.random.isEmpty {
      throw .residualStructure(
        "compound symmetry and an unstructured covariance stand in place of random effects; "
          + "leave the random terms out, or choose another structure")
    }
    if structure.isMarginal, structure.stratum != nil {
      throw .residualStructure(
        "a variance per stratum cannot be combined with a marginal structure")
    }
    let frame = try ModelFrame(
      formula, data: data, codings: codings, weights: weights, offset: offset,
      others: structure.columns)
    let response = frame.offset.map { zip(frame.response, $0).map(-) } ?? frame.response
    try Self.check(frame, response: response)
    let standardisation = Standardisation(frame, response: response)
    try standardisation.check(frame)
    let residuals = try ResidualFrame(structure, frame: frame, data: data)
    let rows = try ResidualRows(
      frame, response: response, standardisation: standardisation, order: residuals.rows)
    self.formula = formula
    self.structure = structure
    self.frame = frame
    self.standardisation = standardisation
    layout = RandomLayout(
      termSizes: frame.random.map(\.design.columns.count), factors: frame.random.map { _ in 0 })
    self.residuals = residuals
    self.rows = rows
    source = try Self.source(structure, rows: rows, frame: residuals)
    if case .covariate(let name) = structure.power {
      let node = FormulaNode(kind: .name(name), column: 1, depth: 1)
      let values = try VariableEvaluator(data: data, rows: frame.rows).numbers(node)
      source = try PowerWeights(rows, frame: residuals, values: values, name: "‘\(name)’")
    }
  }

  /// The same model with a residual standard deviation that is a power of fitted values.
  func powered(by fitted: [Double]) throws(ModelError) -> ResidualModel {
    var model = self
    model.source = try PowerWeights(
      rows, frame: residuals, values: fitted, name: "the fitted values")
    return model
  }

  private static func source(
    _ structure: ResidualStructure, rows: ResidualRows, frame: ResidualFrame
  ) throws(ModelError) -> any ResidualProducts {
    switch structure.correlation {
    case .independent:
      return AutoregressiveWeights.products(rows, frame: frame, hasAutoregression: false)
    case .ar1(_, hasNoise: false):
      return AutoregressiveWeights.products(rows, frame: frame, hasAutoregression: true)
    case .ar1(_, hasNoise: true):
      return RowwiseProducts(rows, frame: frame, kind: .discrete(hasNoise: true))
    case .continuous(_, let hasNoise):
      return RowwiseProducts(rows, frame: frame, kind: .continuous(hasNoise: hasNoise))
    case .arma11: return RowwiseProducts(rows, frame: frame, kind: .arma11)
    case .compoundSymmetry: return ExchangeableWeights.products(rows, frame: frame)
    case .unstructured: return try UnstructuredWeights.products(rows, frame: frame)
    }
  }

  /// Refuses what no fit could answer.
  private static func check(_ frame: ModelFrame, response: [Double]) throws(ModelError) {
    guard let first = response.first, response.contains(where: { $0 != first }) else {
      throw .constantResponse(name: frame.responseName)
    }
    guard !frame.fixed.columns.isEmpty else { throw .noFixedEffect }
    for term in frame.random {
      guard term.levels.count > 1 else { throw .singleGroup(factor: term.groupName) }
      let effects = term.levels.count * term.design.columns.count
      guard effects < frame.rowCount else {
        throw .tooManyRandomEffects(
          group: term.groupName, effects: effects, observations: frame.rowCount)
      }
    }
  }
}
