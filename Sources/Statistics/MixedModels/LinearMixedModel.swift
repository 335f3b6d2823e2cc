/// A linear mixed model of some data, ready to be fitted.
///
/// y = Xb + Zu + e with u ~ N(0, σ²TT′) for each group and e ~ N(0, σ²). The rows are read once,
/// into cross-products by group; fits by REML and ML both start from those.
///
/// ```swift
/// let formula = try ModelFormula.parse("Reaction ~ Days + (Days | Subject)")
/// let model = try LinearMixedModel(formula, data: data)
/// let fit = try model.fit(.reml)
/// ```
public struct LinearMixedModel: Sendable {
  /// The formula it was made from.
  public let formula: ModelFormula
  let frame: ModelFrame
  let standardisation: Standardisation
  let layout: RandomLayout
  /// The cross-products with the fixed columns that can be estimated, and the response last.
  let products: ModelProducts
  /// The fixed columns that can be estimated, ascending.
  let estimable: [Int]
  /// Coefficients of standardised columns that were taken off the response beforehand.
  let pilot: [Double]?
  /// The length of each random-effect column within a group, in the mean over groups.
  let effectSizes: [Double]

  /// Reads the rows.
  ///
  /// - Parameters:
  ///   - formula: With one or more grouping factors, nested or crossed, and any number of terms.
  ///   - codings: Contrasts by factor; treatment coding where none is given.
  ///   - weights: The name of a column of positive prior weights: a row of weight w counts as the
  ///     mean of w rows.
  ///   - offset: The name of a column that is added to the linear predictor as it is.
  ///   - threads: How many threads may read the rows; results do not depend on it.
  /// - Throws: A ``ModelError`` that says what the data or the formula lack.
  public init(
    _ formula: ModelFormula, data: ModelData, codings: [String: Coding] = [:],
    weights: String? = nil, offset: String? = nil, threads: Int = 1
  ) throws(ModelError) {
    guard !formula.random.isEmpty else { throw .noRandomTerm }
    let frame = try ModelFrame(
      formula, data: data, codings: codings, weights: weights, offset: offset)
    let response = frame.offset.map { zip(frame.response, $0).map(-) } ?? frame.response
    let layout = Self.layout(frame)
    guard let first = response.first, response.contains(where: { $0 != first }) else {
      throw .constantResponse(name: frame.responseName)
    }
    try Self.check(frame)
    var standardisation = Standardisation(frame, response: response, rows: Self.sampledRows)
    try standardisation.check(frame)
    func read() -> (rows: ModelRows, products: ModelProducts) {
      let rows = ModelRows(
        frame, response: response, standardisation: standardisation, layout: layout,
        threads: threads)
      return (rows, rows.products(pilot: nil))
    }
    var (rows, products) = read()
    if frame.rowCount > Self.sampledRows, !standardisation.suits(products.main) {
      standardisation = Standardisation(frame, response: response)
      try standardisation.check(frame)
      (rows, products) = read()
    }
    self.init(
      formula: formula, frame: frame, standardisation: standardisation, layout: layout,
      builder: try ProductBuilder(rows, products))
  }

  /// As many rows as tell where a column stands, and few enough that looking at them takes no time.
  private static let sampledRows = 4096

  /// Fits a model in one call.
  public static func fit(
    _ formula: ModelFormula, data: ModelData, method: EstimationMethod = .reml,
    codings: [String: Coding] = [:], weights: String? = nil, offset: String? = nil,
    degreesOfFreedom: DegreesOfFreedom = .satterthwaite, confidenceLevel: Double = 0.95
  ) throws(ModelError) -> LinearMixedModelFit {
    try LinearMixedModel(
      formula, data: data, codings: codings, weights: weights, offset: offset
    ).fit(method, degreesOfFreedom: degreesOfFreedom, confidenceLevel: confidenceLevel)
  }

  /// A model whose products are known.
  init(
    formula: ModelFormula, frame: ModelFrame, standardisation: Standardisation,
    layout: RandomLayout, builder: ProductBuilder
  ) {
    self.formula = formula
    self.frame = frame
    self.standardisation = standardisation
    self.layout = layout
    products = builder.products
    estimable = builder.estimable
    pilot = builder.pilot
    effectSizes = Self.effectSizes(builder.products, layout)
  }

  /// The random effects of the terms, in the order in which they are fitted.
  static func layout(_ frame: ModelFrame) -> RandomLayout {
    var names: [String] = []
    let factors = frame.random.map { term in
      if !names.contains(term.groupName) { names.append(term.groupName) }
      return names.firstIndex(of: term.groupName) ?? 0
    }
    return RandomLayout(termSizes: frame.random.map(\.design.columns.count), factors: factors)
  }

  /// Refuses what no fit could answer.
  static func check(_ frame: ModelFrame) throws(ModelError) {
    guard !frame.fixed.columns.isEmpty else { throw .noFixedEffect }
    for term in frame.random {
      guard term.levels.count > 1 else { throw .singleGroup(factor: term.groupName) }
      let effects = term.levels.count * term.design.columns.count
      guard effects < frame.observations else {
        throw .tooManyRandomEffects(
          group: term.groupName, effects: effects, observations: frame.observations)
      }
    }
  }
}
