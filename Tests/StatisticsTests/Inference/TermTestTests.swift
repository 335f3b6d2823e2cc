import Testing

@testable import Statistics

@Suite("Tests of terms and of models")
struct TermTestTests {
  private func expectTests(
    _ tests: [TermTest], _ reference: [JSONValue], freedomTolerance: Double
  ) {
    #expect(tests.map(\.term) == reference.map { $0["term"].text })
    expectClose(
      tests.map(\.test.numerator), reference.map { $0["NumDF"].number }, relative: 0, "NumDF")
    expectClose(
      tests.map(\.test.denominator), reference.map { $0["DenDF"].number },
      relative: freedomTolerance, "DenDF")
    expectClose(
      tests.map(\.test.statistic), reference.map { $0["F"].number }, relative: 1e-5, "F")
    expectClose(
      tests.map(\.test.pValue), reference.map { $0["p"].number }, relative: 1e-3,
      absolute: 1e-14, "p")
  }

  @Test("type III F by Satterthwaite agrees with lmerTest", arguments: ReferenceFitTests.all)
  func satterthwaite(_ reference: Reference) throws {
    let tests = try reference.fit().typeThreeTests()
    expectTests(
      tests, try reference.values()["anova_type3_satterthwaite"].list, freedomTolerance: 1e-4)
  }

  /// Of lmerTest 3.1.3 on lme4 1.1-31 in R 4.2.2, with a tight optimum. F is the same whatever
  /// differences of levels are taken; the denominators are not.
  @Test(
    "denominators of factors with several levels are lmerTest's beside several variances",
    arguments: [
      (
        "y ~ t + g + (t | id)", ["t": 40.4668818, "g": 201.2610500],
        ["t": 120.7105, "g": 5.6277]
      ),
      (
        "y ~ t * g * arm + (t | id)",
        [
          "t": 36.60583784, "g": 182.09955118, "arm": 38.56402947, "t:g": 188.15838176,
          "t:arm": 36.60584164, "g:arm": 182.09955120, "t:g:arm": 188.15838184,
        ],
        [
          "t": 147.46338, "g": 1.18185, "arm": 1.96118, "t:g": 0.02364, "t:arm": 0.88071,
          "g:arm": 5.49279, "t:g:arm": 3.22194,
        ]
      ),
    ], [Coding.treatment, .sum, .helmert])
  func differences(
    model: (formula: String, freedoms: [String: Double], statistics: [String: Double]),
    coding: Coding
  ) throws {
    let formula = try ModelFormula.parse(model.formula)
    let data = try Reference.data("data/unbalanced.csv")
    let tests = try LinearMixedModel.fit(formula, data: data, codings: ["g": coding])
      .typeThreeTests()
    #expect(tests.count == model.freedoms.count)
    for test in tests {
      let freedom = try #require(model.freedoms[test.term])
      let statistic = try #require(model.statistics[test.term])
      #expect(isClose(test.test.denominator, freedom, relative: 2e-4), "\(test.term)")
      #expect(isClose(test.test.statistic, statistic, relative: 1e-4, absolute: 1e-5))
    }
  }

  @Test(
    "type III F by Kenward-Roger agrees with pbkrtest", arguments: DegreesOfFreedomTests.corrected)
  func kenwardRoger(_ reference: Reference) throws {
    let tests = try reference.model().fit(.reml, degreesOfFreedom: .kenwardRoger).typeThreeTests()
    expectTests(tests, try reference.values()["anova_type3_kr"].list, freedomTolerance: 1e-6)
  }

  @Test(
    "likelihood ratios agree with lme4's anova",
    arguments: ["lrt01_sleepstudy_days", "lrt02_sleepstudy_slope"]
  )
  func likelihoodRatio(name: String) throws {
    let reference = Reference(name: name)
    let values = try reference.values()
    let data = try Reference.data("data/sleepstudy.csv")
    let smaller = try fit(values["formula0"].text ?? "", data, .ml)
    let larger = try fit(values["formula1"].text ?? "", data, .ml)
    let test = try smaller.likelihoodRatioTest(against: larger)
    #expect(isClose(test.statistic, values["chisq"].number, relative: 1e-6))
    #expect(test.degreesOfFreedom == Int(values["df"].number))
    #expect(isClose(test.pValue, values["p"].number, relative: 1e-5))
    #expect(throws: ModelError.self) { try larger.likelihoodRatioTest(against: smaller) }
  }

