import Testing

@testable import Statistics

@Suite("A fit does not depend on what should not matter")
struct InvarianceTests {
  let study = SimulatedStudy()
  let formula = "y ~ x * arm + (x | person)"

  @Test("the order of the rows")
  func rowOrder() throws {
    var generator = SplitMix64(state: 7)
    let order = Array(study.y.indices).shuffled(using: &generator)
    let first = try fit(formula, study.data())
    let second = try fit(formula, study.data(order: order))
    expectSame(first, second)
    let fitted = first.fittedValues()
    expectClose(
      second.fittedValues(), order.map { fitted[$0] }, relative: 1e-6, absolute: 1e-6, "fitted")
  }

  @Test("the labels of the groups")
  func labels() throws {
    var relabelled = study
    relabelled.person = study.person.map { ($0 * 7 + 3) % 40 }
    expectSame(try fit(formula, study.data()), try fit(formula, relabelled.data()))
  }

  @Test("the origin and unit of a covariate", arguments: [(2000.5, 1.0), (-3, 1e4), (0, 1e-4)])
  func covariateScale(origin: Double, unit: Double) throws {
    var moved = study
    moved.x = study.x.map { origin + unit * $0 }
    let first = try fit(formula, study.data(), .ml)
    let second = try fit(formula, moved.data(), .ml)
    #expect(isClose(first.criterion, second.criterion, relative: 1e-9))
    for (name, power) in [("x", 1.0), ("x:armactive", 1.0)] {
      let before = try #require(first.fixedEffects.first { $0.name == name })
      let after = try #require(second.fixedEffects.first { $0.name == name })
      #expect(isClose(after.estimate * unit * power, before.estimate, relative: 1e-6))
      #expect(isClose(after.standardError * unit, before.standardError, relative: 1e-6))
    }
    let slopes = [first, second].map { $0.varianceComponents[0].standardDeviations[1] }
    #expect(isClose(slopes[1] * unit, slopes[0], relative: 1e-5))
  }

  @Test("the origin and unit of the response", arguments: [(1e6, 1.0), (0, 1e-6), (-5, 1e5)])
  func responseScale(origin: Double, unit: Double) throws {
    var moved = study
    moved.y = study.y.map { origin + unit * $0 }
    let first = try fit(formula, study.data())
    let second = try fit(formula, moved.data())
    #expect(isClose(second.sigma, unit * first.sigma, relative: 1e-7))
    expectClose(second.theta, first.theta, relative: 1e-5, absolute: 1e-5, "theta")
    expectClose(
      second.fixedEffects.dropFirst().map(\.estimate),
      first.fixedEffects.dropFirst().map { unit * $0.estimate }, relative: 1e-6, "estimate")
  }

  private func expectSame(_ first: LinearMixedModelFit, _ second: LinearMixedModelFit) {
    #expect(isClose(first.criterion, second.criterion, relative: 1e-11))
    expectClose(
      second.fixedEffects.map(\.estimate), first.fixedEffects.map(\.estimate), relative: 1e-7,
      "estimate")
    expectClose(second.theta, first.theta, relative: 1e-5, absolute: 1e-6, "theta")
  }
}
