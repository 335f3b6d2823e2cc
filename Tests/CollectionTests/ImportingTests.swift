import Collection
import Definitions
import Foundation
import Instruments
import Storage
import Testing

@Suite("answers from elsewhere")
struct ImportingTests {
  static let map = """
    source: redcap
    participant: id
    enrol: { zone: Europe/Amsterdam, agreed: [surveys] }
    occasion: { column: event, waves: { start: baseline, w1: week, w2: week 2, other: } }
    date: { column: done, format: "dd.MM.yyyy HH:mm", zone: Europe/Amsterdam }
    missing: [-9]
    items:
      mood: { m1: a, m2: { column: b, recode: { tired: 5 } } }
      use: { used: c, hours: d }
    """
  static let rows = """
    id,event,done,a,b,c,d,who
    17,start,12.01.2026 11:30,4,tired,1,2.5,x
    17,w1,22.01.2026 08:00,5.0,-9,,,x

    18,start,13.01.2026 09:00,2,1,0,7,"x
    y"
    18,other,13.01.2026 09:00,2,1,0,7,x
    18,w1,,-9,,,,x
    """
  static let later = Stage.after(hours: 24 * 60)

  static func table(_ rows: String = rows, map text: String = map) throws -> AnswerTable {
    var problems = Problems()
    let read = AnswerMap.load(Array(text.utf8), file: "map.yaml", problems: &problems)
    let map = try #require(read, "\(problems.list)")
    guard
      let table = AnswerTable.load(Array(rows.utf8), file: "w.csv", map: map, problems: &problems)
    else { throw problems }
    return table
  }

  static func mistakes(_ body: () async throws -> Void) async throws -> [String] {
    do { try await body() } catch let problems as Problems {
      return problems.sorted.map(\.description)
    }
    return []
  }

  @Test func `rows become submitted sessions with dates and scores, once`() async throws {
    let stage = try await Stage()
    let table = try Self.table()
    let trial = try await stage.desk.importAnswers(table, isTrial: true, now: Self.later)
    #expect(try await stage.database.read { try $0.participants() }.isEmpty)
    let done = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    #expect(done == trial)
    #expect(done.enrolled.map(\.source) == ["17", "18"])
    #expect(done.sessions == 3 && done.answers == 9 && done.hidden == 1)
    #expect(done.repeated == 0 && done.emptyRows == 2)
    let rows = try await stage.database.read { try $0.occasionRows() }.filter(\.isImported)
    #expect(rows.map(\.occasion.state) == [.submitted, .submitted, .submitted])
    let moment = Date(timeIntervalSince1970: 1_768_213_800)  // 2026-01-12T10:30Z
    #expect(rows.contains { $0.submitted == moment && $0.begun == moment && !$0.isLate })
    let scores = try await stage.database.read { try $0.scoreRows() }
    let mood = scores.filter { $0.score.name == "mood" }.compactMap(\.score.value)
    #expect(mood.sorted() == [2.5, 3.5, 5])
    // 18 did not use an assistant: the hours are kept and not scored.
    let hours = scores.filter { $0.score.name == "hours_used" }.map(\.score.value)
    #expect(hours.compactMap(\.self) == [2.5])
    #expect(try await stage.database.verify() == [])
    let findings = try await stage.desk.examine(now: Self.later, channels: [])
    #expect(findings.isEmpty, "\(findings)")
    let again = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    #expect(again.repeated == 3 && again.sessions == 0 && again.enrolled.isEmpty)
    #expect(try await stage.database.verify() == [])
  }

  // MARK: Other programs' shapes

