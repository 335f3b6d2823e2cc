import RealModule

/// The deviance as a function of a standard deviation, a correlation, σ or a parameter of the residuals.
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
  private let criterion: any OpenCriterion
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
  /// What else is searched for, at the optimum.
  private let others: [Double]

  private enum Hold {
    case deviation(Int)
    case correlation(Int)
    case sigma
    /// One of the others.
    case other(Int)
  }

  /// The profiles of all variance parameters of a fit by maximum likelihood, in lme4's order.
  static func all(of setting: VarianceSetting) -> [VarianceProfile] {
    var profiles: [VarianceProfile] = []
    for (position, component) in setting.components.enumerated() {
      let first = setting.layout.terms[position].firstEffect
      for effect in component.terms.indices {
        profiles.append(
          VarianceProfile(
            setting, holding: .deviation(first), order: [effect], term: position,
            parameter: .standardDeviation(
              group: component.group, effect: component.terms[effect]),
            estimate: component.standardDeviations[effect], bounds: 0...Double.infinity))
        for other in (effect + 1)..<max(component.terms.count, effect + 1) {
          let correlation = component.correlations[effect, other]
          guard correlation.isFinite else { continue }
          profiles.append(
            VarianceProfile(
              setting, holding: .correlation(first), order: [effect, other], term: position,
              parameter: .correlation(
                group: component.group, first: component.terms[effect],
                second: component.terms[other]),
              estimate: max(-1, min(1, correlation)), bounds: -1...1))
        }
      }
    }
    profiles.append(
      VarianceProfile(
        setting, holding: .sigma, order: [], term: 0, parameter: .sigma, estimate: setting.sigma,
        bounds: 0...Double.infinity))
    return profiles
  }

  /// The profile of a parameter of the residuals, on the scale of the search.
  ///
  /// - Parameters:
  ///   - other: Its place among them.
  ///   - step: Its standard error, if that is known.
  init(
    _ setting: VarianceSetting, other: Int, parameter: ProfileInterval.Parameter, step: Double
  ) {
    self.init(
      setting, holding: .other(other), order: [], term: 0, parameter: parameter,
      estimate: setting.others[other], bounds: -Self.farthest...Self.farthest,
      step: step.isFinite ? min(step, 1) : 0.2)
  }

  /// Beyond this, correlations are 1 and ratios of variances endless for any data.
  private static let farthest = 15.0

  /// An end of an interval of a parameter of the residuals, infinite where no value was rejected.
  func unbounded(_ end: Double) -> Double {
    abs(end) >= Self.farthest ? (end < 0 ? -.infinity : .infinity) : end
  }

  /// - Parameters:
  ///   - order: The effects of the term that come first.
  ///   - term: The term that holds them.
  ///   - step: Of one of the others.
  private init(
    _ setting: VarianceSetting, holding hold: Hold, order: [Int], term: Int,
    parameter: ProfileInterval.Parameter, estimate: Double, bounds: ClosedRange<Double>,
    step other: Double = 0.2
  ) {
    let layout = setting.layout
    self.hold = hold
    self.parameter = parameter
    self.estimate = estimate
    self.bounds = bounds
    criterion = setting.criterion
    others = setting.others
    responseScale = setting.standardisation.response.scale
    sigma = setting.sigma / responseScale
    switch hold {
    case .correlation: step = 0.2
    case .deviation: step = estimate > 0 ? 0.2 * estimate : 0.2 * setting.sigma
    case .sigma: step = estimate / (2 * Double(setting.observations)).squareRoot()
    case .other: step = other
    }
    var forth = Matrix(rows: layout.effects, columns: layout.effects)
    var optimum = forth
    var effectScales = [Double](repeating: 1, count: layout.effects)
    var sizes = effectScales
    for (entry, scale) in zip(layout.entries, setting.scales) { sizes[entry.row] = scale }
    for (position, place) in layout.terms.enumerated() {
      let own = setting.standardisation.random[position]
      let intercept = setting.terms[position].design.columns.firstIndex { $0.term == -1 }
      let columns = Standardisation.forth(own, intercept: intercept)
      let first = position == term ? order : []
      let turned = first + (0..<place.effects).filter { !first.contains($0) }
      let all = Array(0..<place.effects)
      let lower = lowerTriangle(
        of: setting.factors[position].part(rows: turned, columns: all))
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
      case .sigma, .other: return true
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
    var scales = free.map { effectScales[$0.row] }
    if !isSigma {
      initial.append(Double.log(sigma))
      scales.append(0.1)
    }
    let freeOthers = others.indices.filter { $0 != heldOther }
    initial += freeOthers.map { others[$0] }
    scales += freeOthers.map { _ in 1 }
    let held = isStandardDeviation ? value / responseScale : value
    let search = ModifiedNewton(
      function: { point, _ in evaluate(point, held: held) }, scales: scales)
    guard let outcome = search.minimum(from: start ?? initial) else { return nil }
    return (outcome.value, outcome.point)
  }

  private var isStandardDeviation: Bool {
    switch hold {
    case .deviation, .sigma: true
    case .correlation, .other: false
    }
  }

  private var isSigma: Bool {
    if case .sigma = hold { return true }
    return false
  }

  private var heldOther: Int? {
    if case .other(let place) = hold { return place }
    return nil
  }

  /// The deviance with σ not profiled out, and its derivatives by the free entries, log σ and the
  /// others.
  private func evaluate(
    _ point: [Double], held: Double
  ) -> (value: Double, gradient: [Double])? {
    var factor = Matrix(rows: optimum.rows, columns: optimum.columns)
    for (entry, value) in zip(free, point) { factor[entry.row, entry.column] = value }
    var rest = Array(point.dropFirst(free.count))
    let sigma = isSigma ? held : Double.exp(rest.removeFirst())
    if let heldOther { rest.insert(held, at: heldOther) }
    switch hold {
    case .deviation(let first): factor[first, first] = held
    case .correlation(let first):
      let length = factor[first + 1, first + 1]
      factor[first + 1, first] = held * length
      factor[first + 1, first + 1] = max(0, 1 - held * held).squareRoot() * length
    case .sigma, .other: break
    }
    guard sigma > 0, sigma.isFinite,
      let open = criterion.open(
        factor: (1 / sigma) * (forth * factor), sigma: sigma, others: rest)
    else { return nil }
    let byEntry = (1 / sigma) * (forth.transposed * open.byFactor)
    var gradient = free.map { byEntry[$0.row, $0.column] }
    if case .correlation(let first) = hold,
      let length = free.firstIndex(of: .init(row: first + 1, column: first + 1))
    {
      gradient[length] =
        held * byEntry[first + 1, first]
        + max(0, 1 - held * held).squareRoot() * byEntry[first + 1, first + 1]
    }
    // T is S over σ.
    if !isSigma { gradient.append(open.byLogSigma - byEntry.inner(factor)) }
    gradient += open.byOthers.indices.filter { $0 != heldOther }.map { open.byOthers[$0] }
    return (open.value, gradient)
  }
}
