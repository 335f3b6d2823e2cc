import Foundation
import Testing

@Suite("trend")
struct TrendCommandTests {
  /// pymannkendall 1.4.3 original_test of the values: s 23, var_s 165, z 1.7127, Tau 0.4182.
  private static let values = [3, 1, 4, 1.5, 5, 9, 2.5, 6, 5.5, 3.5, 8]

  private func folder(_ text: String) throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    try Data(text.utf8).write(to: scratch.url.appending(path: "x.csv"))
    return scratch
  }

  private var one: String {
    (["t,y"] + Self.values.enumerated().map { "\($0),\($1)" }).joined(separator: "\n") + "\n"
  }

  @Test("one series gives every number under its stable key")
  func json() throws {
    let scratch = try folder(one)
    let outcome = try Command.run(
      ["trend", "--data", "x.csv", "--value", "y", "--time", "t", "--json"], in: scratch.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let found = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(found["n"] as? Int == 11 && found["s"] as? Int == 23)
    #expect(found["var_s"] as? Double == 165)
    #expect(abs((found["z"] as? Double ?? 0) - 22 / 165.0.squareRoot()) < 1e-12)
    #expect(found["trend"] as? String == "no trend")
    for key in ["p", "tau", "sen_slope", "sen_intercept", "lower", "upper"] {
      #expect(found[key] is Double, "\(key)")
    }
  }

  @Test("every person is tested alone, in any order of rows, and short series have no p value")
  func persons() throws {
    var rows = Self.values.enumerated().map { "a,\($0),\($1)" }
    rows += Self.values.enumerated().map { "b,\($0),\(10 - $1)" }
    rows += ["c,0,1", "c,1,2", "c,2,3"]
    let scratch = try folder((["id,t,y"] + rows.reversed()).joined(separator: "\n") + "\n")
    let arguments = ["trend", "--data", "x.csv", "--value", "y", "--time", "t", "--by", "id"]
    let outcome = try Command.run(arguments + ["--json"], in: scratch.url)
    let found = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    #expect(found.map { $0["by"] as? String } == ["a", "b", "c"])
    #expect(found.map { $0["s"] as? Int } == [23, -23, 3])
    #expect(found[0]["p_adjusted"] is Double && found[2]["p_adjusted"] is NSNull)
    let text = try Command.run(arguments, in: scratch.url)
    #expect(text.output.contains("over the 2 persons"))
    let regional = try Command.run(arguments + ["--test", "regional"], in: scratch.url)
    #expect(regional.output.contains("S = 3,"))
  }

  @Test(
    "mistakes are told with their place",
    arguments: [
      (["--value", "z"], "has no column z; it has t, y"),
      (["--value", "y", "--test", "seasonal"], "go together"),
      (["--value", "y", "--test", "kendall"], "expected one of mann-kendall"),
      (["--value", "y", "--test", "regional"], "needs --by"),
      (["--value", "y", "--confidence", "95"], "between 0 and 1"),
      (["--value", "y", "--test", "hamed-rao", "--lags", "40"], "1 to 10"),
    ])
  func mistakes(arguments: [String], expected: String) throws {
    let scratch = try folder(one)
    let outcome = try Command.run(["trend", "--data", "x.csv"] + arguments, in: scratch.url)
    #expect(outcome.status != 0 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(expected), "\(outcome.errors)")
  }

  @Test("a column of text and a repeated time are named")
  func badCells() throws {
    let scratch = try folder("t,y\n1,2\n1,3\n2,4\n")
    let twice = try Command.run(
      ["trend", "--data", "x.csv", "--value", "y", "--time", "t"], in: scratch.url)
    #expect(twice.status == 1 && twice.errors.contains("two values at time 1"))
    let text = try folder("y\n1\nmany\n3\n")
    let outcome = try Command.run(["trend", "--data", "x.csv", "--value", "y"], in: text.url)
    #expect(outcome.status == 1 && outcome.errors.contains("found many"))
  }
}
