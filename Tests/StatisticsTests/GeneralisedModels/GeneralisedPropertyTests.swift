import Testing

@testable import Statistics

@Suite("Generalised mixed models hold what they must")
struct GeneralisedPropertyTests {
  static func formula(_ source: String) throws -> ModelFormula { try ModelFormula.parse(source) }

  @Test("rows may come in any order", arguments: ["(x | person)", "(1 | person) + (1 | item)"])
  func rowOrder(_ terms: String) throws {
    let simulated = SimulatedResponses(persons: 30)
    var generator = SplitMix64(state: 5)
    let order = simulated.x.indices.shuffled(using: &generator)
    let formula = try Self.formula("binary ~ x + \(terms)")
    let first = try GeneralisedMixedModel.fit(
      formula, data: try simulated.data(), family: .logistic)
    let second = try GeneralisedMixedModel.fit(
      formula, data: try simulated.data(order: order), family: .logistic)
    #expect(isClose(first.logLikelihood, second.logLikelihood, relative: 1e-11))
    expectClose(
      first.fixedEffects.map(\.estimate), second.fixedEffects.map(\.estimate), relative: 1e-6,
      "estimate")
    let fitted = first.fittedValues()
    expectClose(
      second.fittedValues(), order.map { fitted[$0] }, relative: 1e-5, "fitted value")
  }

