/// Where a marginal criterion is least, moved back to the columns of the data.
struct MarginalOptimum: Sendable {
  /// −2 log-likelihood.
  let criterion: Double
  /// The fixed effects of the estimable columns, then what the family adds.
  let coefficients: [Double]
  /// Their covariance.
  let covariance: Matrix
  /// The covariance factor of each random term, by its position in the frame.
  let factors: [Matrix]
  /// How it was found.
  let record: FitRecord
  /// Whether the curvature at the optimum is that of a minimum.
  let isCurvatureSound: Bool
  let modes: ModeSummary
  /// All parameters, for standardised columns: θ, the fixed effects, then what the family adds.
  let point: [Double]
  /// The covariance of `point`.
  let pointCovariance: Matrix
  /// Turns the fixed effects of standardised columns and what the family adds into those of the data.
  let back: Matrix
  /// Whether some direction has next to no curvature.
  let isFlat: Bool

  /// Searches, puts signs right, sets vanishing variances to 0, and inverts the curvature.
  ///
  /// - Parameters:
  ///   - start: Of the fixed effects and what the family adds, for standardised columns.
  ///   - back: Turns those into the coefficients for the columns of the data.
  init(
    _ design: MarginalDesign, criterion: MarginalCriterion, start: [Double], back: Matrix
  ) throws(ModelError) {
    let variances = design.rows.thetaCount
    let search = MarginalSearch(criterion: criterion)
    guard let outcome = search.minimum(from: design.thetaStart + start) else {
      throw .numerical("the likelihood is not defined at the start")
    }
    let point = Self.settled(
      Self.rectified(outcome.point, design: design), design: design, criterion: criterion)
    guard let value = criterion.evaluate(point), let modes = criterion.modes(point) else {
      throw .numerical("the likelihood is not defined at the optimum")
    }
    var hessian = outcome.hessian
    if point != outcome.point { hessian = search.hessian(at: point) ?? hessian }
    let kept = Array(variances..<point.count)
    var inverse: Matrix
    if let factor = Cholesky(hessian) {
      inverse = factor.inverse
      isCurvatureSound = true
    } else if let eigen = SymmetricEigen(hessian) {
      // A direction without curvature is one that the data say nothing about.
      let cutoff = 1e-10 * (eigen.values.map(abs).max() ?? 0)
      inverse = eigen.pseudoInverse(cutoff: cutoff)
      isCurvatureSound = false
    } else {
      throw .numerical("the curvature of the likelihood is not defined at the optimum")
    }
    isFlat = (SymmetricEigen(hessian)?.values.last ?? 0) < Self.flatCurvature
    self.point = point
    self.back = back
    pointCovariance = 2 * inverse
    inverse = pointCovariance.part(rows: kept, columns: kept)
    self.criterion = value.value
    coefficients = back * Array(point[variances...])
    covariance = (back * inverse * back.transposed).symmetrised
    factors = Self.factors(point, design: design)
    record = outcome.record
    self.modes = Self.unscaled(modes, design: design)
  }

  /// The curvature of −2 log-likelihood over a unit of a standardised column below which the data
  /// hardly tell where they are: an error of 40 such units.
  private static let flatCurvature = 1e-3

  /// The transformation of each random term's effects back to the columns of the data.
  private static func back(_ design: MarginalDesign, term: Int) -> Matrix {
    let columns = design.frame.random[term].design.columns
    return Standardisation.back(
      design.standardisation.random[term], intercept: columns.firstIndex { $0.term == -1 })
  }

  /// By term in the order of the frame.
  static func factors(_ point: [Double], design: MarginalDesign) -> [Matrix] {
    var factors = [Matrix](
      repeating: Matrix(rows: 0, columns: 0), count: design.frame.random.count)
    forEachFactor(of: point, design: design) { factor, theta in
      let whole = factor.layout.factor(theta)
      for (place, term) in zip(factor.layout.terms, factor.terms) {
        let range = Array(place.firstEffect..<(place.firstEffect + place.effects))
        factors[term] = lowerTriangle(
          of: back(design, term: term) * whole.part(rows: range, columns: range))
      }
    }
    return factors
  }

  private static func forEachFactor(
    of point: [Double], design: MarginalDesign,
    _ body: (GeneralisedRows.Factor, [Double]) -> Void
  ) {
    var first = 0
    for factor in design.rows.factors {
      let end = first + factor.layout.parameterCount
      body(factor, Array(point[first..<end]))
      first = end
    }
  }

  private static func rectified(_ point: [Double], design: MarginalDesign) -> [Double] {
    var theta: [Double] = []
    forEachFactor(of: point, design: design) { theta += $0.layout.rectified($1) }
    return theta + point[theta.count...]
  }

  /// Parameters that are as good as 0 set to 0, where the criterion does not rise.
  private static func settled(
    _ point: [Double], design: MarginalDesign, criterion: MarginalCriterion
  ) -> [Double] {
    guard let start = criterion.evaluate(point) else { return point }
    var settled = point
    var first = 0
    for factor in design.rows.factors {
      for (position, entry) in factor.layout.entries.enumerated()
      where entry.row == entry.column && settled[first + position] < 1e-2 {
        var candidate = settled
        for (other, place) in factor.layout.entries.enumerated()
        where place.column == entry.column && abs(settled[first + other]) < 1e-2 {
          candidate[first + other] = 0
        }
        if candidate != settled, let value = criterion.evaluate(candidate),
          value.value <= start.value + 1e-8
        {
          settled = candidate
        }
      }
      first += factor.layout.parameterCount
    }
    return settled
  }

  /// Random effects and their covariances for the columns of the data.
  private static func unscaled(_ modes: ModeSummary, design: MarginalDesign) -> ModeSummary {
    var result = modes
    for (position, factor) in design.rows.factors.enumerated() {
      var back = Matrix(rows: factor.layout.effects, columns: factor.layout.effects)
      for (place, term) in zip(factor.layout.terms, factor.terms) {
        let block = Self.back(design, term: term)
        for row in 0..<place.effects {
          for column in 0..<place.effects {
            back[place.firstEffect + row, place.firstEffect + column] = block[row, column]
          }
        }
      }
      result.values[position] = modes.values[position] * back.transposed
      result.covariances[position] = modes.covariances[position].map {
        (back * $0 * back.transposed).symmetrised
      }
    }
    return result
  }

  /// The predicted random effects, by term in the order of the frame.
  func conditionalModes(_ design: MarginalDesign) -> [ConditionalModes] {
    var found: [Int: ConditionalModes] = [:]
    for (position, factor) in design.rows.factors.enumerated() {
      let levels = Array(0..<factor.levels)
      for (place, term) in zip(factor.layout.terms, factor.terms) {
        let range = Array(place.firstEffect..<(place.firstEffect + place.effects))
        let random = design.frame.random[term]
        found[term] = ConditionalModes(
          group: random.groupName, levels: random.levels,
          terms: random.design.columns.map(\.name),
          values: modes.values[position].part(rows: levels, columns: range),
          covarianceElements: modes.covariances[position].flatMap {
            $0.part(rows: range, columns: range).elements
          })
      }
    }
    return design.frame.random.indices.compactMap { found[$0] }
  }
}
