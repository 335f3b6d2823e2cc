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
  }

  @Test func `damaged rows are all reported, and nothing is stored`() async throws {
    let stage = try await Stage()
    let unread = try await Self.mistakes {
      _ = try Self.table(
        """
        id,event,done,a,b,c,d
        17,start,12.13.2026 11:30,4,1,1,2
        17,middle,12.01.2026 11:30,4,1,1,2
        17,start
        ,start,12.01.2026 11:30,4,1,1,2
        """)
    }
    #expect(
      unread.map { $0.prefix { $0 != " " } } == [
        "w.csv:2:3:", "w.csv:3:2:", "w.csv:4:3:", "w.csv:5:1:",
      ])
    let table = try Self.table(
      """
      id,event,done,a,b,c,d
      17,start,12.01.2026 11:30,4,1,1,2
      18,start,12.01.2026 11:30,9,1,1,99
      19,start,12.01.2030 11:30,4,1,1,2
      17,start,12.01.2026 11:31,4,1,1,2
      17,w1,20.01.2026 11:31,4,1,1,2
      """)
    let refused = try await Self.mistakes {
      _ = try await stage.desk.importAnswers(table, isTrial: false, now: Self.later)
    }
    #expect(
      refused.map { $0.prefix { $0 != " " } } == [
        "w.csv:3:4:", "w.csv:3:7:", "w.csv:4:1:", "w.csv:5:1:", "w.csv:6:6:", "w.csv:6:7:",
      ])
    #expect(try await stage.database.read { try $0.participants() }.isEmpty)
    #expect(try await stage.database.verify() == [])
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
      """
    #expect(AnswerMap.load(Array(text.utf8), file: "map.yaml", problems: &problems) == nil)
    #expect(Set(problems.sorted.map(\.place.line)) == [2, 3, 4, 5, 6, 7])
  }
}
