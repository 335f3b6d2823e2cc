/// The columns of a generalised or ordinal model: standardised, rank found, rows in order.
struct MarginalDesign: Sendable {
  let frame: ModelFrame
  let standardisation: Standardisation
  /// The fixed columns that have a coefficient, ascending.
  let estimable: [Int]
  /// Fixed columns that repeat others.
  let setAside: [String]
  let rows: GeneralisedRows

  /// - Parameter hasThresholds: Whether thresholds stand in for the intercept, whose column then
  ///   has no coefficient.
  init(_ frame: ModelFrame, hasThresholds: Bool) throws(ModelError) {
    let intercept = frame.fixed.columns.firstIndex { $0.term == -1 }
    guard !frame.random.isEmpty else { throw .noRandomTerm }
    guard !frame.fixed.columns.isEmpty else { throw .noFixedEffect }
    if hasThresholds, intercept == nil {
      throw .unsupported(
        "an ordinal model has thresholds in place of an intercept; leave out the ‘0’ or ‘-1’")
    }
    for term in frame.random where term.levels.count < 2 {
      throw .singleGroup(factor: term.groupName)
    }
    let standardisation = Standardisation(
      frame, response: [Double](repeating: 0, count: frame.rowCount))
    try standardisation.check(frame)
    let kept = ProductBuilder.independentColumns(
      of: Self.gram(frame, standardisation), count: frame.fixed.columns.count)
    let estimable = hasThresholds ? kept.filter { $0 != intercept } : kept
    guard frame.rowCount > estimable.count else {
      throw .tooFewObservations(observations: frame.rowCount, fixedEffects: estimable.count)
    }
    self.frame = frame
    self.standardisation = standardisation
    self.estimable = estimable
    let found = Set(kept)
    setAside = frame.fixed.columns.indices.filter { !found.contains($0) }
      .map { frame.fixed.columns[$0].name }
    rows = GeneralisedRows(
      frame, standardisation: standardisation,
      columns: estimable.map { (frame.fixed.columns[$0].values.array, standardisation.fixed[$0]) })
  }

  /// The same rows with random effects in another order or scale.
  init(_ other: MarginalDesign, frame: ModelFrame, standardisation: Standardisation) {
    self.frame = frame
    self.standardisation = standardisation
    estimable = other.estimable
    setAside = other.setAside
    rows = GeneralisedRows(
      frame, standardisation: standardisation,
      columns: other.estimable.map {
        (frame.fixed.columns[$0].values.array, standardisation.fixed[$0])
      })
  }

  private static func gram(_ frame: ModelFrame, _ standardisation: Standardisation) -> Matrix {
    let columns = zip(frame.fixed.columns, standardisation.fixed).map { column, scaling in
      column.values.array.map { ($0 - scaling.centre) / scaling.scale }
    }
    var gram = Matrix(rows: columns.count, columns: columns.count)
    for row in columns.indices {
      for column in 0...row {
        let sum = dot(columns[row], columns[column])
        gram[row, column] = sum
        gram[column, row] = sum
      }
    }
    return gram
  }

  /// The criterion of these rows.
  ///
  /// - Parameter points: Of quadrature in each direction; 1 is Laplace's approximation.
  func criterion(
    _ kernel: some RowKernel, points: Int
  ) throws(ModelError) -> MarginalCriterion {
    try rows.criterion(kernel, points: points)
  }

  /// Fixed effects without random ones, by Newton's method from 0: a start for the search.
  func fixedStart(_ kernel: some RowKernel, offset start: [Double]) -> [Double] {
    var coefficients = start
    var best = -Double.infinity
    var step = [Double](repeating: 0, count: start.count)
    for _ in 0..<8 {
      let eta = rows.fixedPredictor(coefficients[...])
      var likelihood = 0.0
      var scores = eta
      var weights = eta
      for row in 0..<rows.count {
        let terms = kernel.terms(row, eta[row])
        likelihood += terms.logLikelihood - logarithm(terms.factor)
        scores[row] = terms.score
        weights[row] = terms.observed
      }
      guard likelihood.isFinite, likelihood >= best else {
        step = step.map { $0 / 2 }
        coefficients = zip(coefficients, step).map(-)
        continue
      }
      let gain = likelihood - best
      best = likelihood
      if gain < 1e-3 { break }
      let slopes = rows.products(scores)
      var gram = Matrix(rows: start.count, columns: start.count)
      for column in start.indices {
        let weighted = rows.products(zip(rows.fixed[column], weights).map(*))
        for row in start.indices { gram[row, column] = weighted[row] }
      }
      guard let factor = Cholesky(gram) else { break }
      step = factor.solve(slopes)
      coefficients = zip(coefficients, step).map(+)
    }
    return best.isFinite ? coefficients : start
  }

  /// A standard deviation of 1 for every random effect, in standardised columns, without
  /// correlation, as lme4 starts.
  var thetaStart: [Double] {
    rows.factors.flatMap { factor in
      factor.layout.entries.map { $0.row == $0.column ? 1 : 0 }
    }
  }
}
