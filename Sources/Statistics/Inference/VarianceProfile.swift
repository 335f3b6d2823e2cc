import RealModule

/// The deviance as a function of a standard deviation, a correlation or σ.
///
/// The random effects' covariance is SS′ with S lower triangular once the effects are reordered so
/// that those in question come first: then a standard deviation is S₁₁, and a correlation ρ turns
/// the second row into (ρb, √(1−ρ²) b). What is held is an entry, what is free are the others and
/// log σ, and the search has no bounds.
struct VarianceProfile: DevianceProfile {
  let parameter: ProfileInterval.Parameter
  let estimate: Double
  let step: Double
  let bounds: ClosedRange<Double>
  private let hold: Hold
  private let model: LinearMixedModel
  private let criterion: any ProfiledCriterion
  /// From effects of the data's columns, reordered, to those of standardised columns.
  private let forth: Matrix
  /// S and σ at the optimum, in units of the standardised response.
  private let optimum: Matrix
  private let sigma: Double
  private let responseScale: Double
  /// The size of each effect that matters, reordered.
  private let effectScales: [Double]
  /// The free entries of S.
  private let free: [RandomLayout.Entry]

  private enum Hold {
    case deviation(Int)
    case correlation(Int)
    case sigma
  }

  /// The profiles of all variance parameters of a fit by maximum likelihood, in lme4's order.
  static func all(of fit: LinearMixedModelFit) -> [VarianceProfile] {
    var profiles: [VarianceProfile] = []
    for (position, component) in fit.varianceComponents.enumerated() {
      let first = fit.model.layout.terms[position].firstEffect
      for effect in component.terms.indices {
        profiles.append(
          VarianceProfile(
            fit, holding: .deviation(first), order: [effect], term: position,
            parameter: .standardDeviation(
              group: component.group, effect: component.terms[effect]),
            estimate: component.standardDeviations[effect], bounds: 0...Double.infinity))
        for other in (effect + 1)..<max(component.terms.count, effect + 1) {
          let correlation = component.correlations[effect, other]
          guard correlation.isFinite else { continue }
          profiles.append(
            VarianceProfile(
              fit, holding: .correlation(first), order: [effect, other], term: position,
              parameter: .correlation(
                group: component.group, first: component.terms[effect],
                second: component.terms[other]),
              estimate: max(-1, min(1, correlation)), bounds: -1...1))
        }
      }
    }
    profiles.append(
      VarianceProfile(
        fit, holding: .sigma, order: [], term: 0, parameter: .sigma, estimate: fit.sigma,
        bounds: 0...Double.infinity))
    return profiles
  }

  /// - Parameters:
  ///   - order: The effects of the term that come first.
  ///   - term: The term that holds them.
  private init(
    _ fit: LinearMixedModelFit, holding hold: Hold, order: [Int], term: Int,
    parameter: ProfileInterval.Parameter, estimate: Double, bounds: ClosedRange<Double>
  ) {
    let model = fit.model
    let layout = model.layout
    self.hold = hold
    self.model = model
    self.parameter = parameter
    self.estimate = estimate
    self.bounds = bounds
    criterion = fit.optimum.criterion
    responseScale = model.standardisation.response.scale
    sigma = fit.sigma / responseScale
    switch hold {
    case .correlation: step = 0.2
    case .deviation: step = estimate > 0 ? 0.2 * estimate : 0.2 * fit.sigma
    case .sigma: step = estimate / (2 * Double(fit.observations)).squareRoot()
    }
    let back = BackTransform(model)
    let factors = back.factors(fit.optimum.theta)
    var forth = Matrix(rows: layout.effects, columns: layout.effects)
    var optimum = forth
    var effectScales = [Double](repeating: 1, count: layout.effects)
    var sizes = effectScales
    for (entry, scale) in zip(layout.entries, model.parameterScales) { sizes[entry.row] = scale }
    for (position, place) in layout.terms.enumerated() {
      let own = model.standardisation.random[position]
      let intercept = model.frame.random[position].design.columns.firstIndex { $0.term == -1 }
      let columns = Standardisation.forth(own, intercept: intercept)
      let first = position == term ? order : []
      let turned = first + (0..<place.effects).filter { !first.contains($0) }
      let all = Array(0..<place.effects)
      let lower = lowerTriangle(of: factors[position].part(rows: turned, columns: all))
      for row in all {
        effectScales[place.firstEffect + row] =
          sigma * sizes[place.firstEffect + turned[row]] / own[turned[row]].scale
        for column in all {
          forth[place.firstEffect + row, place.firstEffect + column] =
            columns[row, turned[column]]
          optimum[place.firstEffect + row, place.firstEffect + column] =
            sigma * lower[row, column]
        }
      }
    }
    self.forth = forth
    self.optimum = optimum
    self.effectScales = effectScales
    free = layout.entries.filter { entry in
      switch hold {
      case .sigma: return true
      case .deviation(let first): return entry != .init(row: first, column: first)
      case .correlation(let first):
        // The second row's length stands for its diagonal entry.
        return entry != .init(row: first + 1, column: first)
      }
    }
  }

