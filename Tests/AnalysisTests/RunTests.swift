import Definitions
import Delimited
import Foundation
import Statistics
import Storage
import Studies
import Tables
import Testing

@testable import Analysis

@Suite struct RunTests {
  private func results(_ sample: SampleStudy, plan: String = SampleStudy.plan) throws
    -> AnalysisResults
  {
    try AnalysisResults(
      plan: try #require(SampleStudy.load(plan).plan), study: sample.outline, data: sample.rows,
      isSimulated: true, version: "test")
  }

  @Test func theTrueSlopeComesBackWithinItsInterval() throws {
    let found = try results(SampleStudy())
    let contrast = try #require(found.plan.contrasts.first)
    let effect = try #require(found.model("growth")?.effect(contrast))
    #expect(effect.lower < 0.05 && effect.upper > 0.05)
    #expect(found.warnings.isEmpty)
  }

  @Test func theSamePlanAndDataGiveTheSameBytes() async throws {
    try await withFolder { folder in
      let plan = try #require(SampleStudy.load(SampleStudy.plan).plan)
      let rows = SampleStudy().rows
      var listings: [[String: Data]] = []
      for (name, moment) in [("a", 0.0), ("b", 1e6)] {
        let target = folder.appending(path: name)
        let outcome = try await AnalysisRun(version: "test").carryOut(
          plan, study: SampleStudy().outline, data: rows, isSimulated: false, into: target,
          now: Date(timeIntervalSince1970: moment))
        #expect(outcome.warnings.isEmpty)
        #expect(outcome.summary.contains("week × arm: supportive"))
        var files: [String: Data] = [:]
        let paths = try FileManager.default.subpathsOfDirectory(atPath: target.path)
        for path in paths where path.contains(".") && path != "run.json" {
          files[path] = try Data(contentsOf: target.appending(path: path))
        }
        listings.append(files)
      }
      #expect(listings[0] == listings[1])
      #expect(
        Set(listings[0].keys)
          == [
            "report.html", "results.json", "tables/analysis.csv", "tables/codebook.csv",
            "tables/completeness.csv", "tables/descriptives.csv", "tables/fixed-effects.csv",
            "tables/variance-components.csv", "figures/course-need.svg", "figures/course-need.gp",
            "figures/course-need.tsv", "figures/coefficients-growth.svg",
            "figures/coefficients-growth.gp", "figures/coefficients-growth.tsv",
            "figures/coefficients-simple.svg", "figures/coefficients-simple.gp",
            "figures/coefficients-simple.tsv",
          ])
    }
  }

  @Test func resultsAreJSONWithEveryNumber() throws {
    let found = try results(SampleStudy())
    let data = Data(found.json().document.utf8)
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let models = try #require(json["models"] as? [[String: Any]])
    let effects = try #require(models.first?["fixed_effects"] as? [[String: Any]])
    #expect(effects.map { $0["name"] as? String }.contains("week:armsupportive"))
    let exact = try #require(found.model("growth")?.fit?.fixedEffects.first?.estimate)
    // Foundation's reader on Linux loses the last bit, so the digits themselves are compared.
    #expect(found.json().document.contains("\"estimate\": \(exact)"))
    #expect((json["plan"] as? [String: Any])?["hash"] as? String == found.plan.hash)
  }

  @Test func theFlowCountsEveryone() throws {
    var sample = SampleStudy()
    sample.participants = 20
    let flow = try results(sample).flow
    #expect(flow.enrolled == 20 && flow.consented == 20 && flow.allocated == 20)
    #expect(flow.arms.map(\.participants) == [10, 10])
    for arm in flow.arms {
      for slot in arm.slots { #expect(slot.due == 10) }
    }
    let missed = flow.arms.flatMap(\.slots).reduce(0) { $0 + $1.missed }
    #expect(missed == sample.rows.occasions.count { $0.occasion.state == .missed })
  }

  /// What cannot be fitted is explained in the report, and the rest is still there.
  @Test(arguments: [
    ("need ~ week * arm + (week | participant)", "wave ~ arm + (1 | site)", "single group"),
    ("need ~ week * arm + (week | participant)", "need ~ site + (1 | participant)", "single level"),
    ("needs-3.need", "needs-3.need * 0", "does not vary"),
    ("needs-3.need", "needs-3.need / 0", "no row has every value"),
  ]) func aModelThatCannotBeFittedIsExplained(old: String, new: String, words: String) async throws
  {
    let plan = SampleStudy.plan.replacing(old, with: new, maxReplacements: 1)
    var sample = SampleStudy()
    sample.participants = 12
    let found = try results(sample, plan: plan)
    #expect(found.warnings.contains { $0.contains(words) }, "\(found.warnings)")
    var report = Report(found, figures: [:])
    #expect(report.page().contains("Not fitted:"))
  }

  @Test func nothingDueIsSaidAndNotATrap() async throws {
    try await withFolder { folder in
      var rows = SampleStudy().rows
      rows.occasions = []
      rows.scores = []
      let plan = try #require(SampleStudy.load(SampleStudy.plan).plan)
      await #expect(throws: AnalysisProblem.noDueOccasions) {
        try await AnalysisRun(version: "test").carryOut(
          plan, study: SampleStudy().outline, data: rows, isSimulated: false, into: folder,
          now: Date())
      }
    }
  }
}

