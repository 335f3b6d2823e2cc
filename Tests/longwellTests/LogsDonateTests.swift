import Foundation
import Testing

@Suite("Donating a log as its users meet it")
struct LogsDonateTests {
  /// A study that takes logs, with one person who agreed to give them.
  private func study(in scratch: ScratchFolder) throws -> String {
    _ = try Command.run(["init", "study", "--template", "companion-rct"], in: scratch.url)
    let outcome = try Command.run(
      [
        "enrol", "study", "--agree", "surveys", "--agree", "logs", "--zone", "Europe/Amsterdam",
        "--site", "leiden",
      ],
      in: scratch.url)
    return String(try #require(outcome.output.firstMatch(of: #/P-[2-9A-Z]{6}/#)).output)
  }

  /// An export of ten conversations with a thousand random words, on ten days.
  ///
  /// - Parameter id: what the conversations' ids begin with; the mark where there is none.
  private func export(
    marked mark: String, id: String? = nil, in scratch: ScratchFolder
  ) throws {
    var chats: [[String: Any]] = []
    for number in 0..<10 {
      let start = 1_767_261_600 + Double(number) * 86_400
      var mapping: [String: Any] = [:]
      for turn in 0..<4 {
        let words = (0..<25).map { "\(mark)\(number)x\(turn)x\($0)" }.joined(separator: " ")
        mapping["m\(turn)"] = [
          "id": "m\(turn)", "parent": turn == 0 ? NSNull() : "m\(turn - 1)" as Any,
          "children": turn < 3 ? ["m\(turn + 1)"] : [],
          "message": [
            "id": "m\(turn)", "author": ["role": turn % 2 == 0 ? "user" : "assistant"],
            "create_time": start + Double(turn) * 60, "recipient": "all",
            "content": ["content_type": "text", "parts": ["I think that \(words) is good."]],
            "metadata": ["model_slug": "\(mark)-model"],
          ] as [String: Any],
        ]
      }
      chats.append([
        "id": "\(id ?? mark)-\(number)", "title": "\(mark) title", "create_time": start,
        "current_node": "m3", "mapping": mapping,
      ])
    }
    try JSONSerialization.data(withJSONObject: chats)
      .write(to: scratch.url.appending(path: "conversations.json"))
  }

  private func donate(_ name: String, _ more: [String], in scratch: ScratchFolder) throws
    -> Command.Outcome
  {
    let temporary = scratch.url.appending(path: "temporary")
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    return try Command.run(
      ["logs", "donate", "study", "conversations.json", "--participant", name] + more,
      in: scratch.url, environment: ["TMPDIR": temporary.path])
  }

  @Test("a person sees what would be kept, agrees, and nothing that was said is anywhere")
  func nothingSurvives() throws {
    let scratch = try ScratchFolder()
    let name = try study(in: scratch)
    let mark = "zqx\(Int.random(in: 100_000...999_999))"
    try export(marked: mark, in: scratch)

    let asked = try donate(name, [], in: scratch)
    #expect(asked.status != 0 && asked.errors.contains("--yes"))
    #expect(asked.output.contains("conversations: 10") && asked.output.contains("2026-01-01"))
    let donated = try donate(
      name, ["--exclude", "2026-01-03", "2026-01-04", "--yes", "--json"], in: scratch)
    #expect(donated.status == 0, "\(donated.errors)")
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(donated.output.utf8)) as? [String: Any])
    #expect(document["conversations"] as? Int == 8)
    #expect(document["withheld_conversations"] as? Int == 2)
    #expect(document["is_stored"] as? Bool == true)
    let verified = try Command.run(["verify", "study"], in: scratch.url)
    #expect(verified.status == 0, "\(verified.output)")
    let again = try donate(name, ["--yes"], in: scratch)
    #expect(again.output.contains("Kept of \(name) now: 8 conversations, 8 sessions, 8 days."))

