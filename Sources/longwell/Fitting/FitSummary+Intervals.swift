import Foundation
import Statistics

extension FitSummary {
  /// Puts profile-likelihood intervals in the place of Wald ones.
  mutating func take(_ intervals: [ProfileInterval]) {
    self.intervals = "profile"
    for interval in intervals {
      switch interval.parameter {
      case .fixedEffect(let name): bound(fixed: name, interval.lower, interval.upper)
      case .sigma:
        sigma?.lower = interval.lower
        sigma?.upper = interval.upper
      case .standardDeviation(let group, let effect):
        bound(group: group, effect: effect, interval.lower, interval.upper)
      case .correlation(let group, let first, let second):
        bound(group: group, first, second, interval.lower, interval.upper)
      case .residual(let name):
        residuals?.bound(\.parameters, name, interval)
        if name == "phi" { residuals?.boundHalfLife(interval) }
      case .stratumRatio(let name): residuals?.bound(\.ratios, name, interval)
      case .logDispersion:
        dispersion?.lower = exp(interval.lower)
        dispersion?.upper = exp(interval.upper)
      }
    }
  }

  /// Puts percentile intervals of a parametric bootstrap in the place of Wald ones.
  ///
  /// - Parameter drawn: Its intervals.
  mutating func take(_ bootstrap: ParametricBootstrap, _ drawn: [ProfileInterval]) {
    take(drawn)
    intervals = "bootstrap"
    if bootstrap.failures > 0 {
      notes.append("\(bootstrap.failures) bootstrap replicates found no optimum and were left out.")
    }
  }

  private mutating func bound(fixed name: String, _ lower: Double, _ upper: Double) {
    for effect in fixed.indices where fixed[effect].name == name {
      fixed[effect].lower = lower
      fixed[effect].upper = upper
    }
    for threshold in thresholds.indices where thresholds[threshold].name == name {
      thresholds[threshold].lower = lower
      thresholds[threshold].upper = upper
    }
  }

  private mutating func bound(
    group: String, _ first: String, _ second: String, _ lower: Double, _ upper: Double
  ) {
    for component in components.indices where components[component].group == group {
      let names = components[component].terms.map(\.name)
      guard names.contains(first), names.contains(second) else { continue }
      components[component].correlationIntervals.append(
        .init(first: first, second: second, lower: lower, upper: upper))
    }
  }

  private mutating func bound(
    group: String, effect: String, _ lower: Double, _ upper: Double
  ) {
    for component in components.indices where components[component].group == group {
      for term in components[component].terms.indices
      where components[component].terms[term].name == effect {
        components[component].terms[term].lower = lower
        components[component].terms[term].upper = upper
      }
    }
  }
}

extension FitSummary.Residuals {
  fileprivate mutating func bound(
    _ list: WritableKeyPath<Self, [FitSummary.Parameter]>, _ name: String,
    _ interval: ProfileInterval
  ) {
    for place in self[keyPath: list].indices where self[keyPath: list][place].name == name {
      self[keyPath: list][place].lower = interval.lower.ifFinite
      self[keyPath: list][place].upper = interval.upper.ifFinite
    }
  }

  /// The time in which correlation halves grows with φ.
  fileprivate mutating func boundHalfLife(_ phi: ProfileInterval) {
    halfLife?.lower = (log(0.5) / log(phi.lower)).ifFinite
    halfLife?.upper = (log(0.5) / log(phi.upper)).ifFinite
  }
}
