import Foundation
import Testing

@testable import Statistics

@Suite("Profile intervals")
struct ProfileIntervalTests {
  static let profiled = [
    "lmm01_sleepstudy_slope_reml", "lmm03_sleepstudy_uncorrelated_reml",
    "lmm04_sleepstudy_intercept_reml", "lmm08_dyestuff_reml", "lmm10_dyestuff2_singular_reml",
    "lmm17_orthodont_interaction_reml", "lmm11_penicillin_crossed_reml", "lmm12_pastes_nested_reml",
  ].map(Reference.init)

  /// lme4 reads its ends off a spline through a few points, which holds 4 digits or so; where it
  /// starts a standard deviation just above 0 it reports that start instead of 0.
  @Test("agree with lme4's confint", arguments: profiled)
  func reference(_ reference: Reference) throws {
    let fit = try reference.fit()
    let intervals = try fit.profileIntervals()
    let rows = try reference.values()["confint_profile_ml"].list
    #expect(intervals.count == rows.count)
    var byName: [String: JSONValue] = [:]
    for row in rows { byName[row["par"].text ?? ""] = row }
    for interval in intervals {
      let name: String
      switch interval.parameter {
      case .standardDeviation(let group, let effect): name = "sd_\(effect)|\(group)"
      case .correlation(let group, let first, let second): name = "cor_\(second).\(first)|\(group)"
      case .sigma: name = "sigma"
      case .fixedEffect(let effect): name = effect
      case .logDispersion, .residual, .stratumRatio: name = ""
      }
      let row = try #require(byName[name], "\(name)")
      let width = row["upper"].number - row["lower"].number
      #expect(
        isClose(interval.lower, row["lower"].number, relative: 0, absolute: 2e-3 * width), "\(name)"
      )
      #expect(
        isClose(interval.upper, row["upper"].number, relative: 0, absolute: 2e-3 * width), "\(name)"
      )
      #expect(interval.lower <= interval.estimate && interval.estimate <= interval.upper)
    }
  }

  @Test("of a fixed effect leave a deviance higher by the quantile's square")
  func definition() throws {
    let study = SimulatedStudy()
    let fit = try fit("y ~ x + (x | person)", study.data(), .ml)
    let interval = try #require(
      try fit.profileIntervals().first { $0.parameter == .fixedEffect("x") })
    for end in [interval.lower, interval.upper] {
      var shifted = study
      for row in study.y.indices { shifted.y[row] -= end * study.x[row] }
      let held = try criterion("y ~ 1 + (x | person)", shifted.data())
      #expect(isClose(held - fit.criterion, 3.841458820694124, relative: 1e-4))
    }
  }

  private func criterion(_ formula: String, _ data: ModelData) throws -> Double {
    try LinearMixedModel(try ModelFormula.parse(formula), data: data)
      .fit(.ml, degreesOfFreedom: .none).criterion
  }

  /// confint(profile) of lme4 1.1-31 in R 4.2.2, which interpolates by a spline, `lmer(y ~ t + g + (t | id), REML = FALSE)`.
  @Test("the interval of a correlation reaches 1 where no correlation is rejected")
  func correlation() throws {
    let fit = try fit("y ~ t + g + (t | id)", Reference.data("data/unbalanced.csv"))
    let intervals = try fit.profileIntervals()
    let correlation = try #require(
      intervals.first {
        $0.parameter == .correlation(group: "id", first: "(Intercept)", second: "t")
      })
    #expect(isClose(correlation.lower, -0.358937362, relative: 0, absolute: 5e-3))
    #expect(correlation.upper == 1)
    let bootstrap = try fit.parametricBootstrap(replicates: 20, seed: 1)
    #expect(bootstrap.correlations.count == bootstrap.sigmas.count)
    let drawn = bootstrap.correlations.flatMap(\.self).filter(\.isFinite)
    #expect(drawn.allSatisfy { abs($0) <= 1 + 1e-12 })
  }

  /// A profile whose ζ levels off at a height.
  private struct Levelling: DevianceProfile {
    let height: Double
    let estimate = 0.0
    let step = 0.2
    let bounds = -1.0...1.0

    func deviance(at value: Double, from start: [Double]?) -> (value: Double, rest: [Double])? {
      let zeta = height * (1 - exp(-20 * abs(value)))
      return (zeta * zeta, [])
    }
  }

  @Test(
    "a profile that levels off just short of the quantile ends at the bound", arguments: [1, -1])
  func levelling(sign: Double) throws {
    let roots = ProfileRoots(reach: 1.96, least: 0)
    let short = Levelling(height: 1.9599)
    #expect(try roots.end(of: short, towards: sign, bound: sign) == sign)
    let long = Levelling(height: 2)
    let end = try roots.end(of: long, towards: sign, bound: sign)
    #expect(isClose(abs(end), -log(1 - 1.96 / 2) / 20, relative: 1e-5))
  }
}
