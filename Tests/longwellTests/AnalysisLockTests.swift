import Foundation
import Testing

@Suite("Locking a plan as its users meet it")
struct AnalysisLockTests {
  @Test("a plan is locked once, before the data, and the report says what became of it")
  func walk() throws {
    let scratch = try ScratchFolder()
    func run(_ arguments: String...) throws -> Command.Outcome {
      let outcome = try Command.run(arguments, in: scratch.url)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome
    }
    _ = try run("init", "study")
    let plan = "study/analysis/quickstart.yaml"
    _ = try run("simulate", "study", "--participants", "8", "--seed", "1")
    let locked = try run("analysis", "lock", plan, "--study", "study")
    #expect(locked.output.contains("Locked quickstart, "))
    #expect(locked.output.contains("8 people enrolled"))
    let again = try run("analysis", "lock", plan, "--study", "study", "--json")
    #expect(again.output.contains("\"is_new\" : false"))
    #expect(try run("verify", "study").status == 0)

    _ = try run("analyse", plan, "--study", "study", "--out", "results")
    func report() throws -> String {
      try String(
        contentsOf: scratch.url.appending(path: "results/report.html"), encoding: .utf8)
    }
    #expect(try report().contains("<strong>Locked.</strong>"))
    let file = scratch.url.appending(path: plan)
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacing("question:", with: "question: Or:", maxReplacements: 1)
      .replacing("question: Or: ", with: "question: Or ")
      .write(to: file, atomically: true, encoding: .utf8)
    _ = try run("analyse", plan, "--study", "study", "--out", "results")
    #expect(try report().contains("<strong>Locked, and changed since.</strong>"))
    #expect(try report().contains("changed: question"))

    try "id: quickstart\n".write(to: file, atomically: true, encoding: .utf8)
    let wrong = try Command.run(["analysis", "lock", plan, "--study", "study"], in: scratch.url)
    #expect(wrong.status != 0 && wrong.errors.contains("study"))
  }
}
