import Definitions
import Foundation
import Studies
import Testing

@testable import Analysis

@Suite struct PlanTests {
  @Test func aWholePlanIsRead() throws {
    let (plan, problems) = SampleStudy.load(SampleStudy.plan)
    #expect(problems.isEmpty)
    let read = try #require(plan)
    #expect(read.columns.map(\.name.value) == ["need", "wave", "week"])
    #expect(read.models.map(\.method) == [.restricted, .full])
    #expect(read.models.map(\.isPrimary) == [true, false])
    var checked = Problems()
    read.check(against: SampleStudy().outline, problems: &checked)
    #expect(checked.isEmpty)
    #expect(read.hash.count == 64)
  }

  /// One change to the good plan, and the place and words of the problem that it makes.
  typealias Change = (old: String, new: String, line: Int, column: Int, words: String)

  static let unreadable: [Change] = [
    ("question: Does it grow faster?\n", "", 1, 1, "question"),
    ("rows: occasion", "rows: participant", 6, 9, "'participant'"),
    ("need: needs-3.need", "need: needs-3.need +", 9, 0, "end"),
    ("need: needs-3.need", "need: lag(need + 1)", 9, 11, "one column or score"),
    ("need: needs-3.need", "need: days_since(4 + 4)", 9, 11, "enrolment or an occasion"),
    ("need: needs-3.need", "arm: needs-3.need", 9, 5, "'arm'"),
    ("need: needs-3.need", "2nd: needs-3.need", 9, 5, "'2nd'"),
    ("need ~ week * arm", "need ~ week * * arm", 15, 0, "*"),
    ("primary: true", "df: satterthwait", 16, 9, "did you mean 'satterthwaite'"),
    ("method: ML", "method: ML\n    df: kenward-roger", 19, 0, "beside ML"),
    ("primary: true", "intervals: profle", 16, 0, "did you mean 'profile'"),
    ("primary: true", "replicates: 500", 16, 0, "intervals: bootstrap"),
    ("primary: true", "residuals: { ar2: wave }", 16, 0, "ar1, car1"),
    ("primary: true", "residuals: { ar1: wave }\n    df: kenward-roger", 17, 0, "cs or un"),
    ("primary: true", "residuals: { ar1: wave }\n    intervals: bootstrap", 17, 0, "profile"),
    ("figures:", "compare: [[growth]]\nfigures:", 22, 11, "two different models"),
    ("figures:", "compare: [[growth, simpel]]\nfigures:", 22, 20, "did you mean 'simple'"),
    ("figures:", "margins: [{ model: growth }]\nfigures:", 22, 0, "at: {"),
    (
      "figures:", "adjust: { family: [slop], method: holm }\nfigures:", 22, 20,
      "did you mean 'slope'"
    ),
    (
      "figures:", "adjust: { family: [slope], method: hlm }\nfigures:", 22, 0, "did you mean 'holm'"
    ),
    ("primary: true", "primary: maybe", 16, 14, "true or false"),
    ("method: ML", "primary: true", 17, 0, "second primary"),
    ("id: simple", "id: growth", 17, 0, "second time"),
    ("id: simple", "id: Simple Model", 17, 0, "lower-case"),
    ("model: growth", "model: grwth", 21, 0, "did you mean 'growth'"),
    ("[course, coefficients]", "[course, coeficients]", 22, 0, "did you mean 'coefficients'"),
    ("describe: { by: arm }", "describe: { by: site }", 12, 0, "'arm'"),
    ("describe: { by: arm }", "descrbe: { by: arm }", 12, 1, "did you mean 'describe'"),
    ("figures:", "trends: { column: need, test: mann-kendal }\nfigures:", 22, 0, "mann-kendall'"),
    ("figures:", "trends: { column: need, by: arm }\nfigures:", 22, 0, "'participant'"),
    ("figures:", "change: { column: need, between: [baseline] }\nfigures:", 22, 0, "1 occasions"),
    (
      "figures:", "change: { column: need, between: [baseline, week.0] }\nfigures:", 22, 0, "week.4"
    ),
    ("figures:", "reliability: [{ alpha: true }]\nfigures:", 22, 0, "score"),
  ]

