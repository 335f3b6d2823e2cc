/// Draws of the responses that rows of the data lack, from a fitted model.
///
/// Each draw takes parameters of its own, those of a replicate of the parametric bootstrap, so that
/// their uncertainty is in the draws (von Hippel & Bartlett 2021, *Maximum likelihood multiple
/// imputation*); then each group's random effects given its observed rows, then residuals. Missing
/// responses are so taken to be missing at random; what is added to them to see what else could be
/// true is the caller's (Carpenter & Kenward 2013, *Multiple Imputation and its Application*, 10).
public struct OutcomeImputation: Hashable, Sendable {
  /// The rows of the data that were drawn.
  public let rows: [Int]
  /// For each draw, a response for each of `rows`.
  public let draws: [[Double]]
  /// Rows without a response that lack something else as well, so that nothing can be drawn.
  public let withoutPredictors: Int
}

extension LinearMixedModelFit {
  /// Draws the missing responses of some data, which the model was fitted to.
  ///
  /// - Parameters:
  ///   - data: With the response as a column of its own.
  ///   - draws: How many.
  ///   - seed: Fixes the sequence.
  /// - Throws: ``ModelError/unsupported(_:)`` for several grouping factors, weights, or a response
  ///   that is no column; ``ModelError/numerical(_:)`` when too few replicates can be fitted.
  public func imputedResponses(
    of data: ModelData, draws: Int, seed: UInt64
  ) throws(ModelError) -> OutcomeImputation {
    guard case .numeric(let response) = data[formula.responseName] else {
      throw .unsupported(
        "the response must be a column of the data for its missing values to be drawn")
    }
    guard groups.count == 1, tables.frame.weights == nil else {
      throw .unsupported("missing responses are drawn for one grouping factor without weights")
    }
    let fixed = try NewRows(tables, data: data)
    let terms = try NewTermRows.all(tables, data: data)
    let wanted = response.indices.filter { response[$0].isNaN }
    let rows = wanted.filter { row in
      fixed.obstacles[row] == nil && terms.allSatisfy { $0.isComplete(row) }
    }
    let persons = try ImputedGroups(self, data: data, rows: rows, terms: terms)
    // A replicate in which no optimum was found is drawn again from what follows in the sequence.
    let replicates = try parametricBootstrap(replicates: draws + draws / 5 + 5, seed: seed)
    guard replicates.sigmas.count >= draws, var generator = GSLGenerator(seed: seed &+ 1) else {
      throw .numerical("too few replicates of the model could be fitted to draw from")
    }
    var all: [[Double]] = []
    for number in 0..<max(0, draws) {
      let parameters = ImputationParameters(
        replicates, number: number, components: varianceComponents)
      let effects = persons.draw(parameters, &generator)
      all.append(
        rows.enumerated().map { place, row in
          var value = dot(fixed.weights(row), parameters.fixed) + fixed.offset[row]
          value += dot(persons.columns(ofRow: place), effects[persons.groupOfRow[place]])
          return value + parameters.sigma * generator.normal()
        })
    }
    return OutcomeImputation(
      rows: rows, draws: all, withoutPredictors: wanted.count - rows.count)
  }
}

/// The parameters of one draw.
private struct ImputationParameters {
  let fixed: [Double]
  let sigma: Double
  /// T of the random effects of all terms together: their covariance is TT′.
  let factor: Matrix

  init(
    _ replicates: ParametricBootstrap, number: Int,
    components: [LinearMixedModelFit.VarianceComponent]
  ) {
    fixed = replicates.fixedEffects[number]
    sigma = replicates.sigmas[number]
    let size = components.reduce(0) { $0 + $1.terms.count }
    var covariance = Matrix(rows: size, columns: size)
    var (start, pair) = (0, 0)
    for component in components {
      let deviations = replicates.standardDeviations[number][
        start..<(start + component.terms.count)]
      for row in component.terms.indices {
        let own = deviations[start + row]
        covariance[start + row, start + row] = own * own
        for column in 0..<row {
          let correlation = replicates.correlations[number][pair]
          pair += 1
          // Without a variance there is no correlation.
          guard correlation.isFinite else { continue }
          covariance[start + row, start + column] = correlation * own * deviations[start + column]
          covariance[start + column, start + row] = covariance[start + row, start + column]
        }
      }
      start += component.terms.count
    }
    factor = covariance.semidefiniteFactor
  }
}

