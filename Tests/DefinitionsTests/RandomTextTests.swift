import Definitions
import Testing

@Suite("Random texts")
struct RandomTextTests {
  /// SplitMix64 (Steele, Lea & Flood 2014, OOPSLA, 453-472).
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  static let fragments = [
    "a", "b", "1", ": ", ":", "- ", "? ", "[", "]", "{", "}", ", ", "'", "\"", "\n", "\n  ",
    "\n    ",
    "\t", " ", "#", "|", ">", "|2-\n", "&a ", "*a", "!", "!!str ", "!<x> ", "%YAML 1.1\n",
    "%TAG ! x\n",
    "---\n", "...\n", "\\", "\\u0041", "\\uD800", "\\x", "~", "null", "<<: ", "\r\n", "\r",
    "\u{85}",
    "\u{2028}", "\u{FEFF}", "é", "😀", "@", "`", "=", "0", "-", ".",
  ]

  @Test("Each is read or reported at a place, with the same result each time", arguments: 0..<4)
  func randomTexts(part: Int) {
    for seed in 0..<1000 {
      var generator = Generator(state: UInt64(part * 1_000_000 + seed))
      let count = Int.random(in: 1...40, using: &generator)
      let text = (0..<count).map { _ in
        Self.fragments[Int.random(in: 0..<Self.fragments.count, using: &generator)]
      }.joined()
      let (node, problems) = parse(text)
      // Duplicate keys and control characters are reported beside a node that can be read on.
      #expect(node != nil || problems.hasErrors, "part \(part) seed \(seed)")
      #expect(problems.list.allSatisfy { $0.place.line >= 0 && $0.place.column >= 0 })
      #expect(problems.list.allSatisfy { !$0.description.contains("\n") })
      let again = parse(text)
      #expect(again.node == node && again.problems == problems, "part \(part) seed \(seed)")
    }
  }
}