    for outcome in [asked, donated, again] {
      #expect(!outcome.output.contains(mark) && !outcome.errors.contains(mark))
    }
    try expectNoFile(with: mark, in: scratch)

    let revoked = try Command.run(
      ["consent", "study", name, "--revoke", "logs"], in: scratch.url)
    #expect(revoked.status == 0, "\(revoked.errors)")
    let refused = try donate(name, ["--yes"], in: scratch)
    #expect(refused.status != 0)
  }

  /// Expects a mark in no file of a scratch folder but in the export, which goes.
  private func expectNoFile(with mark: String, in scratch: ScratchFolder) throws {
    try FileManager.default.removeItem(at: scratch.url.appending(path: "conversations.json"))
    for path in try FileManager.default.subpathsOfDirectory(atPath: scratch.url.path) {
      guard let bytes = try? Data(contentsOf: scratch.url.appending(path: path)) else { continue }
      #expect(bytes.range(of: Data(mark.utf8)) == nil, "\(path)")
    }
  }

  @Test(
    "while it asks, nothing that was said is in its memory, and a crash leaves no core",
    .enabled(if: TypedCommand.isMemoryOpen), arguments: [false, true])
  func memory(crashes: Bool) throws {
    let scratch = try ScratchFolder()
    let name = try study(in: scratch)
    let mark = "zqx\(Int.random(in: 100_000...999_999))"
    // Ids are in memory until their tokens are made of them.
    try export(marked: mark, id: "chat", in: scratch)
    let donating = try TypedCommand(
      ["logs", "donate", "study", "conversations.json", "--participant", name], in: scratch.url,
      errors: scratch.url.appending(path: "errors"))
    try donating.read(until: "Give this to the study?")
    #expect(try donating.copies(of: name) > 0, "the search finds what is there")
    #expect(try donating.copies(of: mark) == 0)
    if crashes {
      kill(donating.process.processIdentifier, SIGABRT)
    } else {
      try donating.type("y")
    }
    try donating.read(until: nil)
    donating.process.waitUntilExit()
    #expect(!donating.output.contains(mark))
    #expect(donating.output.contains("Kept of \(name) now: 10 conversations") == !crashes)
    if crashes {
      #expect(donating.process.terminationReason == .uncaughtSignal)
      let files = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
      #expect(!files.contains { $0.hasPrefix("core") })
    }
    try expectNoFile(with: mark, in: scratch)
  }

  @Test("a conversation is kept back by the beginning of its token")
  func conversation() throws {
    let scratch = try ScratchFolder()
    let name = try study(in: scratch)
    try export(marked: "said", in: scratch)
    let listed = try donate(name, ["--conversations"], in: scratch)
    let token = try #require(
      listed.output.firstMatch(of: #/\n *([0-9a-f]{8}) +2026-01-03T11:00/#)?.1)
    let donated = try donate(name, ["--exclude", String(token), "--yes"], in: scratch)
    #expect(donated.status == 0, "\(donated.errors)")
    #expect(donated.output.contains("Would be kept back: 1 conversations"))
    #expect(donated.output.contains("Kept of \(name) now: 9 conversations, 9 sessions"))
    let unknown = try donate(name, ["--exclude", "0000ffff0000", "--yes"], in: scratch)
    #expect(unknown.status != 0 && unknown.errors.contains("no conversation 0000ffff0000"))
  }

  @Test("a mistake in the command is said in words")
  func mistakes() throws {
    let scratch = try ScratchFolder()
    let name = try study(in: scratch)
    try Data("[]".utf8).write(to: scratch.url.appending(path: "conversations.json"))
    let empty = try donate(name, ["--yes"], in: scratch)
    #expect(empty.status != 0 && empty.errors.contains("expected an export"))
    let date = try donate(name, ["--exclude", "yesterday"], in: scratch)
    #expect(date.status != 0 && date.errors.contains("--conversations lists them"))
  }
}
