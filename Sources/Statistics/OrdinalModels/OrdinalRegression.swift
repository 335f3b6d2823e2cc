import RealModule

/// Logistic regression of ordered categories without random effects: log odds of a category above each
/// threshold, proportional (McCullagh 1980, *Regression models for ordinal data*). With two categories it
/// is ordinary logistic regression.
///
/// P(y > c) = 1/(1 + exp(α_c − x′b)): what `MASS::polr` calls `logistic`, and `glm` with `binomial` for two
/// categories, whose intercept is −α.
public struct OrdinalRegression: Sendable {
  /// The formula it was made from.
  public let formula: ModelFormula
  /// The categories of the response in their order.
  public let categories: [String]
  /// The rows used.
  public let observations: Int
  /// The log odds ratios with Wald tests.
  public let effects: [LinearMixedModelFit.FixedEffect]
  /// The thresholds between categories.
  public let thresholds: [LinearMixedModelFit.FixedEffect]
  /// Columns that repeat others and have no effect of their own.
  public let setAside: [String]
  /// Of the rows used.
  public let logLikelihood: Double
  /// Of the same rows by their frequencies alone.
  public let nullLogLikelihood: Double

  /// McFadden's R²: the share of the log-likelihood of the frequencies that the effects take away.
  public var pseudoRSquared: Double { 1 - logLikelihood / nullLogLikelihood }

  /// Fits the model to the rows that have every value.
  ///
  /// - Parameters:
  ///   - formula: Without random terms.
  ///   - confidenceLevel: Of the intervals, between 0 and 1.
  /// - Throws: ``ModelError``; ``ModelError/numerical(_:)`` where the effects tell the categories apart
  ///   without error, so that no finite odds ratio fits best.
  public init(
    _ formula: ModelFormula, data: ModelData, confidenceLevel: Double = 0.95
  ) throws(ModelError) {
    guard formula.random.isEmpty else {
      throw .unsupported("a logistic regression without random effects; leave the random terms out")
    }
    let columns = try ResponseColumns(
      formula, data: data, codings: [:], weights: nil, offset: nil)
    let found = Set(columns.values).sorted()
    guard found.count > 1 else { throw .constantResponse(name: formula.responseName) }
    var positions: [Double: Int] = [:]
    for (position, value) in found.enumerated() { positions[value] = position }
    let codes = columns.values.map { positions[$0] ?? 0 }
    let fixed = columns.frame.fixed.columns.filter { $0.term != -1 }
    let likelihood = OrdinalLikelihood(
      codes: codes, categoryCount: found.count, columns: fixed.map(\.values.array))
    let null = OrdinalLikelihood(codes: codes, categoryCount: found.count, columns: [])
    guard codes.count > found.count - 1 + likelihood.kept.count else {
      throw .tooFewObservations(
        observations: codes.count, fixedEffects: found.count - 1 + likelihood.kept.count)
    }
    let best = try likelihood.maximum()
    let names = likelihood.kept.map { fixed[$0].name }
    func effect(_ name: String, _ position: Int) -> LinearMixedModelFit.FixedEffect {
      .init(
        name: name, estimate: best.point[position],
        standardError: best.covariance[position, position].squareRoot(), degreesOfFreedom: nil,
        confidenceLevel: confidenceLevel)
    }
    let levels = columns.levels
    let categories = found.map { value in levels.map { $0[Int(value)] } ?? shortest(value) }
    self.formula = formula
    self.categories = categories
    observations = codes.count
    effects = names.enumerated().map { effect($1, found.count - 1 + $0) }
    thresholds = (0..<(found.count - 1)).map {
      effect("\(categories[$0])|\(categories[$0 + 1])", $0)
    }
    setAside = fixed.indices.filter { !likelihood.kept.contains($0) }.map { fixed[$0].name }
    logLikelihood = best.value
    nullLogLikelihood = null.logLikelihoodOfFrequencies
  }

