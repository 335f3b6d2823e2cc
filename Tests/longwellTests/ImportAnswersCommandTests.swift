import Foundation
import Testing

@Suite("import-answers")
struct ImportAnswersCommandTests {
  static let map = """
    participant: session
    source: formr
    enrol: { zone: Europe/Amsterdam, agreed: [surveys] }
    occasion: { column: wave, waves: { 1: baseline, 2: followup } }
    date: { column: ended, zone: Europe/Amsterdam }
    missing: [NA]
    items:
      wisdom-7: { w1: a, w2: b, w3: c, w4: d, w5: e, w6: f, w7: g }
    """
  static let rows = """
    session,wave,ended,a,b,c,d,e,f,g
    x1,1,2026-01-12 11:30:00,4,2,5,1,2,3,NA
    x1,2,2026-02-09 18:30:00,4,2,5,1,2,3,1
    x2,1,2026-01-13 11:30:00,1,2,3,4,5,1,2

    """

  private static func file(_ name: String, _ text: String, in scratch: ScratchFolder) throws {
    try Data(text.utf8).write(to: scratch.url.appending(path: name))
  }

  @Test("waves come into a new study: tried first, stored once, marked in what is exported")
  func waves() throws {
    let scratch = try ScratchFolder()
    func longwell(_ arguments: String...) throws -> Command.Outcome {
      try Command.run(arguments, in: scratch.url)
    }
    #expect(try longwell("init", "study").status == 0)
    try Self.file("map.yaml", Self.map, in: scratch)
    try Self.file("waves.csv", Self.rows, in: scratch)
    let data = scratch.url.appending(path: "study/data").path
    let tried = try longwell("import-answers", "study", "waves.csv", "--map", "map.yaml")
    #expect(tried.status == 0 && tried.output.contains("3 sessions with 20 answers"))
    #expect(tried.output.contains("--write") && !FileManager.default.fileExists(atPath: data))

    try Self.file("wrong.csv", Self.rows.replacing(",5,1,2,3,1", with: ",5,1,2,3,9"), in: scratch)
    let wrong = try longwell(
      "import-answers", "study", "wrong.csv", "--map", "map.yaml", "--write")
    #expect(wrong.status == 1 && wrong.errors.contains("wrong.csv:3:10: "))
    #expect(!FileManager.default.fileExists(atPath: data))

    let stored = try longwell(
      "import-answers", "study", "waves.csv", "--map", "map.yaml", "--write")
    #expect(stored.status == 0 && stored.output.contains("x1 is P-"), "\(stored.errors)")
    let again = try longwell(
      "import-answers", "study", "waves.csv", "--map", "map.yaml", "--write", "--json")
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any])
    #expect(document["sessions"] as? Int == 0 && document["repeated"] as? Int == 3)
    #expect(try longwell("verify", "study").status == 0)
    let doctor = try longwell("doctor", "study")
    #expect(doctor.status == 0, "\(doctor.output)")

    #expect(try longwell("export", "study", "--out", "out").status == 0)
    let table = try String(
      contentsOf: scratch.url.appending(path: "out/occasions.csv"), encoding: .utf8)
    let lines = table.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let imported = try #require(lines.first?.firstIndex(of: "imported"))
    #expect(lines.dropFirst().count { $0[imported] == "true" } == 3, "\(table)")
  }
}
