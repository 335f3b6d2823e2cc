import Foundation
import Testing

@Suite("instruments, show and score")
struct InstrumentCommandsTests {
  private func json(_ arguments: [String], in folder: URL) throws -> Any {
    let outcome = try Command.run(arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
  }

  @Test("the list says what each measures, how long it takes, and in which languages")
  func list() throws {
    let scratch = try ScratchFolder()
    let list = try #require(json(["instruments", "--json"], in: scratch.url) as? [[String: Any]])
    #expect(list.count >= 22)
    let wisdom = try #require(list.first { $0["id"] as? String == "wisdom-7" })
    #expect(wisdom["items"] as? Int == 7 && wisdom["construct"] as? String == "wisdom")
    #expect(wisdom["languages"] as? [String] == ["en", "ar", "es", "nl"])
    #expect(wisdom["minutes"] as? Int == 1 && wisdom["terms"] != nil)
  }

  @Test("one is shown as text, as a page from right to left, and for programs")
  func show() throws {
    let scratch = try ScratchFolder()
    let text = try Command.run(["show", "wisdom-7"], in: scratch.url)
    #expect(text.output.contains("w2, reversed"))
    let page = try Command.run(["show", "needs-6", "--language", "ar", "--html"], in: scratch.url)
    #expect(page.output.contains("<html lang=\"ar\" dir=\"rtl\">"))
    let shown = try #require(json(["show", "moment", "--json"], in: scratch.url) as? [String: Any])
    let items = try #require(shown["items"] as? [[String: Any]])
    #expect(items.count == 10 && items.first?["type"] as? String == "slider")
    #expect((shown["scores"] as? [Any])?.count == 4)
    let unknown = try Command.run(["show", "wisdom7"], in: scratch.url)
    #expect(unknown.status == 2 && unknown.errors.contains("did you mean wisdom-7?"))
    #expect(try Command.run(["show", "moment", "--language", "es"], in: scratch.url).status == 2)
  }

  @Test(
    "answers in a file are scored row by row, and refused off their scale without a word of them")
  func score() throws {
    let scratch = try ScratchFolder()
    let file = scratch.url.appending(path: "a.csv")
    try Data("id,w1,w2,w3,w4,w5,w6,w7\nx,4,1,5,2,2,1,1\ny,4,1,5,2,2,NA,\n".utf8).write(to: file)
    let rows = try #require(
      json(["score", "wisdom-7", "--answers", "a.csv", "--json"], in: scratch.url)
        as? [[String: Any]])
    let scores = rows.compactMap { $0["scores"] as? [String: Any] }
    #expect(scores.count == 2)
    #expect(scores.first?["wisdom"] as? Double == 4)
    #expect(scores.last?["wisdom"] is NSNull)
    try Data("w1,w2,w3,w4,w5,w6,w7\n4,1,5,2,2,1,739\n".utf8).write(to: file)
    let refused = try Command.run(["score", "wisdom-7", "--answers", "a.csv"], in: scratch.url)
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(refused.errors.contains("row 1: w7 takes a whole number from 1 to 5"))
    #expect(!refused.errors.contains("739"))
  }

