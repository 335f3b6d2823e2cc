import RealModule

/// A cumulative logit mixed model of an ordered response, ready to be fitted by maximum likelihood.
///
/// For categories 1 … K and thresholds α₁ < … < α₍K−1₎, the probability of category c or less is
/// F(α_c − Xb − Zu), F the logistic function and u ~ N(0, TT′) for each group: a positive effect
/// makes higher categories likelier, by the same odds ratio at every threshold (proportional odds).
/// The integral over u is approximated by Laplace's method or, for one grouping factor, by adaptive
/// Gauss-Hermite quadrature. Parametrisation and signs are those of Christensen's `ordinal::clmm`
/// with flexible thresholds; the likelihood is that of McCullagh (1980), *Regression models for
/// ordinal data*, J. R. Stat. Soc. B 42.
///
/// ```swift
/// let formula = try ModelFormula.parse("rating ~ temp + contact + (1 | judge)")
/// let fit = try OrdinalMixedModel(formula, data: data).fit()
/// ```
public struct OrdinalMixedModel: Sendable {
  /// The formula it was made from.
  public let formula: ModelFormula
  /// The categories that occur, lowest first.
  public let categories: [String]
  let design: MarginalDesign
  /// The position of each row's category.
  let codes: [Int]

  /// Reads the rows.
  ///
  /// - Parameters:
  ///   - formula: Its response is a factor, its levels in order, or a column of numbers, whose
  ///     values become categories in ascending order. Categories that no row has are left out. The
  ///     intercept is understood: thresholds stand in for it.
  ///   - codings: Contrasts by factor; treatment coding where none is given.
  ///   - weights: The name of a column of positive numbers that rows' log-likelihoods are
  ///     multiplied by.
  ///   - offset: The name of a column that is added to the linear predictor as it is.
  /// - Throws: A ``ModelError`` that says what the data or the formula lack.
  public init(
    _ formula: ModelFormula, data: ModelData, codings: [String: Coding] = [:],
    weights: String? = nil, offset: String? = nil
  ) throws(ModelError) {
    if case .call("cbind", _) = formula.response.kind {
      throw .unsupported("an ordered response is one column, not a pair of counts")
    }
    let columns = try ResponseColumns(
      formula, data: data, codings: codings, weights: weights, offset: offset)
    let found = Set(columns.values).sorted()
    guard found.count > 1 else { throw .constantResponse(name: formula.responseName) }
    guard found.count <= Self.mostCategories else {
      throw .unsupported(
        "the response ‘\(formula.responseName)’ has \(found.count) different values, more than "
          + "\(Self.mostCategories) categories; a linear model suits it better")
    }
    var positions: [Double: Int] = [:]
    for (position, value) in found.enumerated() { positions[value] = position }
    codes = columns.values.map { positions[$0] ?? 0 }
    let levels = columns.levels
    categories = found.map { value in levels.map { $0[Int(value)] } ?? shortest(value) }
    design = try MarginalDesign(columns.frame, hasThresholds: true)
    self.formula = formula
  }

  /// A threshold for each is estimated; a slider of 0 to 100 still fits.
  static let mostCategories = 101

  /// Fits a model in one call.
  public static func fit(
    _ formula: ModelFormula, data: ModelData, quadraturePoints: Int = 1,
    codings: [String: Coding] = [:], weights: String? = nil, offset: String? = nil
  ) throws(ModelError) -> OrdinalMixedModelFit {
    try OrdinalMixedModel(
      formula, data: data, codings: codings, weights: weights, offset: offset
    ).fit(quadraturePoints: quadraturePoints)
  }

  /// Fits the model.
  ///
  /// - Parameters:
  ///   - quadraturePoints: 1 for Laplace's approximation; more for adaptive Gauss-Hermite quadrature
  ///     with that many points in each direction, for one grouping factor.
  ///   - confidenceLevel: Of the intervals, between 0 and 1.
  /// - Throws: ``ModelError/unsupported(_:)`` or ``ModelError/numerical(_:)``. A search that does not
  ///   converge is not an error: the fit says so.
  public func fit(
    quadraturePoints: Int = 1, confidenceLevel: Double = 0.95
  ) throws(ModelError) -> OrdinalMixedModelFit {
    var kernel = kernel
    let thresholds = thresholdStart
    guard kernel.prepare(thresholds) else { throw .numerical("the thresholds have no start") }
    let criterion = try design.criterion(kernel, points: quadraturePoints)
    let start = design.fixedStart(
      kernel, offset: [Double](repeating: 0, count: design.estimable.count))
    let optimum = try MarginalOptimum(
      design, criterion: criterion, start: start + thresholds, back: back)
    return OrdinalMixedModelFit(
      model: self, optimum: optimum, quadraturePoints: quadraturePoints,
      confidenceLevel: confidenceLevel)
  }

  /// The likelihood of the rows.
  var kernel: CumulativeLogitKernel {
    let order = design.rows.order
    let weights = design.frame.weights
    return CumulativeLogitKernel(
      categories: codes.indices.map { codes[order.row($0)] },
      weights: codes.indices.map { weights?[order.row($0)] ?? 1 },
      categoryCount: categories.count)
  }

  /// The logits of the cumulative frequencies.
  var thresholdStart: [Double] {
    var counts = [Double](repeating: 0, count: categories.count)
    for (row, code) in codes.enumerated() { counts[code] += design.frame.weights?[row] ?? 1 }
    let total = counts.reduce(0, +)
    var below = 0.0
    return counts.dropLast().map { count in
      below += count
      return Double.log(below / (total - below))
    }
  }

  /// Effects lose their columns' scales; what centring the columns took off moves the thresholds.
  private var back: Matrix {
    let fixed = design.estimable.map { design.standardisation.fixed[$0] }
    let size = fixed.count + categories.count - 1
    return Matrix(rows: size, columns: size) { row, column in
      if column >= fixed.count { return row == column ? 1 : 0 }
      if row < fixed.count { return row == column ? 1 / fixed[row].scale : 0 }
      return fixed[column].centre / fixed[column].scale
    }
  }
}
