import Testing

@testable import InteractionLogs

@Suite("Documents of an export")
struct JSONValueTests {
  /// Parses a text and hands over its root.
  static func read<Result>(
    _ text: String, _ body: (JSONValue) throws -> Result
  ) throws -> Result {
    let parser = try JSONParser()
    let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: JSONParser.padding)
    return try bytes.withUnsafeBufferPointer {
      try body(parser.parse(UnsafeBufferPointer(rebasing: $0[..<text.utf8.count])))
    }
  }

  @Test("members, elements and numbers are found where they are")
  func walk() throws {
    let text = #"{"a":[1,2.5,-3,[],{}],"b":"\u00e9\n","c":{"d":true},"e":null}"#
    try Self.read(text) { root in
      #expect(root.isObject)
      #expect(root["a"]?.elements.map(\.number) == [1, 2.5, -3, nil, nil])
      #expect(root["b"]?.utf8.map(Array.init) == Array("é\n".utf8))
      #expect(root["c"]?["d"]?.isTrue == true)
      #expect(root["e"]?.isNull == true)
      #expect(root["f"] == nil && root["a"]?["b"] == nil)
      #expect(root.elements.map(\.isNull).isEmpty)
    }
  }

  @Test(
    "what is no document is refused",
    arguments: ["{", "{\"a\":}", "", "[1] 2", "{\"a\":\"\u{1}\"}"])
  func refusals(text: String) {
    #expect(throws: JSONParser.Refusal.malformed) { try Self.read(text) { _ in } }
  }

  @Test("ten thousand levels are too deep")
  func deep() {
    let text = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
    #expect(throws: JSONParser.Refusal.tooDeep) { try Self.read(text) { _ in } }
  }
}
