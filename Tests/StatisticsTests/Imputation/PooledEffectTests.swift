import Statistics
import Testing

/// Against mice 3.15 on five imputations of `nhanes` (`pool01_nhanes_rubin`).
@Suite("Imputed fits pool by Rubin's rules")
struct PooledEffectTests {
  @Test("estimates, errors, Barnard-Rubin degrees of freedom, missing information")
  func reference() throws {
    let values = try Reference(name: "pool01_nhanes_rubin").values()
    let fits = values["per_imputation"].list
    for (position, row) in values["pooled"].list.enumerated() {
      let pooled = try PooledEffect(
        name: row["term"].text ?? "", estimates: fits.map { $0["coef"].numbers[position] },
        standardErrors: fits.map { $0["se"].numbers[position] },
        completeDegreesOfFreedom: fits[0]["df"].number)
      let pairs: [(Double, String)] = [
        (pooled.estimate, "estimate"), (pooled.standardError, "se"), (pooled.statistic, "t"),
        (pooled.degreesOfFreedom, "df_barnard_rubin"), (pooled.pValue, "p"),
        (pooled.missingInformation, "fmi"), (pooled.relativeIncrease, "riv"),
        (pooled.missingShare, "lambda"), (pooled.withinVariance, "within"),
        (pooled.betweenVariance, "between"),
      ]
      for (value, key) in pairs {
        #expect(isClose(value, row[key].number, relative: 1e-9), "\(pooled.name) \(key)")
      }
    }
  }

  @Test("imputations that agree give back the fit itself")
  func agreement() throws {
    let pooled = try PooledEffect(
      name: "x", estimates: [2, 2, 2], standardErrors: [0.5, 0.5, 0.5],
      completeDegreesOfFreedom: 20)
    #expect(pooled.estimate == 2 && pooled.standardError == 0.5)
    #expect(pooled.missingShare == 0)
    #expect(isClose(pooled.degreesOfFreedom, 21.0 / 23 * 20, relative: 1e-15))
  }

  @Test("tables of fits are pooled by coefficient")
  func tables() throws {
    let model = try Reference(name: "lmm01_sleepstudy_slope_reml").fit()
    let pooled = try PooledEffect.pool([model.fixedEffects, model.fixedEffects])
    #expect(pooled.map(\.name) == model.fixedEffects.map(\.name))
    #expect(pooled.map(\.estimate) == model.fixedEffects.map(\.estimate))
  }

  @Test("lists that cannot be pooled are refused, never a trap")
  func badInputs() {
    func refused(_ estimates: [Double], _ errors: [Double], _ freedom: Double = 10) -> Bool {
      (try? PooledEffect(
        name: "x", estimates: estimates, standardErrors: errors,
        completeDegreesOfFreedom: freedom)) == nil
    }
    #expect(refused([], []) && refused([1], [1]) && refused([1, 2], [1]))
    #expect(
      refused([1, .nan], [1, 1]) && refused([1, 2], [1, -1]) && refused([1, 2], [1, 1], 0))
    #expect(refused([1, 1], [0, 0]))
    #expect((try? PooledEffect.pool([])) == nil)
    #expect(!refused([1, 2], [0, 0]))
  }
}