  /// The test against a model without some of the effects, on the same rows.
  ///
  /// - Throws: ``ModelError/unsupported(_:)`` when the rows differ or the other is no smaller.
  public func likelihoodRatioTest(
    against smaller: OrdinalRegression
  ) throws(ModelError) -> (statistic: Double, degreesOfFreedom: Int, pValue: Double) {
    let freedom = effects.count - smaller.effects.count
    guard smaller.observations == observations, smaller.categories == categories else {
      throw .unsupported("models of different rows or responses cannot be compared")
    }
    guard freedom > 0 else {
      throw .unsupported("the model to compare with must have fewer effects")
    }
    let statistic = max(0, 2 * (logLikelihood - smaller.logLikelihood))
    let p = ChiSquareDistribution(degreesOfFreedom: Double(freedom)).upperTail(statistic)
    return (statistic, freedom, p)
  }
}

/// The log-likelihood of thresholds and effects, which is concave in both together.
private struct OrdinalLikelihood {
  let codes: [Int]
  let categoryCount: Int
  /// The columns that repeat no others.
  let kept: [Int]
  /// The kept columns, centred and scaled, so that steps are of one size.
  private let columns: [[Double]]
  private let centres: [Double]
  private let scales: [Double]

  /// Beyond this many logits for a standard deviation of a column the categories are told apart without
  /// error, as far as the data can say.
  private static let separation = 25.0

  init(codes: [Int], categoryCount: Int, columns: [[Double]]) {
    self.codes = codes
    self.categoryCount = categoryCount
    var kept: [Int] = []
    var basis: [[Double]] = []
    var standard: [[Double]] = []
    var centres: [Double] = []
    var scales: [Double] = []
    let count = Double(max(1, codes.count))
    for (position, column) in columns.enumerated() {
      let centre = column.reduce(0, +) / count
      let moved = column.map { $0 - centre }
      let scale = (dot(moved, moved) / count).squareRoot()
      guard scale > 0 else { continue }
      let scaled = moved.map { $0 / scale }
      // What is left of the column beside those before it (Gram and Schmidt).
      var rest = scaled
      for own in basis {
        let share = dot(own, rest)
        for row in rest.indices { rest[row] -= share * own[row] }
      }
      let length = dot(rest, rest).squareRoot()
      guard length > 1e-7 * count.squareRoot() else { continue }
      basis.append(rest.map { $0 / length })
      kept.append(position)
      standard.append(scaled)
      centres.append(centre)
      scales.append(scale)
    }
    self.kept = kept
    self.columns = standard
    self.centres = centres
    self.scales = scales
  }

  private var frequencies: [Double] {
    var counts = [Double](repeating: 0, count: categoryCount)
    for code in codes { counts[code] += 1 }
    return counts
  }

  /// Of the rows by how often each category comes.
  var logLikelihoodOfFrequencies: Double {
    let total = Double(codes.count)
    return frequencies.reduce(0) { $0 + ($1 > 0 ? $1 * Double.log($1 / total) : 0) }
  }

  /// The maximum with its covariance, in units of the columns given.
  func maximum() throws(ModelError) -> (point: [Double], value: Double, covariance: Matrix) {
    let thresholdCount = categoryCount - 1
    var point: [Double] = []
    var below = 0.0
    for count in frequencies.dropLast() {
      below += count
      point.append(Double.log(below / (Double(codes.count) - below)))
    }
    point += [Double](repeating: 0, count: columns.count)
    guard var state = evaluate(point) else { throw .numerical("the thresholds have no start") }
    for _ in 0..<100 {
      guard let root = Cholesky(state.information) else { throw Self.separated }
      let step = root.solveUpper(root.solveLower(state.gradient))
      let decrement = dot(step, state.gradient)
      var share = 1.0
      var next = evaluate(zip(point, step).map { $0 + share * $1 })
      while next.map({ $0.value < state.value - 1e-12 * abs(state.value) }) ?? true, share > 1e-6 {
        share /= 2
        next = evaluate(zip(point, step).map { $0 + share * $1 })
      }
      guard let next else { throw Self.separated }
      point = zip(point, step).map { $0 + share * $1 }
      state = next
      guard point.dropFirst(thresholdCount).allSatisfy({ abs($0) < Self.separation }) else {
        throw Self.separated
      }
      if decrement < 1e-14 * (1 + abs(state.value)) {
        guard let root = DenseCholesky(state.information) else { throw Self.separated }
        let back = backTransform
        return (back * point, state.value, back * root.inverse * back.transposed)
      }
    }
    throw .numerical("the logistic regression did not settle")
  }

