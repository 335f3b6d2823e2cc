import RealModule

/// −2 log-likelihood of a generalised or ordinal model as a function of one parameter.
///
/// What is held is one of the search's own parameters, a combination of them, or the correlation of
/// the first two effects of a term: the standard deviation of a random effect is the first diagonal
/// entry of its term's factor once the effect stands first among the columns.
struct MarginalProfile: DevianceProfile {
  let parameter: ProfileInterval.Parameter
  let estimate: Double
  let step: Double
  let bounds: ClosedRange<Double>
  private let criterion: MarginalCriterion
  private let hold: Hold
  /// The parameters at the optimum.
  private let point: [Double]

  private enum Hold {
    /// Σ weights·parameters is held, and the pivot follows from the others.
    case combination(weights: [Double], pivot: Int)
    /// One parameter is held at a share of the value.
    case entry(Int, share: Double)
    /// An entry of the second row of T over that row's length, which stands for the diagonal entry.
    case correlation(entry: Int, diagonal: Int)
  }

  /// The profiles of a fit.
  static func all(
    _ likelihood: FittedLikelihood, tables: FitTables
  ) throws(ModelError) -> [MarginalProfile] {
    var profiles: [MarginalProfile] = []
    for (term, component) in tables.varianceComponents.enumerated() {
      for effect in component.terms.indices {
        profiles.append(
          try MarginalProfile(
            likelihood, term: term, first: [effect],
            parameter: .standardDeviation(
              group: component.group, effect: component.terms[effect]),
            estimate: component.standardDeviations[effect]))
        for other in (effect + 1)..<max(component.terms.count, effect + 1)
        where component.correlations[effect, other].isFinite {
          profiles.append(
            try MarginalProfile(
              likelihood, term: term, first: [effect, other],
              parameter: .correlation(
                group: component.group, first: component.terms[effect],
                second: component.terms[other]),
              estimate: max(-1, min(1, component.correlations[effect, other]))))
        }
      }
    }
    let own = try likelihood.criterion(of: likelihood.design)
    for (position, name) in likelihood.names.enumerated() {
      profiles.append(
        MarginalProfile(
          likelihood.design, optimum: likelihood.optimum, coefficient: position, parameter: name,
          criterion: own))
    }
    return profiles
  }

  /// Of a coefficient.
  private init(
    _ design: MarginalDesign, optimum: MarginalOptimum, coefficient: Int,
    parameter: ProfileInterval.Parameter, criterion: MarginalCriterion
  ) {
    let variances = design.rows.thetaCount
    let back = optimum.back
    let weights =
      [Double](repeating: 0, count: variances)
      + (0..<back.columns).map { back[coefficient, $0] }
    self.parameter = parameter
    self.criterion = criterion
    estimate = optimum.coefficients[coefficient]
    step = optimum.covariance[coefficient, coefficient].squareRoot()
    bounds = -Double.infinity...Double.infinity
    // The parameter whose own column it is, so that the others stand for themselves.
    hold = .combination(weights: weights, pivot: variances + coefficient)
    point = optimum.point
  }

  /// Of a standard deviation or a correlation: the effects that it is of stand first.
  private init(
    _ likelihood: FittedLikelihood, term: Int, first: [Int],
    parameter: ProfileInterval.Parameter, estimate: Double
  ) throws(ModelError) {
    let (design, optimum) = (likelihood.design, likelihood.optimum)
    let random = design.frame.random[term]
    let count = random.design.columns.count
    let order = first + (0..<count).filter { !first.contains($0) }
    let intercept = random.design.columns.firstIndex { $0.term == -1 }
    // The intercept is the level where covariates are 0; a slope is the same wherever they are.
    let keepsCentres = !first.contains { $0 == intercept }
    let turned = design.reordering(term, by: order, isCentred: keepsCentres)
    let scalings = turned.standardisation.random[term]
    let forth = Standardisation.forth(
      scalings, intercept: keepsCentres ? intercept.flatMap { order.firstIndex(of: $0) } : nil)
    let all = Array(0..<count)
    let factor = lowerTriangle(
      of: forth * optimum.factors[term].part(rows: order, columns: all))
    var point = optimum.point
    var start = 0
    var places: [Int: Int] = [:]
    for own in turned.rows.factors {
      for (place, number) in zip(own.layout.terms, own.terms) where number == term {
        var next = start + place.firstParameter
        for column in all {
          for row in column..<count {
            point[next] = factor[row, column]
            if row < 2, column < 2 { places[2 * row + column] = next }
            next += 1
          }
        }
      }
      start += own.layout.parameterCount
    }
    self.parameter = parameter
    self.estimate = estimate
    criterion = try likelihood.criterion(of: turned)
    self.point = point
    if first.count == 1 {
      hold = .entry(places[0] ?? 0, share: scalings[0].scale)
      step = estimate > 0 ? 0.2 * estimate : 0.2 / scalings[0].scale
      bounds = 0...Double.infinity
    } else {
      hold = .correlation(entry: places[2] ?? 0, diagonal: places[3] ?? 0)
      step = 0.2
      bounds = -1...1
    }
  }

