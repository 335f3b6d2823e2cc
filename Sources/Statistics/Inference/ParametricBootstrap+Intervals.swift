extension ParametricBootstrap {
  /// Percentile intervals of the fixed effects, the standard deviations, the correlations and σ, at the
  /// level of the fit that was simulated.
  ///
  /// - Parameter fit: The fit that the replicates were drawn from.
  public func percentileIntervals(of fit: LinearMixedModelFit) -> [ProfileInterval] {
    func interval(
      _ parameter: ProfileInterval.Parameter, _ estimate: Double, _ values: [Double]
    ) -> ProfileInterval {
      let ends = Self.percentileInterval(of: values, level: fit.confidenceLevel)
      return ProfileInterval(
        parameter: parameter, estimate: estimate, lower: ends.lower, upper: ends.upper)
    }
    var intervals = [interval(.sigma, fit.sigma, sigmas)]
    for (position, effect) in fit.fixedEffects.enumerated() {
      intervals.append(
        interval(
          .fixedEffect(effect.name), effect.estimate, fixedEffects.map { $0[position] }))
    }
    var (position, pair) = (0, 0)
    for component in fit.varianceComponents {
      for row in component.terms.indices {
        intervals.append(
          interval(
            .standardDeviation(group: component.group, effect: component.terms[row]),
            component.standardDeviations[row], standardDeviations.map { $0[position] }))
        position += 1
        for column in 0..<row {
          intervals.append(
            interval(
              .correlation(
                group: component.group, first: component.terms[column],
                second: component.terms[row]), component.correlations[row, column],
              correlations.map { $0[pair] }.filter(\.isFinite)))
          pair += 1
        }
      }
    }
    return intervals
  }
}

extension LinearMixedModelFit.FixedEffect {
  /// The same effect with an interval that was found otherwise: by its profile, or by a bootstrap.
  public func bounded(by interval: ProfileInterval) -> Self {
    .init(self, lower: interval.lower, upper: interval.upper)
  }
}
