import ArgumentParser
import Foundation
import Statistics
import Testing

@testable import longwell

/// What `longwell fit` shows beside the tables of the fit, in text and in JSON.
@Suite("What longwell fit tells on request")
struct FitOptionsTests {
  /// Ten persons, five occasions, two arms.
  private func data() throws -> ModelData {
    var generator = FitFuzz.SplitMix64(state: 4)
    var (y, t, g, arm) = ([Double](), [Double](), [Int32](), [Int32]())
    var round: [Double] = []
    for person in 0..<10 {
      let level = Double.random(in: -2...2, using: &generator)
      for occasion in 0..<5 {
        y.append(10 + level + 0.4 * Double(occasion) + Double.random(in: -1...1, using: &generator))
        round.append(max(0, (y[y.count - 1] / 4).rounded()))
        t.append(Double(occasion + 1))
        g.append(Int32(person))
        arm.append(Int32(person % 2))
      }
    }
    return try ModelData([
      ("y", .numeric(y)), ("t", .numeric(t)), ("round", .numeric(round)),
      ("arm", .factor(levels: ["a", "b"], codes: arm)),
      ("g", .factor(levels: (0..<10).map { "p\($0)" }, codes: g)),
    ])
  }

  private func outcome(
    _ formula: String, _ change: (inout FitRequest) throws -> Void
  ) throws -> (text: String, json: [String: Any], diagnostics: String?) {
    var request = FitRequest(formula: try ModelFormula.parse(formula))
    try change(&request)
    let outcome = try request.carryOut(try data())
    let bytes = try JSONEncoder().encode(FitDocument(outcome.summary, seconds: FitSeconds()))
    return (
      ModelText.lines(of: outcome.summary).joined(separator: "\n"),
      try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any]),
      outcome.diagnostics.map { String(decoding: $0.bytes, as: UTF8.self) }
    )
  }

  @Test("robust errors, influence, predictions, diagnostics of a plain fit")
  func plain() throws {
    let rows = try ModelData([
      ("t", .numeric([2, 9])), ("arm", .factor(text: ["a", "b"])),
      ("g", .factor(text: ["p0", "nobody"])),
    ])
    let (text, json, diagnostics) = try outcome("y ~ t * arm + (t | g)") {
      $0.robust = .biasReduced
      $0.influence = .exact
      $0.newRows = ("new.csv", rows)
      $0.wantsDiagnostics = true
    }
    for part in [
      "R² marginal", "design effect", "Principal components over g",
      "Cluster-robust (CR2, 10 of g)",
      "Influence (refits without each group", "Predictions (2 of 2 rows)", "known", "new",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    for key in ["r2", "icc", "designEffect", "principal", "robust", "influence", "predictions"] {
      #expect(json[key] != nil, "\(key)")
    }
    let influence = try #require(json["influence"] as? [String: Any])
    #expect((influence["levels"] as? [Any])?.count == 10)
    let lines = try #require(diagnostics).split(separator: "\n")
    #expect(lines[0] == "row,fitted,residual,pearson,normalized,marginal,leverage")
    #expect(lines.count == 51)
  }

  @Test("structured residuals have tests, means, robust errors and one-step influence")
  func structured() throws {
    let (text, json, diagnostics) = try outcome("y ~ t * arm + (1 | g)") {
      $0.residuals = .ar1(time: "t")
      $0.wantsTerms = true
      $0.means = ["arm"]
      $0.robust = RobustCorrection.none
      $0.influence = .oneStep
      $0.wantsDiagnostics = true
    }
    for part in [
      "Type III tests", "Marginal means of arm", "Cluster-robust (CR0", "Influence (one step",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(json["anova"] != nil && json["means"] != nil)
    #expect(diagnostics?.hasPrefix("row,fitted,residual,pearson,normalized,marginal\n") == true)
  }

  @Test("what is asked of counts and ordered answers is shown on both scales")
  func generalised() throws {
    let rows = try ModelData([
      ("t", .numeric([2, 9])), ("arm", .factor(text: ["a", "b"])),
      ("g", .factor(text: ["p0", "nobody"])),
    ])
    for family in [FitRequest.Family.poisson, .ordinal] {
      let (text, json, diagnostics) = try outcome("round ~ t * arm + (1 | g)") {
        $0.family = family
        $0.wantsTerms = true
        $0.means = ["arm"]
        $0.intervals = .profile
        $0.newRows = ("new.csv", rows)
        $0.comparisons = [try ModelFormula.parse("round ~ t + (1 | g)")]
        $0.wantsDiagnostics = true
      }
      for part in [
        "Type III tests (Wald):", "χ²", "Intervals: profile", "Marginal means of arm (",
        "Differences (adjusted: tukey)", family == .poisson ? "As ratios" : "As odds ratios",
        "Predictions (2 of 2 rows; ", "On the scale of the response:", "Likelihood-ratio test",
      ] {
        #expect(text.contains(part), "\(part)\n\(text)")
      }
      let anova = try #require(json["anova"] as? [[String: Any]])
      #expect(anova[0]["chisq"] is Double && anova[0]["f"] == nil)
      let predictions = try #require(json["predictions"] as? [[String: Any]])
      let response = try #require(predictions[0]["response"] as? [[String: Any]])
      #expect(response.count == (family == .poisson ? 1 : (json["categories"] as? [Any])?.count))
      #expect(diagnostics?.split(separator: "\n").count == 51)
    }
  }

  @Test("bootstrap, robust errors, influence and R² of counts and ordered answers")
  func marginalQuestions() throws {
    for family in [FitRequest.Family.poisson, .ordinal] {
      let (text, json, _) = try outcome("round ~ t + arm + (1 | g)") {
        $0.family = family
        $0.intervals = .bootstrap
        $0.replicates = 20
        $0.robust = .clusters
        $0.influence = .oneStep
      }
      for part in [
        "Intervals: bootstrap", "Cluster-robust (CR1, 10 of g), clusters less one as df:",
        "Influence (one step of all parameters", "R² marginal",
        family == .poisson ? "Of log counts, as log-normal" : "Of the latent response",
      ] {
        #expect(text.contains(part), "\(part)\n\(text)")
      }
      let shares = try #require(json["r2"] as? [String: Any])
      #expect(shares["residual"] as? String == (family == .poisson ? "lognormal" : "latent"))
      let influence = try #require(json["influence"] as? [String: Any])
      #expect((influence["levels"] as? [Any])?.count == 10)
      #expect(json["robust"] is [String: Any])
    }
  }

  @Test("a summary has marginal means and slopes; imputations have tests of terms")
  func summaryAndImputations() throws {
    var request = FitRequest(formula: try ModelFormula.parse("y ~ t * arm + (1 | g)"))
    request.means = ["arm"]
    request.slopes = ["t:arm"]
    request.wantsTerms = true
    let whole = try request.carryOut(try data()).summary
    let kept = try request.carryOut(
      try SufficientStatistics(request.formula, data: try data())
    ).summary
    for (one, other) in zip(
      kept.means[0].estimates + kept.slopes[0].estimates,
      whole.means[0].estimates + whole.slopes[0].estimates)
    {
      #expect(abs(one.effect.estimate - other.effect.estimate) < 1e-6)
    }
    let pooled = try PooledFit([whole, whole], files: ["a.csv", "b.csv"])
    #expect(pooled.lines.contains("Type III tests (D1 of Li, Raghunathan and Rubin):"))
    for (test, own) in zip(pooled.terms, whole.terms) {
      #expect(abs(test.test.statistic - own.test.statistic) < 1e-6 * own.test.statistic)
    }
  }

  @Test(
    "options that do not go together are refused",
    arguments: [
      ["--family", "poisson", "--robust", "CR2"],
      ["--family", "ordinal", "--robust", "CR1S"],
      ["--family", "poisson", "--df", "kenward-roger"],
      ["--imputations", "m1.csv"], ["--add-rows"], ["--summary", "a.json"],
      ["--residuals", "ar1", "--influence", "exact"],
      ["--residuals", "ar1", "--intervals", "bootstrap"],
      ["--robust", "CR7"], ["--influence", "twice"],
    ])
  func refused(options: [String]) {
    #expect(throws: (any Error).self) {
      _ = try FitCommand.parse(["--data", "a.csv", "--formula", "y ~ 1 + (1 | g)"] + options)
    }
  }

  @Test("slopes, contrasts, comparisons and the intervals of correlations")
  func questions() throws {
    let (text, json, _) = try outcome("y ~ t * arm + (t | g)") {
      $0.slopes = ["t:arm"]
      $0.contrasts = ["t + t:armb"]
      $0.comparisons = [
        try ModelFormula.parse("y ~ t * arm + (1 | g)"), try ModelFormula.parse("y ~ t + (t | g)"),
      ]
      $0.intervals = .profile
    }
    for part in [
      "Slopes of t:arm:", "Contrasts:", "Likelihood-ratio test against the smaller",
      "by the mixture for a variance", "refitted by maximum likelihood",
      "Correlation of (Intercept) and t over g:",
    ] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
    let slopes = try #require(json["slopes"] as? [[String: Any]])
    let estimates = try #require(slopes[0]["estimates"] as? [[String: Any]])
    let contrasts = try #require(json["contrasts"] as? [[String: Any]])
    let treated = try #require(contrasts[0]["estimate"] as? Double)
    let slope = try #require(estimates[1]["estimate"] as? Double)
    #expect(abs(slope - treated) < 1e-9)
    #expect((json["comparisons"] as? [[String: Any]])?.count == 2)
    let random = try #require(json["random"] as? [[String: Any]])
    let intervals = try #require(random[0]["correlationIntervals"] as? [[String: Any]])
    #expect(intervals.count == 1 && intervals[0]["lower"] is Double)
  }

  @Test("structured residuals have profile intervals, ratios of strata and halving times too")
  func structuredIntervals() throws {
    let (text, json, _) = try outcome("y ~ t + (1 | g)") {
      $0.residuals = try ResidualStructure("ar1:t,variance:arm")
      $0.intervals = .profile
    }
    #expect(text.contains("Intervals: profile") && text.contains("std. dev. in b over that in a:"))
    let residuals = try #require(json["residuals"] as? [String: Any])
    for list in ["parameters", "ratios"] {
      let found = try #require((residuals[list] as? [[String: Any]])?.first)
      let ends = try ["lower", "estimate", "upper"].map { try #require(found[$0] as? Double) }
      #expect(ends == ends.sorted(), "\(list)")
    }
  }

  @Test("a row without a prediction says why; rows without groups are predicted for the population")
  func withoutPrediction() throws {
    let rows = try ModelData([
      ("t", .numeric([2, .nan])), ("arm", .factor(text: ["z", "b"])),
    ])
    let (text, json, _) = try outcome("y ~ t * arm + (t | g)") { $0.newRows = ("new.csv", rows) }
    #expect(text.contains("No prediction of row 1: arm z is not a level of the model."))
    #expect(text.contains("No prediction of row 2: no value of t."))
    #expect(text.contains("no column ‘g’"))
    let predictions = try #require(json["predictions"] as? [[String: Any]])
    #expect(predictions[1]["obstacle"] as? String == "no value of t")
  }

  @Test("numbers keep their digits whatever the scale of the others")
  func digits() {
    let (estimates, errors) = NumberText.estimates(
      [999_998.23456, 0.0000057, -2.5, .nan], errors: [20.5, 0.00000091, 0.25, .nan])
    #expect(estimates == ["999998.23", "5.700e-06", "-2.5000", ""].map { padded($0, to: 6) })
    #expect(
      errors.map { $0.trimmingCharacters(in: .whitespaces) } == [
        "20.50", "9.100e-07", "0.2500", "",
      ])
    #expect(
      NumberText.ownColumn([612.1, 2.7e-12, 0]) == ["612.10     ", "2.700e-12", "0        "])
  }

  /// With spaces behind until this many characters follow the point.
  private func padded(_ text: String, to tail: Int) -> String {
    let own = text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) } ?? 0
    return text + String(repeating: " ", count: max(0, tail + 2 - own))
  }
}
