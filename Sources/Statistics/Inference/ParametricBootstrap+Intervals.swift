extension ParametricBootstrap {
  /// Percentile intervals of the fixed effects, the standard deviations, the correlations and σ, at the
  /// level of the fit that was simulated.
  ///
  /// - Parameter fit: The fit that the replicates were drawn from.
  public func percentileIntervals(of fit: LinearMixedModelFit) -> [ProfileInterval] {
    let coefficients = fit.fixedEffects.enumerated().map { position, effect in
      interval(
        .fixedEffect(effect.name), effect.estimate, fixedEffects.map { $0[position] },
        level: fit.confidenceLevel)
    }
    return [interval(.sigma, fit.sigma, sigmas, level: fit.confidenceLevel)] + coefficients
      + componentIntervals(fit)
  }

  /// Percentile intervals of all that a bootstrap of a generalised or ordinal model draws: fixed
  /// effects, thresholds, log φ, and standard deviations and correlations of random effects.
  public func percentileIntervals(of fit: some MarginalModelFit) -> [ProfileInterval] {
    let likelihood = fit.likelihood
    let coefficients = likelihood.names.enumerated().map { position, name in
      let values =
        position < names.count
        ? fixedEffects.map { $0[position] } : dispersions.map(logarithm)
      return interval(
        name, likelihood.optimum.coefficients[position], values, level: fit.confidenceLevel)
    }
    return coefficients + componentIntervals(fit)
  }

  private func interval(
    _ parameter: ProfileInterval.Parameter, _ estimate: Double, _ values: [Double], level: Double
  ) -> ProfileInterval {
    let ends = Self.percentileInterval(of: values, level: level)
    return ProfileInterval(
      parameter: parameter, estimate: estimate, lower: ends.lower, upper: ends.upper)
  }

  private func componentIntervals(_ fit: some MixedModelFit) -> [ProfileInterval] {
    var intervals: [ProfileInterval] = []
    var (position, pair) = (0, 0)
    for component in fit.varianceComponents {
      for row in component.terms.indices {
        intervals.append(
          interval(
            .standardDeviation(group: component.group, effect: component.terms[row]),
            component.standardDeviations[row], standardDeviations.map { $0[position] },
            level: fit.confidenceLevel))
        position += 1
        for column in 0..<row {
          intervals.append(
            interval(
              .correlation(
                group: component.group, first: component.terms[column],
                second: component.terms[row]), component.correlations[row, column],
              correlations.map { $0[pair] }.filter(\.isFinite), level: fit.confidenceLevel))
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
