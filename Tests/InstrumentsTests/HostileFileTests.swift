import Definitions
import Instruments
import Testing

@Suite("Hostile instrument files")
struct HostileFileTests {
  static let files: [String: [UInt8]] = [
    "nothing": [],
    "a comment": Array("# nothing\n".utf8),
    "a text": Array("hello".utf8),
    "a list": Array("- id: a\n".utf8),
    "a number": Array("42".utf8),
    "a zip": [0x50, 0x4B, 0x03, 0x04, 0x14, 0x00],
    "zeros": Array(repeating: 0, count: 1000),
    "UTF-16": [0xFF, 0xFE, 0x69, 0x00],
    "a cut UTF-8 character": Array("id: base\ntitle: Gr".utf8) + [0xC3],
    "an overlong UTF-8 character": Array("id: ".utf8) + [0xC0, 0xAF],
    "half a surrogate pair": Array("id: ".utf8) + [0xED, 0xA0, 0x80],
    "a cut file": Array(baseText.utf8.prefix(250)),
    "deep lists": Array(String(repeating: "[", count: 10_000).utf8),
    "a deep field": Array(
      ("items: " + String(repeating: "[", count: 50)
        + String(repeating: "]", count: 50)).utf8),
    "a deep condition": Array(
      baseText.replacing(
        "show_if: a > 3",
        with: "show_if: '" + String(repeating: "(", count: 5000) + "a'"
      ).utf8),
    "many aliases": Array(
      ("a: &a [x]\n" + (1...50).map { "b\($0): [*a, *a, *a]\n" }.joined()).utf8),
    "a million bytes of one field": Array(("id: " + String(repeating: "a", count: 1_000_000)).utf8),
    "more than a million bytes": Array(String(repeating: "a: b\n", count: 300_000).utf8),
    "ten thousand unknown fields": Array((0..<10_000).map { "field\($0): 1\n" }.joined().utf8),
  ]

  @Test("Each is reported at its place, and nothing traps", arguments: files.keys.sorted())
  func hostileFile(name: String) throws {
    let (instrument, problems) = load(try #require(Self.files[name]))
    #expect(instrument == nil)
    #expect(problems.hasErrors)
    #expect(problems.list.allSatisfy { $0.place.file == "base.yaml" && $0.place.line >= 0 })
    #expect(problems.list.allSatisfy { !$0.description.contains("\n") })
    #expect(problems.list.allSatisfy { $0.description.utf8.count < 1000 })
  }

  @Test("Hostile texts load as the texts they are")
  func hostileTexts() throws {
    let hostile = "`id` $(reboot) \"q\" 'q' <script>alert(1)</script>\nplot 'x'; \\ %s {{ }"
    let written =
      "\""
      + hostile.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n") + "\""
    let (instrument, problems) = load(
      baseText.replacing("title: Base", with: "title: \(written)")
        .replacing("text: A,", with: "text: \(written),")
        .replacing("1: low", with: "1: \(written)"))
    #expect(problems.isEmpty)
    let loaded = try #require(instrument)
    #expect(loaded.title == hostile)
    #expect(loaded.items[0].text == hostile)
    #expect(loaded.items[0].options?[0].label == hostile)
  }

  @Test("All mistakes of a file are reported in one pass")
  func allAtOnce() {
    let (_, problems) = load(
      baseText.replacing("version: 1.0.0", with: "version: 1")
        .replacing("scale: s5, reverse: true", with: "scale: s6, reverse: maybe")
        .replacing("show_if: a > 3", with: "show_if: a > '3'")
        .replacing("mean: [a, b]", with: "mean: [a, x]")
        .replacing("expect: 9", with: "expect: 0"))
    #expect(problems.sorted.map(\.place.line) == [2, 13, 13, 15, 21, 24])
  }

  @Test("A control character and a duplicate key hide none of the other mistakes")
  func nothingHidden() {
    let (instrument, problems) = load(
      baseText.replacing("title: Base", with: "title: Ba\u{7}se\ntitle: Base")
        .replacing("version: 1.0.0", with: "version: 1")
        .replacing("show_if: a > 3", with: "show_if: a > '3'")
        .replacing("mean: [a, b]", with: "mean: [a, x]")
        .replacing("expect: 9", with: "expect: 0"))
    #expect(instrument == nil)
    #expect(problems.sorted.map(\.place.line) == [2, 3, 3, 16, 22, 25])
  }

  @Test("A column inside an expression is a column of the file, quoted or not")
  func expressionColumns() {
    for (condition, column) in [
      ("a > 3 and x", 67), ("'a > 3 and x'", 68), ("\"a > 3 and x\"", 68),
    ] {
      let (_, problems) = loadBase(replacing: "a > 3", with: condition)
      #expect(
        problems.list.map(\.place) == [Place(file: "base.yaml", line: 15, column: column + 1)])
    }
  }
}

