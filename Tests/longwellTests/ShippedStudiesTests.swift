import Foundation
import Testing

/// Each study that Longwell ships, as somebody would try it out.
@Suite("The shipped studies")
struct ShippedStudiesTests {
  static let names = [
    "companion-rct", "fading-scaffold", "flourishing-panel", "moments", "quickstart",
  ]

  @Test("each is listed and right, plans a calendar, and can be lived through", arguments: names)
  func livedThrough(name: String) throws {
    let scratch = try ScratchFolder()
    func run(_ arguments: String...) throws -> Command.Outcome {
      let outcome = try Command.run(arguments, in: scratch.url)
      #expect(outcome.status == 0, "\(arguments): \(outcome.errors)\(outcome.output)")
      return outcome
    }
    #expect(try run("help", "init").output.contains(name))
    _ = try run("init", "study", "--from", name)
    // What is left to fill in is said, in every language.
    let checked = try run("check", "study").output
    #expect(checked.contains("[ethics board]"))
    #expect(name == "quickstart" || checked.contains("[ethische commissie]"))
    let zone = ["--zone", "Europe/Amsterdam", "--enrol", "2027-03-10T10:00", "--json"]
    let planned = try Command.run(["schedule", "study"] + zone, in: scratch.url).output
    #expect(planned.contains("\"opens_utc\""))
    _ = try run("simulate", "study", "--participants", "6", "--seed", "2")
    _ = try run("verify", "study")
    let exported = try run("export", "study", "--out", "out").output
    #expect(!exported.isEmpty)
    let occasions = String(
      decoding: try #require(scratch.contents(of: "out")["occasions.csv"]), as: UTF8.self)
    #expect(occasions.contains("submitted"))
    let uses = FileManager.default.fileExists(
      atPath: scratch.url.appending(path: "study/data/simulated-use.jsonl").path)
    #expect(uses == (name == "companion-rct"))
  }

  @Test("one seed gives one study, its use of AI included")
  func deterministic() throws {
    let scratch = try ScratchFolder()
    func simulate(_ folder: String) throws -> [Data] {
      _ = try Command.run(["init", folder, "--from", "companion-rct"], in: scratch.url)
      _ = try Command.run(
        ["simulate", folder, "--participants", "4", "--seed", "9"], in: scratch.url)
      _ = try Command.run(["export", folder, "--out", "\(folder)-out"], in: scratch.url)
      let exported = try scratch.contents(of: "\(folder)-out")
      let use = try Data(
        contentsOf: scratch.url.appending(path: "\(folder)/data/simulated-use.jsonl"))
      return try ["occasions.csv", "responses.csv", "participants.csv"].map {
        try #require(exported[$0])
      } + [use]
    }
    #expect(try simulate("one") == (try simulate("two")))
  }
}
