import Testing

@testable import Statistics

@Suite("The profiled criterion")
struct CriterionTests {
  static let formulas = [
    "y ~ x * arm + (1 | person)", "y ~ x + (x | person)", "y ~ x + (x || person)",
    "y ~ z + x + (x + z | person)", "y ~ 0 + arm + (0 + arm | person)",
    "y ~ x + (1 | person) + (0 + x + z | person)", "y ~ x + (x | person) + (1 | site)",
    "y ~ x + (1 | person) + (z | item) + (1 | site)", "y ~ z + (x | site/person)",
  ]

  @Test("has the gradient that differences give", arguments: formulas, EstimationMethod.both)
  func gradient(formula: String, method: EstimationMethod) throws {
    let model = try LinearMixedModel(
      try ModelFormula.parse(formula), data: SimulatedStudy().data())
    let criterion = model.criterion(method)
    var generator = SplitMix64(state: 11)
    for trial in 0..<4 {
      var theta = model.parameterScales.map { 3 * $0 * generator.normal() }
      // A singular factor, where formulas that divide by it fail.
      if trial == 3 { theta[0] = 0 }
      let exact = try #require(criterion.search(theta, withGradient: true)).gradient
      for parameter in theta.indices {
        let step = 1e-5 * max(model.parameterScales[parameter], abs(theta[parameter]))
        var ahead = theta
        var behind = theta
        ahead[parameter] += step
        behind[parameter] -= step
        let after = try #require(criterion.evaluate(ahead, withGradient: false)).deviance
        let before = try #require(criterion.evaluate(behind, withGradient: false)).deviance
        let difference = (after - before) / (ahead[parameter] - behind[parameter])
        let size = exact.map { abs($0) }.max() ?? 0
        #expect(isClose(exact[parameter], difference, relative: 1e-5, absolute: 1e-6 * size))
      }
    }
  }

  @Test("has the average information that differences of r² give", arguments: EstimationMethod.both)
  func averageInformation(method: EstimationMethod) throws {
    let formula = "y ~ x + (x | person) + (z | item) + (1 | site)"
    let model = try LinearMixedModel(
      try ModelFormula.parse(formula), data: SimulatedStudy().data())
    let criterion = try #require(model.criterion(method) as? CrossedCriterion)
    var generator = SplitMix64(state: 5)
    let theta = model.parameterScales.map { $0 * generator.normal() }
    func slopes(_ theta: [Double]) throws -> [Double] {
      let value = try #require(criterion.evaluate(theta, withGradient: true))
      return model.layout.parameters(try #require(value.penaltyGradient))
    }
    let value = try #require(criterion.evaluate(theta, withGradient: true))
    let own = try slopes(theta)
    let state = try #require(
      CrossedCriterion.Elimination(criterion, factor: model.layout.factor(theta)))
    let average = criterion.averageInformation(state, levels: state.levels(), at: value)
    let contrast = value.coefficients.map { -$0 } + [1]
    // Σhh′ of each factor, over all effects.
    var squares = Matrix(rows: model.layout.effects, columns: model.layout.effects)
    for level in state.levels() {
      let score = level.shrunk * contrast
      for (row, first) in criterion.factorEffects[level.factor].enumerated() {
        for (column, second) in criterion.factorEffects[level.factor].enumerated() {
          squares[first, second] += score[row] * score[column]
        }
      }
    }
    for (number, entry) in model.layout.entries.enumerated() {
      let step = 1e-5 * model.parameterScales[number]
      var (ahead, behind) = (theta, theta)
      ahead[number] += step
      behind[number] -= step
      let differences = zip(try slopes(ahead), try slopes(behind)).map { ($0 - $1) / (2 * step) }
      for (other, place) in model.layout.entries.enumerated() {
        // r²_jk = 2y′PV_jPV_kPy − y′PV_jkPy, and V_jk joins entries of one column of T.
        let joint = entry.column == place.column ? 2 * squares[entry.row, place.row] : 0
        let expected =
          criterion.divisor / value.penalisedSum
          * ((differences[other] + joint) / 2 - own[number] * own[other] / value.penalisedSum)
        let size = (average[number, number] * average[other, other]).squareRoot()
        #expect(isClose(average[number, other], expected, relative: 0, absolute: 1e-6 * size))
      }
    }
  }

  @Test("is least where steps by the average information end, too")
  func searchByInformation() throws {
    let model = try LinearMixedModel(
      try ModelFormula.parse("y ~ x + (x | person) + (1 | item)"), data: SimulatedStudy().data())
    let criterion = try #require(model.criterion(.reml) as? CrossedCriterion)
    let usual = try #require(model.search(criterion).minimum(from: model.startingPoint))
    let newton = ModifiedNewton(
      function: { theta, withGradient -> ModifiedNewton.Sample? in
        let factor = model.layout.factor(theta)
        guard var sample = criterion.search(theta, withGradient: withGradient),
          let value = criterion.evaluate(theta, withGradient: true),
          let state = CrossedCriterion.Elimination(criterion, factor: factor)
        else { return nil }
        sample.curvature = criterion.averageInformation(state, levels: state.levels(), at: value)
        return sample
      }, scales: model.parameterScales)
    let found = try #require(newton.minimum(from: model.startingPoint))
    #expect(found.record.converged)
    #expect(abs(found.value - usual.value) < 1e-8)
  }

  @Test("of a balanced one-way layout is least at the ANOVA estimates")
  func balancedOneWay() throws {
    let study = SimulatedStudy(persons: 12, occasions: 5, seed: 3, drops: false)
    let fitted = try fit("y ~ 1 + (1 | person)", study.data())
    let groups = (0..<12).map { person in
      study.y.indices.filter { study.person[$0] == person }.map { study.y[$0] }
    }
    let means = groups.map { $0.reduce(0, +) / 5 }
    let grand = means.reduce(0, +) / 12
    let between = 5 * means.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / 11
    let within =
      zip(groups, means).reduce(0) { sum, group in
        sum + group.0.reduce(0) { $0 + ($1 - group.1) * ($1 - group.1) }
      } / 48
    #expect(isClose(fitted.sigma * fitted.sigma, within, relative: 1e-9))
    let variance = fitted.varianceComponents[0].covariance[0, 0]
    #expect(isClose(variance, (between - within) / 5, relative: 1e-8))
    let effect = try #require(fitted.fixedEffects.first)
    #expect(isClose(effect.estimate, grand, relative: 1e-12))
    #expect(isClose(effect.standardError, (between / 60).squareRoot(), relative: 1e-8))
  }

  @Test("is found again from saddles, where a variance starts at 0")
  func saddles() throws {
    let model = try LinearMixedModel(
      try ModelFormula.parse("y ~ x + (x | person)"), data: SimulatedStudy().data())
    let newton = model.search(model.criterion(.reml))
    let usual = try #require(newton.minimum(from: model.startingPoint))
    for start in [[0.0, 0, 0], [1, 0, 0], [0, 0, 1], [-2, 1, -2], [20, -20, 20]] {
      let found = try #require(newton.minimum(from: start))
      #expect(found.record.converged)
      #expect(isClose(found.value, usual.value, relative: 0, absolute: 1e-8))
    }
  }
}

extension EstimationMethod {
  static let both: [EstimationMethod] = [.reml, .ml]
}
