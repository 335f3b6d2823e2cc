/// The standardised rows [Z X y] of a model, one after another in the order of its residuals.
struct ResidualRows: Sendable {
  /// Row after row, each of `width` numbers.
  let values: [Double]
  /// The number of random-effect columns.
  let effects: Int
  /// The number of all columns.
  let width: Int
  /// The columns of the fixed design that can be estimated, ascending.
  let estimable: [Int]
  /// Coefficients of standardised columns that were taken off the response beforehand.
  let pilot: [Double]?

  var count: Int { width > 0 ? values.count / width : 0 }

  init(
    _ frame: ModelFrame, response: [Double], standardisation: Standardisation, order: [Int]
  ) throws(ModelError) {
    let random = zip(frame.random, standardisation.random).flatMap { term, scalings in
      zip(term.design.columns, scalings).map { ($0.values.array, $1) }
    }
    let fixed = zip(frame.fixed.columns, standardisation.fixed).map { ($0.values.array, $1) }
    let whole = Self(
      columns: random + fixed + [(response, standardisation.response)], effects: random.count,
      weights: frame.weights, order: order)
    let gram = whole.gram
    let fixedCount = fixed.count
    let estimable = ProductBuilder.independentColumns(of: gram, count: fixedCount)
    guard !estimable.isEmpty else { throw .noFixedEffect }
    guard order.count > estimable.count else {
      throw .tooFewObservations(observations: order.count, fixedEffects: estimable.count)
    }
    guard let cholesky = Cholesky(gram.part(rows: estimable, columns: estimable)) else {
      throw .numerical("the fixed effects could not be separated")
    }
    let coefficients = cholesky.solve(estimable.map { gram[fixedCount, $0] })
    let squares = gram[fixedCount, fixedCount]
    let left = squares - dot(coefficients, estimable.map { gram[fixedCount, $0] })
    // As for plain models: where hardly anything is left, cross-products keep digits only of what
    // a first fit leaves.
    let needsPilot = left < ProductBuilder.pilotShare * squares
    self.init(
      whole, estimable: estimable, pilot: needsPilot ? coefficients : nil)
    guard needsPilot else { return }
    let floor = Self.roundingShare(response, scale: standardisation.response.scale)
    let residue = self.gram
    guard residue[estimable.count, estimable.count] > floor * squares else { throw .perfectFit }
  }

  /// The share of squares that rounding alone leaves.
  private static func roundingShare(_ response: [Double], scale: Double) -> Double {
    let size = response.reduce(0) { max($0, abs($1)) } / scale
    let error = ProductBuilder.roundingErrors * size * Double.ulpOfOne
    return error * error
  }

  private init(
    columns: [(values: [Double], scaling: Standardisation.Column)], effects: Int,
    weights: [Double]?, order: [Int]
  ) {
    let width = columns.count
    var values = [Double](repeating: 0, count: order.count * width)
    for (column, source) in columns.enumerated() {
      let centre = source.scaling.centre
      let inverse = 1 / source.scaling.scale
      for (position, row) in order.enumerated() {
        values[position * width + column] = (source.values[row] - centre) * inverse
      }
    }
    if let weights {
      for (position, row) in order.enumerated() {
        let root = weights[row].squareRoot()
        for column in 0..<width { values[position * width + column] *= root }
      }
    }
    self.values = values
    self.effects = effects
    self.width = width
    estimable = Array(0..<(width - effects - 1))
    pilot = nil
  }

  /// The rows with some of the fixed columns only, and a pilot fit off the response.
  private init(_ whole: ResidualRows, estimable: [Int], pilot: [Double]?) {
    let kept =
      Array(0..<whole.effects) + estimable.map { $0 + whole.effects } + [whole.width - 1]
    self.effects = whole.effects
    self.width = kept.count
    self.estimable = estimable
    self.pilot = pilot
    guard pilot != nil || kept.count < whole.width else {
      values = whole.values
      return
    }
    var values: [Double] = []
    values.reserveCapacity(whole.count * kept.count)
    for row in 0..<whole.count {
      let start = row * whole.width
      for column in kept { values.append(whole.values[start + column]) }
      guard let pilot else { continue }
      let first = values.count - kept.count + whole.effects
      let last = values.count - 1
      for (column, coefficient) in pilot.enumerated() {
        values[last] -= coefficient * values[first + column]
      }
    }
    self.values = values
  }

  /// [X y]′[X y].
  private var gram: Matrix {
    let size = width - effects
    var sums = [Double](repeating: 0, count: size * (size + 1) / 2)
    for row in 0..<count {
      let start = row * width + effects
      var target = 0
      for first in 0..<size {
        let left = values[start + first]
        for second in 0...first {
          sums[target] += left * values[start + second]
          target += 1
        }
      }
    }
    return Matrix(rows: size, columns: size) { sums[packed($0, $1)] }
  }
}
