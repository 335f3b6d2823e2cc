import Testing

@testable import Statistics

@Suite("Degrees of freedom agree with lmerTest and pbkrtest")
struct DegreesOfFreedomTests {
  @Test("Satterthwaite", arguments: ReferenceFitTests.oneFactor)
  func satterthwaite(_ reference: Reference) throws {
    let fit = try reference.fit()
    let fixed = try reference.values()["fixef"].list
    // lmerTest differences a deviance of full refits, we a gradient: 1e-4 is its noise.
    expectClose(
      fit.fixedEffects.map { $0.degreesOfFreedom ?? .nan },
      fixed.map { $0["df_satterthwaite"].number }, relative: 1e-4, "df")
    expectClose(
      fit.fixedEffects.map(\.pValue), fixed.map { $0["p_satterthwaite"].number },
      relative: 1e-3, absolute: 1e-14, "p")
  }

  static let corrected = ReferenceFitTests.oneFactor.filter {
    (try? $0.values()["vcov_kr"].isNull) == false
  }

  @Test("Kenward-Roger", arguments: corrected)
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

  @Test("Kenward-Roger refuses maximum likelihood")
  func needsREML() throws {
    let model = try Reference(name: "lmm02_sleepstudy_slope_ml").model()
    #expect(throws: ModelError.self) { try model.fit(.ml, degreesOfFreedom: .kenwardRoger) }
  }

  @Test("without a method, tests are normal")
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