  /// REDCap's raw export: events, repetitions, ticked boxes, codes for what is missing, ISO dates.
  static let redcapMap = """
    source: redcap
    participant: record_id
    enrol: { zone: { column: tz }, site: { column: site }, agreed: [surveys] }
    occasion:
      column: redcap_event_name
      number: redcap_repeat_instance
      waves: { start_arm_1: baseline, follow_arm_1: week, admin_arm_1: }
    date: { column: mood_timestamp, zone: { column: tz } }
    missing: ["-99", "[not completed]"]
    items:
      mood: { m1: mood_1, m2: mood_2 }
      habits:
        kinds: { boxes: { 1: kinds___1, 2: kinds___2, 9: kinds____9 } }
        since: since
        wakes: wakes
        weight: { column: weight, missing: ["0"] }
    """
  static let redcapRows = """
    \u{FEFF}"record_id","redcap_event_name","redcap_repeat_instance","tz","site","mood_timestamp",\
    "mood_1","mood_2","kinds___1","kinds___2","kinds____9","since","wakes","weight"
    "a-1","start_arm_1","","Europe/Amsterdam","leiden","2026-01-12 11:30:05",4,-99,1,1,0,2019-05-01,07:05,70.5
    "a-1","admin_arm_1","","Europe/Amsterdam","leiden","[not completed]",,,0,0,0,,,
    "a-1","follow_arm_1",1,"Europe/Amsterdam","leiden","2026-01-22 08:00",3,2,,,,,,
    "a-1","follow_arm_1",3,"Europe/Amsterdam","leiden","2026-02-05 08:00",2,2,,,,,,
    "b-1","start_arm_1","","Africa/Accra","accra","2026-01-12 11:30:05",1,5,0,0,0,,23:59:00,0
    """

