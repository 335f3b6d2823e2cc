import Testing

@testable import Statistics

@Suite("The parametric bootstrap")
struct ParametricBootstrapTests {
  @Test("draws cross-products with the moments of the model")
  func moments() throws {
    let model = try LinearMixedModel(
      try ModelFormula.parse("y ~ x + arm + (x | person)"),
      data: SimulatedStudy(persons: 8, occasions: 4).data())
    let products = model.products.main
    let factor = model.layout.factor([0.8, 0.3, 0.5])
    let simulator = try #require(ResponseSimulator(products, factor: factor))
    guard var generator = GSLGenerator(seed: 5) else {
      Issue.record("no generator")
      return
    }
    let fixed = products.width - 1
    let replicates = 2_000
    var square = 0.0
    var outer = Matrix(rows: fixed, columns: fixed)
    var scores = Matrix(rows: 2, columns: 2)
    for _ in 0..<replicates {
      let drawn = simulator.draw(&generator).main
      square += drawn.total[fixed, fixed] / Double(replicates)
      let response = (0..<fixed).map { drawn.total[$0, fixed] }
      outer +=
        (1 / Double(replicates))
        * Matrix(rows: fixed, columns: fixed) { response[$0] * response[$1] }
      let score = (0..<2).map { drawn.cross(3)[$0, fixed] }
      scores += (1 / Double(replicates)) * Matrix(rows: 2, columns: 2) { score[$0] * score[$1] }
    }
    // y′y has mean tr(V), X′y covariance X′VX, Z′y covariance A + ATT′A.
    var trace = Double(products.rows)
    var spread = products.total.part(rows: Array(0..<fixed), columns: Array(0..<fixed))
    let covariance = factor * factor.transposed
    for group in 0..<products.groups {
      let gram = products.gram(group)
      let cross = products.cross(group).part(rows: [0, 1], columns: Array(0..<fixed))
      trace += gram.inner(covariance)
      spread += cross.transposed * covariance * cross
    }
    let own = products.gram(3)
    // Four standard errors of a variance from 2000 draws are 13 %.
    #expect(isClose(square, trace, relative: 0.05))
    expectClose(outer.diagonal, spread.diagonal, relative: 0.13, "X'VX")
    expectClose(
      scores.elements, (own + own * covariance * own).elements, relative: 0.15, "Z'VZ")
  }

  @Test("finds the fit's standard errors again, and is fixed by its seed")
  func standardErrors() throws {
    let fit = try Reference(name: "lmm01_sleepstudy_slope_reml").fit()
    let bootstrap = try fit.parametricBootstrap(replicates: 400, seed: 1)
    #expect(bootstrap.failures == 0)
    for (position, effect) in fit.fixedEffects.enumerated() {
      let values = bootstrap.fixedEffects.map { $0[position] }
      let mean = values.reduce(0, +) / 400
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
      #expect(abs(mean - effect.estimate) < 4 * effect.standardError / 20)
      #expect(isClose(deviation, effect.standardError, relative: 0.15))
    }
    let sigmas = ParametricBootstrap.percentileInterval(of: bootstrap.sigmas)
    #expect(sigmas.lower < fit.sigma && fit.sigma < sigmas.upper)
    // lme4's profile interval of σ is 22.9 to 28.9.
    #expect(isClose(sigmas.lower, 22.9, relative: 0.03))
    #expect(isClose(sigmas.upper, 28.9, relative: 0.03))
    let again = try fit.parametricBootstrap(replicates: 3, seed: 1)
    #expect(again.fixedEffects == Array(bootstrap.fixedEffects.prefix(3)))
  }

  /// With the same seed both ways of drawing are compared through what they estimate: standard
  /// errors of the bootstrap against those of the fit, σ against lme4's `bootMer`.
  @Test(
    "several grouping factors, nested and crossed",
    arguments: ["lmm12_pastes_nested_reml", "lmm11_penicillin_crossed_reml"])
  func several(name: String) throws {
    let fit = try Reference(name: name).fit()
    let bootstrap = try fit.parametricBootstrap(replicates: 400, seed: 3)
    #expect(bootstrap.failures == 0)
    let effect = try #require(fit.fixedEffects.first)
    let values = bootstrap.fixedEffects.map { $0[0] }
    let mean = values.reduce(0, +) / 400
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
    #expect(abs(mean - effect.estimate) < 4 * effect.standardError / 20)
    // Four standard errors of a standard deviation from 400 draws are 14 %.
    #expect(isClose(deviation, effect.standardError, relative: 0.14))
    let sigma = bootstrap.sigmas.reduce(0, +) / 400
    #expect(isClose(sigma, fit.sigma, relative: 0.03))
    #expect(
      try fit.parametricBootstrap(replicates: 2, seed: 3).sigmas
        == Array(bootstrap.sigmas.prefix(2)))
  }

  @Test("drawing rows and drawing cross-products agree in distribution")
  func rowsAndProducts() throws {
    let model = try LinearMixedModel(
      try ModelFormula.parse("y ~ x + arm + (x | person)"),
      data: SimulatedStudy(persons: 8, occasions: 4).data(), weights: "w")
    let factor = model.layout.factor([0.8, 0.3, 0.5])
    let products = try #require(ResponseSimulator(model.products.main, factor: factor))
    let rows = RowSimulator(model, factor: factor)
    guard var first = GSLGenerator(seed: 5), var second = GSLGenerator(seed: 6) else { return }
    let width = model.products.width
    var sums = [[Double]](repeating: [Double](repeating: 0, count: 2 * width), count: 2)
    let draws = 3_000
    for _ in 0..<draws {
      for (way, drawn) in [products.draw(&first), rows.draw(&second)].enumerated() {
        for column in 0..<width {
          let value = drawn.total[column, width - 1]
          sums[way][column] += value * value / Double(draws)
          let score = drawn.main.cross(column)[0, width - 1]
          sums[way][width + column] += score * score / Double(draws)
        }
      }
    }
    // Five standard errors of a variance from 3000 draws are 13 %, of a ratio of two 18 %.
    expectClose(sums[0], sums[1], relative: 0.18, "second moments")
  }
}
