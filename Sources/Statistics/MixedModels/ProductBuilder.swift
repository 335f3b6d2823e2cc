/// The columns of a model as its row pass reads them.
struct ModelRows {
  /// The grouping factors, the one with most groups first.
  let factors: [CrossingPass.Factor]
  let fixed: [RowPass.Source]
  let weights: [Double]?

  init(factors: [CrossingPass.Factor], fixed: [RowPass.Source], weights: [Double]?) {
    self.factors = factors
    self.fixed = fixed
    self.weights = weights
  }

  init(
    _ frame: ModelFrame, response: [Double], standardisation: Standardisation,
    layout: RandomLayout
  ) {
    var factors: [CrossingPass.Factor] = []
    for (position, term) in frame.random.enumerated() {
      let columns = zip(term.design.columns, standardisation.random[position]).map {
        RowPass.Source(values: $0.values, scaling: $1)
      }
      if layout.factors[position] == factors.count {
        factors.append(.init(codes: term.codes, levels: term.levels.count, columns: columns))
      } else {
        factors[layout.factors[position]].columns += columns
      }
    }
    self.factors = factors
    fixed =
      zip(frame.fixed.columns, standardisation.fixed).map {
        .init(values: $0.values, scaling: $1)
      } + [.init(values: response, scaling: standardisation.response)]
    weights = frame.weights
  }

  func products(pilot: [Double]?) -> ModelProducts {
    let main = RowPass(random: factors[0].columns, fixed: fixed, weights: weights, pilot: pilot)
      .products(codes: factors[0].codes, groups: factors[0].levels)
    guard factors.count > 1 else { return ModelProducts(main: main, crossings: nil) }
    let pass = CrossingPass(factors: factors, fixed: fixed, weights: weights, pilot: pilot)
    return ModelProducts(main: main, crossings: pass.crossings())
  }
}

/// Makes the cross-products of a model, finds the columns that repeat others, and takes a pilot fit
/// off the response where the fixed effects explain almost all of it.
struct ProductBuilder {
  let products: ModelProducts
  let estimable: [Int]
  let pilot: [Double]?

  /// The share of a column's squares that must be its own for it to be estimated. R's `lm` asks for
  /// a length of 1e-7; cross-products of centred columns resolve its square less well than rows do.
  static let ownShare = 1e-11
  /// The share of the response's squares left by the fixed effects below which a second pass, on
  /// the residuals of a first fit, keeps digits that cross-products would lose.
  static let pilotShare = 1e-5
  /// Residuals below this multiple of the response's rounding errors are no residuals.
  static let roundingErrors = 64.0

  init(_ rows: ModelRows) throws(ModelError) {
    let first = rows.products(pilot: nil)
    let fixed = first.width - 1
    let estimable = Self.independentColumns(of: first.total, count: fixed)
    guard !estimable.isEmpty else { throw .noFixedEffect }
    let observations = first.main.rows
    guard observations > estimable.count else {
      throw .tooFewObservations(observations: observations, fixedEffects: estimable.count)
    }
    self.estimable = estimable
    let reduced = first.keeping(columns: estimable + [fixed])
    let count = estimable.count
    guard
      let gram = Cholesky(
        reduced.total.part(rows: Array(0..<count), columns: Array(0..<count)))
    else { throw .numerical("the fixed effects could not be separated") }
    let coefficients = gram.solve((0..<count).map { reduced.total[count, $0] })
    let explained = dot(coefficients, (0..<count).map { reduced.total[count, $0] })
    let squares = reduced.total[count, count]
    guard squares - explained < Self.pilotShare * squares else {
      products = reduced
      pilot = nil
      return
    }
    var spread = [Double](repeating: 0, count: fixed)
    for (position, column) in estimable.enumerated() { spread[column] = coefficients[position] }
    let second = rows.products(pilot: spread).keeping(columns: estimable + [fixed])
    let left = second.total[count, count]
    guard left > Self.roundingFloor(rows) * squares else { throw .perfectFit }
    products = second
    pilot = coefficients
  }

  /// The share of squares that rounding alone leaves.
  private static func roundingFloor(_ rows: ModelRows) -> Double {
    guard let response = rows.fixed.last else { return 0 }
    let size = response.values.reduce(0) { max($0, abs($1)) } / response.scaling.scale
    let error = roundingErrors * size * Double.ulpOfOne
    return error * error
  }

  /// The columns that are not combinations of those before them, by the pivots of a Cholesky
  /// factorisation in order.
  static func independentColumns(of gram: Matrix, count: Int) -> [Int] {
    var kept: [Int] = []
    var rows: [[Double]] = []
    for column in 0..<count {
      var projections: [Double] = []
      for (position, other) in kept.enumerated() {
        let overlap = dot(projections, Array(rows[position].prefix(position)))
        projections.append((gram[column, other] - overlap) / rows[position][position])
      }
      let own = gram[column, column] - dot(projections, projections)
      guard own > ownShare * gram[column, column], own.isFinite else { continue }
      kept.append(column)
      rows.append(projections + [own.squareRoot()])
    }
    return kept
  }
}
