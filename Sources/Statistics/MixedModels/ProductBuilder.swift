/// The columns of a model as its row pass reads them.
struct ModelRows {
  /// The grouping factors, the one with most groups first.
  let factors: [CrossingPass.Factor]
  let fixed: [RowPass.Source]
  let weights: [Double]?
  let threads: Int

  init(
    _ frame: ModelFrame, response: [Double], standardisation: Standardisation,
    layout: RandomLayout, threads: Int
  ) {
    self.threads = threads
    var factors: [CrossingPass.Factor] = []
    for (position, term) in frame.random.enumerated() {
      let columns = zip(term.design.columns, standardisation.random[position]).map {
        RowPass.Source(values: $0.values, scaling: $1, meaning: $0.meaning)
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
        .init(values: $0.values, scaling: $1, meaning: $0.meaning)
      } + [
        .init(
          values: ColumnValues(response), scaling: standardisation.response,
          meaning: "response " + frame.responseName)
      ]
    weights = frame.weights
  }

  func products(pilot: [Double]?) -> ModelProducts {
    let main = RowPass(
      random: factors[0].columns, fixed: fixed, weights: weights, pilot: pilot, threads: threads
    ).products(codes: factors[0].codes, groups: factors[0].levels)
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
  /// The same below which a summary, whose sums are all there is, has lost most digits.
  static let summaryShare = 1e-9
  /// Residuals below this multiple of the response's rounding errors are no residuals.
  static let roundingErrors = 64.0

  /// From the rows.
  ///
  /// - Parameter first: The products of the rows.
  init(_ rows: ModelRows, _ first: ModelProducts) throws(ModelError) {
    let separated = try Separated(first)
    estimable = separated.estimable
    guard separated.unexplained < Self.pilotShare else {
      products = separated.products
      pilot = nil
      return
    }
    let fixed = first.width - 1
    var spread = [Double](repeating: 0, count: fixed)
    for (position, column) in estimable.enumerated() {
      spread[column] = separated.coefficients[position]
    }
    let second = rows.products(pilot: spread).keeping(columns: estimable + [fixed])
    let left = second.total[second.width - 1, second.width - 1]
    guard left > Self.roundingFloor(rows) * first.total[fixed, fixed] else { throw .perfectFit }
    products = second
    pilot = separated.coefficients
  }

  /// From the products of a summary, which has no rows for a second pass.
  init(_ whole: ModelProducts) throws(ModelError) {
    let separated = try Separated(whole)
    guard separated.unexplained > Self.summaryShare else {
      throw .summary(
        "the fixed effects explain the response but for a billionth of its variance: a summary "
          + "keeps too few digits for that; fit the rows, or check the formula")
    }
    products = separated.products
    estimable = separated.estimable
    pilot = nil
  }

  /// The products of the columns that can be estimated, and the least squares fit on them.
  private struct Separated {
    let estimable: [Int]
    let products: ModelProducts
    let coefficients: [Double]
    /// The share of the response's squares that the fit leaves.
    let unexplained: Double

    init(_ whole: ModelProducts) throws(ModelError) {
      let fixed = whole.width - 1
      estimable = ProductBuilder.independentColumns(of: whole.total, count: fixed)
      guard !estimable.isEmpty else { throw .noFixedEffect }
      let observations = whole.main.rows
      guard observations > estimable.count else {
        throw .tooFewObservations(observations: observations, fixedEffects: estimable.count)
      }
      products = whole.keeping(columns: estimable + [fixed])
      let count = estimable.count
      let total = products.total
      let columns = Array(0..<count)
      guard let gram = Cholesky(total.part(rows: columns, columns: columns)) else {
        throw .numerical("the fixed effects could not be separated")
      }
      let cross = columns.map { total[count, $0] }
      coefficients = gram.solve(cross)
      unexplained = 1 - dot(coefficients, cross) / total[count, count]
    }
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
