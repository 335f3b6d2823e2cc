import Foundation
import Statistics

/// `y ~ time * arm + (time | id)` by REML: arrays in; estimates, standard errors, degrees of freedom out.
enum FitBenchmark {
  static func run() throws {
    print("Linear mixed model, y ~ time * arm + (time | id), REML (GrowthData, seed 1)")
    for (people, occasions, runs) in [(200, 10, 20), (1000, 30, 10), (10_000, 30, 5)] {
      let growth = GrowthData(people: people, occasions: occasions, seed: 1)
      let data = try growth.modelData()
      let formula = try ModelFormula.parse("y ~ time * arm + (time | id)")
      let ours = try Measurement.of(
        {
          _ = try LinearMixedModel(formula, data: data).fit(.reml, degreesOfFreedom: .none)
        }, runs: runs)
      let bound = Measurement.of({ _ = pass(growth) }, runs: runs)
      print("  \(people) × \(occasions): \(ours.text)")
      print(
        "    bound, one pass of cross-products over the rows: \(bound.text); "
          + "ours takes \(ratio(ours.median, to: bound.median)) the bound")
      try compareWithR(growth, ours: ours)
    }
  }

  /// The sums of products of (1, time, arm, time × arm, y) over all rows.
  private static func pass(_ growth: GrowthData) -> Double {
    var sums = [Double](repeating: 0, count: 15)
    for row in growth.y.indices {
      let arm = Double(growth.arm[row])
      let values = (1.0, growth.time[row], arm, growth.time[row] * arm, growth.y[row])
      sums[0] += values.0
      sums[1] += values.1
      sums[2] += values.2
      sums[3] += values.3
      sums[4] += values.4
      sums[5] += values.1 * values.1
      sums[6] += values.1 * values.2
      sums[7] += values.1 * values.3
      sums[8] += values.1 * values.4
      sums[9] += values.2 * values.2
      sums[10] += values.2 * values.3
      sums[11] += values.2 * values.4
      sums[12] += values.3 * values.3
      sums[13] += values.3 * values.4
      sums[14] += values.4 * values.4
    }
    return sums.reduce(0, +)
  }

  private static func compareWithR(_ growth: GrowthData, ours: Measurement) throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "longwell-bench-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try growth.csv().write(to: file)
    let seconds = try Peer.r(
      """
      library(lme4)
      d <- read.csv('\(file.path)'); d$id <- factor(d$id)
      t <- system.time(lmer(y ~ time * arm + (time | id), d))
      cat(t[['elapsed']], '\\n')
      """, packages: ["lme4"])
    if let seconds {
      print("    lme4::lmer \(milliseconds(seconds)) ms: \(ratio(seconds, to: ours.median))")
    } else {
      print("    lme4::lmer: not installed, skipped")
    }
  }
}
