/// How far the linear predictor of a row, random effects at their modes, may be off.
///
/// For a row (x, z) the error of x′b + z′u has the variance z′Cz + g′Vg: C the covariance of u given
/// the data at the estimates, TH⁻¹T′, V that of all estimated parameters ψ, and g the derivative of
/// x′b + z′û by ψ, in which the modes move along (Kass & Steffey 1989, *Approximate Bayesian
/// inference in conditionally independent hierarchical models*, J. Am. Stat. Assoc. 84; glmmTMB's
/// `predict(se.fit = TRUE)`). Where v̂ solves v = T′Z′s, s the scores of the rows,
/// H dv = T′(Z′ds − Z′WX db) + dT′Z′s − T′Z′WZ dT v.
///
/// Everything is for standardised columns.
struct MarginalGeometry {
  /// θ, then the fixed effects, then what the family adds.
  private let sizes: (variances: Int, fixed: Int, added: Int)
  /// Groups whose random effects go together: those of the only factor, or all of several factors.
  private let units: [Unit]
  /// Where the levels of each factor begin in a unit, with several factors.
  private let bases: [Int]
  private let effects: [Int]

  private struct Unit {
    /// C.
    var covariance: Matrix
    /// The derivatives of the modes: one row for each random effect, one column for each parameter.
    var derivatives: Matrix
  }

  /// A matrix of this many rows takes a few seconds to invert.
  private static let mostEffects = 2_000

  /// - Parameter kernel: The likelihood of the sorted rows, not yet prepared.
  /// - Throws: ``ModelError/unsupported(_:)`` for too many random effects of crossed factors.
  init(
    _ design: MarginalDesign, optimum: MarginalOptimum, kernel: any RowKernel
  ) throws(ModelError) {
    let rows = design.rows
    let variances = rows.thetaCount
    let added = kernel.auxiliaryCount
    sizes = (variances, rows.fixed.count, added)
    effects = rows.factors.map(\.layout.effects)
    var bases: [Int] = []
    var total = 0
    for factor in rows.factors {
      bases.append(total)
      total += factor.levels * factor.layout.effects
    }
    self.bases = bases
    guard rows.factors.count == 1 || total <= Self.mostEffects else {
      throw .unsupported(
        "standard errors of predictions with several grouping factors form a matrix of all random "
          + "effects, of at most \(Self.mostEffects), and the model has \(total); rows without the columns "
          + "of the groups are predicted for the population")
    }
    let terms = try RowDerivatives(
      kernel, predictor: optimum.modes.predictor,
      auxiliary: Array(optimum.point.suffix(added)))
    let factors = rows.factorMatrices(at: optimum.point)
    var members = [[Int]](
      repeating: [], count: rows.factors.count == 1 ? rows.factors[0].levels : 1)
    for row in 0..<rows.count {
      members[rows.factors.count == 1 ? Int(rows.factors[0].codes[row]) : 0].append(row)
    }
    let isSingle = rows.factors.count == 1
    let blocks =
      isSingle
      ? [(factor: 0, start: 0)]
      : rows.factors.indices.flatMap { factor in
        (0..<rows.factors[factor].levels).map {
          (factor: factor, start: bases[factor] + $0 * rows.factors[factor].layout.effects)
        }
      }
    let size = isSingle ? rows.factors[0].layout.effects : total
    var units: [Unit] = []
    for own in members {
      let sums = Sums(rows: rows, members: own, terms: terms, size: size) { factor, row in
        isSingle
          ? 0
          : bases[factor] + Int(rows.factors[factor].codes[row])
            * rows.factors[factor].layout.effects
      }
      guard let unit = Self.unit(sums, blocks: blocks, factors: factors, rows: rows) else {
        throw .numerical("the covariance of the predictions is not defined")
      }
      units.append(unit)
    }
    self.units = units
  }

  /// The derivative of a row's linear predictor by all parameters, and the variance that the random
  /// effects add given them.
  ///
  /// - Parameters:
  ///   - fixed: The row's columns that have a coefficient.
  ///   - random: By factor, the level and the random-effect columns; `nil` for a level that the model
  ///     does not know.
  func row(
    fixed: [Double], random: [(level: Int, values: [Double])?]
  ) -> (gradient: [Double], variance: Double) {
    var gradient =
      [Double](repeating: 0, count: sizes.variances) + fixed
      + [Double](repeating: 0, count: sizes.added)
    var places: [(place: Int, value: Double)] = []
    var unit = 0
    for (factor, known) in random.enumerated() {
      guard let known else { continue }
      let start =
        units.count > 1 || bases.count == 1 ? 0 : bases[factor] + known.level * effects[factor]
      if bases.count == 1 { unit = known.level }
      places += known.values.enumerated().map { (start + $0.offset, $0.element) }
    }
    guard !places.isEmpty else { return (gradient, 0) }
    var variance = 0.0
    for (place, value) in places {
      for (other, second) in places {
        variance += value * second * units[unit].covariance[place, other]
      }
      for parameter in gradient.indices {
        gradient[parameter] += value * units[unit].derivatives[place, parameter]
      }
    }
    return (gradient, variance)
  }
}

