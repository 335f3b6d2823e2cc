import Testing

@testable import Statistics

/// Intervals hold the truth as often as they say, by simulation. Some dozens of data sets, enough to
/// see a wrong formula; the benchmark `coverage` has thousands.
@Suite("Intervals cover the truth")
struct CoverageTests {
  /// Persons with an intercept of variance 1, residuals of variance 1, y = 1 + 0.5 x.
  private func data(seed: UInt64, persons: Int = 10, occasions: Int = 4) throws -> ModelData {
    var generator = SplitMix64(state: 7_919 &* seed &+ 1)
    var (y, x, person) = ([Double](), [Double](), [Int32]())
    for number in 0..<persons {
      let level = generator.normal()
      let own = generator.normal()
      for _ in 0..<occasions {
        // A covariate of persons, whose effect has few degrees of freedom.
        x.append(own)
        y.append(1 + 0.5 * own + level + generator.normal())
        person.append(Int32(number))
      }
    }
    return try ModelData([
      ("y", .numeric(y)), ("x", .numeric(x)),
      ("person", .factor(levels: (0..<persons).map { "p\($0)" }, codes: person)),
    ])
  }

  /// The share of intervals that hold the truth may be four Monte Carlo errors below nominal.
  private func expectCoverage(_ covered: Int, of draws: Int, _ what: String) {
    let error = (0.95 * 0.05 / Double(draws)).squareRoot()
    let share = Double(covered) / Double(draws)
    #expect(share > 0.95 - 4 * error, "\(what): \(share)")
  }

  @Test(
    "of a fixed effect of persons, ten persons",
    arguments: [DegreesOfFreedom.satterthwaite, .kenwardRoger])
  func fixedEffect(method: DegreesOfFreedom) throws {
    let formula = try ModelFormula.parse("y ~ x + (1 | person)")
    var covered = 0
    for seed in 0..<100 {
      let fit = try LinearMixedModel.fit(
        formula, data: data(seed: UInt64(seed)), degreesOfFreedom: method)
      let effect = fit.fixedEffects[1]
      if effect.lower <= 0.5, 0.5 <= effect.upper { covered += 1 }
    }
    expectCoverage(covered, of: 100, method.rawValue)
  }

  @Test("of standard deviations and effects by profile, thirty persons")
  func profile() throws {
    let formula = try ModelFormula.parse("y ~ x + (1 | person)")
    var covered = [0, 0, 0]
    let draws = 20
    for seed in 0..<draws {
      let fit = try LinearMixedModel.fit(
        formula, data: data(seed: UInt64(1_000 + seed), persons: 30), degreesOfFreedom: .none)
      for interval in try fit.profileIntervals() {
        switch interval.parameter {
        case .standardDeviation: if interval.lower <= 1, 1 <= interval.upper { covered[0] += 1 }
        case .sigma: if interval.lower <= 1, 1 <= interval.upper { covered[1] += 1 }
        case .fixedEffect("x"):
          if interval.lower <= 0.5, 0.5 <= interval.upper { covered[2] += 1 }
        default: break
        }
      }
    }
    for (count, what) in zip(covered, ["sd", "sigma", "effect"]) {
      expectCoverage(count, of: draws, what)
    }
  }

  @Test("robust, with a covariance that the model has wrong")
  func robust() throws {
    // The residual variance of half the persons is nine times the others', and the slope varies.
    let formula = try ModelFormula.parse("y ~ x + (1 | person)")
    var covered = 0
    let draws = 60
    for seed in 0..<draws {
      var study = SimulatedStudy(
        persons: 16, occasions: 5, seed: UInt64(3_000 + seed), drops: false)
      var generator = SplitMix64(state: UInt64(seed))
      for row in study.y.indices {
        study.y[row] -= 0.3 * Double(study.arm[row]) * study.x[row]
        if study.person[row] % 2 == 0 { study.y[row] += 3 * generator.normal() }
      }
      let fit = try LinearMixedModel.fit(formula, data: study.data(), degreesOfFreedom: .none)
      let effect = try fit.robustEffects(.biasReduced).fixedEffects[1]
      if effect.lower <= 0.5, 0.5 <= effect.upper { covered += 1 }
    }
    expectCoverage(covered, of: draws, "CR2")
  }
}
