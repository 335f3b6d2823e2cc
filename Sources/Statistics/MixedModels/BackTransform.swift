import RealModule

/// From standardised columns back to the columns of the data.
struct BackTransform {
  /// Turns coefficients of the standardised estimable columns into those of the columns, in units
  /// of the response.
  let fixed: Matrix
  /// By random term: turns random effects likewise, but for the response's scale.
  let random: [Matrix]
  let responseCentre: Double
  let responseScale: Double
  /// The intercept's position among the estimable columns.
  let interceptPosition: Int?
  /// What was taken off beforehand, in standardised units.
  let pilot: [Double]
  private let layout: RandomLayout
  private let fixedScales: [Double]
  private let logWeights: Double

  init(_ model: LinearMixedModel) {
    let standardisation = model.standardisation
    let kept = model.estimable.map { standardisation.fixed[$0] }
    interceptPosition = model.estimable.firstIndex { $0 == standardisation.intercept }
    responseCentre = standardisation.response.centre
    responseScale = standardisation.response.scale
    let unscaled = Standardisation.back(kept, intercept: interceptPosition)
    fixed = unscaled
    random = zip(model.frame.random, standardisation.random).map { term, columns in
      Standardisation.back(
        columns, intercept: term.design.columns.firstIndex { $0.term == -1 })
    }
    pilot = model.pilot ?? [Double](repeating: 0, count: kept.count)
    layout = model.layout
    fixedScales = kept.map(\.scale)
    logWeights = model.frame.logWeights
  }

  /// The relative covariance factor of each term for the columns of the data.
  func factors(_ theta: [Double]) -> [Matrix] {
    let whole = layout.factor(theta)
    return zip(layout.terms, random).map { term, back in
      let range = Array(term.firstEffect..<(term.firstEffect + term.effects))
      return lowerTriangle(of: back * whole.part(rows: range, columns: range))
    }
  }

  /// The criterion for the columns and the response of the data.
  func criterion(_ deviance: Double, method: EstimationMethod, divisor: Double) -> Double {
    var criterion = deviance + 2 * divisor * Double.log(responseScale) - logWeights
    if method == .reml {
      criterion += fixedScales.reduce(0) { $0 + 2 * Double.log($1) }
    }
    return criterion
  }
}
