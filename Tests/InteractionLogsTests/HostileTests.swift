import Archives
import Foundation
import LocalTime
import Testing

@testable import InteractionLogs

/// Exports that somebody made to do harm, or that broke on the way.
@Suite("Hostile exports")
struct HostileTests {
  static func options(_ limits: LogLimits = LogLimits()) throws -> LogOptions {
    LogOptions(zone: try timeZone(named: "UTC"), limits: limits)
  }

  static let export = Array(ChatGPTTests.export(ChatGPTTests.plain).utf8)

  @Test("a zip with decoys, shards and a manifest that lists one too many")
  func shards() throws {
    let other = ChatGPTTests.export(ChatGPTTests.plain).replacing("\"c1\"", with: "\"c2\"")
    let zip = ZipWriter.zip([
      .init("user.json", Array("{\"id\":\"x\",\"email\":\"y\"}".utf8)),
      .init("chat.html", Array("<html>".utf8)),
      .init("a/conversations-000.json", Self.export),
      .init("a/conversations-001.json", Array(other.utf8)),
      .init("image.png", [0x89, 0x50, 0x4E, 0x47]), .init("empty", []),
      .init(
        "export_manifest.json",
        Array(
          """
          {"export_files":[{"path":"conversations-000.json"},{"path":"conversations-001.json"},
          {"path":"conversations-002.json"}]}
          """.utf8)),
    ])
    let log = try InteractionLog.read(zip, options: Self.options())
    #expect(log.conversations?.count == 2 && log.skipped == [.missingShard: 1])
  }

  @Test("files that people gave to the assistant stop nothing")
  func attachments() throws {
    let zip = ZipWriter.zip([
      .init("notes.txt", Array("[remember] to {".utf8)),
      .init("use.csv", Array("date,minutes\n".utf8)),
      .init("log.jsonl", Array("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}".utf8)),
      .init("broken.zip", [0x50, 0x4B, 3, 4, 0, 0]), .init("conversations.json", Self.export),
    ])
    let log = try InteractionLog.read(zip, options: Self.options())
    #expect(log.source == .chatGPT && log.conversations?.count == 1 && log.skipped.isEmpty)
  }

  @Test("conversations that people gave to the assistant are not theirs, and refuse nothing")
  func uploads() throws {
    let other = Array(String(decoding: Self.export, as: UTF8.self).replacing("c1", with: "c9").utf8)
    let zip = ZipWriter.zip([
      .init("file-1.json", Array("{\"conversationId\":\"x\",\"messages\":[]}".utf8)),
      .init("file-2-conversations.json", other), .init("user-1/conversations.json", other),
      .init("file-3.json", Array("[{\"uuid\":\"x\",\"chat_messages\":[]}]".utf8)),
      .init("file-4.zip", ZipWriter.zip([.init("conversations.json", other)])),
      .init("conversations.json", Self.export), .init("user.json", Array("{}".utf8)),
    ])
    let log = try InteractionLog.read(zip, options: Self.options())
    #expect(log.source == .chatGPT && log.conversations?.map(\.key) == [Array("c1".utf8)])
    #expect(log.skipped == [.otherFile: 1], "the one that is called as the service's own")
  }

