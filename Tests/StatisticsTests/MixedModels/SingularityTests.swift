import Testing

@testable import Statistics

@Suite("Singular fits are explained, with what to refit and both criteria")
struct SingularityTests {
  @Test("no variance: the linear model without the term has the same criterion")
  func nothingLeft() throws {
    let reference = Reference(name: "lmm10_dyestuff2_singular_reml")
    let fit = try reference.fit()
    let simpler = try fit.simplerFits(data: reference.data())
    #expect(simpler.map(\.formula) == ["Yield ~ 1"])
    #expect(simpler.map(\.fewerParameters) == [1])
    #expect(simpler.map(\.isSingular) == [false])
    // REMLcrit of lm: -2 * logLik(lm(Yield ~ 1, Dyestuff2), REML = TRUE) of R 4.2.2.
    #expect(isClose(simpler[0].criterion, 161.828277812288, relative: 1e-9))
    #expect(isClose(simpler[0].aic, fit.aic - 2, relative: 1e-9))
  }

  /// lme4 1.1-31 (REMLcrit, default tolerance) stops at 442.7934 and 442.9725 for the first two, above
  /// what is found here, and at 442.636686 for the third.
  @Test("a correlation of 1: independent effects, or fewer")
  func perfectCorrelation() throws {
    let data = try Reference(name: "lmm17_orthodont_interaction_reml").data()
    let fit = try fit("distance ~ age + (age + I(age^2) | Subject)", data)
    #expect(fit.isSingular)
    let note = try #require(fit.notes.first)
    #expect(note.contains("over Subject, I(age^2) varies only with (Intercept), age"))
    #expect(note.contains("× (Intercept)"))
    let components = try #require(fit.randomEffectsComponents().first)
    #expect(components.standardDeviations[2] < 1e-3)
    #expect(isClose(components.shares.reduce(0, +), 1, relative: 1e-12))
    let simpler = try fit.simplerFits(data: data)
    #expect(
      simpler.map(\.formula) == [
        "distance ~ age + (1 | Subject) + (0 + age | Subject) + (0 + I(age^2) | Subject)",
        "distance ~ age + (1 + age | Subject)",
      ])
    #expect(fit.criterion < 442.7934 && simpler[0].criterion < 442.9725)
    #expect(fit.criterion < simpler[0].criterion)
    #expect(isClose(simpler[1].criterion, 442.636686, relative: 0, absolute: 1e-5))
    #expect(simpler.map(\.fewerParameters) == [3, 3])
  }

  @Test("the relation that a note states holds for every group's effects")
  func relation() throws {
    let data = try Reference(name: "lmm17_orthodont_interaction_reml").data()
    let fit = try fit("distance ~ age + (age + I(age^2) | Subject)", data)
    let modes = try #require(fit.randomEffects().first).values
    // Two groups give the coefficients of the plane that all lie in.
    let determinant = modes[0, 0] * modes[1, 1] - modes[0, 1] * modes[1, 0]
    let level = (modes[0, 2] * modes[1, 1] - modes[0, 1] * modes[1, 2]) / determinant
    let slope = (modes[0, 0] * modes[1, 2] - modes[0, 2] * modes[1, 0]) / determinant
    for group in 0..<modes.rows {
      #expect(
        isClose(
          modes[group, 2], level * modes[group, 0] + slope * modes[group, 1], relative: 1e-3,
          absolute: 1e-6))
    }
    // Of the two coefficients the first two digits, whatever the rounding of the third.
    let stated = try #require(fit.notes.first)
    for (value, name) in [(level, "(Intercept)"), (slope, "age")] {
      let near = [0.995, 1, 1.005].map { "\(significant($0 * value)) × \(name)" }
      #expect(near.contains { stated.contains($0) }, "\(near), \(stated)")
    }
  }

  @Test("a fit that is not singular has nothing to refit")
  func sound() throws {
    let data = try SimulatedStudy().data()
    #expect(try fit("y ~ x + (x | person)", data).simplerFits(data: data).isEmpty)
  }

  @Test(
    "what is singular does not depend on the unit or the origin of time",
    arguments: ["t", "I(t * 86400)", "I(t / 10000)", "I(t + 2024)", "I(3600 * t + 1.7e9)"])
  func units(time: String) throws {
    let data = try Reference.data("data/unbalanced.csv")
    let fit = try fit("y ~ \(time) + (\(time) | id)", data)
    // REMLcrit of lme4 1.1-31 for t, which finds no singularity.
    if time == "t" { #expect(isClose(fit.criterion, 805.370009363, relative: 1e-9)) }
    #expect(!fit.isSingular)
    #expect(fit.notes.isEmpty)
  }

  @Test(
    "a correlation of 1 is found in any unit", arguments: ["x", "I(x * 10000)", "I(x / 10000)"])
  func scaledCorrelation(covariate: String) throws {
    let data = try Reference.data("data/unbalanced.csv")
    let reference = try fit("y ~ x + (x | id)", data)
    let fit = try fit("y ~ \(covariate) + (\(covariate) | id)", data)
    #expect(fit.isSingular == reference.isSingular)
    #expect(
      fit.notes.map { $0.contains("is estimated as 0") }
        == reference.notes.map { $0.contains("is estimated as 0") })
  }

  /// Criteria of lme4 1.1-31 in R 4.2.2 with a tight optimum.
  @Test("random effects of a factor's levels step down to a level of the group, never up")
  func factors() throws {
    let data = try Reference.data("data/unbalanced.csv")
    for formula in ["y ~ t + (g || id)", "y ~ t + (g | id)", "y ~ t + (0 + g | id)"] {
      let fit = try fit(formula, data)
      #expect(fit.isSingular)
      #expect(isClose(fit.criterion, 811.136725155, relative: 1e-7))
      let simpler = try fit.simplerFits(data: data)
      #expect(simpler.allSatisfy { $0.fewerParameters > 0 })
      let level = try #require(simpler.first { $0.formula == "y ~ t + (1 | id)" })
      #expect(isClose(level.criterion, 811.246418997, relative: 1e-8))
      #expect(!level.isSingular)
      #expect(!simpler.contains { !$0.formula.contains("|") })
    }
  }
}
