/// The rows of a generalised model as its criterion reads them: standardised columns, sorted so
/// that the rows of a group of the first factor stand together.
struct GeneralisedRows: Sendable {
  /// A grouping factor with the random effects of all terms on it.
  struct Factor: Sendable {
    /// Positions of the terms among those of the model.
    var terms: [Int]
    var layout: RandomLayout
    var levels: Int
    /// The level of each sorted row.
    var codes: [Int32]
    /// The random-effect columns over the sorted rows.
    var columns: [[Double]]
  }

  private(set) var count: Int
  private(set) var order: RowOrder
  private(set) var factors: [Factor]
  /// The estimable columns over the sorted rows.
  private(set) var fixed: [[Double]]
  /// What is added to the linear predictor of each sorted row.
  private(set) var offset: [Double]

  /// - Parameter columns: The fixed-effect columns, with how each is standardised.
  init(
    _ frame: ModelFrame, standardisation: Standardisation,
    columns: [(values: [Double], scaling: Standardisation.Column)]
  ) {
    var byName: [String: Int] = [:]
    var grouped: [[Int]] = []
    for (position, term) in frame.random.enumerated() {
      if let known = byName[term.groupName] {
        grouped[known].append(position)
      } else {
        byName[term.groupName] = grouped.count
        grouped.append([position])
      }
    }
    // The factor with the most levels first: it is eliminated first and fills in least.
    grouped.sort { first, second in
      frame.random[first[0]].levels.count > frame.random[second[0]].levels.count
    }
    let first = frame.random[grouped[0][0]]
    let order = RowOrder(codes: first.codes, groups: first.levels.count)
    let count = frame.rowCount
    func sorted(_ values: [Double], _ scaling: Standardisation.Column) -> [Double] {
      (0..<count).map { (values[order.row($0)] - scaling.centre) / scaling.scale }
    }
    factors = grouped.map { terms in
      let codes = frame.random[terms[0]].codes
      return Factor(
        terms: terms,
        layout: RandomLayout(
          termSizes: terms.map { frame.random[$0].design.columns.count },
          factors: terms.map { _ in 0 }),
        levels: frame.random[terms[0]].levels.count,
        codes: (0..<count).map { codes[order.row($0)] },
        columns: terms.flatMap { term in
          zip(frame.random[term].design.columns, standardisation.random[term]).map {
            sorted($0.values.array, $1)
          }
        })
    }
    fixed = columns.map { sorted($0.values, $0.scaling) }
    offset = frame.offset.map { sorted($0, .unchanged) } ?? [Double](repeating: 0, count: count)
    self.count = count
    self.order = order
  }

  /// The number of variance parameters.
  var thetaCount: Int { factors.reduce(0) { $0 + $1.layout.parameterCount } }

  /// Rows that are read for one column after another: their values stay in the nearest cache.
  private static let stretch = 1024

  /// T of one level of each factor.
  ///
  /// - Parameter point: θ, and what may follow it.
  func factorMatrices(at point: [Double]) -> [Matrix] {
    var first = 0
    return factors.map { factor in
      let end = first + factor.layout.parameterCount
      defer { first = end }
      return factor.layout.factor(Array(point[first..<end]))
    }
  }

  /// The linear predictor without random effects.
  func fixedPredictor(_ coefficients: ArraySlice<Double>) -> [Double] {
    var eta = offset
    for first in stride(from: 0, to: count, by: Self.stretch) {
      let range = first..<min(first + Self.stretch, count)
      for (column, coefficient) in zip(fixed, coefficients) where coefficient != 0 {
        Self.add(coefficient, times: column, over: range, to: &eta)
      }
    }
    return eta
  }

  private static func add(
    _ scale: Double, times column: [Double], over range: Range<Int>, to sums: inout [Double]
  ) {
    let column = column.span
    var sums = sums.mutableSpan
    for row in range { sums[row] += scale * column[row] }
  }

  /// The sums of products of each fixed column with a value a row.
  func products(_ values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: fixed.count)
    for first in stride(from: 0, to: count, by: Self.stretch) {
      let range = first..<min(first + Self.stretch, count)
      for column in fixed.indices {
        sums[column] += Self.product(fixed[column], values, over: range)
      }
    }
    return sums
  }

  /// Four sums side by side, which need not wait for each other.
  private static func product(
    _ column: [Double], _ values: [Double], over range: Range<Int>
  ) -> Double {
    let column = column.span
    let values = values.span
    var (first, second, third, fourth) = (0.0, 0.0, 0.0, 0.0)
    let whole = range.lowerBound + range.count / 4 * 4
    for row in stride(from: range.lowerBound, to: whole, by: 4) {
      first += column[row] * values[row]
      second += column[row + 1] * values[row + 1]
      third += column[row + 2] * values[row + 2]
      fourth += column[row + 3] * values[row + 3]
    }
    for row in whole..<range.upperBound { first += column[row] * values[row] }
    return (first + second) + (third + fourth)
  }

  /// Values of sorted rows in the order of the model's rows.
  func unsorted(_ values: [Double]) -> [Double] {
    var result = values
    for row in 0..<count { result[order.row(row)] = values[row] }
    return result
  }
}

extension GeneralisedRows {
  /// Some of the rows, in their order; levels without rows are left out.
  ///
  /// - Parameter kept: Positions of sorted rows, ascending.
  func keeping(_ kept: [Int]) -> GeneralisedRows {
    var part = self
    part.count = kept.count
    part.fixed = fixed.map { column in kept.map { column[$0] } }
    part.offset = kept.map { offset[$0] }
    part.factors = factors.map { factor in
      var own = factor
      let codes = kept.map { factor.codes[$0] }
      let present = Set(codes).sorted()
      var numbers: [Int32: Int32] = [:]
      for (number, code) in present.enumerated() { numbers[code] = Int32(number) }
      own.levels = present.count
      own.codes = codes.map { numbers[$0] ?? 0 }
      own.columns = factor.columns.map { column in kept.map { column[$0] } }
      return own
    }
    part.order = RowOrder(codes: part.factors[0].codes, groups: part.factors[0].levels)
    return part
  }

  /// The same rows with an intercept for the only fixed effect.
  var withInterceptAlone: GeneralisedRows {
    var plain = self
    plain.fixed = [[Double](repeating: 1, count: count)]
    return plain
  }

  /// The criterion of these rows.
  ///
  /// - Parameter points: Of quadrature in each direction; 1 is Laplace's approximation.
  func criterion(
    _ kernel: some RowKernel, points: Int
  ) throws(ModelError) -> MarginalCriterion {
    guard points >= 1 else { throw .unsupported("quadrature needs at least one point") }
    if factors.count > 1 {
      guard points == 1 else {
        throw .unsupported(
          "adaptive quadrature needs a single grouping factor; with several, use one point "
            + "(Laplace’s approximation)")
      }
      let crossed = CrossedMarginal(self, kernel: kernel)
      return MarginalCriterion(
        parameterCount: crossed.parameterCount, evaluate: { crossed.evaluate($0) },
        modes: { crossed.modes($0) })
    }
    let effects = factors[0].layout.effects
    guard let rule = QuadratureRule(points: points, dimensions: effects) else {
      throw .unsupported(
        "\(points) points in each of \(effects) directions are more than "
          + "\(QuadratureRule.mostPoints) at once or than 100 in one; use fewer")
    }
    let groupwise = GroupwiseCriterion(self, kernel: kernel, rule: rule)
    return MarginalCriterion(
      parameterCount: groupwise.parameterCount, evaluate: { groupwise.evaluate($0) },
      modes: { groupwise.modes($0) })
  }
}