  @Test(
    "a file with other separators, an export's column names or codes for missing is scored too",
    arguments: [
      ("w1;w2;w3;w4;w5;w6;w7\n4;1;5;2;2;1;1\n", []),
      ("\"w1\"\t\"w2\"\tw3\tw4\tw5\tw6\tw7\n4\t1\t5\t2\t2\t1\t1\n", []),
      ("wisdom-7.w1,wisdom-7.w2,w3,w4,w5,w6,w7\n4,1,5,2,2,1,1\n", []),
      ("w1,w2,w3,w4,w5,w6,w7\n4,1,5,2,2,-99,.\n", ["--missing=-99", "--missing", "."]),
    ] as [(String, [String])])
  func otherFiles(text: String, options: [String]) throws {
    let scratch = try ScratchFolder()
    try Data(text.utf8).write(to: scratch.url.appending(path: "a.csv"))
    let rows = try json(
      ["score", "wisdom-7", "--answers", "a.csv", "--json"] + options, in: scratch.url)
    let scores = (rows as? [[String: Any]])?.first?["scores"] as? [String: Any]
    if options.isEmpty { #expect(scores?["wisdom"] as? Double == 4) }
    if !options.isEmpty { #expect(scores?["wisdom"] is NSNull) }
  }

  @Test(
    "a file that cannot be scored is told why",
    arguments: [
      (
        "W1,w2,w3,w4,w5,w6,w7\n4,1,5,2,2,1,1\n",
        "the column 'W1' is no item of wisdom-7; did you mean w1?"
      ),
      ("a|b\n1|2\n", "found 'a|b', expected w1, w2, w3, w4, … in the first line, divided by"),
      ("w1,w2\n4,.\n", "Unanswered are empty cells and NA, NaN; --missing names others"),
    ])
  func explained(text: String, error: String) throws {
    let scratch = try ScratchFolder()
    try Data(text.utf8).write(to: scratch.url.appending(path: "a.csv"))
    let outcome = try Command.run(["score", "wisdom-7", "--answers", "a.csv"], in: scratch.url)
    #expect(outcome.status == 1 && outcome.errors.contains(error), "\(outcome.errors)")
  }

  @Test("what is scored by other numbers, moved in steps or checked is shown")
  func details() throws {
    let scratch = try ScratchFolder()
    let file = """
      id: shown
      version: 1.0.0
      title: Shown
      construct: test
      language: en
      recall: now
      wording: original
      items:
        - { id: a, text: A, type: single, options: { 1: x, 2: y }, recode: { 1: 0, 2: 10 } }
        - { id: s, text: S, type: slider, range: [0, 100], step: 5 }
        - { id: c, text: C, type: likert, range: [1, 5] }
      checks: [{ item: c, expect: 2 }]

      """
    try Data(file.utf8).write(to: scratch.url.appending(path: "shown.yaml"))
    let text = try Command.run(["show", "shown.yaml"], in: scratch.url).output
    for words in ["scored 1 as 0, 2 as 10", "in steps of 5", "checks: c is answered by 2"] {
      #expect(text.contains(words), "\(text)")
    }
    let document = try json(["show", "shown.yaml", "--json"], in: scratch.url) as? [String: Any]
    let checks = try #require(document?["checks"] as? [[String: Any]])
    #expect(checks.map { $0["item"] as? String } == ["c"] && checks.first?["expect"] as? Int == 2)
  }

  @Test("categories of an adapted wording wait for somebody to call them exploratory")
  func cutoffs() throws {
    let scratch = try ScratchFolder()
    let names = (1...14).map { $0 < 10 ? "m0\($0)" : "m\($0)" }.joined(separator: ",")
    let text = "\(names)\n4,0,0,4,5,4,0,0,4,5,4,0,0,0\n"
    try Data(text.utf8).write(to: scratch.url.appending(path: "a.csv"))
    let arguments = ["score", "mental-health-14", "--answers", "a.csv", "--json"]
    for (flags, isThere) in [([], false), (["--exploratory-cutoffs"], true)] {
      let rows = try json(arguments + flags, in: scratch.url) as? [[String: Any]]
      let scores = rows?.first?["scores"] as? [String: Any]
      #expect(scores?["emotional"] as? Double == 4)
      #expect((scores?["mental_health"] as? Double == 2) == isThere)
      let reasons = rows?.first?["reasons"] as? [String: String]
      #expect(reasons == (isThere ? [:] : ["mental_health": "not_for_wording"]))
      #expect(rows?.first?["exploratory"] as? [String] == (isThere ? ["mental_health"] : []))
      let table = try Command.run(arguments.dropLast() + flags, in: scratch.url).output
      #expect(table.contains("mental_health: exploratory") == isThere)
      #expect(table.contains("mental_health: not computed for this wording") == !isThere)
    }
  }

  @Test("on paper an earlier answer is a line, and branching, numbers and ends are printed")
  func paper() throws {
    let scratch = try ScratchFolder()
    let goals = try Command.run(["show", "own-goals", "--html"], in: scratch.url)
    #expect(goals.output.split(separator: "Why do you pursue this goal? ____________").count == 4)
    #expect(!goals.output.contains("{{"))
    let unaided = try Command.run(["show", "unaided", "--html"], in: scratch.url)
    #expect(
      unaided.output.contains("____________: how sure are you that you can do this well with an"))
    #expect(unaided.output.contains("<b>0</b> Not at all sure</span><hr>"))
    let evening = try Command.run(["show", "looking-back", "--html"], in: scratch.url).output
    #expect(evening.contains("Only if used == 1:") && evening.contains("<small>again</small>"))
    #expect(evening.contains("☐ <b>1</b>"))
  }
}