  @Test("models with other fixed effects are refitted by ML")
  func refits() throws {
    let data = try Reference.data("data/sleepstudy.csv")
    let test = try fit("Reaction ~ 1 + (Days | Subject)", data)
      .likelihoodRatioTest(against: fit("Reaction ~ Days + (Days | Subject)", data))
    let values = try Reference(name: "lrt01_sleepstudy_days").values()
    #expect(isClose(test.statistic, values["chisq"].number, relative: 1e-6))
    #expect(test.boundaryPValue == nil)
    #expect(test.notes == ["Both models were refitted by maximum likelihood."])
  }

  @Test("a slope's variance is tested by the mixture of chi-squares")
  func boundary() throws {
    let data = try Reference.data("data/sleepstudy.csv")
    let smaller = try fit("Reaction ~ Days + (1 | Subject)", data)
    let larger = try fit("Reaction ~ Days + (Days | Subject)", data)
    let test = try smaller.likelihoodRatioTest(against: larger)
    let one = ChiSquareDistribution(degreesOfFreedom: 1).upperTail(test.statistic)
    let two = ChiSquareDistribution(degreesOfFreedom: 2).upperTail(test.statistic)
    #expect(test.boundaryPValue == (one + two) / 2)
    #expect(test.notes.isEmpty)
  }

  /// anova(refit = FALSE) of lme4 1.1-31 in R 4.2.2 with tight optima.
  @Test("another model is compared by its formula, whichever is the larger")
  func comparison() throws {
    let data = try Reference.data("data/unbalanced.csv")
    let smaller = try ModelFormula.parse("y ~ t + (1 | id)")
    let larger = try ModelFormula.parse("y ~ t + (t | id)")
    let up = try LinearMixedModel.fit(smaller, data: data)
      .likelihoodRatioTest(with: larger, data: data)
    let down = try LinearMixedModel.fit(larger, data: data)
      .likelihoodRatioTest(with: smaller, data: data)
    #expect(up.isLarger && !down.isLarger)
    #expect(up.test == down.test)
    #expect(isClose(up.test.statistic, 5.87641, relative: 0, absolute: 2e-5))
    #expect(isClose(up.test.pValue, 0.052961, relative: 0, absolute: 1e-6))
    let boundary = try #require(up.test.boundaryPValue)
    #expect(boundary < up.test.pValue && boundary > up.test.pValue / 2)
    #expect(throws: ModelError.self) {
      try LinearMixedModel.fit(larger, data: data).likelihoodRatioTest(with: larger, data: data)
    }
  }

  /// contest1D of lmerTest 3.1.3 in R 4.2.2.
  @Test("contrasts are written by the names of effects")
  func contrasts() throws {
    let fit = try fit("y ~ t * g + (t | id)", Reference.data("data/unbalanced.csv"))
    let difference = try fit.contrast("gw - gv")
    #expect(isClose(difference.estimate, -0.7260571648, relative: 1e-4))
    #expect(isClose(difference.standardError, 0.4296953346, relative: 1e-5))
    #expect(isClose(difference.degreesOfFreedom ?? 0, 196.1258464, relative: 1e-4))
    let slope = try fit.contrast("t + 0.5*t:gv + t:gw / 2")
    #expect(isClose(slope.estimate, 0.496038148, relative: 1e-5))
    #expect(isClose(slope.degreesOfFreedom ?? 0, 68.30138467, relative: 1e-4))
    #expect(try fit.contrast("- gv").estimate == -fit.fixedEffects[2].estimate)
    for text in ["", "gx", "gv gw", "gv - gv", "2 gv", "gv / 0", "gv +"] {
      #expect(throws: ModelError.self, "\(text)") { try fit.contrast(text) }
    }
  }

  @Test("a test of one coefficient is the square of its t, and does not depend on the coding")
  func codings() throws {
    let study = SimulatedStudy()
    let formula = try ModelFormula.parse("y ~ x * arm + (x | person)")
    let first = try LinearMixedModel.fit(formula, data: study.data())
    let second = try LinearMixedModel.fit(formula, data: study.data(), codings: ["arm": .helmert])
    for (one, other) in zip(try first.typeThreeTests(), try second.typeThreeTests()) {
      #expect(one.term == other.term)
      #expect(isClose(one.test.statistic, other.test.statistic, relative: 1e-6))
      #expect(isClose(one.test.denominator, other.test.denominator, relative: 1e-4))
    }
    let interaction = try #require(try first.typeThreeTests().last)
    let effect = try #require(first.fixedEffects.last)
    #expect(
      isClose(interaction.test.statistic, effect.statistic * effect.statistic, relative: 1e-9))
    #expect(isClose(interaction.test.pValue, effect.pValue, relative: 1e-7))
  }
}