/// The groups of rows to be drawn, each with the cross-products of its observed rows.
private struct ImputedGroups {
  /// For each row to be drawn, its group among these.
  let groupOfRow: [Int]
  private let size: Int
  private let rowColumns: [Double]
  /// Z′Z, Z′X and Z′y of the observed rows, by group.
  private let grams: [Matrix]
  private let crosses: [Matrix]
  private let responses: [[Double]]

  init(
    _ fit: LinearMixedModelFit, data: ModelData, rows: [Int], terms: [NewTermRows]
  ) throws(ModelError) {
    let frame = fit.tables.frame
    let name = fit.groups[0].name
    guard case .factor(_, let codes) = data[name] else {
      throw .unsupported("missing responses are drawn where the groups are one column of the data")
    }
    let size = terms.reduce(0) { $0 + $1.columns.count }
    var positions: [Int32: Int] = [:]
    var groupOfRow: [Int] = []
    var columns: [Double] = []
    for row in rows {
      // A row without a group is one of its own: nothing is known of it.
      let code = codes[row] >= 0 ? codes[row] : -1 - Int32(row)
      let position = positions[code] ?? positions.count
      positions[code] = position
      groupOfRow.append(position)
      columns += terms.flatMap { term in term.columns.map { $0[row] } }
    }
    let estimable = fit.tables.estimable
    var grams = [Matrix](repeating: Matrix(rows: size, columns: size), count: positions.count)
    var crosses = [Matrix](
      repeating: Matrix(rows: size, columns: estimable.count), count: positions.count)
    var responses = [[Double]](
      repeating: [Double](repeating: 0, count: size), count: positions.count)
    for (place, row) in fit.usedRows.enumerated() {
      guard let group = positions[codes[row]] else { continue }
      let own = frame.random.flatMap { term in term.design.columns.map { $0.values[place] } }
      let response = frame.response[place] - (frame.offset?[place] ?? 0)
      for first in 0..<size {
        for second in 0..<size { grams[group][first, second] += own[first] * own[second] }
        for (position, column) in estimable.enumerated() {
          crosses[group][first, position] += own[first] * frame.fixed.columns[column].values[place]
        }
        responses[group][first] += own[first] * response
      }
    }
    self.size = size
    self.groupOfRow = groupOfRow
    self.grams = grams
    self.crosses = crosses
    self.responses = responses
    rowColumns = columns
  }

  /// The random-effect columns of a row to be drawn.
  func columns(ofRow place: Int) -> [Double] {
    Array(rowColumns[(place * size)..<((place + 1) * size)])
  }

  /// The random effects of each group given its observed rows: u ~ N(TM⁻¹T′Z′r/σ², TM⁻¹T′) with
  /// M = T′Z′ZT/σ² + I, which needs no inverse of a covariance that may be singular.
  func draw(
    _ parameters: ImputationParameters, _ generator: inout GSLGenerator
  ) -> [[Double]] {
    let precision = 1 / (parameters.sigma * parameters.sigma)
    var drawn: [[Double]] = []
    for group in grams.indices {
      let noise = (0..<size).map { _ in generator.normal() }
      let inner = parameters.factor.transposed * grams[group] * parameters.factor
      let information = Matrix(rows: size, columns: size) {
        precision * inner[$0, $1] + ($0 == $1 ? 1 : 0)
      }
      guard let root = Cholesky(information) else {
        drawn.append(parameters.factor * noise)
        continue
      }
      let residual = zip(responses[group], crosses[group] * parameters.fixed).map(-)
      let score = (parameters.factor.transposed * residual).map { $0 * precision }
      // v = M⁻¹s + L⁻ᵀz has mean M⁻¹s and covariance M⁻¹.
      let mean = root.solveUpper(root.solveLower(score))
      drawn.append(parameters.factor * zip(mean, root.solveUpper(noise)).map(+))
    }
    return drawn
  }
}

extension Matrix {
  /// T with TT′ this matrix, lower triangular; a direction without variance has a column of zeros.
  var semidefiniteFactor: Matrix {
    var factor = Matrix(rows: rows, columns: rows)
    for column in 0..<rows {
      let left = (0..<column).reduce(self[column, column]) {
        $0 - factor[column, $1] * factor[column, $1]
      }
      // What rounding leaves of a variance that is spent is no variance.
      guard left > 1e-12 * abs(self[column, column]) else { continue }
      factor[column, column] = left.squareRoot()
      for row in (column + 1)..<max(rows, column + 1) {
        let shared = (0..<column).reduce(self[row, column]) {
          $0 - factor[row, $1] * factor[column, $1]
        }
        factor[row, column] = shared / factor[column, column]
      }
    }
    return factor
  }
}
