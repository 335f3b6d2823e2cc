import Foundation
import Testing

@Suite("Looking at a log as its users meet it")
struct LogsInspectTests {
  private func document(_ arguments: [String], in scratch: ScratchFolder) throws -> [String: Any] {
    let outcome = try Command.run(arguments, in: scratch.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  @Test("what is simulated is read again, of either service", arguments: ["chatgpt", "claude"])
  func simulated(service: String) throws {
    let scratch = try ScratchFolder()
    let made = try Command.run(
      [
        "logs", "simulate", "exports", "--people", "2", "--days", "14", "--seed", "3", "--format",
        service,
      ], in: scratch.url)
    #expect(made.status == 0, "\(made.errors)")
    let file = "exports/person-1.\(service).json"
    let counts = try #require(
      made.output.firstMatch(of: #/person-1[^:]*: (\d+) conversations, (\d+) messages/#))
    let log = try document(["logs", "inspect", file, "--json"], in: scratch)
    #expect(log["source"] as? String == service)
    #expect(log["conversations"] as? Int == Int(counts.1))
    #expect(log["user_messages"] as? Int == Int(counts.2))
    for key in [
      "from", "to", "assistant_messages", "regenerations", "edits", "interruptions",
      "missing_times", "skipped", "items", "days",
    ] {
      #expect(log.keys.contains(key), "\(key)")
    }
    let items = try #require(log["items"] as? [[String: Any]])
    let item = try #require(items.first)
    #expect((item["token"] as? String)?.count == 32 && item["start"] is String)
    for key in [
      "user_messages", "assistant_messages", "user_characters", "assistant_characters",
      "reply_latency_seconds", "think_time_seconds", "model",
    ] {
      #expect(item.keys.contains(key), "\(key)")
    }
    // Claude's exports name no model.
    #expect((item["model"] is NSNull) == (service == "claude"))
    let days = try #require(log["days"] as? [[String: Any]])
    let day = try #require(days.first)
    for key in ["date", "conversations", "user_messages", "minutes", "sessions", "night_share"] {
      #expect(day.keys.contains(key), "\(key)")
    }
    #expect(
      days.compactMap { $0["user_messages"] as? Int }.reduce(0, +) == log["user_messages"] as? Int)

    let again = try Command.run(
      [
        "logs", "simulate", "again", "--people", "2", "--days", "14", "--seed", "3", "--format",
        service,
      ], in: scratch.url)
    #expect(again.status == 0)
    #expect(
      try Data(contentsOf: scratch.url.appending(path: file))
        == Data(contentsOf: scratch.url.appending(path: "again/person-1.\(service).json")),
      "the same seed writes the same files")
  }

  @Test("the text names the source, its months and what it cannot give; the figure is drawn")
  func text() throws {
    let scratch = try ScratchFolder()
    _ = try Command.run(
      ["logs", "simulate", "exports", "--days", "40", "--format", "claude"], in: scratch.url)
    let outcome = try Command.run(
      [
        "logs", "inspect", "exports/person-1.claude.json", "--zone", "Europe/Amsterdam", "--figure",
        "--out", "pictures",
      ], in: scratch.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Claude, 2026-01-01 to 2026-02-"))
    #expect(outcome.output.contains("\n 2026-01 ") && outcome.output.contains("\n 2026-02 "))
    #expect(outcome.output.contains("Missing, because Claude does not give it:"))
    let figure = try String(
      contentsOf: scratch.url.appending(path: "pictures/interaction-log.svg"), encoding: .utf8)
    #expect(figure.contains("<svg"))
  }

  @Test("days of screen time have no conversations, which is null and not 0")
  func days() throws {
    let scratch = try ScratchFolder()
    try Data("date,minutes\n2026-03-01,12.5\n2026-03-02,0\n".utf8)
      .write(to: scratch.url.appending(path: "use.csv"))
    let log = try document(["logs", "inspect", "use.csv", "--json"], in: scratch)
    #expect(log["conversations"] is NSNull && log["items"] is NSNull)
    let days = try #require(log["days"] as? [[String: Any]])
    #expect(days.map { $0["minutes"] as? Double } == [12.5, 0])
    #expect(days[0]["user_messages"] is NSNull && days[0]["sessions"] is NSNull)
  }

  @Test(
    "what is no export, or no zone, is said in words",
    arguments: [
      ("{\"a\": 1}", "UTC", "expected an export"), ("[]", "UTC", "expected an export"),
      ("", "UTC", "empty"), ("[{\"mapping\":{}}]", "Europe/Amsterdm", "Europe/Amsterdam"),
    ])
  func mistakes(text: String, zone: String, words: String) throws {
    let scratch = try ScratchFolder()
    try Data(text.utf8).write(to: scratch.url.appending(path: "export.json"))
    let outcome = try Command.run(
      ["logs", "inspect", "export.json", "--zone", zone], in: scratch.url)
    #expect(outcome.status != 0 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test("every source is listed with what it can give")
  func sources() throws {
    let scratch = try ScratchFolder()
    let outcome = try Command.run(["logs", "sources", "--json"], in: scratch.url)
    let sources = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    #expect(sources.count >= 11)
    let claude = try #require(sources.first { $0["source"] as? String == "claude" })
    #expect((claude["gives"] as? [String: Bool])?["model"] == false)
    let text = try Command.run(["logs", "sources"], in: scratch.url)
    #expect(text.output.contains("reply_latency") && text.output.contains("open-webui"))
  }
}