@Suite("Shipped files with random damage")
struct DamagedFileTests {
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
    "\t", "\n", ": ", "- ", "[", "]", "{", "}", "'", "\"", "&a ", "*a", "!!int ", "|", ">", "#",
    "%",
    "\u{0}", "\u{FEFF}", "\u{2028}", "é", "999999999999999999999", "-1", ".nan", "~", "null", "n01",
    "mean", "scale", "show_if: n01 > ((", "reverse: true, ", "? ", "---\n", "...\n", "\\", "\r\n",
  ]

  /// One to three random changes to the bytes of a file.
  static func damaged(_ bytes: [UInt8], with generator: inout Generator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) where bytes.count > 2 {
      let at = Int.random(in: 0..<bytes.count, using: &generator)
      let length = Int.random(in: 1...40, using: &generator)
      let end = min(bytes.count, at + length)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes.removeSubrange(at..<end)
      case 1: bytes[at] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes.insert(contentsOf: bytes[at..<end], at: at)
      case 3: bytes.removeLast(bytes.count - at)
      default:
        let fragment = fragments[Int.random(in: 0..<fragments.count, using: &generator)]
        bytes.insert(contentsOf: Array(fragment.utf8), at: at)
      }
    }
    return bytes
  }

  @Test(
    "It loads, or it is reported at a place of the file", arguments: ShippedInstruments.ids())
  func damage(id: String) throws {
    let path = "instruments/\(id).yaml"
    let original = try bytes(path)
    for seed in 0..<UInt64(100) {
      var generator = Generator(state: seed)
      let bytes = Self.damaged(original, with: &generator)
      var problems = Problems()
      let instrument = Instrument.load(bytes, file: path, problems: &problems)
      #expect((instrument == nil) == problems.hasErrors, "seed \(seed)")
      let lines = 1 + bytes.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      // Line and paragraph separators and U+0085 also end lines for YAML.
      #expect(
        problems.list.allSatisfy { (0...(lines + 12)).contains($0.place.line) }, "seed \(seed)")
      #expect(problems.list.allSatisfy { !$0.description.contains("\n") }, "seed \(seed)")
    }
  }
}

@Suite("Large instrument files")
struct LargeFileTests {
  /// The base with many more of something.
  static let files: [String: String] = [
    "items": baseText.replacing(
      "scores:",
      with: (0..<12_000).map { "  - { id: i\($0), text: I, scale: s5, show_if: a == 1 }\n" }
        .joined()
        + "scores:"),
    "unknown items": baseText.replacing(
      "mean: [a, b]",
      with: "mean: [" + (0..<50_000).map { "unknown\($0), " }.joined() + "a]"),
    "scores": baseText.replacing(
      "  ab: {",
      with: (1..<15_000).map { "  s\($0): { mean: [s\($0 - 1), a], overlaps: true }\n" }.joined()
        + "  ab: {"),
    "examples": baseText + String(repeating: "  - { answers: {}, scores: {} }\n", count: 20_000),
    "duplicate fields": baseText + (0..<30_000).map { "x\($0): 1\nx\($0): 1\n" }.joined(),
  ]

  @Test("Each is refused without taking time or memory", arguments: files.keys.sorted())
  func large(name: String) throws {
    let (instrument, problems) = load(try #require(Self.files[name]))
    #expect(instrument == nil)
    #expect(problems.hasErrors)
    #expect(problems.list.count <= Problems.limit)
  }
}
