import Definitions
import Foundation
import Statistics
import Tables
import Testing

@testable import Analysis

/// What a plan says of its models beside their formulas, and what it asks of them.
@Suite struct ModelSettingsTests {
  private static let growth = "need ~ week * arm + (week | participant)"

  private func results(_ changes: [(String, String)]) throws -> AnalysisResults {
    let sample = SampleStudy()
    let text = changes.reduce(SampleStudy.plan) {
      $0.replacing($1.0, with: $1.1, maxReplacements: 1)
    }
    let (plan, problems) = SampleStudy.load(text)
    var checked = problems
    let read = try #require(plan, "\(problems.list.map(\.description))")
    read.check(against: sample.outline, problems: &checked)
    #expect(checked.isEmpty, "\(checked.list.map(\.description))")
    return try AnalysisResults(
      plan: read, study: sample.outline, data: sample.rows, isSimulated: true, version: "test")
  }

  private func page(_ results: AnalysisResults) -> String {
    var report = Report(results, figures: [:])
    return report.page()
  }

  /// The engine's own tests hold its values against R; here the plan must reach it.
  @Test func personMeansAreThoseOfTheRowsThatTheModelUses() throws {
    let found = try results([
      ("wave: index", "wave: index\n    load: needs-3.need * needs-3.need"),
      (Self.growth, "need ~ within(load) + between(load) + (1 | participant)"),
      ("\"week:arm[supportive]\"", "\"between(load) - within(load)\""),
    ])
    let growth = try #require(found.model("growth"))
    #expect(growth.model.written == "need ~ within(load) + between(load) + (1 | participant)")
    let fit = try #require(growth.plain)
    #expect(fit.fixedEffects.map(\.name).last == "between(load, participant)")
    #expect(growth.label("between(load, participant)") == "between(load)")
    let contrast = try #require(found.contrasts.first?.effect)
    let expected = try fit.contrast("between(load, participant) - within(load, participant)")
    #expect(contrast.estimate == expected.estimate)
    #expect(contrast.standardError == expected.standardError)
    #expect(page(found).contains("within(load)") && !page(found).contains("(load, participant)"))
  }