  @Test(arguments: unreadable) func aBrokenPlanIsRefusedAtItsPlace(change: Change) throws {
    let (plan, problems) = SampleStudy.load(
      SampleStudy.plan.replacing(change.old, with: change.new, maxReplacements: 1))
    #expect(plan == nil)
    let fitting = problems.list.filter { problem in
      (change.column == 0 || problem.place.column == change.column)
        && abs(problem.place.line - change.line) <= 1 && problem.description.contains(change.words)
    }
    #expect(!fitting.isEmpty, "\(problems.list.map(\.description))")
  }

  static let misnamed: [Change] = [
    ("study: sample", "study: smaple", 2, 8, "'sample'"),
    ("[baseline, followup]", "[baseline, folowup]", 7, 25, "did you mean 'followup'"),
    ("need: needs-3.need", "need: needs-3.ned", 9, 11, "did you mean 'needs-3.need'"),
    ("need: needs-3.need", "need: 2 * needs-3.ned", 9, 15, "needs-3.need"),
    ("figures:", "reliability: [{ score: needs-3.ned }]\nfigures:", 22, 0, "'needs-3.need'"),
    ("figures:", "trends: { column: ned }\nfigures:", 22, 19, "did you mean 'need'"),
    ("figures:", "trends: { column: need, time: arm }\nfigures:", 22, 31, "numbers"),
    (
      "figures:", "change: { column: need, between: [baseline, followup.3] }\nfigures:", 22, 0,
      "from 1 to 2"
    ),
    (
      "figures:", "change: { column: wave, between: [baseline, followup.2] }\nfigures:", 22, 0,
      "a reliability as a number"
    ),
    ("need: needs-3.need", "need: lag(needs-3.ned)", 9, 15, "did you mean 'needs-3.need'"),
    ("need: needs-3.need", "need: within(arm)", 9, 18, "'arm'"),
    ("need: needs-3.need", "need: days_since(basline)", 9, 22, "did you mean 'baseline'"),
    ("need ~ week * arm", "need ~ lag(need) * arm", 15, 0, "a column of the table"),
    ("primary: true", "residuals: { ar1: wav }", 16, 23, "did you mean 'wave'"),
    ("figures:", "margins: [{ model: growth, at: { arm: [0, 1] } }]\nfigures:", 22, 0, "arm: all"),
    ("figures:", "margins: [{ model: growth, slopes: arm }]\nfigures:", 22, 36, "a number"),
    ("figures:", "margins: [{ model: growth, at: { weak: [0] } }]\nfigures:", 22, 34, "'week'"),
    ("need ~ week * arm", "need ~ weak * arm", 15, 21, "did you mean 'week'"),
    ("need ~ week * arm", "need ~ week * arm + age", 15, 0, "'age'"),
    ("arm[supportive]", "arm[suportive]", 21, 0, "did you mean 'supportive'"),
    ("arm[supportive]", "arm[usual]", 21, 0, "other than the first"),
    ("week:arm[supportive]", "weak:arm[supportive]", 21, 0, "did you mean 'week'"),
    ("week:arm[supportive]", "week:arm[", 21, 0, "coefficient"),
  ]

  @Test(arguments: misnamed) func aNameTheStudyLacksIsReportedWithTheNearest(change: Change) throws
  {
    let (plan, problems) = SampleStudy.load(
      SampleStudy.plan.replacing(change.old, with: change.new, maxReplacements: 1))
    var checked = problems
    try #require(plan).check(against: SampleStudy().outline, problems: &checked)
    let fitting = checked.list.filter { problem in
      (change.column == 0 || problem.place.column == change.column)
        && abs(problem.place.line - change.line) <= 1 && problem.description.contains(change.words)
    }
    #expect(!fitting.isEmpty, "\(checked.list.map(\.description))")
  }

