import Testing

@testable import Statistics

/// Against glmmTMB 1.1.5 (scores and Hessian of its own criterion; refits), ordinal 2022.11-16 (refits
/// by `clmm`), and the formulas of Nakagawa, Johnson & Schielzeth (2017) on the estimates of lme4
/// 1.1-31 (Poisson) and glmmTMB; calls are named in the tests.
@Suite("Generalised models: variance shares, robust errors, influence, bootstrap")
struct MarginalClusterTests {
  private let reference = Reference(name: "inference02_generalised")

  private func counts() throws -> ModelData {
    let levels: JSONValue = .object(["levels": .list([.text("active"), .text("control")])])
    return try Reference.data("data/counts.csv", factors: ["arm": levels])
  }

  private func cbpp() throws -> GeneralisedMixedModelFit {
    try GeneralisedMixedModel.fit(
      try ModelFormula.parse("cbind(incidence, size - incidence) ~ period + (1 | herd)"),
      data: try Reference(name: "glmm01_cbpp_laplace").data(), family: .logistic)
  }

  private func poisson(_ random: String = "(1 | id)") throws -> GeneralisedMixedModelFit {
    try GeneralisedMixedModel.fit(
      try ModelFormula.parse("cnt ~ t * arm + z + \(random)"), data: counts(), family: .poisson)
  }

  private func wine() throws -> OrdinalMixedModelFit {
    try OrdinalMixedModel.fit(
      try ModelFormula.parse("rating ~ temp + contact + (1 | judge)"),
      data: try Reference(name: "clmm01_wine_laplace").data())
  }

  /// The shares of each kind: the empty model by `glmer` or `glmmTMB` with the same random effects; the
  /// latent ones of cbpp are those of `r2_nakagawa` and `icc` of performance 0.10.2 too.
  @Test("variance shares of counts and successes")
  func shares() throws {
    let known = try reference.values()
    let counts = try poisson("(t | id)")
    let over = try GeneralisedMixedModel.fit(
      try ModelFormula.parse("cnt ~ t * arm + z + (1 | id)"), data: self.counts(),
      family: .negativeBinomial)
    let herds = try cbpp()
    for (name, fit, kinds) in [
      ("poisson", counts, [ObservationVariance.delta, .lognormal, .trigamma]),
      ("nbinom2", over, [.delta, .lognormal, .trigamma]), ("binomial", herds, [.latent, .delta]),
    ] {
      for kind in kinds {
        let shares = try fit.varianceShares(kind)
        let values = known[name][kind.rawValue].numbers
        expectClose(
          [shares.marginal, shares.conditional, shares.intraclassCorrelation], values,
          relative: 2e-4, "\(name) \(kind)")
      }
    }
    #expect(try counts.varianceShares() == counts.varianceShares(.lognormal))
    #expect(throws: ModelError.self) { try counts.varianceShares(.latent) }
    #expect(throws: ModelError.self) { try herds.varianceShares(.trigamma) }
  }