/// The derivatives of each row's log-likelihood at the modes.
private struct RowDerivatives {
  var scores: [Double] = []
  var weights: [Double] = []
  /// By added parameter: the derivative of each score.
  var scoreSlopes: [[Double]] = []

  /// Differences of scores that are smooth in every parameter err least near this step.
  private static let step = 1e-5

  init(
    _ kernel: any RowKernel, predictor: [Double], auxiliary: [Double]
  ) throws(ModelError) {
    func scores(at auxiliary: [Double]) throws(ModelError) -> (scores: [Double], weights: [Double])
    {
      var kernel = kernel
      guard kernel.prepare(auxiliary) else {
        throw .numerical("the likelihood is not defined beside the estimates")
      }
      let terms = predictor.enumerated().map { kernel.terms($0.offset, $0.element) }
      return (terms.map(\.score), terms.map(\.observed))
    }
    (self.scores, weights) = try scores(at: auxiliary)
    for position in auxiliary.indices {
      let step = Self.step * max(1, abs(auxiliary[position]))
      var (ahead, behind) = (auxiliary, auxiliary)
      ahead[position] += step
      behind[position] -= step
      let sides = (try scores(at: ahead).scores, try scores(at: behind).scores)
      scoreSlopes.append(zip(sides.0, sides.1).map { ($0 - $1) / (2 * step) })
    }
  }
}

/// What the rows of one unit add up to.
private struct Sums {
  /// Z′WZ.
  var gram: Matrix
  /// Z′s.
  var scores: [Double]
  /// −Z′WX, then the derivatives of Z′s by what the family adds.
  var cross: Matrix

  /// - Parameter start: Where the random effects of a row's level begin, by factor and row.
  init(
    rows: GeneralisedRows, members: [Int], terms: RowDerivatives, size: Int,
    start: (_ factor: Int, _ row: Int) -> Int
  ) {
    gram = Matrix(rows: size, columns: size)
    scores = [Double](repeating: 0, count: size)
    cross = Matrix(rows: size, columns: rows.fixed.count + terms.scoreSlopes.count)
    for row in members {
      var places: [(place: Int, value: Double)] = []
      for (number, factor) in rows.factors.enumerated() {
        let first = start(number, row)
        for (effect, column) in factor.columns.enumerated() {
          places.append((first + effect, column[row]))
        }
      }
      let weight = terms.weights[row]
      for (place, value) in places {
        scores[place] += value * terms.scores[row]
        for (other, second) in places { gram[place, other] += weight * value * second }
        for (column, values) in rows.fixed.enumerated() {
          cross[place, column] -= weight * value * values[row]
        }
        for (position, slopes) in terms.scoreSlopes.enumerated() {
          cross[place, rows.fixed.count + position] += value * slopes[row]
        }
      }
    }
  }
}

extension MarginalGeometry {
  /// C and the derivatives of the modes of one unit.
  private static func unit(
    _ sums: Sums, blocks: [(factor: Int, start: Int)], factors: [Matrix], rows: GeneralisedRows
  ) -> Unit? {
    let size = sums.scores.count
    // Multiplies by T, or by T′, block by block.
    func times(_ matrix: Matrix, transposed: Bool) -> Matrix {
      var result = Matrix(rows: matrix.rows, columns: matrix.columns)
      for block in blocks {
        let factor = factors[block.factor]
        for row in 0..<factor.rows {
          for inner in 0..<factor.rows {
            let share = transposed ? factor[inner, row] : factor[row, inner]
            guard share != 0 else { continue }
            for column in 0..<matrix.columns {
              result[block.start + row, column] += share * matrix[block.start + inner, column]
            }
          }
        }
      }
      return result
    }
    let moved = times(sums.gram, transposed: true)
    let pivot = (times(moved.transposed, transposed: true) + .identity(size)).symmetrised
    guard let inverse = DenseCholesky(pivot)?.inverse else { return nil }
    let half = times(inverse, transposed: false)
    let covariance = times(half.transposed, transposed: false).symmetrised
    let scores = Matrix(rows: size, columns: 1) { row, _ in sums.scores[row] }
    let modes = times(scores, transposed: true)
    let variances = rows.thetaCount
    var derivatives = Matrix(rows: size, columns: variances + sums.cross.columns)
    let shifted = covariance * sums.cross
    for row in 0..<size {
      for column in 0..<sums.cross.columns {
        derivatives[row, variances + column] = shifted[row, column]
      }
    }
    var parameter = 0
    for (number, factor) in rows.factors.enumerated() {
      for entry in factor.layout.entries {
        // dT v, and dT′Z′s.
        var turned = [Double](repeating: 0, count: size)
        var pulled = Matrix(rows: size, columns: 1)
        for block in blocks where block.factor == number {
          turned[block.start + entry.row] = modes[block.start + entry.column, 0]
          pulled[block.start + entry.column, 0] = sums.scores[block.start + entry.row]
        }
        let pushed = sums.gram * turned
        let away = times(
          Matrix(rows: size, columns: 1) { row, _ in pushed[row] }, transposed: true)
        let solved = half * (pulled - away).elements
        for row in 0..<size { derivatives[row, parameter] = turned[row] + solved[row] }
        parameter += 1
      }
    }
    return Unit(covariance: covariance, derivatives: derivatives)
  }
}