extension RunTests {
  @Test func aTermThatRepeatsOthersIsNamedAndTheRestIsEstimated() throws {
    let plan = SampleStudy.plan
      .replacing("wave: index", with: "wave: index\n    double: 2 * wave")
      .replacing("need ~ week + arm", with: "need ~ wave + double + arm")
    let found = try results(SampleStudy(), plan: plan)
    let fit = try #require(found.model("simple")?.fit)
    #expect(fit.setAside == ["double"])
    var report = Report(found, figures: [:])
    #expect(report.page().contains("No estimate for double"))
  }

  @Test func withoutGnuplotTheNumbersStillStand() async throws {
    try await withFolder { folder in
      let plan = try #require(SampleStudy.load(SampleStudy.plan).plan)
      let run = AnalysisRun(version: "test", gnuplot: "gnuplot-that-is-not-there")
      let outcome = try await run.carryOut(
        plan, study: SampleStudy().outline, data: SampleStudy().rows, isSimulated: false,
        into: folder, now: Date(timeIntervalSince1970: 0))
      #expect(outcome.warnings.contains { $0.contains("gnuplot-nox") })
      let report = try String(contentsOf: outcome.report, encoding: .utf8)
      #expect(report.contains("Without figures") && report.contains("Table 1."))
    }
  }

  /// The outline that an analysis runs on comes from the database's own bytes.
  @Test func theStudyIsReadBackFromItsDatabase() async throws {
    try await withFolder { folder in
      let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      var problems = Problems()
      let study = try #require(
        StudyFolder.load(
          directory: root.appending(path: "studies/quickstart"), problems: &problems))
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let database = try ResearchDatabase.open(
        at: folder.appending(path: "study.db"), mode: .create(kind: .simulated))
      await #expect(throws: AnalysisProblem.noStudy) { try await StudyOutline.load(from: database) }
      let definitions = study.documents.compactMap { document in
        DefinitionRecord.Kind(rawValue: document.kind.rawValue).map { kind in
          DefinitionRecord(
            kind: kind, id: document.id, version: document.version, bytes: document.bytes)
        }
      }
      _ = try await database.write { transaction in
        try transaction.publish(
          studyID: study.study.id, version: study.study.version, contentHash: study.contentHash,
          definitions: definitions, at: Date(timeIntervalSince1970: 0))
      }
      let outline = try await StudyOutline.load(from: database)
      #expect(outline == StudyOutline(study))
      #expect(outline.arms == ["usual", "supportive"])
      #expect(outline.instruments.map(\.wording) == ["adapted", "adapted", "adapted"])
      let tables = try await StudyExport.write(
        from: database, into: folder.appending(path: "export"))
      #expect(tables.map(\.rowCount) == [0, 0, 0, 0])
      try database.close()
    }
  }

  /// An author's text goes through table, figure, report and codebook, and is text in each.
  @Test func hostileTextIsTextInEveryFile() async throws {
    try await withFolder { folder in
      let plant = folder.appending(path: "planted").path
      var sample = SampleStudy()
      sample.participants = 12
      sample.text = "\"it's\" `touch \(plant)` $(touch \(plant)) <script>x</script>\nset output 'x'"
      let plan = try #require(SampleStudy.load(SampleStudy.plan).plan)
      _ = try await AnalysisRun(version: "test").carryOut(
        plan, study: sample.outline, data: sample.rows, isSimulated: false, into: folder,
        now: Date(timeIntervalSince1970: 0))
      #expect(!FileManager.default.fileExists(atPath: plant))
      let report = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
      #expect(!report.contains("<script"))
      #expect(report.contains("&lt;script&gt;"))
      let codebook = try DelimitedText.readColumns(
        contentsOf: folder.appending(path: "tables/codebook.csv"))
      let labels = try #require(codebook.first { $0.name == "label" })
      guard case .text(let levels, _) = labels.values else {
        Issue.record("labels are not text")
        return
      }
      #expect(levels.contains("Need (\(sample.text))"))
    }
  }
}