  /// Scores of each herd from `MakeADFun` on its rows alone at the estimates of all, and the Jacobian
  /// of glmmTMB's gradient.
  @Test("robust errors are the sandwich of glmmTMB's scores")
  func robust() throws {
    let known = try reference.values()["robust_cbpp"]
    let fit = try cbpp()
    let plain = try fit.robustEffects(.none)
    expectClose(
      plain.fixedEffects.map(\.standardError), known["CR0"].numbers, relative: 2e-4, "CR0")
    #expect(plain.clusterName == "herd" && plain.clusters == 15)
    let scaled = try fit.robustEffects(.clusters)
    for (one, other) in zip(scaled.fixedEffects, plain.fixedEffects) {
      #expect(
        isClose(one.standardError / other.standardError, (15.0 / 14).squareRoot(), relative: 1e-9))
      #expect(one.degreesOfFreedom == 14)
    }
    #expect(throws: ModelError.self) { try fit.robustEffects(.biasReduced) }
    let crossed = try GeneralisedMixedModel.fit(
      try ModelFormula.parse("binary ~ x + (1 | person) + (1 | item)"),
      data: try SimulatedResponses().data(), family: .logistic)
    #expect(throws: ModelError.self) { try crossed.robustEffects() }
    #expect(throws: ModelError.self) { try crossed.oneStepInfluence() }
  }

  /// By hand from refits of `glmmTMB` and `clmm` without each group, in the metric of `vcov` of the
  /// whole.
  @Test("Cook's distances of refits")
  func exactInfluence() throws {
    let known = try reference.values()
    for (name, groups) in [
      ("influence_cbpp", try cbpp().exactInfluence()),
      ("influence_counts", try poisson().exactInfluence(of: "id")),
      ("influence_wine", try wine().exactInfluence()),
    ] {
      let distances = Dictionary(
        uniqueKeysWithValues: zip(
          known[name]["levels"].list.map { $0.text ?? "\(Int($0.number))" },
          known[name]["cook"].numbers))
      #expect(groups.count == distances.count)
      for group in groups {
        let expected = try #require(distances[group.level])
        #expect(
          isClose(group.cooksDistance, expected, relative: 2e-3, absolute: 1e-4),
          "\(name) \(group.level): \(group.cooksDistance), reference \(expected)")
      }
    }
    #expect(throws: ModelError.self) { try wine().exactInfluence(of: "nobody") }
  }

  @Test("one step comes near the refit; leverages sum to the number of effects")
  func oneStep() throws {
    func check(_ fit: some MarginalModelFit, within tolerance: Double) throws {
      let steps = try fit.oneStepInfluence()
      let exact = try fit.exactInfluence()
      let total = steps.reduce(0) { $0 + $1.leverage }
      #expect(isClose(total, Double(fit.fixedEffects.count), relative: 1e-4))
      for (step, refit) in zip(steps, exact) {
        #expect(step.level == refit.level && step.rows == refit.rows)
        for (position, effect) in fit.fixedEffects.enumerated() {
          #expect(
            abs(step.estimates[position] - refit.estimates[position])
              < tolerance * effect.standardError)
        }
      }
    }
    // Each of nine judges has much to say.
    try check(wine(), within: 0.4)
    let over = try GeneralisedMixedModel.fit(
      try ModelFormula.parse("cnt ~ t + (1 | id)"), data: counts(), family: .negativeBinomial)
    try check(over, within: 0.15)
  }

  @Test("a group that alone tells of an effect cannot be left out")
  func loneGroup() throws {
    let responses = SimulatedResponses(persons: 10, items: 8)
    let only = responses.person.map { $0 == 3 ? 1.0 : 0 }
    let plain = try responses.data()
    let data = try ModelData(
      plain.names.compactMap { name in plain[name].map { (name: name, column: $0) } }
        + [(name: "only", column: .numeric(only))])
    let fit = try GeneralisedMixedModel.fit(
      try ModelFormula.parse("count ~ x + only + (1 | person)"), data: data, family: .poisson)
    let groups = try fit.exactInfluence()
    #expect(groups.count { $0.cooksDistance.isNaN } == 1)
    #expect(groups[3].cooksDistance.isNaN)
  }

  @Test("the bootstrap finds the model again, and is fixed by its seed")
  func bootstrap() throws {
    func check(_ fit: some MarginalModelFit) throws -> ParametricBootstrap {
      let bootstrap = try fit.parametricBootstrap(replicates: 150, seed: 4)
      #expect(bootstrap.failures < 5)
      let count = Double(bootstrap.fixedEffects.count)
      for (position, effect) in fit.fixedEffects.enumerated() {
        let values = bootstrap.fixedEffects.map { $0[position] }
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / (count - 1)).squareRoot()
        // Four standard errors of a standard deviation from 150 draws are 23 %.
        #expect(isClose(deviation, effect.standardError, relative: 0.3), "\(effect.name)")
        #expect(abs(mean - effect.estimate) < 0.6 * effect.standardError)
      }
      #expect(
        try fit.parametricBootstrap(replicates: 3, seed: 4).fixedEffects
          == Array(bootstrap.fixedEffects.prefix(3)))
      return bootstrap
    }
    _ = try check(poisson())
    let ordinal = try check(wine())
    #expect(ordinal.names.count == 2 + 4 && ordinal.fixedEffects[0].count == 6)
    let over = try check(
      GeneralisedMixedModel.fit(
        try ModelFormula.parse("cnt ~ t + (1 | id)"), data: counts(), family: .negativeBinomial))
    #expect(over.dispersions.count == over.fixedEffects.count)
    #expect(over.dispersions.allSatisfy { $0 > 0 })
  }
}
