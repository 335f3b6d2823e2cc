import Statistics

/// What `longwell fit` was asked for, once its options make sense together.
struct FitRequest {
  /// The kinds of response.
  enum Family: String, CaseIterable {
    case gaussian, binomial, poisson, nbinom2, ordinal
  }

  /// How intervals are found.
  enum Intervals: String, CaseIterable {
    case wald, profile, bootstrap
  }

  var formula: ModelFormula
  var method = EstimationMethod.reml
  var family = Family.gaussian
  var link: String?
  var quadraturePoints = 1
  var degreesOfFreedom = DegreesOfFreedom.satterthwaite
  var residuals: ResidualStructure?
  var codings: [String: Coding] = [:]
  var weights: String?
  var offset: String?
  var intervals = Intervals.wald
  var replicates = 1000
  var seed: UInt64 = 1
  var wantsTerms = false
  var means: [String] = []
  var adjustment = Adjustment.tukey
  var threads = 1

  /// A fitted model: its summary, and the conditional modes of its random effects.
  struct Outcome {
    var summary: FitSummary
    var modes: [ConditionalModes]
    var buildSeconds: Double
    var fitSeconds: Double
  }

  /// Fits the model and draws up what was asked for.
  ///
  /// - Throws: `ModelError` in words.
  func carryOut(_ data: ModelData) throws(ModelError) -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    switch family {
    case .gaussian:
      if let residuals {
        let model = try ResidualModel(
          formula, data: data, structure: residuals, codings: codings, weights: weights,
          offset: offset)
        let built = clock.now
        let fit = try model.fit(method, degreesOfFreedom: degreesOfFreedom)
        return Outcome(
          summary: FitSummary(fit), modes: fit.randomEffects(),
          buildSeconds: start.duration(to: built).inSeconds,
          fitSeconds: built.duration(to: clock.now).inSeconds)
      }
      let model = try LinearMixedModel(
        formula, data: data, codings: codings, weights: weights, offset: offset, threads: threads)
      let built = clock.now
      let fit = try model.fit(method, degreesOfFreedom: degreesOfFreedom)
      let summary = try summary(of: fit, data: data)
      return Outcome(
        summary: summary, modes: fit.randomEffects(),
        buildSeconds: start.duration(to: built).inSeconds,
        fitSeconds: built.duration(to: clock.now).inSeconds)
    case .ordinal:
      let model = try OrdinalMixedModel(
        formula, data: data, codings: codings, weights: weights, offset: offset)
      let built = clock.now
      let fit = try model.fit(quadraturePoints: quadraturePoints)
      return Outcome(
        summary: FitSummary(fit), modes: fit.randomEffects(),
        buildSeconds: start.duration(to: built).inSeconds,
        fitSeconds: built.duration(to: clock.now).inSeconds)
    case .binomial, .poisson, .nbinom2:
      let model = try GeneralisedMixedModel(
        formula, data: data, family: responseFamily, codings: codings, weights: weights,
        offset: offset)
      let built = clock.now
      let fit = try model.fit(quadraturePoints: quadraturePoints)
      return Outcome(
        summary: FitSummary(fit), modes: fit.randomEffects(),
        buildSeconds: start.duration(to: built).inSeconds,
        fitSeconds: built.duration(to: clock.now).inSeconds)
    }
  }

  /// Fits the model to a summary of its rows.
  ///
  /// - Throws: `ModelError` in words.
  func carryOut(_ statistics: SufficientStatistics) throws(ModelError) -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    let model = try LinearMixedModel(statistics)
    let built = clock.now
    let fit = try model.fit(method, degreesOfFreedom: degreesOfFreedom)
    let summary = try summary(of: fit, data: nil)
    return Outcome(
      summary: summary, modes: fit.randomEffects(),
      buildSeconds: start.duration(to: built).inSeconds,
      fitSeconds: built.duration(to: clock.now).inSeconds)
  }

  private var responseFamily: ResponseFamily {
    switch family {
    case .poisson: .poisson
    case .nbinom2: .negativeBinomial
    default: link == "probit" ? .binomial(.probit) : .logistic
    }
  }

  private func summary(
    of fit: LinearMixedModelFit, data: ModelData?
  ) throws(ModelError) -> FitSummary {
    var summary = FitSummary(fit, degreesOfFreedom: degreesOfFreedom)
    switch intervals {
    case .wald: break
    case .profile: summary.take(try fit.profileIntervals())
    case .bootstrap:
      summary.take(try fit.parametricBootstrap(replicates: replicates, seed: seed))
    }
    if wantsTerms { summary.terms = try fit.typeThreeTests() }
    guard let data else { return summary }
    for asked in means {
      let factors = asked.split(separator: ":").map { String($0) }
      let estimates = try fit.marginalMeans(of: factors, data: data)
      summary.means.append(
        MarginalTable(
          title: "Marginal means of \(asked)", estimates: estimates,
          comparisons: fit.pairwiseComparisons(of: estimates, adjustment: adjustment),
          adjustment: adjustment))
    }
    return summary
  }
}
