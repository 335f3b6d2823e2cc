/// An interval of the values of a parameter that a likelihood-ratio test does not reject.
public struct ProfileInterval: Hashable, Sendable, Codable {
  /// What is estimated.
  public enum Parameter: Hashable, Sendable, Codable {
    /// The standard deviation of a random effect.
    case standardDeviation(group: String, effect: String)
    /// The correlation of two random effects of one term.
    case correlation(group: String, first: String, second: String)
    /// The residual standard deviation.
    case sigma
    /// A fixed effect, or a threshold of an ordinal model.
    case fixedEffect(String)
    /// log φ of a negative binomial model.
    case logDispersion
    /// A parameter of the residuals' correlation, or the power that their standard deviation follows.
    case residual(String)
    /// The residual standard deviation of a stratum over that of the first.
    case stratumRatio(String)
  }

  /// What is estimated.
  public let parameter: Parameter
  /// The estimate by maximum likelihood.
  public let estimate: Double
  /// The lower end; 0 for a standard deviation and −1 for a correlation when no value is rejected.
  public let lower: Double
  /// The upper end.
  public let upper: Double
}

extension LinearMixedModelFit {
  /// Profile-likelihood intervals of all parameters, by maximum likelihood, at the fit's level.
  ///
  /// Each parameter in turn is held at a value while all others are searched for; the ends of its
  /// interval are the values at which the root of the rise of the deviance reaches the normal
  /// quantile (Bates & Watts 1988; lme4's `confint`). Ends are found by root-finding on exact
  /// optima, not by a spline through a few.
  ///
  /// - Throws: ``ModelError/numerical(_:)`` when a profile cannot be followed.
  public func profileIntervals() throws(ModelError) -> [ProfileInterval] {
    let base = method == .ml ? self : try model.fit(.ml, degreesOfFreedom: .none)
    let reach = NormalDistribution().quantile((1 + confidenceLevel) / 2)
    let roots = ProfileRoots(reach: reach, least: base.optimum.value.deviance)
    var intervals: [ProfileInterval] = []
    for profile in VarianceProfile.all(of: VarianceSetting(base)) {
      intervals.append(try roots.interval(of: profile.parameter, by: profile))
    }
    for position in base.fixedEffects.indices {
      let fixed = ProfileInterval.Parameter.fixedEffect(base.fixedEffects[position].name)
      intervals.append(
        try roots.interval(of: fixed, by: FixedProfile(base, position: position)))
    }
    return intervals
  }
}

/// The deviance as a function of one parameter, all others at their best.
protocol DevianceProfile {
  var estimate: Double { get }
  /// A distance at which the deviance may have risen by about 1.
  var step: Double { get }
  /// The values that the parameter can take.
  var bounds: ClosedRange<Double> { get }

  /// The least deviance with the parameter at a value.
  ///
  /// - Parameter start: The other parameters where the search begins, or `nil` at first.
  /// - Returns: The deviance and the other parameters there.
  func deviance(at value: Double, from start: [Double]?) -> (value: Double, rest: [Double])?
}

/// Finds where the signed root of the rise of a deviance reaches a bound.
struct ProfileRoots {
  let reach: Double
  let least: Double

  /// Ends are found until ζ is within this of the quantile: a hundred-thousandth of an interval.
  private static let tolerance = 1e-6
  private static let mostSteps = 60
  /// The steps that may be shorter than those before; a straight ζ takes two.
  private static let aims = 3

  /// The interval of a parameter by its profile.
  func interval(
    of parameter: ProfileInterval.Parameter, by profile: some DevianceProfile
  ) throws(ModelError) -> ProfileInterval {
    let ends = try ends(of: profile)
    return ProfileInterval(
      parameter: parameter, estimate: profile.estimate, lower: ends.lower, upper: ends.upper)
  }

  func ends(of profile: some DevianceProfile) throws(ModelError) -> (lower: Double, upper: Double) {
    (
      try end(of: profile, towards: -1, bound: profile.bounds.lowerBound),
      try end(of: profile, towards: 1, bound: profile.bounds.upperBound)
    )
  }

  /// The end on one side: the bracket is widened until it holds the root, then narrowed by the
  /// Illinois variant of false position, which suits the nearly straight ζ.
  ///
  /// Searches begin where the last value that was not rejected ended, so that all follow one branch of
  /// optima; before a value counts as rejected, the search begins at the fit's own optimum too.
  func end(
    of profile: some DevianceProfile, towards sign: Double, bound: Double
  ) throws(ModelError) -> Double {
    var inner = (value: profile.estimate, zeta: -reach)
    var rest: [Double]?
    var step = profile.step
    var outer: (value: Double, zeta: Double)?
    for attempt in 0..<Self.mostSteps {
      let wanted = inner.value + sign * step
      let isBound = sign < 0 ? wanted <= bound : wanted >= bound
      let value = isBound ? bound : wanted
      var (zeta, ended) = try rise(profile, at: value, from: rest)
      if zeta >= 0, rest != nil {
        let other = try rise(profile, at: value, from: nil)
        if other.zeta < zeta { (zeta, ended) = other }
      }
      if zeta >= 0 {
        outer = (value, zeta)
        break
      }
      rest = ended
      if isBound { return bound }
      // Aim where a straight ζ would cross, a little beyond, but no more than four times as far. Where
      // ζ levels off just short of its end, as that of a correlation may, aims alone would creep.
      let slope = (zeta + reach) / abs(value - profile.estimate)
      let least = attempt < Self.aims ? step / 4 : 1.5 * step
      step = slope > 0 ? min(4 * step, max(least, -1.1 * zeta / slope)) : 4 * step
      inner = (value, zeta)
    }
    guard var outer else { throw .numerical("a profile has no end within reach") }
    for _ in 0..<Self.mostSteps where outer.zeta > Self.tolerance {
      let share = inner.zeta / (inner.zeta - outer.zeta)
      let value = inner.value + share * (outer.value - inner.value)
      let (zeta, ended) = try rise(profile, at: value, from: rest)
      if abs(zeta) < Self.tolerance { return value }
      if zeta > 0 {
        outer = (value, zeta)
        inner.zeta /= 2
      } else {
        inner = (value, zeta)
        rest = ended
        outer.zeta /= 2
      }
      if abs(outer.value - inner.value) < 1e-10 * max(abs(value), profile.step) { return value }
    }
    return outer.value
  }

  /// ζ less the quantile, and the other parameters there.
  private func rise(
    _ profile: some DevianceProfile, at value: Double, from rest: [Double]?
  ) throws(ModelError) -> (zeta: Double, rest: [Double]) {
    guard let found = profile.deviance(at: value, from: rest) else {
      throw .numerical("a profile could not be followed")
    }
    return (max(0, found.value - least).squareRoot() - reach, found.rest)
  }
}