  @Test("a covariate's origin and unit change nothing but its effect")
  func covariateScale() throws {
    let simulated = SimulatedResponses(persons: 30)
    var moved = simulated
    moved.x = simulated.x.map { 2024 + $0 / 1000 }
    let formula = try Self.formula("count ~ x + (1 | person)")
    let first = try GeneralisedMixedModel.fit(
      formula, data: try simulated.data(), family: .poisson)
    let second = try GeneralisedMixedModel.fit(formula, data: try moved.data(), family: .poisson)
    #expect(isClose(first.logLikelihood, second.logLikelihood, relative: 1e-11))
    #expect(
      isClose(
        second.fixedEffects[1].estimate, 1000 * first.fixedEffects[1].estimate, relative: 1e-6))
    #expect(
      isClose(
        second.fixedEffects[1].standardError, 1000 * first.fixedEffects[1].standardError,
        relative: 1e-6))
  }

  @Test("one factor by itself is a case of several")
  func crossedIsGroupwise() throws {
    let model = try GeneralisedMixedModel(
      try Self.formula("binary ~ x + (x | person)"), data: try SimulatedResponses().data(),
      family: .logistic)
    let order = model.design.rows.order
    let kernel = BinomialLogitKernel(
      successes: model.response.values.indices.map { model.response.values[order.row($0)] },
      trials: model.response.weights)
    let groupwise = try model.criterion(kernel, points: 1)
    let crossed = CrossedMarginal(model.design.rows, kernel: kernel)
    let point = [0.7, -0.3, 0.5, 0.3, 0.4]
    let first = try #require(groupwise.evaluate(point))
    let second = try #require(crossed.evaluate(point))
    #expect(isClose(first.value, second.value, relative: 1e-12))
    expectClose(first.gradient, second.gradient, relative: 1e-7, absolute: 1e-7, "gradient")
  }

  @Test("quadrature settles as points are added, also over two random effects")
  func quadratureSettles() throws {
    for terms in ["(1 | person)", "(x | person)"] {
      let values = try [11, 21, 31].map { points in
        try #require(
          try MarginalGradientTests.criterion(.logit, terms: terms, points: points).criterion
            .evaluate(
              terms == "(1 | person)" ? [0.8, 0.3, 0.4] : [0.8, 0.2, 0.5, 0.3, 0.4])
        ).value
      }
      #expect(isClose(values[1], values[2], relative: 1e-9))
      #expect(abs(values[1] - values[2]) <= abs(values[0] - values[2]))
    }
  }

  @Test("successes of several trials are as good as single trials, but for a constant")
  func aggregation() throws {
    let reference = Reference(name: "glmm01_cbpp_laplace")
    let herds = try reference.data()
    guard case .numeric(let successes) = herds["incidence"],
      case .numeric(let sizes) = herds["size"],
      case .factor(let periods, let periodCodes) = herds["period"],
      case .factor(let names, let herdCodes) = herds["herd"]
    else { throw ModelError.noFixedEffect }
    var single: [Double] = []
    var period: [Int32] = []
    var herd: [Int32] = []
    for row in successes.indices {
      for trial in 0..<Int(sizes[row]) {
        single.append(Double(trial) < successes[row] ? 1 : 0)
        period.append(periodCodes[row])
        herd.append(herdCodes[row])
      }
    }
    let data = try ModelData([
      ("y", .numeric(single)), ("period", .factor(levels: periods, codes: period)),
      ("herd", .factor(levels: names, codes: herd)),
    ])
    let expanded = try GeneralisedMixedModel.fit(
      try Self.formula("y ~ period + (1 | herd)"), data: data, family: .logistic)
    let fit = try reference.generalisedModel().fit()
    let constant = binomialConstant(successes: successes, trials: sizes)
    #expect(isClose(fit.logLikelihood - constant, expanded.logLikelihood, relative: 1e-10))
    expectClose(
      fit.fixedEffects.map(\.estimate), expanded.fixedEffects.map(\.estimate), relative: 1e-6,
      "estimate")
    expectClose(
      fit.fixedEffects.map(\.standardError), expanded.fixedEffects.map(\.standardError),
      relative: 1e-6, "se")
  }

  @Test("a pair of counts may be given in four ways")
  func pairs() throws {
    let reference = Reference(name: "glmm01_cbpp_laplace")
    let herds = try reference.data()
    guard case .numeric(let successes) = herds["incidence"],
      case .numeric(let sizes) = herds["size"], let period = herds["period"],
      let herd = herds["herd"]
    else { throw ModelError.noFixedEffect }
    let data = try ModelData([
      ("sick", .numeric(successes)), ("size", .numeric(sizes)),
      ("well", .numeric(zip(sizes, successes).map(-))),
      ("share", .numeric(zip(successes, sizes).map(/))), ("period", period), ("herd", herd),
    ])
    let counts = try Self.formula("sick ~ period + (1 | herd)")
    let fits = [
      try reference.generalisedModel().fit(),
      try GeneralisedMixedModel.fit(counts, data: data, family: .logistic, failures: "well"),
      try GeneralisedMixedModel.fit(counts, data: data, family: .logistic, trials: "size"),
      try GeneralisedMixedModel.fit(
        try Self.formula("share ~ period + (1 | herd)"), data: data, family: .logistic,
        weights: "size"),
    ]
    for fit in fits {
      #expect(isClose(fit.logLikelihood, fits[0].logLikelihood, relative: 1e-12))
    }
  }

  /// `deviance(fit)` of lme4 is the sum of squared deviance residuals.
  @Test(
    "deviance residuals add up to lme4's conditional deviance",
    arguments: ["glmm01_cbpp_laplace", "glmm07_grouseticks_poisson", "glmm11_cbpp_probit"])
  func residuals(_ name: String) throws {
    let reference = Reference(name: name)
    let fit = try reference.generalisedModel().fit()
    let squares = fit.residuals(.deviance).reduce(0) { $0 + $1 * $1 }
    let known = try reference.values()["deviance_conditional"].number
    #expect(isClose(squares, known, relative: 1e-3))
    let raw = fit.residuals(.response)
    for (pearson, raw) in zip(fit.residuals(.pearson), raw) {
      #expect(pearson.sign == raw.sign)
    }
  }

  @Test("an offset that is constant is taken off the intercept")
  func offset() throws {
    let simulated = SimulatedResponses(persons: 20)
    let data = try simulated.data()
    let plain = try GeneralisedMixedModel.fit(
      try Self.formula("count ~ x + (1 | person)"), data: data, family: .poisson)
    let moved = try GeneralisedMixedModel.fit(
      try Self.formula("count ~ x + offset(0 * x + 2) + (1 | person)"), data: data,
      family: .poisson)
    #expect(isClose(plain.logLikelihood, moved.logLikelihood, relative: 1e-10))
    #expect(
      isClose(plain.fixedEffects[0].estimate, moved.fixedEffects[0].estimate + 2, relative: 1e-6))
  }

  @Test("rows without a value are set aside and told")
  func missing() throws {
    var simulated = SimulatedResponses()
    simulated.binary[3] = .nan
    simulated.x[5] = .nan
    let fit = try GeneralisedMixedModel.fit(
      try Self.formula("binary ~ x + (1 | person)"), data: try simulated.data(),
      family: .logistic)
    #expect(fit.excludedRows == 2)
    #expect(fit.fittedValues()[3].isNaN && fit.residuals()[5].isNaN)
    #expect(!fit.fittedValues()[4].isNaN)
  }

  @Test("no variance between groups is a singular fit, said in words")
  func singular() throws {
    // Every person has the same number of successes: less between them than chance alone makes.
    var simulated = SimulatedResponses(persons: 20, items: 4)
    simulated.binary = simulated.binary.indices.map { Double($0 % 2) }
    let fit = try GeneralisedMixedModel.fit(
      try Self.formula("binary ~ 1 + (1 | person)"), data: try simulated.data(),
      family: .logistic)
    #expect(fit.isSingular && fit.converged)
    #expect(fit.theta == [0])
    #expect(fit.notes.contains { $0.contains("singular") })
    #expect(isClose(fit.fixedEffects[0].standardError, 2 / 80.0.squareRoot(), relative: 1e-6))
  }

  @Test("separation is found and explained")
  func separation() throws {
    var simulated = SimulatedResponses(persons: 20)
    for row in simulated.x.indices where simulated.x[row] > 0.8 { simulated.binary[row] = 1 }
    simulated.x = simulated.x.map { $0 > 0.8 ? 1 : 0 }
    let fit = try GeneralisedMixedModel.fit(
      try Self.formula("binary ~ x + (1 | person)"), data: try simulated.data(),
      family: .logistic)
    #expect(fit.notes.contains { $0.contains("separation") && $0.contains("x") })
  }

  @Test("counts no more spread than Poisson's send the dispersion to infinity, which is told")
  func noOverdispersion() throws {
    var simulated = SimulatedResponses(persons: 20)
    simulated.count = simulated.count.indices.map { Double(3 + $0 % 2) }
    let fit = try GeneralisedMixedModel.fit(
      try Self.formula("count ~ x + (1 | person)"), data: try simulated.data(),
      family: .negativeBinomial)
    #expect((fit.dispersion ?? 0) > 1e4)
    #expect(fit.notes.contains { $0.contains("runs to infinity") })
  }
}
