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
      case .logDispersion:
        dispersion?.lower = exp(interval.lower)
        dispersion?.upper = exp(interval.upper)
      }
    }
  }

  /// Puts percentile intervals of a parametric bootstrap in the place of Wald ones.
  mutating func take(_ bootstrap: ParametricBootstrap) {
    intervals = "bootstrap"
    func interval(_ values: [Double]) -> (lower: Double, upper: Double) {
      ParametricBootstrap.percentileInterval(of: values, level: confidenceLevel)
    }
    for (position, name) in bootstrap.names.enumerated() {
      let ends = interval(bootstrap.fixedEffects.map { $0[position] })
      bound(fixed: name, ends.lower, ends.upper)
    }
    let residual = interval(bootstrap.sigmas)
    sigma?.lower = residual.lower
    sigma?.upper = residual.upper
    let counts = interval(bootstrap.dispersions)
    dispersion?.lower = counts.lower.ifFinite
    dispersion?.upper = counts.upper.ifFinite
    var position = 0
    for component in components.indices {
      for term in components[component].terms.indices {
        let ends = interval(bootstrap.standardDeviations.map { $0[position] })
        components[component].terms[term].lower = ends.lower
        components[component].terms[term].upper = ends.upper
        position += 1
      }
    }
    var pair = 0
    for component in components.indices {
      let terms = components[component].terms
      for row in terms.indices {
        for column in 0..<row {
          let ends = interval(bootstrap.correlations.map { $0[pair] }.filter(\.isFinite))
          components[component].correlationIntervals.append(
            .init(
              first: terms[column].name, second: terms[row].name, lower: ends.lower,
              upper: ends.upper))
          pair += 1
        }
      }
    }
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
