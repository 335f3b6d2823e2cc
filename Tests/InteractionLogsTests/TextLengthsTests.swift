import Testing

@testable import InteractionLogs

@Suite("Lengths of texts")
struct TextLengthsTests {
  static func lengths(of text: String) -> TextLengths {
    Array(text.utf8).withUnsafeBufferPointer { TextLengths.count($0) }
  }

  @Test(
    "scalars, words and code are counted",
    arguments: [
      ("", 0, 0, 0), ("one two  three\n", 15, 3, 0), ("é à ü", 5, 3, 0), ("👩‍👩‍👧", 5, 1, 0),
      ("use `ls -l` here", 16, 2, 7), ("a\n```swift\nlet b = 1\n```\nc", 26, 2, 22),
      ("```\nnever closed", 16, 0, 16), ("a ` alone", 9, 3, 0), ("``a`b`` c", 9, 1, 7),
      ("a `not\n\nclosed` b", 17, 4, 0), ("   ```\nx\n   ```", 15, 0, 12),
    ])
  func counts(text: String, scalars: Int, words: Int, code: Int) {
    let lengths = Self.lengths(of: text)
    #expect(lengths == TextLengths(scalars: scalars, words: words, codeScalars: code))
  }

  @Test("long texts are counted as a plain loop counts them", arguments: 0..<40)
  func agreesWithAPlainLoop(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    var text = ""
    for _ in 0..<(seed * 300) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      text.unicodeScalars.append(
        [" ", "a", "é", "\n", "語", "🙂", "b", "\t"][Int(state >> 61)] as Unicode.Scalar)
    }
    let words = text.utf8.split { $0 == 32 || (9...13).contains($0) }.count
    #expect(
      Self.lengths(of: text)
        == TextLengths(scalars: text.unicodeScalars.count, words: words, codeScalars: 0))
  }

  @Test("stretches of a message are the message, in order")
  func stretchesCover() {
    let text = "one `two` three\n```\nfour\n```\nfive ` six"
    var seen: [UInt8] = []
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      CodeSpans.forEach(in: bytes) { _, part in seen += part }
    }
    #expect(seen == Array(text.utf8))
  }

  @Test("nothing but back quotes is read in linear time")
  func backQuotes() {
    var text = ""
    for length in 1...600 { text += String(repeating: "`", count: length) + " " }
    #expect(Self.lengths(of: text).scalars == text.unicodeScalars.count)
  }
}