  @Test("exports of two services that lie beside each other are refused")
  func twoServices() throws {
    let claude = Array(
      "[{\"uuid\":\"x\",\"chat_messages\":[{\"sender\":\"human\",\"text\":\"a\"}]}]".utf8)
    let zip = ZipWriter.zip([
      .init("a/conversations.json", Self.export), .init("b/conversations.json", claude),
    ])
    #expect(throws: LogProblem(.severalSources(.chatGPT, .claude))) {
      try InteractionLog.read(zip, options: Self.options())
    }
  }

  @Test("a manifest beside the zip of its shards")
  func manifestOutside() throws {
    let inner = ZipWriter.zip([.init("conversations-000.json", Self.export)])
    let manifest = "[\"conversations-000.json\",\"conversations-001.json\"]"
    let zip = ZipWriter.zip([
      .init("export_manifest.json", Array(manifest.utf8)), .init("inner.zip", inner),
    ])
    let log = try InteractionLog.read(zip, options: Self.options())
    #expect(log.conversations?.count == 1 && log.skipped == [.missingShard: 1])
  }

  @Test("a zip within a zip is read, one more is refused")
  func nested() throws {
    let inner = ZipWriter.zip([.init("whatever.bin", Self.export)])
    let outer = ZipWriter.zip([.init("inner.zip", inner)])
    #expect(try InteractionLog.read(outer, options: Self.options()).conversations?.count == 1)
    let third = ZipWriter.zip([.init("outer.zip", outer)])
    #expect(throws: LogProblem(.nestedTooDeep)) {
      try InteractionLog.read(third, options: Self.options())
    }
  }

  @Test("zips that are cut or hold no conversations are refused")
  func zips() throws {
    let zip = ZipWriter.zip([.init("conversations.json", Self.export)])
    #expect(throws: LogProblem.self) {
      try InteractionLog.read(Array(zip.prefix(zip.count - 60)), options: Self.options())
    }
    let decoy = ZipWriter.zip([.init("a.json", Array("{}".utf8))])
    #expect(throws: LogProblem(.unknownShape(.archive))) {
      try InteractionLog.read(decoy, options: Self.options())
    }
  }

  @Test("a bomb is refused after a part of it")
  func bomb() throws {
    let bomb = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "ArchivesTests/Fixtures/bomb.zip")
    let bytes = Array(try Data(contentsOf: bomb))
    var limits = LogLimits()
    limits.archive = ArchiveLimits(
      entries: 100, entryBytes: 1 << 24, totalBytes: 1 << 24, ratio: 200)
    #expect(throws: LogProblem.self) {
      try InteractionLog.read(bytes, options: Self.options(limits))
    }
  }

  @Test("conversations that cannot be read are counted, and the others are read")
  func skipped() throws {
    let good = String(decoding: Self.export.dropFirst().dropLast(), as: UTF8.self)
    let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
    let text = "[{\"mapping\":{},\"x\":\(deep)},\(good),{\"mapping\" 3},{\"mapping\":{}}]"
    var bytes = Array(text.utf8)
    bytes.removeLast()
    bytes += Array(",{\"mapping\":{},\"x\":\"".utf8) + [0xFF, 0xC3] + Array("\"}]".utf8)
    let log = try InteractionLog.read(bytes, options: Self.options())
    #expect(log.conversations?.count == 1)
    #expect(log.skipped == [.tooDeep: 1, .malformed: 1, .noMessages: 1, .notUTF8: 1])
  }

  @Test("a conversation over the limit is passed over, and memory with it")
  func oversized() throws {
    let good = String(decoding: Self.export.dropFirst().dropLast(), as: UTF8.self)
    let large = "{\"mapping\":{\"x\":\"" + String(repeating: "a", count: 3_000_000) + "\"}}"
    let log = try read("[\(large),\(good),\(large)]", limits: LogLimits(conversationBytes: 1 << 20))
    #expect(log.conversations?.count == 1 && log.skipped == [.oversized: 2])
    let plain = "\"" + String(repeating: "b\\\"", count: 1_000_000) + "\""
    let texts = try read("[\(plain),\(good)]", limits: LogLimits(conversationBytes: 1 << 20))
    #expect(texts.conversations?.count == 1)
  }

  /// An export of one message of so many é, each with a blank: three bytes, two scalars, a word.
  private func export(words: Int) -> String {
    let text = String(repeating: "é ", count: words)
    return ChatGPTTests.export(
      [ChatGPTTests.node("u1", nil, "user", text, at: "1772352000")], current: "u1")
  }

  @Test("a large message is counted, or refused where none may be so large")
  func large() throws {
    let export = export(words: 1 << 20)
    let log = try read(export)
    #expect(log.totals?.user.scalars == 2 << 20 && log.totals?.user.words == 1 << 20)
    #expect(throws: LogProblem(.oversized)) {
      try read(export, limits: LogLimits(conversationBytes: 1 << 20))
    }
  }

  @Test("a message of fifty megabytes is counted, by make fuzz", .enabled(if: FuzzTests.isAskedFor))
  func huge() throws {
    let log = try read(export(words: 17 << 20))
    #expect(log.totals?.user.scalars == 34 << 20 && log.totals?.user.words == 17 << 20)
  }

  @Test("a tree of twenty thousand places in one line is walked")
  func long() throws {
    var parent: String?
    var nodes: [String] = []
    for place in 0..<20_000 {
      nodes.append(
        "\"n\(place)\":{\"parent\":\(parent.map { "\"\($0)\"" } ?? "null"),\"message\":"
          + "{\"author\":{\"role\":\"\(place % 2 == 0 ? "user" : "assistant")\"}}}")
      parent = "n\(place)"
    }
    let log = try read(ChatGPTTests.export(nodes, current: parent))
    #expect(log.totals?.userMessages == 10_000 && log.totals?.assistantMessages == 10_000)
    #expect(log.missingTimes == 20_000)
  }

  @Test("splitting finds the same documents whatever the pieces", arguments: [1, 7, 64, 4096])
  func pieces(size: Int) throws {
    /// Hands over so many bytes at a time.
    final class Trickle: ByteSource {
      var rest: ArraySlice<UInt8>
      let size: Int

      init(_ bytes: [UInt8], size: Int) {
        rest = bytes[...]
        self.size = size
      }

      func read(into memory: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(size, memory.count, rest.count)
        memory.copyBytes(from: rest.prefix(count))
        rest = rest.dropFirst(count)
        return count
      }
    }
    var reading = try LogReading(options: Self.options())
    let text =
      "[\(String(decoding: Self.export.dropFirst().dropLast(), as: UTF8.self)),"
      + "{\"title\":\"}]\\\\\\\"{\",\"mapping\":null}, \"te\\\"xt]\" ,12]"
    try reading.read(Trickle(Array(text.utf8), size: size), levels: 1)
    let log = try reading.finish()
    #expect(log.conversations?.count == 1)
    #expect(log.skipped == [.noMapping: 3])
  }

  @Test("problems say nothing of what was found")
  func silence() throws {
    do {
      _ = try read("[{\"secretword\":\"secretword\"}]")
    } catch let problem as LogProblem {
      #expect(!problem.description.contains("secretword"))
    }
  }
}
