import Definitions
import Foundation
import Instruments
import Studies
import Testing

@testable import Rehearsal

@Suite("The simulation file")
struct SimulationPlanTests {
  static let text = """
    enrolment: { from: "2027-01-11T08:00", days: 14, zones: [Europe/Amsterdam, Africa/Accra] }
    behaviour: { misses: 0.1, breaks_off: 0.05, leaves: 0.05, leaves_blank: 0.02 }
    courses:
      - score: wisdom-7.wisdom
        start: 3
        per_week: 0.02
        arms: { supportive: 0.05 }
        deviations: { start: 0.3, per_week: 0.01, occasion: 0.1, item: 0.5 }

    """

  static func load(_ text: String) throws -> (plan: SimulationPlan?, problems: Problems) {
    var problems = Problems()
    let folder = try quickstart()
    let plan = SimulationPlan.load(
      Array(text.utf8), file: "simulation.yaml", folder: folder, problems: &problems)
    return (plan, problems)
  }

  static func quickstart() throws -> StudyFolder {
    let folder = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "studies/quickstart")
    var problems = Problems()
    return try #require(StudyFolder.load(directory: folder, problems: &problems))
  }

  @Test("the quickstart's own file is right")
  func shipped() throws {
    let file = try #require(EmbeddedFile.at("studies/quickstart/simulation.yaml"))
    let (plan, problems) = try Self.load(String(decoding: file.bytes, as: UTF8.self))
    #expect(problems.isEmpty)
    #expect(try #require(plan).courses.count == 8)
  }

  @Test("a right file gives what it says")
  func right() throws {
    let plan = try #require(try Self.load(Self.text).plan)
    #expect(plan.enrolment.from == Date(timeIntervalSince1970: 1_799_654_400))
    #expect(
      plan.enrolment.zones["main"]?.map(\.identifier) == ["Europe/Amsterdam", "Africa/Accra"])
    #expect(plan.enrolment.languages == ["main": ["en"]])
    #expect(plan.behaviour.misses == 0.1)
    let course = try #require(plan.courses.first)
    #expect(course.items == ["w1", "w2", "w3", "w4", "w5", "w6", "w7"])
    #expect(course.slopeByArm == ["supportive": 0.05])
  }

  @Test(
    "a mistake is reported at its line",
    arguments: [
      ("misses: 0.1", "misses: 1.1", 2, "1.1"),
      ("days: 14", "days: 0", 1, "0"),
      ("2027-01-11T08:00", "Monday", 1, "Monday"),
      ("Africa/Accra", "Africa/Acra", 1, "Africa/Acra"),
      ("wisdom-7.wisdom", "wisdom-7.wisdon", 4, "wisdom-7.wisdon"),
      ("supportive: 0.05", "suportive: 0.05", 7, "suportive"),
      ("start: 3\n", "start: three\n", 5, "three"),
      ("item: 0.5", "item: -1", 8, "-1"),
      ("courses:", "course:", 3, "course"),
    ])
  func mistake(old: String, new: String, line: Int, found: String) throws {
    let (plan, problems) = try Self.load(Self.text.replacing(old, with: new))
    #expect(plan == nil)
    #expect(
      problems.sorted.contains { $0.place.line == line && $0.found.contains(found) },
      "\(problems.sorted.map(\.description))")
  }

  @Test("two courses may not move one item")
  func sharedItem() throws {
    let course = Self.text.split(separator: "courses:\n")[1]
    let (plan, problems) = try Self.load(Self.text + course)
    #expect(plan == nil)
    #expect(problems.sorted.contains { $0.found.contains("w1") && $0.place.line == 9 })
  }

  @Test("everything that may be stated is read")
  func complete() throws {
    let (loaded, problems) = try Stage().plan()
    #expect(problems.isEmpty)
    let plan = try #require(loaded)
    #expect(plan.enrolment.zones["south"]?.map(\.identifier) == ["Africa/Accra", "Asia/Tokyo"])
    #expect(plan.enrolment.languages == ["north": ["en"], "south": ["en"]])
    #expect(plan.behaviour.missesByState?.course == 0)
    #expect(plan.behaviour.missesByState?.logOdds == -0.8)
    #expect(plan.behaviour.travels?.zones.map(\.identifier) == ["America/New_York"])
    #expect(plan.behaviour.pauses?.days == 2)
    #expect(plan.behaviour.opensEvents == 0.4)
    #expect(plan.use?.shiftByArm == ["less": -0.5])
    #expect(plan.use?.reports.first?.minutes == "minutes")
    let course = try #require(plan.courses.first)
    #expect(course.startBySite == ["south": 5] && course.shiftByPhase == ["second": -3])
    #expect(course.use?.within == -4 && course.autocorrelation == 0.4)
  }

  @Test(
    "a mistake in what may be stated is reported with what would be right",
    arguments: [
      ("south: [Africa/Accra, Asia/Tokyo]", "south: [Asia/Tokio]", "Asia/Tokyo"),
      ("north: [Europe/Amsterdam], south", "nord: [Europe/Amsterdam], south", "north"),
      ("{ north: [en], south: en }", "[en, nl]", "'nl'"),
      ("course: state.mood, log", "course: state.moods, log", "state.mood"),
      ("to: [America/New_York]", "to: []", "no time zone"),
      ("per_week: 0.3, days", "per_week: 1.3, days", "1.3"),
      ("arms: { less: -0.5 }", "arms: { lest: -0.5 }", "less"),
      ("phases: { second: 0.2 }", "phases: { third: 0.2 }", "third"),
      ("used: state.used", "used: state.s1", "options 0 and 1"),
      ("minutes: state.minutes", "minutes: state.check", "takes a number"),
      ("autocorrelation: 0.4", "autocorrelation: 1", "1"),
      ("score: state.mood", "item: state.mood", "whose answer is a number"),
      ("deviation: 1 }", "deviation: 1, spread: 2 }", "spread"),
    ])
  func mistakes(old: String, new: String, expected: String) throws {
    let text = Stage.simulation.replacing(old, with: new)
    #expect(text != Stage.simulation)
    let (plan, problems) = try Stage().plan(text)
    #expect(plan == nil)
    #expect(
      problems.sorted.contains { $0.description.contains(expected) && $0.place.line > 0 },
      "\(problems.sorted.map(\.description))")
  }

  @Test("a course that depends on use needs use, and one that follows another comes after it")
  func order() throws {
    let parts = Stage.simulation.split(separator: "use:\n  conversations", maxSplits: 1)
    let courses = try #require(Stage.simulation.split(separator: "\ncourses:").last)
    let (without, problems) = try Stage().plan("\(parts[0])courses:\(courses)")
    #expect(without == nil)
    #expect(problems.sorted.contains { $0.found.contains("depends on use") })
    let text = Stage.simulation.replacing(
      "autocorrelation: 0.4", with: "follows: { course: state.mood, slope: 1 }")
    let (circular, more) = try Stage().plan(text)
    #expect(circular == nil)
    #expect(more.sorted.contains { $0.expected.contains("stands before") })
  }
}