  @Test func `a REDCap export with events, repetitions and ticked boxes comes in`() async throws {
    let stage = try await Stage(fixture: "elsewhere")
    let table = try Self.table(Self.redcapRows, map: Self.redcapMap)
    let done = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    #expect(done.sessions == 4 && done.answers == 12 && done.emptyRows == 1)
    let rows = try await stage.database.read { try $0.occasionRows() }.filter(\.isImported)
    #expect(
      rows.map { "\($0.occasion.plan) \($0.occasion.index)" }.sorted() == [
        "baseline 0", "baseline 0", "week 0", "week 2",
      ])
    // The same clocks, an hour apart: each by the zone of its row.
    let moments = rows.filter { $0.occasion.plan == "baseline" }.compactMap(\.submitted).sorted()
    #expect(moments.map(\.timeIntervalSince1970) == [1_768_213_805, 1_768_217_405])
    let people = try await stage.database.read { try $0.participants() }
    #expect(
      Set(people.map { "\($0.site) \($0.zone)" }) == [
        "leiden Europe/Amsterdam", "accra Africa/Accra",
      ])
    let responses = try await stage.database.read { try $0.responseRows() }
    let texts = responses.compactMap { row -> String? in
      if case .text(let text) = row.response.answer { text } else { nil }
    }
    #expect(texts.sorted() == ["07:05", "2019-05-01", "23:59", "[1,2]"])
    #expect(try await stage.database.verify() == [])
    #expect(try await stage.desk.examine(now: Self.later, channels: []).isEmpty)
  }

  /// A formr table opened and saved by a continental spreadsheet: semicolons, commas, its own dates,
  /// several waves in a row.
  static let wideMap = """
    source: formr
    participant: session
    enrol: { zone: Europe/Berlin, site: leiden, agreed: [surveys] }
    occasion: { waves: { t1: baseline, t2: week 1, t3: week 2 } }
    date: { column: "ended_{wave}", format: d.M.yyyy H:mm, zone: Europe/Berlin }
    delimiter: ";"
    decimal: ","
    missing: [NA]
    items:
      mood: { m1: "{wave}_well", m2: "{wave}_tired" }
      habits:
        kinds: "{wave}_kinds"
        since: { column: "{wave}_since", format: dd.MM.yyyy }
        weight: "{wave}_weight"
    """
  static let wideRows = """
    session;ended_t1;t1_well;t1_tired;t1_kinds;t1_since;t1_weight;ended_t2;t2_well;t2_tired;ended_t3;t3_well;t3_tired
    XyZ_9;12.1.2026 9:05;4;2;"1, 3";01.05.2019;70,5;22.01.2026 10:00;5;NA;NA;NA;NA
    pQ-1;13.1.2026 10:05;4,0;2;9;NA;NA;;;;5.2.2026 10:00;1;1
    """

  @Test func `a wide table gives each wave its columns`() async throws {
    let stage = try await Stage(fixture: "elsewhere")
    let table = try Self.table(Self.wideRows, map: Self.wideMap)
    let done = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    #expect(done.sessions == 4 && done.answers == 11 && done.emptyRows == 2)
    let rows = try await stage.database.read { try $0.occasionRows() }.filter(\.isImported)
    #expect(
      rows.map { "\($0.occasion.plan) \($0.occasion.index)" }.sorted() == [
        "baseline 0", "baseline 0", "week 0", "week 1",
      ])
    let kilograms = try await stage.database.read { try $0.scoreRows() }
      .filter { $0.score.name == "kilograms" }.compactMap(\.score.value)
    #expect(kilograms == [70.5])
    #expect(try await stage.database.verify() == [])
  }

  @Test func `a wide table that lacks one column of a wave is refused, with its name`()
    async throws
  {
    let rows = Self.wideRows.replacing("t2_tired", with: "t2_tred")
    let refused = try await Self.mistakes { _ = try Self.table(rows, map: Self.wideMap) }
    #expect(refused.count == 1 && refused[0].contains("t2_tired"))
  }

  @Test(arguments: [
    (1, ""), (2, "strat_arm_1"), (3, "0"), (4, "Europe/Amsterdm"), (5, "leidn"),
    (6, "12.01.2026"), (7, "6"), (8, "x"), (9, "yes"), (9, "1,9"), (12, "01.05.2019"),
    (13, "25:05"), (14, "301"),
  ])
  func `a damaged cell is reported at its place, without what it holds where it is an answer`(
    number: Int, damage: String
  ) async throws {
    let stage = try await Stage(fixture: "elsewhere")
    var cells = [
      "a-2", "start_arm_1", "", "Africa/Accra", "accra", "2026-01-12 12:00", "4", "1", "1", "0",
      "0", "2019-05-01", "07:05", "70",
    ]
    let header = Self.redcapRows.split(separator: "\n")[0]
    // None of the above and one of the above: the boxes together are off their scale.
    if damage == "1,9" { cells[10] = "1" } else { cells[number - 1] = damage }
    let rows = "\(header)\n\(cells.joined(separator: ","))\n"
    let found = try await Self.mistakes {
      let table = try Self.table(rows, map: Self.redcapMap)
      _ = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    }
    // Whom the study refuses is reported where the row says who it is.
    let place = number == 5 ? 1 : number
    #expect(found.count == 1 && found[0].hasPrefix("w.csv:2:\(place): "), "\(found)")
    if number > 6 { #expect(!found.contains { $0.contains("\"\(damage)\"") }) }
    #expect(try await stage.database.read { try $0.participants() }.isEmpty)
  }

  @Test(arguments: [
    (nil, "2026-01-12", "Africa/Accra", "2026-01-12T12:00:00Z"),
    (nil, "2026-01-12T09:05", "Asia/Kathmandu", "2026-01-12T03:20:00Z"),
    (nil, "2026-01-12 09:05:07", "Europe/Berlin", "2026-01-12T08:05:07Z"),
    (nil, "2026-01-12T09:05:00-05:00", "Europe/Berlin", "2026-01-12T14:05:00Z"),
    ("M/d/yyyy h:mm a", "1/12/2026 12:05 am", "Africa/Accra", "2026-01-12T00:05:00Z"),
    ("M/d/yyyy h:mm a", "01/12/2026 1:05 PM", "Africa/Accra", "2026-01-12T13:05:00Z"),
    ("dd.MM.yyyy", "12.01.2026", "Europe/Berlin", "2026-01-12T11:00:00Z"),
    ("yyyy/MM/dd HH:mm:ss", "2026/01/12 09:05:07", "Africa/Accra", "2026-01-12T09:05:07Z"),
  ])
  func `dates are read as the map says, by the clocks of its zone`(
    format: String?, cell: String, zone: String, expected: String
  ) async throws {
    let stage = try await Stage()
    let layout = format.map { "format: \"\($0)\"," } ?? ""
    let map = """
      participant: id
      enrol: { zone: Africa/Accra, agreed: [surveys] }
      occasion: baseline
      date: { column: done, \(layout) zone: \(zone) }
      items: { mood: { m1: a } }
      """
    let table = try Self.table("id,done,a\n17,\(cell),4\n", map: map)
    _ = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    let row = try await stage.database.read { try $0.occasionRows() }.first(where: \.isImported)
    #expect(row?.submitted == ISO8601DateFormatter().date(from: expected))
  }

  @Test func `what was brought in is in the chain`() async throws {
    guard Stage.canTamper else { return }
    let stage = try await Stage()
    _ = try await stage.desk.importAnswers(try Self.table(), isTrial: false, now: Self.later)
    try stage.tamper("UPDATE sessions SET imported_at = NULL")
    #expect(try await !stage.database.verify().isEmpty)
  }

  @Test func `damaged rows are all reported, and nothing is stored`() async throws {
    let stage = try await Stage()
    // In one go: also the answers of rows that nobody gave, or at no known time, or for the second time.
    let table = try Self.table(
      """
      id,event,done,a,b,c,d
      17,start,12.01.2026 11:30,4,1,1,2
      18,start,12.01.2026 11:30,9,1,1,99
      19,start,12.01.2030 11:30,4,9,1,2
      17,start,12.01.2026 11:31,4,1,8,2
      17,w1,20.01.2026 11:31,4,1,1,2
      20,start,12.13.2026 11:30,9,1,1,2
      20,middle,12.01.2026 11:30,9,1,1,2
      20,start
      ,start,,9,1,1,2
      """)
    let refused = try await Self.mistakes {
      _ = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    }
    #expect(
      refused.map { $0.prefix { $0 != " " } } == [
        "w.csv:3:4:", "w.csv:3:7:", "w.csv:4:1:", "w.csv:4:5:", "w.csv:5:1:", "w.csv:5:6:",
        "w.csv:6:6:", "w.csv:6:7:", "w.csv:7:3:", "w.csv:7:4:", "w.csv:8:2:", "w.csv:8:4:",
        "w.csv:9:3:", "w.csv:10:1:", "w.csv:10:3:", "w.csv:10:4:",
      ])
    #expect(try await stage.database.read { try $0.participants() }.isEmpty)
    #expect(try await stage.database.verify() == [])
  }

  @Test func `what a map names and the study does not ask is said once`() async throws {
    let stage = try await Stage()
    let table = try Self.table(map: Self.map.replacing("m1: a", with: "zz: a"))
    let refused = try await Self.mistakes {
      _ = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    }
    #expect(refused.count == 1 && refused[0].contains("'zz' of 'mood'"), "\(refused)")
  }

  @Test func `sessions that were not finished are refused, left out or dated otherwise`()
    async throws
  {
    let rows = """
      session,created,ended,a,b
      17,12.01.2026 11:30,12.01.2026 11:40,4,1
      18,13.01.2026 09:00,,2,
      """
    func map(_ date: String) -> String {
      """
      source: formr
      participant: session
      enrol: { zone: Europe/Amsterdam, agreed: [surveys] }
      occasion: baseline
      date: { \(date), format: "dd.MM.yyyy HH:mm", zone: Europe/Amsterdam }
      items:
        mood: { m1: a, m2: b }
      """
    }
    func done(_ date: String) async throws -> AnswerImport {
      let stage = try await Stage()
      return try await stage.desk.importAnswers(
        try Self.table(rows, map: map(date)), isTrial: false, now: Self.later)
    }
    let refused = try await Self.mistakes { _ = try await done("column: ended") }
    #expect(refused.count == 1 && refused[0].contains("unfinished: skip"), "\(refused)")
    let skipped = try await done("column: ended, unfinished: skip")
    #expect(skipped.sessions == 1 && skipped.unfinishedRows == 1 && skipped.enrolled.count == 1)
    let dated = try await done("column: [ended, created]")
    #expect(dated.sessions == 2 && dated.unfinishedRows == 0)
  }

  @Test func `what was answered here, or differs from before, is refused`() async throws {
    let stage = try await Stage()
    let here = try await stage.randomised()
    let table = try Self.table(
      """
      id,event,done,a,b,c,d
      \(here),start,12.01.2026 11:30,4,1,1,2
      """)
    let refused = try await Self.mistakes {
      _ = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    }
    #expect(refused.count == 1 && refused[0].contains("answered in the study"))
    _ = try await stage.desk.importAnswers(try Self.table(), isTrial: false, now: Self.later)
    let changed = Self.rows.replacing("30,4,tired", with: "30,3,tired")
    let differing = try await Self.mistakes {
      _ = try await stage.desk.importAnswers(
        try Self.table(changed), isTrial: false, now: Self.later)
    }
    #expect(differing.count == 1 && differing[0].contains("brought in before"))
  }

  @Test func `a missed occasion of somebody in the study takes answers from elsewhere`()
    async throws
  {
    let stage = try await Stage()
    let here = try await stage.enrol()
    try await stage.desk.closeExpired(now: Self.later)
    let missed = try await stage.occasion("baseline", of: here)
    #expect(missed.state == .missed)
    let table = try Self.table(
      "id,event,done,a,b,c,d\n\(here),start,01.02.2026 11:30,4,1,1,2\n")
    let done = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    #expect(done.sessions == 1 && done.enrolled.isEmpty)
    #expect(try await stage.occasion("baseline", of: here).state == .submitted)
    #expect(try await stage.database.verify() == [])
    #expect(try await stage.desk.examine(now: Self.later, channels: []).isEmpty)
    let people = Self.map.replacing(
      "enrol: { zone: Europe/Amsterdam, agreed: [surveys] }\n", with: "")
    let stranger = try await Self.mistakes {
      let table = try Self.table(Self.rows, map: people)
      _ = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    }
    #expect(stranger.count == 3 && stranger.allSatisfy { $0.contains("not in the study") })
  }

  @Test func `every mistake of a map is reported`() {
    var problems = Problems()
    let text = """
      participant: id
      enrol: { zone: Europe/Amsterdm, agreed: [surveys] }
      occasion: week none
      date: { column: done, format: "dd.MM.yy", zone: Europe/Amsterdam }
      delimiter: "|"
      itms: {}
      items: { mood: { m1: { colum: a } } }
      decimal: "'"
      """
    #expect(AnswerMap.load(Array(text.utf8), file: "map.yaml", problems: &problems) == nil)
    #expect(Set(problems.sorted.map(\.place.line)) == [2, 3, 4, 5, 6, 7, 8])
  }

  @Test func `a map of a wide table says the wave in each name`() {
    var problems = Problems()
    let text = """
      participant: id
      occasion: { waves: { 1: baseline } }
      date: { column: done, zone: Europe/Amsterdam }
      items:
        mood:
          m1: a
          m2: "b{wave}"
      """
    #expect(AnswerMap.load(Array(text.utf8), file: "map.yaml", problems: &problems) == nil)
    #expect(problems.sorted.map(\.place.line) == [3, 6])
  }

  @Test(arguments: [
    "dd.MM.yy", "MM-dd", "yyyy-MM-dd-dd", "yyyy-MM-dd h:mm", "yyyy-MM-dd HH:mm a", "yyyy-MM-dd x",
    "", "yyyyy-MM-dd", "yyyy-MM-dd 1",
  ])
  func `a format that cannot say a date is refused`(format: String) {
    var problems = Problems()
    let text = """
      participant: id
      occasion: baseline
      date: { column: done, format: "\(format)", zone: Europe/Amsterdam }
      items: { mood: { m1: a } }
      """
    #expect(AnswerMap.load(Array(text.utf8), file: "map.yaml", problems: &problems) == nil)
    #expect(problems.sorted.map(\.place.line) == [3])
  }
}
