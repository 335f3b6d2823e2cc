import Foundation
import Testing

@Suite("power and demo")
struct PowerCommandTests {
  private struct Document: Decodable {
    struct Measure: Decodable { var value, lower, upper: Double }
    struct Row: Decodable {
      var participants: Int
      var term: String
      var effect: Double
      var power, typeOneError, bias, coverage: Measure
      var fitted: Int

      enum CodingKeys: String, CodingKey {
        case participants, term, effect, power, bias, coverage, fitted
        case typeOneError = "type_1_error"
      }
    }

    var model: String
    var response: String
    var replicates: Int
    var rows: [Row]
  }

  @Test("power has a row for each number of people, with intervals, in words and as JSON")
  func power() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    let arguments = [
      "power", "study", "study/analysis/quickstart.yaml", "--effect", "week:arm[supportive]=0.1",
      "--participants", "20,40", "--replicates", "10",
    ]
    let json = try Command.run(arguments + ["--json"], in: scratch.url)
    #expect(json.status == 0, "\(json.errors)")
    let document = try JSONDecoder().decode(Document.self, from: Data(json.output.utf8))
    #expect(document.model == "growth" && document.replicates == 10)
    #expect(document.rows.map(\.participants) == [20, 40])
    for row in document.rows {
      #expect(row.term == "week:arm[supportive]" && row.effect == 0.1 && row.fitted > 0)
      #expect(row.power.lower <= row.power.value && row.power.value <= row.power.upper)
      #expect((0...1).contains(row.typeOneError.value) && row.bias.lower < row.bias.upper)
    }
    let again = try Command.run(arguments + ["--json"], in: scratch.url)
    #expect(again.output == json.output)
    let words = try Command.run(arguments, in: scratch.url)
    #expect(words.output.contains("type I error") && words.output.contains("10 replicates, seed 1"))
  }

  @Test(
    "what is wrong with the question is said",
    arguments: [
      (["--effect", "weak=0.1"], 1, "no term 'weak'"),
      (["--effect", "week"], 1, "TERM=VALUE"),
      ([], 2, "--effect is missing"),
      (["--effect", "week=1", "--participants", "10,none"], 2, "participants"),
      (["--effect", "week=1", "--replicates", "1"], 2, "--replicates"),
    ]) func refusals(options: [String], status: Int32, words: String) throws
  {
    let scratch = try ScratchFolder()
    _ = try Command.run(["init", "study"], in: scratch.url)
    let plan = "study/analysis/quickstart.yaml"
    let run = try Command.run(["power", "study", plan] + options, in: scratch.url)
    #expect(run.status == status, "\(run.errors)")
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  @Test("the demo of companion-rct goes from people and their logs to a report and an export")
  func demo() throws {
    let scratch = try ScratchFolder()
    let run = try Command.run(
      ["demo", "companion-rct", "trial", "--participants", "6"], in: scratch.url)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("6 simulated people enrolled"))
    #expect(run.output.contains("donated the export of an AI service"))
    let results = try scratch.contents(of: "trial/results")
    #expect(results["report.html"] != nil && results["results.json"] != nil)
    let exported = try scratch.contents(of: "trial/export")
    let conversations = try #require(exported["conversations.csv"])
    #expect(String(decoding: conversations, as: UTF8.self).split(separator: "\n").count > 10)
    #expect(exported["codebook.csv"] != nil && exported["datapackage.json"] != nil)
  }

  @Test("the demo names the studies there are")
  func unknownStudy() throws {
    let scratch = try ScratchFolder()
    let run = try Command.run(["demo", "elsewhere"], in: scratch.url)
    #expect(run.status == 2 && run.errors.contains("companion-rct"), "\(run.errors)")
  }
}
