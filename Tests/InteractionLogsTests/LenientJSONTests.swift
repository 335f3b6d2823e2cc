import Testing

@testable import InteractionLogs

/// What the JSON of Python and JavaScript writes and RFC 8259 does not have.
@Suite("JSON that others let pass")
struct LenientJSONTests {
  private func mended(_ text: String) -> String? {
    var copy = WipedBytes(capacity: 0)
    let isMended = Array(text.utf8).withUnsafeBufferPointer { JSONRepair.mend($0, into: &copy) }
    return isMended ? String(decoding: Array(copy.bytes), as: UTF8.self) : nil
  }

  @Test(
    "only what is wrong is changed",
    arguments: [
      ("[1, -2.5e3, \"NaN\", \"\\ud83d\\ude00\", \"\\\\ud83d\"]", nil),
      ("[\"\\ud83d\"]", "[\"\\uFFFD\"]"), ("[\"\\uDE00x\"]", "[\"\\uFFFDx\"]"),
      ("[\"\\ud83d\\ud83d\\ude00\"]", "[\"\\uFFFD\\ud83d\\ude00\"]"),
      ("[NaN,-Infinity,Infinity]", "[null,null,null]"), ("[1e999]", "[null]"),
      ("[99999999999999999999,7]", "[99999999999999999999.0,7]"),
      ("[-99999999999999999999]", "[-99999999999999999999.0]"), ("{\"a\" 3}", nil), ("\"\\", nil),
    ])
  func mending(text: String, expected: String?) { #expect(mended(text) == expected) }

  @Test(
    "a conversation is read in spite of half an emoji or a number that is none",
    arguments: [
      ("four", "\\ud83d", 14), ("{}", "{\"x\":NaN}", 17),
      ("{}", "{\"x\":123456789012345678901234567890}", 17),
    ])
  func conversation(old: String, new: String, scalars: Int) throws {
    let text = ChatGPTTests.export(ChatGPTTests.plain).replacing(old, with: new)
    let log = try read(text)
    #expect(log.skipped.isEmpty && log.totals?.userMessages == 2)
    #expect((log.totals?.user.scalars ?? 0) + (log.totals?.assistant.scalars ?? 0) == scalars - 2)
  }

  @Test("what is no JSON at all is counted")
  func malformed() throws {
    let good = ChatGPTTests.export(ChatGPTTests.plain).dropFirst().dropLast()
    let log = try read("[\(good),{\"mapping\":{\"a\" NaN}}]")
    #expect(log.skipped == [.malformed: 1] && log.conversations?.count == 1)
  }
}
