import Testing

@testable import Statistics

@Suite("Kenward-Roger agrees with pbkrtest")
struct DegreesOfFreedomTests {
  static let corrected = ReferenceFitTests.all.filter {
    (try? $0.values()["vcov_kr"].isNull) == false
  }

  @Test("standard errors, degrees of freedom and p", arguments: corrected)
  func kenwardRoger(_ reference: Reference) throws {
    let values = try reference.values()
    let fit = try reference.model().fit(.reml, degreesOfFreedom: .kenwardRoger)
    let fixed = values["fixef"].list
    expectClose(
      fit.fixedEffects.map(\.standardError), fixed.map { $0["se_kr"].number }, relative: 1e-5,
      "se")
    expectClose(
      fit.fixedEffects.map { $0.degreesOfFreedom ?? .nan }, fixed.map { $0["df_kr"].number },
      relative: 1e-6, "df")
    expectClose(
      fit.fixedEffects.map(\.pValue), fixed.map { $0["p_kr"].number }, relative: 1e-4,
      absolute: 1e-14, "p")
    expectClose(
      fit.covariance.elements, values["vcov_kr"].numbers, relative: 1e-5,
      absolute: 1e-7 * (values["vcov_kr"].numbers.max() ?? 0), "vcov")
  }

  @Test("refuses maximum likelihood")
  func needsREML() throws {
    let model = try Reference(name: "lmm02_sleepstudy_slope_ml").model()
    #expect(throws: ModelError.self) { try model.fit(.ml, degreesOfFreedom: .kenwardRoger) }
  }

  @Test("is not the only way: without a method, tests are normal")
  func normal() throws {
    let fit = try Reference(name: "lmm01_sleepstudy_slope_reml").model()
      .fit(.reml, degreesOfFreedom: .none)
    let effect = fit.fixedEffects[1]
    #expect(effect.degreesOfFreedom == nil)
    let normal = NormalDistribution()
    #expect(effect.pValue == normal.twoSidedTail(effect.statistic))
    #expect(
      isClose(
        effect.upper - effect.estimate, 1.959963984540054 * effect.standardError, relative: 1e-12))
  }
}
