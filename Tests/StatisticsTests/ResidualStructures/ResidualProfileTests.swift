import Statistics
import Testing

@Suite("Profile intervals with residual structures")
struct ResidualProfileTests {
  private typealias Parameter = ProfileInterval.Parameter

  private func intervals(
    _ formula: String, _ data: ModelData, _ structure: ResidualStructure
  ) throws -> [Parameter: ProfileInterval] {
    let fit = try LinearMixedModel.fit(
      ModelFormula.parse(formula), data: data, method: .ml, residuals: structure)
    let found = try fit.profileIntervals()
    return Dictionary(uniqueKeysWithValues: found.map { ($0.parameter, $0) })
  }

  private func expect(
    _ interval: ProfileInterval?, _ lower: Double, _ upper: Double, _ name: String
  ) {
    let width = 1e-4 * (upper - lower)
    #expect(isClose(interval?.lower ?? .nan, lower, relative: 0, absolute: width), "\(name)")
    #expect(isClose(interval?.upper ?? .nan, upper, relative: 0, absolute: width), "\(name)")
  }

  /// R 4.2: the likelihood from each mare's whole covariance matrix, the other parameters by `nlminb`,
  /// ends by `uniroot`.
  @Test("intervals of a model with AR(1) agree with likelihoods of whole matrices")
  func autoregressive() throws {
    let found = try intervals(
      ResidualReference.ovary + " + (1 | Mare)", Reference.data("data/ovary.csv"), .ar1())
    let group = Parameter.standardDeviation(group: "Mare", effect: "(Intercept)")
    expect(found[group], 1.535406632, 4.634298926, "sd")
    expect(found[.residual("phi")], 0.4907353579, 0.7061298329, "phi")
    expect(found[.sigma], 3.21430411, 4.223941106, "sigma")
    expect(found[.fixedEffect("(Intercept)")], 10.26003151, 14.11600475, "(Intercept)")
    expect(found[.fixedEffect("s1")], -3.929582399, -1.949352441, "s1")
    expect(found[.fixedEffect("c1")], -1.889711523, 0.1262161547, "c1")
    #expect(found.count == 6)
  }

  @Test("without a structure they are those of the plain model")
  func independent() throws {
    let data = try ResidualReference.marginal[1].data()
    let formula = "distance ~ age + (age || Subject)"
    let found = try intervals(formula, data, .independent)
    let plain = try LinearMixedModel.fit(
      ModelFormula.parse(formula), data: data, method: .ml
    ).profileIntervals()
    #expect(found.count == plain.count)
    for interval in plain {
      expect(found[interval.parameter], interval.lower, interval.upper, "\(interval.parameter)")
    }
  }

  @Test("those of compound symmetry are those of a random intercept")
  func compoundSymmetry() throws {
    let data = try ResidualReference.marginal[1].data()
    let found = try intervals(
      "distance ~ age * Sex", data, .compoundSymmetry(within: "Subject"))
    let mixed = try LinearMixedModel.fit(
      ModelFormula.parse("distance ~ age * Sex + (1 | Subject)"), data: data, method: .ml
    ).profileIntervals()
    for interval in mixed {
      guard case .fixedEffect = interval.parameter else { continue }
      expect(
        found[interval.parameter], interval.lower, interval.upper, "\(interval.parameter)")
    }
    let rho = try #require(found[.residual("rho")])
    #expect(rho.lower > 0 && rho.lower < rho.estimate && rho.estimate < rho.upper && rho.upper < 1)
  }

  @Test("the ratio of two strata turned round has the interval turned round")
  func strata() throws {
    let data = try ResidualReference.strata[0].data()
    guard case .factor(let levels, let codes) = data["Sex"] else { return }
    let column = ModelData.Column.factor(
      levels: levels.reversed(), codes: codes.map { 1 - $0 })
    let reversed = try ModelData(
      data.names.compactMap { name in
        data[name].map { (name, name == "Sex" ? column : $0) }
      })
    let formula = "distance ~ age + (1 | Subject)"
    let one = try intervals(formula, data, .variance(per: "Sex"))
    let other = try intervals(formula, reversed, .variance(per: "Sex"))
    let ratio = try #require(one[.stratumRatio(levels[1])])
    let turned = try #require(other[.stratumRatio(levels[0])])
    #expect(isClose(turned.estimate, 1 / ratio.estimate, relative: 1e-4))
    #expect(isClose(turned.lower, 1 / ratio.upper, relative: 1e-4))
    #expect(isClose(turned.upper, 1 / ratio.lower, relative: 1e-4))
  }

  @Test("where the data reject no value of a parameter, its interval has no end")
  func flat() throws {
    // Two rows a person, all with both: nothing bounds how fast correlation decays.
    let time = (0..<20).map { Double($0 % 2) * 1000 }
    let y = (0..<20).map { Double(($0 * 7) % 11) }
    let found = try intervals(
      "y ~ 1",
      ModelData([
        ("y", .numeric(y)), ("t", .numeric(time)),
        ("id", .factor(text: (0..<20).map { "\($0 / 2)" })),
      ]), .continuousAR1(time: "t", within: "id"))
    let phi = try #require(found[.residual("phi")])
    #expect(phi.lower == 0 || phi.lower.isNaN)
  }

  @Test("a power of the fitted values is refused in words")
  func refused() throws {
    let reference = ResidualReference.power[0]
    let fit = try reference.fit()
    #expect(throws: ModelError.self) { try fit.profileIntervals() }
  }
}