  func deviance(at value: Double, from start: [Double]?) -> (value: Double, rest: [Double])? {
    let held = held
    var initial = point
    if case .correlation(let entry, let diagonal) = hold {
      initial[diagonal] =
        (point[entry] * point[entry] + point[diagonal] * point[diagonal]).squareRoot()
    }
    initial.remove(at: held)
    let whole = criterion
    let reduced = MarginalCriterion(
      parameterCount: point.count - 1,
      evaluate: { rest in
        let full = complete(rest, at: value)
        return whole.evaluate(full).map {
          ($0.value, gradient($0.gradient, rest: rest, at: value))
        }
      }, modes: { whole.modes(complete($0, at: value)) })
    let search = MarginalSearch(criterion: reduced)
    // Where the last point is too far from here, the optimum may do.
    return (start.flatMap { search.settled(from: $0) } ?? search.settled(from: initial))
      .map { ($0.value, $0.point) }
  }

  /// The parameter that is not free.
  private var held: Int {
    switch hold {
    case .combination(_, let pivot): pivot
    case .entry(let place, _): place
    case .correlation(let entry, _): entry
    }
  }

  /// All parameters from the free ones.
  private func complete(_ rest: [Double], at value: Double) -> [Double] {
    var full = rest
    full.insert(0, at: held)
    switch hold {
    case .combination(let weights, let pivot):
      full[pivot] = (value - dot(weights, full)) / weights[pivot]
    case .entry(let place, let share): full[place] = share * value
    case .correlation(let entry, let diagonal):
      let length = full[diagonal]
      full[entry] = value * length
      full[diagonal] = max(0, 1 - value * value).squareRoot() * length
    }
    return full
  }

  private func gradient(_ full: [Double], rest: [Double], at value: Double) -> [Double] {
    var free = full
    switch hold {
    case .combination(let weights, let pivot):
      for place in free.indices { free[place] -= full[pivot] * weights[place] / weights[pivot] }
    case .entry: break
    case .correlation(let entry, let diagonal):
      free[diagonal] =
        value * full[entry] + max(0, 1 - value * value).squareRoot() * full[diagonal]
    }
    free.remove(at: held)
    return free
  }
}

extension ProfileInterval {
  /// The interval that a profile gives; infinite where the likelihood falls no further on one side.
  init(
    _ profile: MarginalProfile, roots: ProfileRoots
  ) {
    let lower = try? roots.end(of: profile, towards: -1, bound: profile.bounds.lowerBound)
    let upper = try? roots.end(of: profile, towards: 1, bound: profile.bounds.upperBound)
    self.init(
      parameter: profile.parameter, estimate: profile.estimate,
      lower: lower ?? -.infinity, upper: upper ?? .infinity)
  }
}

extension MarginalDesign {
  /// The same model with the effects of a random term in another order.
  ///
  /// - Parameter isCentred: Whether their columns stay centred.
  func reordering(_ term: Int, by order: [Int], isCentred: Bool) -> MarginalDesign {
    var random = frame.random
    random[term].design = random[term].design.reordered(order)
    var standardisation = standardisation
    standardisation.random[term] = order.map {
      var scaling = standardisation.random[term][$0]
      if !isCentred { scaling.centre = 0 }
      return scaling
    }
    return MarginalDesign(self, frame: frame.replacing(random), standardisation: standardisation)
  }
}
