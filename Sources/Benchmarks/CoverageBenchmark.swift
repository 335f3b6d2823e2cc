import Foundation
import Statistics
import Studies

/// How often intervals hold the truth, by simulation from a stated seed: Wald, Satterthwaite,
/// Kenward-Roger, cluster-robust CR2 and profile, for few and for many persons.
enum CoverageBenchmark {
  private static let draws = 2_000
  private static let seed: UInt64 = 20_260_101

  /// The slope on time and the effect of a person's arm.
  private static let truth = (slope: 0.2, arm: 0.5)

  static func run() throws {
    print(
      "Coverage of 95 % intervals, y ~ time + arm + (time | id), 6 occasions a fifth missing, "
        + "\(draws) data sets, seed \(seed)")
    for persons in [8, 20, 80] { try run(persons: persons) }
  }

  private static func run(persons: Int) throws {
    let formula = try ModelFormula.parse("y ~ time + arm + (time | id)")
    var generator = SeededGenerator(seed: seed + UInt64(persons))
    var covered: [String: Int] = [:]
    var tried: [String: Int] = [:]
    func count(_ name: String, _ effects: [LinearMixedModelFit.FixedEffect]) {
      for (effect, truth) in zip(effects.dropFirst(), [truth.slope, truth.arm]) {
        let key = "\(name), \(effect.name == "time" ? "slope" : "arm")"
        tried[key, default: 0] += 1
        if effect.lower <= truth, truth <= effect.upper { covered[key, default: 0] += 1 }
      }
    }
    for draw in 0..<draws {
      let model = try LinearMixedModel(formula, data: data(persons: persons, &generator))
      count("Wald", try model.fit(degreesOfFreedom: .none).fixedEffects)
      let fit = try model.fit(degreesOfFreedom: .satterthwaite)
      count("Satterthwaite", fit.fixedEffects)
      count("Kenward-Roger", try model.fit(degreesOfFreedom: .kenwardRoger).fixedEffects)
      count("CR2", try fit.robustEffects(.biasReduced).fixedEffects)
      // Profiles cost a few dozen fits each.
      guard draw < draws / 4 else { continue }
      for interval in try fit.profileIntervals() {
        guard case .sigma = interval.parameter else { continue }
        tried["profile, sigma", default: 0] += 1
        if interval.lower <= 1, 1 <= interval.upper { covered["profile, sigma", default: 0] += 1 }
      }
    }
    print("  \(persons) persons")
    for (name, count) in tried.sorted(by: { $0.key < $1.key }) {
      let share = Double(covered[name] ?? 0) / Double(count)
      let error = (share * (1 - share) / Double(count)).squareRoot()
      print(
        "    " + name.padding(toLength: 24, withPad: " ", startingAt: 0)
          + String(format: "%.3f (Monte Carlo error %.3f)", share, error))
    }
  }

  private static func data(
    persons: Int, _ generator: inout SeededGenerator
  ) throws -> ModelData {
    func normal() -> Double { NormalDistribution().quantile(max(1e-12, generator.uniform())) }
    var (y, time, arm, id) = ([Double](), [Double](), [Int32](), [Int32]())
    for person in 0..<persons {
      let level = normal()
      let slope = truth.slope + 0.3 * normal()
      for occasion in 0..<6 {
        guard occasion < 2 || generator.uniform() > 0.2 else { continue }
        y.append(
          level + slope * Double(occasion) + truth.arm * Double(person % 2) + normal())
        time.append(Double(occasion))
        arm.append(Int32(person % 2))
        id.append(Int32(person))
      }
    }
    return try ModelData([
      ("y", .numeric(y)), ("time", .numeric(time)),
      ("arm", .factor(levels: ["a", "b"], codes: arm)),
      ("id", .factor(levels: (0..<persons).map(String.init), codes: id)),
    ])
  }
}
