import Foundation
import LocalTime
import Testing

@testable import InteractionLogs

/// Damaged exports of every source, by `make fuzz`; a short run is part of the tests.
///
/// Nothing may trap or hang. A failing round is named by its number, which is its seed.
@Suite("Damaged exports")
struct FuzzTests {
  static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment["LONGWELL_FUZZ_\(name)"].flatMap { UInt64($0) }
  }

  /// Whether long runs are wanted: so many rounds, or for so many minutes.
  static let isAskedFor = setting("ROUNDS") != nil || setting("MINUTES") != nil

  /// One export of each source, zipped or not.
  static let corpus: [[UInt8]] = {
    let gpt = ChatGPTTests.export(ChatGPTTests.plain)
    let texts = [
      gpt, "{\"conversations\":\(gpt)}",
      """
      [{"uuid":"c","chat_messages":[{"uuid":"1","parent_message_uuid":"0","sender":"human",
      "created_at":"2026-03-01T08:00:00.5Z","content":[{"type":"text","text":"one"}]}]}]
      """,
      """
      [{"header":"Gemini Apps","title":"Prompted x","time":"2026-03-02T08:00:00.123Z",
      "safeHtmlItem":[{"html":"<p>ab</p>"}]}]
      """,
      "Conversation,Time,Author,Message\nA,2026-03-01T23:30:05,AI,\"a \"\"b\"\"\nc\"\nA,x,Human,q\n",
      """
      [{"id":"c","chat":{"history":{"currentId":"a","messages":{"a":{"parentId":null,
      "role":"assistant","content":"<details type=\\"reasoning\\">x</details>y","timestamp":1772352000}}}}}]
      """,
      """
      {"conversationId":"c","messages":[{"messageId":"u","isCreatedByUser":true,
      "createdAt":"2026-03-01T08:01:00.000Z","text":":::thinking\\nhm\\n:::x","children":[]}]}
      """,
      "{\"id\":\"a\",\"conversations\":[{\"from\":\"human\",\"value\":\"hi\"}]}\n",
      "{\"conversation\":[{\"role\":\"user\",\"content\":\"hi\"}],\"timestamp\":\"2023-04-09 00:00:53+00:00\"}",
      "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"created\":1772352000}\n",
      """
      {"attributes":{"gen_ai.operation.name":"chat"},"start_time":"2026-03-01T08:00:00Z",
      "end_time":"2026-03-01T08:00:02Z"}
      """,
      "date,minutes,sessions\n2026-03-01,12.5,3\n",
    ]
    let plain = texts.map { Array($0.utf8) }
    return plain + [ZipWriter.zip([.init("conversations.json", plain[0])])]
  }()

  private static let scraps = [
    "\"", "\\", "{", "}", "[", "]", ",", ":", "\0", "\n", "null", "1e308", "-1", "\u{FEFF}",
    "{\"mapping\":{}}", "\"parent\":\"a2\"", "\"create_time\":1e18", "<", ">", "é", "𐍈", "\"\"",
    "[[[[[[[[", "2026-13-41T99:99:99Z",
  ].map { Array($0.utf8) }

  static func damaged(_ bytes: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let length = Int.random(in: 1...60, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.insert(contentsOf: scraps.randomElement(using: &generator) ?? [], at: place)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + length))
      case 3: bytes.removeSubrange(place...)
      default:
        bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + length)], at: place)
      }
    }
    return bytes
  }

  static func round(_ seed: UInt64, zone: TimeZone) {
    var generator = SplitMix64(state: seed)
    guard let whole = corpus.randomElement(using: &generator) else { return }
    let options = LogOptions(zone: zone, text: TextReader(lists: .shipped))
    _ = try? InteractionLog.read(damaged(whole, &generator), options: options)
  }

  @Test("a thousand trap nothing")
  func short() throws {
    let zone = try timeZone(named: "Europe/Berlin")
    for seed in 0..<UInt64(1000) { Self.round(seed, zone: zone) }
  }

  @Test("nothing traps or hangs", .enabled(if: isAskedFor))
  func long() throws {
    let zone = try timeZone(named: "Europe/Berlin")
    let clock = ContinuousClock()
    let end = Self.setting("MINUTES").map { clock.now + .seconds(60 * $0) }
    let first = Self.setting("SEED") ?? 0
    let rounds = Self.setting("ROUNDS") ?? .max / 2
    var seed = first
    while seed - first < rounds, end.map({ clock.now < $0 }) ?? true {
      let start = clock.now
      Self.round(seed, zone: zone)
      // Exports of a kilobyte.
      #expect(start.duration(to: clock.now) <= .seconds(5), "seed \(seed)")
      seed += 1
    }
    print("read \(seed - first) damaged exports from seed \(first)")
  }
}