  func deviance(at value: Double, from start: [Double]?) -> (value: Double, rest: [Double])? {
    var initial = free.map { optimum[$0.row, $0.column] }
    if case .correlation(let first) = hold,
      let length = free.firstIndex(of: .init(row: first + 1, column: first + 1))
    {
      let row = (optimum[first + 1, first], optimum[first + 1, first + 1])
      initial[length] = (row.0 * row.0 + row.1 * row.1).squareRoot()
    }
    if case .sigma = hold {} else { initial.append(Double.log(sigma)) }
    var scales = free.map { effectScales[$0.row] }
    if case .sigma = hold {} else { scales.append(0.1) }
    let held = isStandardDeviation ? value / responseScale : value
    let search = ModifiedNewton(
      function: { point, _ in evaluate(point, held: held) }, scales: scales)
    guard let outcome = search.minimum(from: start ?? initial) else { return nil }
    return (outcome.value, outcome.point)
  }

  private var isStandardDeviation: Bool {
    if case .correlation = hold { return false }
    return true
  }

  /// The deviance with σ not profiled out, and its derivatives by the free entries and log σ.
  private func evaluate(
    _ point: [Double], held: Double
  ) -> (value: Double, gradient: [Double])? {
    var factor = Matrix(rows: optimum.rows, columns: optimum.columns)
    for (entry, value) in zip(free, point) { factor[entry.row, entry.column] = value }
    var sigma = held
    if case .sigma = hold {} else { sigma = Double.exp(point[free.count]) }
    switch hold {
    case .deviation(let first): factor[first, first] = held
    case .correlation(let first):
      let length = factor[first + 1, first + 1]
      factor[first + 1, first] = held * length
      factor[first + 1, first + 1] = max(0, 1 - held * held).squareRoot() * length
    case .sigma: break
    }
    guard sigma > 0, sigma.isFinite,
      let value = criterion.evaluate(
        factor: (1 / sigma) * (forth * factor), withGradient: true),
      let whole = value.gradient, let penalty = value.penaltyGradient
    else { return nil }
    let variance = sigma * sigma
    let squares = value.penalisedSum
    let rows = criterion.divisor
    let deviance =
      value.logDeterminant + squares / variance + rows * Double.log(2 * Double.pi * variance)
    // Take the profiled σ out of the gradient and put this one in.
    let byFactor = whole + (1 / variance - rows / squares) * penalty
    let byEntry = (1 / sigma) * (forth.transposed * byFactor)
    var gradient = free.map { byEntry[$0.row, $0.column] }
    if case .correlation(let first) = hold,
      let length = free.firstIndex(of: .init(row: first + 1, column: first + 1))
    {
      gradient[length] =
        held * byEntry[first + 1, first]
        + max(0, 1 - held * held).squareRoot() * byEntry[first + 1, first + 1]
    }
    if case .sigma = hold {
    } else {
      gradient.append(2 * rows - 2 * squares / variance - byEntry.inner(factor))
    }
    return (deviance, gradient)
  }
}