  /// What is wrong with one field hides nothing that is wrong with another.
  @Test func aBadFieldHidesNoUnknownName() {
    let text = SampleStudy.plan
      .replacing("rows: occasion", with: "rows: participant")
      .replacing("question: Does it grow faster?\n", with: "")
      .replacing("[baseline, followup]", with: "[baseline, folowup]")
      .replacing("wave: index", with: "wave: index +\n    other: needs-3.ned")
      .replacing("need ~ week * arm", with: "need ~ weak * arm + wave")
    var problems = Problems()
    let plan = AnalysisPlan.load(
      Array(text.utf8), file: "plan.yaml", checkedAgainst: SampleStudy().outline,
      problems: &problems)
    #expect(plan == nil)
    let found = problems.list.map(\.description)
    for words in ["'participant'", "question", "'followup'", "'needs-3.need'", "'week'"] {
      #expect(found.contains { $0.contains(words) }, "\(words): \(found)")
    }
    // A column that does not read is still a column.
    #expect(!found.contains { $0.contains("the variable 'wave'") })
  }

  @Test func aPlanWithoutItsStudySaysThatNamesWereNotChecked() throws {
    var problems = Problems()
    let plan = AnalysisPlan.load(
      Array(SampleStudy.plan.utf8), file: "plan.yaml", checkedAgainst: nil, problems: &problems)
    #expect(plan != nil && problems.errorCount == 0)
    #expect(problems.list.map(\.severity) == [.warning])
    #expect(problems.list.first?.description.contains("names were not checked") == true)
  }

  @Test(arguments: [
    "", "\t", "a", "[]", "id: 1", "table: 3", "models: {}", "\u{0}\u{1}", "&a [*a]",
  ])
  func nothingIsATrap(text: String) {
    let (plan, problems) = SampleStudy.load(text)
    #expect(plan == nil)
    #expect(problems.hasErrors)
  }

  /// The good plan with bytes changed, removed and doubled by a seeded generator.
  @Test func randomDamageIsNeverATrap() {
    var random = SeededGenerator(seed: 11)
    let alphabet = Array(" \t\n:[]{}&*!|>'\"#-,~()+".utf8) + [0, 0x80, 0xFF, 0x31, 0x61]
    for _ in 0..<300 {
      var bytes = Array(SampleStudy.plan.utf8)
      for _ in 0..<Int(1 + random.below(6)) {
        let place = Int(random.below(UInt64(bytes.count)))
        switch random.below(3) {
        case 0: bytes[place] = alphabet[Int(random.below(UInt64(alphabet.count)))]
        case 1: bytes.remove(at: place)
        default: bytes.insert(alphabet[Int(random.below(UInt64(alphabet.count)))], at: place)
        }
      }
      var problems = Problems()
      let plan = AnalysisPlan.load(bytes, file: "plan.yaml", problems: &problems)
      plan?.check(against: SampleStudy().outline, problems: &problems)
      #expect(plan != nil || problems.hasErrors)
    }
  }

  @Test(arguments: [
    "quickstart", "flourishing-panel", "companion-rct", "moments", "fading-scaffold",
  ]) func theShippedPlanFitsTheShippedStudy(name: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    var problems = Problems()
    let folder = StudyFolder.load(
      directory: root.appending(path: "studies/\(name)"), problems: &problems)
    let bytes = [UInt8](
      try Data(contentsOf: root.appending(path: "analysis/\(name).yaml")))
    let plan = AnalysisPlan.load(bytes, file: "\(name).yaml", problems: &problems)
    try #require(plan).check(against: StudyOutline(try #require(folder)), problems: &problems)
    // The study's consent text is a template with placeholders, each a warning.
    #expect(problems.list.filter { $0.severity == .error }.map(\.description) == [])
  }
}
