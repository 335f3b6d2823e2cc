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
          == Set([
            "check.R", "report.html", "results.json", "tables/analysis.csv", "tables/attrition.csv",
            "tables/baseline.csv",
            "tables/codebook.csv",
            "tables/completeness.csv", "tables/contrasts.csv", "tables/descriptives.csv",
            "tables/fixed-effects.csv",
            "tables/variance-components.csv",
          ]).union(
            ["course-need", "coefficients-growth", "coefficients-simple"].flatMap { stem in
              ["", "-narrow"].flatMap { width in
                ["svg", "gp", "tsv"].map { "figures/\(stem)\(width).\($0)" }
              }
            })
      )
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

  /// A failed primary model is said first, and the command is told.
  @Test(arguments: [
    ("need ~ week * arm + (week | participant)", "need ~ site + (1 | participant)", 1),
    ("need ~ week + arm + (1 | participant)", "need ~ site + (1 | participant)", 0),
    ("primary: true", "primary: false", 0),
  ]) func aQuestionThatStaysOpenIsSaidFirst(old: String, new: String, failures: Int) throws {
    let found = try results(
      SampleStudy(), plan: SampleStudy.plan.replacing(old, with: new, maxReplacements: 1))
    #expect(found.failures.count == failures, "\(found.failures)")
    var report = Report(found, figures: [:])
    let page = report.page()
    let head = try #require(page.range(of: "<h2>")?.lowerBound)
    let note = page.range(of: "The question of the plan is not answered")
    #expect((note.map { $0.lowerBound < head } ?? false) == (failures > 0))
  }

  @Test func aContrastWithoutEstimateIsAFailure() throws {
    let plan = SampleStudy.plan
      .replacing("wave: index", with: "wave: index\n    double: 2 * wave")
      .replacing("need ~ week * arm", with: "need ~ wave * arm + double")
      .replacing("\"week:arm[supportive]\"", with: "double")
    let failures = try results(SampleStudy(), plan: plan).failures
    #expect(failures == ["the model growth does not estimate the contrast double"])
  }

  @Test func theSummaryNamesWhatWasSetAside() throws {
    let plan = SampleStudy.plan
      .replacing("wave: index", with: "wave: index\n    double: 2 * wave")
      .replacing("need ~ week + arm", with: "need ~ wave + double + arm")
    let sample = SampleStudy()
    let found = try results(sample, plan: plan)
    let missed = sample.rows.occasions.count { $0.occasion.state == .missed }
    let summary = found.summary()
    #expect(summary.contains("set aside: \(missed) rows without a value for every variable"))
    #expect(summary.contains("no estimate for double"))
    #expect(summary.split(separator: "\n").allSatisfy { $0.count <= 78 })
  }

  /// Another plan into the same folder leaves nothing of the first, and nothing of the user's gone.
  @Test func whatAnEarlierRunWroteGoesAndNothingElse() async throws {
    try await withFolder { folder in
      func run(_ text: String) async throws {
        _ = try await AnalysisRun(version: "test").carryOut(
          try #require(SampleStudy.load(text).plan), study: SampleStudy().outline,
          data: SampleStudy().rows, isSimulated: false, into: folder,
          now: Date(timeIntervalSince1970: 0))
      }
      func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: path).path)
      }
      try await run(SampleStudy.plan)
      #expect(exists("figures/course-need.svg") && exists("figures/coefficients-simple.svg"))
      let own = ["notes.txt", "figures/mine.svg", "tables/mine.csv"]
      for path in own { try Data().write(to: folder.appending(path: path)) }
      try await run(
        SampleStudy.plan.replacing("[course, coefficients]", with: "[coefficients]"))
      #expect(!exists("figures/course-need.svg") && !exists("figures/course-need-narrow.tsv"))
      #expect(exists("figures/coefficients-simple.svg"))
      for path in own { #expect(exists(path), "\(path)") }
    }
  }

  /// The list is a file that anyone can change.
  @Test(arguments: [
    "../x", "/etc/passwd", "tables/../../x.csv", "notes.txt", "figures/x.html", "tables", "",
    "tables/.csv", "run.json", "figures/a/b.svg", "tables/A.csv", "tables/a.csv/..",
  ]) func aListNeverLeadsElsewhere(path: String) {
    #expect(!RunFiles.canBeResult(path))
  }

  @Test func consentIsCountedFromItsRecords() throws {
    var rows = SampleStudy().rows
    // One without a record, one who declined the required part, one who changed their mind twice.
    rows.consents.removeAll { $0.pseudonym == "P-1000" }
    for index in rows.consents.indices where rows.consents[index].consent.part == "taking_part" {
      if rows.consents[index].pseudonym == "P-1001" {
        rows.consents[index].consent.isAgreed = false
      }
    }
    for isAgreed in [false, true] {
      var again = try #require(rows.consents.first { $0.pseudonym == "P-1002" })
      again.consent.isAgreed = isAgreed
      rows.consents.append(again)
    }
    let flow = ParticipantFlow(study: SampleStudy().outline, slots: [], data: rows)
    #expect(flow.enrolled == 80 && flow.consented == 78)
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
        from: database, into: folder.appending(path: "export"), formats: ExportFormat.allCases,
        at: Date(timeIntervalSince1970: 0))
      #expect(tables.map(\.rowCount) == [0, 0, 0, 0, 0, 0, 0, 0])
      let files = try FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "export").path)
      let described = [
        "codebook.csv", "datapackage.json", "dataset_description.json", "load.R", "names.csv",
      ]
      let written = tables.flatMap { table in
        ExportFormat.allCases.map { "\(table.name).\($0.rawValue)" }
      }
      #expect(Set(files) == Set(described + written))
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
