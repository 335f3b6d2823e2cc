/// Rows that a generalised or ordinal model was not fitted to, with the random effects of their groups.
struct MarginalNewRows {
  let rows: NewRows
  let terms: [NewTermRows]
  private let design: MarginalDesign
  private let tables: FitTables
  private let modes: [ConditionalModes]
  /// The covariance of all parameters.
  private let covariance: Matrix
  /// How the modes move; `nil` where only the population is asked for, which needs none of it.
  private let geometry: MarginalGeometry?
  /// The parameters of the family, last of all.
  private let added: Int

  /// The linear predictor of a row without its intercept's shift, as the standardised columns have
  /// it, and how it may be off.
  struct Predictor {
    var value: Double
    /// The derivative by all parameters of the optimum.
    var gradient: [Double]
    /// The variance that random effects add.
    var variance: Double
  }

  init(
    _ tables: FitTables, data: ModelData, design: MarginalDesign, optimum: MarginalOptimum,
    kernel: any RowKernel, isConditional: Bool
  ) throws(ModelError) {
    self.tables = tables
    self.design = design
    rows = try NewRows(tables, data: data)
    terms = isConditional ? try NewTermRows.all(tables, data: data) : []
    modes = optimum.conditionalModes(design)
    covariance = optimum.pointCovariance
    added = kernel.auxiliaryCount
    geometry =
      isConditional ? try MarginalGeometry(design, optimum: optimum, kernel: kernel) : nil
  }

  /// Why a row has no prediction.
  func obstacle(_ row: Int) -> String? { rows.obstacle(row, terms) }

  /// Whether the model knows all groups of a row.
  func isKnown(_ row: Int) -> Bool { terms.allSatisfy { $0.codes[row] >= 0 } }

  /// With the fixed effects alone.
  func population(_ row: Int) -> Predictor {
    let gradient =
      [Double](repeating: 0, count: design.rows.thetaCount) + standardised(row)
      + [Double](repeating: 0, count: added)
    return Predictor(value: level(row), gradient: gradient, variance: 0)
  }

  /// With the modes of known groups, and the variance of the effects of new ones; `nil` where only the
  /// population was asked for.
  func conditional(_ row: Int) -> Predictor? {
    guard let geometry else { return nil }
    var value = level(row)
    var unknown = 0.0
    var random = [(level: Int, values: [Double])?](
      repeating: nil, count: design.rows.factors.count)
    for (number, factor) in design.rows.factors.enumerated() {
      for position in factor.terms {
        let term = terms[position]
        let z = term.columns.map { $0[row] }
        guard term.codes[row] >= 0 else {
          unknown += tables.varianceComponents[position].covariance.quadratic(z)
          continue
        }
        let level = Int(term.codes[row])
        for (place, own) in z.enumerated() { value += own * modes[position].values[level, place] }
        random[number] = (
          level,
          (random[number]?.values ?? [])
            + zip(z, design.standardisation.random[position]).map { $1.standardised($0) }
        )
      }
    }
    let (gradient, variance) = geometry.row(fixed: standardised(row), random: random)
    return Predictor(value: value, gradient: gradient, variance: variance + unknown)
  }

  /// The variance of a function of a row's predictor and of the parameters.
  ///
  /// - Parameters:
  ///   - slope: Its derivative by the predictor.
  ///   - added: Its derivatives by what the family adds, the last of the parameters.
  func variance(_ predictor: Predictor, slope: Double = 1, added: [Double] = []) -> Double {
    var gradient = predictor.gradient.map { slope * $0 }
    for (offset, value) in added.enumerated() {
      gradient[gradient.count - added.count + offset] += value
    }
    return slope * slope * predictor.variance + covariance.quadratic(gradient)
  }

  private func level(_ row: Int) -> Double {
    dot(rows.weights(row), tables.fixedEffects.map(\.estimate)) + rows.offset[row]
  }

  private func standardised(_ row: Int) -> [Double] {
    zip(tables.estimable, rows.weights(row)).map {
      design.standardisation.fixed[$0].standardised($1)
    }
  }
}
