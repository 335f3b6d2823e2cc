import Foundation
import LocalTime
import Testing

@testable import InteractionLogs

/// Reading what is in a text, in UTC.
func read(
  _ text: String, zone: String = "UTC", gap: Int = 60, text reader: TextReader? = nil,
  limits: LogLimits = LogLimits()
) throws -> InteractionLog {
  try InteractionLog.read(
    Array(text.utf8),
    options: LogOptions(
      zone: timeZone(named: zone), gapMinutes: gap, text: reader, limits: limits))
}

@Suite("ChatGPT's exports")
struct ChatGPTTests {
  static let tree = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/chatgpt-tree.json")

  @Test("a tree of three questions and answers, one regenerated, one edited, one interrupted")
  func counts() throws {
    let log = try InteractionLog.read(
      path: Self.tree.path, options: LogOptions(zone: timeZone(named: "UTC")))
    #expect(log.source == .chatGPT && log.skipped.isEmpty)
    let conversation = try #require(log.conversations?.first)
    #expect(log.conversations?.count == 1)
    // A flat reading finds five questions and six answers.
    #expect(conversation.totals.userMessages == 3 && conversation.totals.assistantMessages == 3)
    #expect(conversation.turns == 3 && conversation.depth == 6)
    #expect(conversation.regenerations == 1)
    #expect(conversation.edits == 1 && conversation.interruptions == 1)
    #expect(conversation.missingTimes == 0 && conversation.model == .gpt4o)
    // "How do I bake bread?" 20, "And whole rye flour?" 20, "Thanks 🍞" 8.
    #expect(conversation.totals.user.scalars == 48)
    // "Mix flour, water, salt and yeast." 33, "Whole rye: 80 % water." 22, "Enjoy!" 6.
    #expect(conversation.totals.assistant.scalars == 61)
    // The first answer came after 4 s, although the one that is shown came after 30.
    #expect(conversation.totals.replyLatency == Mean(sum: 4 + 2 + 3, count: 3))
    #expect(conversation.totals.thinkTime == Mean(sum: 120 + 60, count: 2))
    #expect(
      log.from?.utcText == "2026-03-01T08:00:00Z" && log.to?.utcText == "2026-03-01T08:03:35Z")
    let day = try #require(log.days?.first)
    #expect(log.days?.count == 1 && day.date.description == "2026-03-01")
    #expect(day.conversations == 1 && day.sessions == 1 && day.totals?.userMessages == 3)
    #expect(day.minutes == 215.0 / 60 && day.nightShare == 0)
  }

  /// A conversation with these members of `mapping`, in this order.
  static func export(_ nodes: [String], current: String? = "a2", rest: String = "") -> String {
    let current = current.map { ",\"current_node\":\"\($0)\"" } ?? ""
    return "[{\"id\":\"c1\"\(rest),\"mapping\":{\(nodes.joined(separator: ","))}\(current)}]"
  }

  static func node(
    _ id: String, _ parent: String?, _ role: String, _ text: String, at time: String = "null",
    content: String = "text", recipient: String = "all", metadata: String = "{}"
  ) -> String {
    let parent = parent.map { "\"\($0)\"" } ?? "null"
    return """
      "\(id)":{"id":"\(id)","parent":\(parent),"children":[],"message":{"author":{"role":"\(role)"},\
      "create_time":\(time),"recipient":"\(recipient)","metadata":\(metadata),\
      "content":{"content_type":"\(content)","parts":["\(text)"]}}}
      """
  }

  static let plain = [
    node("u1", nil, "user", "one", at: "1772352000"),
    node("a1", "u1", "assistant", "two", at: "1772352003.5"),
    node("u2", "a1", "user", "three", at: "1772352060"),
    node("a2", "u2", "assistant", "four", at: "1772352062"),
  ]

  @Test("what the person does not see is no message")
  func hidden() throws {
    let nodes =
      Self.plain.prefix(3) + [
        Self.node("h1", "u2", "system", "x"),
        Self.node("h2", "h1", "user", "x", content: "user_editable_context"),
        Self.node("h3", "h2", "assistant", "x", content: "thoughts"),
        Self.node("h4", "h3", "assistant", "x", recipient: "browser"),
        Self.node("h5", "h4", "tool", "x", content: "tether_browsing_display"),
        Self.node("h6", "h5", "assistant", "x", content: "reasoning_recap"),
        Self.node(
          "h7", "h6", "assistant", "x",
          metadata: "{\"is_visually_hidden_from_conversation\":true}"),
        Self.node("a2", "h7", "assistant", "four"),
      ]
    let log = try read(Self.export(Array(nodes)))
    #expect(log.totals?.userMessages == 2 && log.totals?.assistantMessages == 2)
    #expect(log.totals?.assistant.scalars == 7 && log.edits == 0 && log.regenerations == 0)
    #expect(log.missingTimes == 1)
  }

  @Test("an answer in several pieces is one message")
  func pieces() throws {
    let nodes =
      Self.plain + [
        Self.node("t", "a2", "assistant", "search()", recipient: "web"),
        Self.node("r", "t", "tool", "found", content: "tether_quote"),
        Self.node("a3", "r", "assistant", "five", at: "1772352070"),
      ]
    let log = try read(Self.export(nodes, current: "a3"))
    #expect(log.totals?.assistantMessages == 2 && log.totals?.assistant.scalars == 11)
    #expect(log.conversations?.first?.depth == 5)
  }

  @Test(
    "times that are null, text or absurd are missing or read",
    arguments: [
      ("null", 1), ("\"1772352003.5\"", 0), ("\"2026-03-01T08:00:03.5Z\"", 0), ("0", 1),
      ("32472144000", 1), ("\"soon\"", 1), ("1772352003500", 0),
    ])
  func times(time: String, missing: Int) throws {
    var nodes = Self.plain
    nodes[1] = Self.node("a1", "u1", "assistant", "two", at: time)
    let log = try read(Self.export(nodes))
    #expect(log.missingTimes == missing)
    #expect(log.totals?.replyLatency == Mean(sum: missing == 1 ? 2 : 5.5, count: 2 - missing))
  }

  @Test("entries without a tree are skipped and counted, also before the first with one")
  func withoutMapping() throws {
    let good = Self.export(Self.plain).dropFirst().dropLast()
    let log = try read("[{\"title\":\"x\"},\(good),{\"id\":\"y\",\"mapping\":null}]")
    #expect(log.conversations?.count == 1 && log.skipped == [.noMapping: 2])
  }

  @Test("a current place that is unknown or missing means the newest leaf")
  func dangling() throws {
    for current in [nil, "gone", ""] {
      let log = try read(
        Self.export(
          Self.plain + [Self.node("b", "a1", "user", "older", at: "1772352001")],
          current: current))
      #expect(log.totals?.userMessages == 2 && log.totals?.assistantMessages == 2)
    }
  }

  @Test("cycles end, and messages named twice count once")
  func cycles() throws {
    var nodes = Self.plain
    nodes[0] = Self.node("u1", "a2", "user", "one", at: "1772352000")
    let log = try read(Self.export(nodes + [Self.node("u2", "a1", "user", "again")]))
    #expect(log.totals?.userMessages == 2 && log.totals?.assistantMessages == 2)
  }

  @Test("an object with conversations, and a conversation twice")
  func object() throws {
    let good = Self.export(Self.plain)
    let log = try read(
      "{\"user\":{\"a\":[1]},\"conversations\":\(good.dropLast()),\(good.dropFirst())}")
    #expect(log.conversations?.count == 1 && log.skipped == [.duplicate: 1])
  }

  @Test("voice, images, files, searches and custom assistants are counted")
  func modalities() throws {
    let audio = """
      "u1":{"parent":null,"message":{"author":{"role":"user"},"create_time":1772352000,\
      "content":{"content_type":"multimodal_text","parts":[{"content_type":"audio_transcription",\
      "text":"spoken"},{"content_type":"image_asset_pointer"}]},\
      "metadata":{"attachments":[{"mime_type":"application/pdf"}]}}}
      """
    let tool = """
      "t":{"parent":"u2","message":{"author":{"role":"tool","name":"web.run"},"content":\
      {"content_type":"text","parts":["x"]}}}
      """
    let nodes = [
      audio, Self.plain[1], Self.plain[2], tool, Self.node("a2", "t", "assistant", "four"),
    ]
    let log = try read(Self.export(nodes, rest: ",\"gizmo_id\":\"g-1\""))
    let totals = try #require(log.totals)
    #expect(totals.voice == 1 && totals.images == 1 && totals.files == 1)
    #expect(totals.searches == 1 && totals.custom == 2 && totals.user.scalars == 11)
  }
}