  @Test(arguments: ["profile", "bootstrap\n    replicates: 100"])
  func intervalsAreAsThePlanSays(kind: String) throws {
    let found = try results([
      ("primary: true", "primary: true\n    intervals: \(kind)"),
      (Self.growth, "need ~ week * arm + (1 | participant)"),
    ])
    let growth = try #require(found.model("growth"))
    let wald = try #require(growth.fit).fixedEffects
    let effects = growth.effects
    #expect(growth.intervals[.sigma] != nil)
    for (asked, given) in zip(effects, wald) {
      #expect(asked.estimate == given.estimate && asked.lower != given.lower)
      // They tell of the same uncertainty.
      let ratio = (asked.upper - asked.lower) / (given.upper - given.lower)
      #expect((0.7...1.4).contains(ratio))
    }
    #expect(
      found.json().document.contains("\"interval_method\": \"\(kind.prefix { $0 != "\n" })\""))
    #expect(page(found).contains("95&nbsp;% interval of the SD"))
    #expect(found.usesSeed == kind.hasPrefix("bootstrap"))
    #expect(try results([]).usesSeed == false)
  }

  @Test func residualsMayDependOnTime() throws {
    let found = try results([
      (Self.growth, "need ~ week * arm + (1 | participant)"),
      ("primary: true", "primary: true\n    residuals: { ar1: wave }"),
    ])
    let growth = try #require(found.model("growth"))
    let direct = try #require(growth.structured)
    #expect(direct.structure.description == "ar1:wave")
    #expect(found.json().document.contains("\"name\": \"phi\""))
    #expect(page(found).contains("ar1:wave"))
    #expect(found.contrasts.first?.effect != nil)
  }

  @Test func aMarginalModelNeedsNoRandomEffects() throws {
    let found = try results([
      (Self.growth, "need ~ factor(wave) * arm"),
      ("primary: true", "primary: true\n    residuals: { un: wave, within: participant }"),
      ("\"week:arm[supportive]\"", "\"factor(wave)2:arm[supportive]\""),
    ])
    #expect(found.warnings.isEmpty, "\(found.warnings)")
    #expect(found.contrasts.first?.effect != nil)
    #expect(page(found).contains("SD at 2"))
  }

  @Test func contrastsMayAddCoefficients() throws {
    let found = try results([
      ("\"week:arm[supportive]\"", "\"arm[supportive] + 4 * week:arm[supportive]\"")
    ])
    let fit = try #require(found.model("growth")?.plain)
    let names = fit.fixedEffects.map(\.name)
    let weights = names.map { $0 == "armsupportive" ? 1.0 : $0 == "week:armsupportive" ? 4 : 0 }
    let expected = fit.contrast(weights, name: "x")
    let effect = try #require(found.contrasts.first?.effect)
    #expect(effect.estimate == expected.estimate && effect.lower == expected.lower)
  }

  @Test(arguments: [
    "", "+", "week:", "week:arm[", "2 *", "a * week", "week + * arm[supportive]", "week ++ 3",
  ]) func whatIsNoSumOfCoefficientsIsRefused(text: String) {
    #expect(CoefficientSum(text) == nil)
  }

  @Test func aFamilyIsAdjustedTogether() throws {
    let found = try results([
      (
        "\"week:arm[supportive]\" }",
        """
        "week:arm[supportive]" }
          - { id: level, model: growth, of: "arm[supportive]" }
          - { id: other, model: simple, of: week }
        adjust: { family: [slope, level], method: holm }
        """
      )
    ])
    let raw = found.contrasts.compactMap(\.effect?.pValue)
    #expect(raw.count == 3)
    #expect(
      found.contrasts[0].adjusted == max(raw[0], min(1, raw[0] <= raw[1] ? 2 * raw[0] : raw[0])))
    #expect(found.contrasts[1].adjusted == min(1, max(raw[1], 2 * min(raw[0], raw[1]))))
    #expect(found.contrasts[2].adjusted == nil)
    #expect(page(found).contains("one family of tests"))
  }

  @Test func meansAndSlopesAreThoseOfTheModel() throws {
    let found = try results([
      (
        "figures:",
        """
        margins:
          - { model: growth, at: { week: [0, 4], arm: all } }
          - { model: growth, slopes: week, at: { arm: all } }
        compare: [[growth, simple]]
        figures:
        """
      )
    ])
    let sets = try #require(try found.margins.first?.sets.get())
    #expect(sets.map(\.title) == ["week = 0", "week = 4"])
    let effects = Dictionary(
      uniqueKeysWithValues: try #require(found.model("growth")).effects.map {
        ($0.name, $0.estimate)
      })
    let start = try #require(effects["(Intercept)"])
    #expect(abs(sets[0].estimates[0].effect.estimate - start) < 1e-9)
    let difference = try #require(sets[0].comparisons.first?.effect.estimate)
    #expect(abs(difference + (try #require(effects["armsupportive"]))) < 1e-9)
    let slopes = try #require(try found.margins.last?.sets.get().first)
    let slope = try #require(effects["week"])
    #expect(abs(slopes.estimates[0].effect.estimate - slope) < 1e-6)
    let test = try #require(try found.comparisons.first?.test.get())
    #expect(test.degreesOfFreedom == 3)
    #expect(found.comparisons.first?.larger == "growth")
    let words = page(found)
    for text in ["week = 4", "Slopes on", "Models compared by likelihood ratio"] {
      #expect(words.contains(text), "\(text)")
    }
    #expect(Set(try found.tables().map(\.name)).isSuperset(of: ["contrasts", "margins"]))
  }

  /// What a model cannot answer is said, and the rest stands.
  @Test func marginsOfAModelThatWasNotFittedAreExplained() throws {
    let found = try results([
      (Self.growth, "wave ~ week + (1 | site)"), ("\"week:arm[supportive]\"", "week"),
      ("figures:", "margins: [{ model: growth, at: { week: 0 } }]\nfigures:"),
    ])
    #expect(found.warnings.contains { $0.contains("margins of growth could not be had") })
    #expect(page(found).contains("No margins of"))
  }
}