  private static var separated: ModelError {
    .numerical(
      "the predictors tell the categories of the response apart without error, so that no finite odds "
        + "ratio fits best; leave the predictor that does so out")
  }

  /// From centred and scaled columns to those given: b/s, and α + Σ b c/s.
  private var backTransform: Matrix {
    let thresholdCount = categoryCount - 1
    let size = thresholdCount + columns.count
    return Matrix(rows: size, columns: size) { row, column in
      if row == column { return row < thresholdCount ? 1 : 1 / scales[row - thresholdCount] }
      guard row < thresholdCount, column >= thresholdCount else { return 0 }
      return centres[column - thresholdCount] / scales[column - thresholdCount]
    }
  }

  private struct State {
    var value: Double
    var gradient: [Double]
    var information: Matrix
  }

  /// The log-likelihood with gradient and minus its Hessian; nil where thresholds do not ascend.
  private func evaluate(_ point: [Double]) -> State? {
    let thresholdCount = categoryCount - 1
    for place in 1..<max(1, thresholdCount) where point[place] <= point[place - 1] { return nil }
    let size = thresholdCount + columns.count
    var state = State(
      value: 0, gradient: [Double](repeating: 0, count: size),
      information: Matrix(rows: size, columns: size))
    var upperColumn = [Double](repeating: 0, count: size)
    var lowerColumn = upperColumn
    for (row, code) in codes.enumerated() {
      var eta = 0.0
      for (position, column) in columns.enumerated() {
        eta += point[thresholdCount + position] * column[row]
        upperColumn[thresholdCount + position] = -column[row]
        lowerColumn[thresholdCount + position] = -column[row]
      }
      let upper = code < thresholdCount ? Self.logistic(point[code] - eta) : (1, 0)
      let lower = code > 0 ? Self.logistic(point[code - 1] - eta) : (0, 1)
      // F(a) − F(b), or what is above it, whichever does not lose its digits.
      let share = code == 0 ? upper.0 : code == thresholdCount ? lower.1 : upper.0 - lower.0
      guard share > 0 else { return nil }
      state.value += Double.log(share)
      let (first, second) = (upper.0 * upper.1 / share, lower.0 * lower.1 / share)
      let firstSlope = first * (upper.1 - upper.0)
      let secondSlope = second * (lower.1 - lower.0)
      for place in 0..<thresholdCount {
        upperColumn[place] = place == code ? 1 : 0
        lowerColumn[place] = place == code - 1 ? 1 : 0
      }
      for place in 0..<size {
        let score = first * upperColumn[place] - second * lowerColumn[place]
        state.gradient[place] += score
        for other in 0...place {
          let otherScore = first * upperColumn[other] - second * lowerColumn[other]
          state.information[place, other] +=
            score * otherScore - firstSlope * upperColumn[place] * upperColumn[other]
            + secondSlope * lowerColumn[place] * lowerColumn[other]
        }
      }
    }
    guard state.value.isFinite else { return nil }
    for place in 0..<size {
      for other in 0..<place {
        state.information[other, place] = state.information[place, other]
      }
    }
    return state
  }

  /// F and 1 − F.
  private static func logistic(_ argument: Double) -> (Double, Double) {
    let power = Double.exp(-abs(argument))
    let inverse = 1 / (1 + power)
    return argument >= 0 ? (inverse, power * inverse) : (power * inverse, inverse)
  }
}
