import Definitions
import Testing

@Suite("A YAML file becomes located nodes")
struct ParsingTests {
  @Test("Every node knows its line and column")
  func places() throws {
    let (node, problems) = parse(
      """
      # a comment
      id: needs-6
      items:
        - { id: n01, text: "Größe: 'x'" }
        -
          - deep
      """)
    #expect(problems.isEmpty)
    guard case .mapping(let entries) = try #require(node).content,
      case .list(let items) = entries[1].value.content,
      case .mapping(let item) = items[0].content
    else {
      Issue.record("not the expected shape")
      return
    }
    #expect(entries[0].key == Located("id", at: Place(file: "f.yaml", line: 2, column: 1)))
    #expect(entries[0].value.place == Place(file: "f.yaml", line: 2, column: 5))
    #expect(items[0].place == Place(file: "f.yaml", line: 4, column: 5))
    #expect(item[1].key.place == Place(file: "f.yaml", line: 4, column: 16))
    #expect(item[1].value.place == Place(file: "f.yaml", line: 4, column: 22))
    #expect(items[1].place.line == 6)
  }

  @Test(
    "A character of a scalar on one line has a column, also behind quotes and escapes",
    arguments: [
      ("a: x + y", 4, 8), ("a: 'x + y'", 4, 9), ("a: \"x + y\"", 4, 9),
      ("a: 'x = ''b'' + y'", 10, 17), (#"a: "x = \"b\" + y""#, 10, 17), ("a: 'ü + y'", 4, 9),
      // The scalar's own place when the text is folded or escaped by number.
      (#"a: "\x78 + y""#, 4, 4), ("a: x\n  + y", 4, 4), ("a: |\n  x + y", 4, 4),
    ])
  func columnsInsideScalars(text: String, offset: Int, column: Int) throws {
    let node = try #require(parse(text).node)
    guard case .mapping(let entries) = node.content else { return }
    #expect(entries[0].value.place(atOffset: offset).column == column)
  }

  @Test(
    "Text is never guessed at", arguments: ["no", "1.10", "010", "2026-01-01", "0x1F", "12:30"])
  func textIsText(text: String) throws {
    var problems = Problems()
    let node = try #require(parse("- \(text)").node)
    let list = try #require(node.list(problems: &problems))
    #expect(list[0].string(problems: &problems) == text)
  }

  @Test("A byte order mark and Windows line ends are read")
  func byteOrderMark() throws {
    let bytes: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8)
    let (node, problems) = parse(bytes)
    #expect(problems.isEmpty)
    guard case .mapping(let entries) = try #require(node).content else { return }
    #expect(entries.map(\.key.value) == ["a", "b"])
    #expect(entries[1].key.place == Place(file: "f.yaml", line: 2, column: 1))
  }

  @Test("Hostile texts are plain texts")
  func hostileTexts() throws {
    let texts = [
      "`id` $(rm -rf /) <script>alert(1)</script> \"quoted\"", "R&D and *emphasis* &amp; *all*",
      "&amp; is not an anchor", "a\nb", "{{goal_1}} %s \\", "[not, a, list",
    ]
    for text in texts {
      let escaped = text.replacing("'", with: "''").replacing("\n", with: "\n\n")
      var problems = Problems()
      let node = try #require(parse("- '\(escaped)'").node)
      let list = try #require(node.list(problems: &problems))
      #expect(list[0].string(problems: &problems) == text)
    }
  }
}

@Suite("What is no definition is refused at its place")
struct RefusedFileTests {
  static let files: [(bytes: [UInt8], problem: String)] = [
    ([], "f.yaml: error: found an empty file, expected a definition"),
    (Array("# only a comment\n".utf8), "f.yaml: error: found an empty file, expected a definition"),
    (Array("---\n...\n".utf8), "f.yaml: error: found an empty file, expected a definition"),
    (
      [0x50, 0x4B] + Array(repeating: 0x03, count: 21),
      "f.yaml:1:3: error: found the control character U+0003, expected a text file in UTF-8"
    ),
    (
      Array("id: a\ntext: ".utf8) + [0xC3, 0x28],
      "f.yaml:2:7: error: found a byte that is not UTF-8, expected a text file in UTF-8"
    ),
    (
      Array("id: a\ntext: Gr".utf8) + [0xC3],
      "f.yaml:2:9: error: found a byte that is not UTF-8, expected a text file in UTF-8"
    ),
    (
      [0xFF, 0xFE, 0x61, 0x00],
      "f.yaml:1:1: error: found a UTF-16 byte order mark, expected a text file in UTF-8"
    ),
  ]

  @Test("A file of more than a mebibyte is not read")
  func largeFile() {
    let (node, problems) = parse(Array(repeating: UInt8(ascii: "a"), count: 1_048_577))
    #expect(node == nil)
    #expect(
      problems.list.map(\.description) == [
        "f.yaml: error: found a file of 1048577 bytes, expected at most 1048576"
      ])
  }

  @Test("bytes that are no text, and files without content", arguments: files)
  func refusedBytes(bytes: [UInt8], problem: String) {
    let (node, problems) = parse(bytes)
    #expect(node == nil)
    #expect(problems.list.map(\.description) == [problem])
  }

  @Test(
    "syntax that YAML does not have",
    arguments: [
      ("a:\n\tb: 1", "2:1: error: found a tab"),
      ("a:\n  b: 1\n \tc: 1", "3:2: error: found a tab"),
      ("a: b: c", "1:5: error: found a colon and a space inside a value"),
      ("a: 1\n b: 2", "2:3: error: found a colon and a space inside a value"),
      ("a: 1\nb\n", "2:1: error: found a line without a colon"),
      ("a:\n  b: 1\n c: 2", "3:2: error: found a line that belongs to no field"),
      ("- a\nb: 1", "2:1: error: found a line that belongs to no list"),
      ("a: 'unclosed\nb: 1", "1:4: error: found a quote that is never closed"),
      ("a: [1, 2\nb: 3", "2:2: error: found a list that is not closed"),
      ("a: { b: 1\nc: [", "error: found"),
      ("a: @home", "1:4: error: found a value that begins with '@'"),
      ("a: `b`", "1:4: error: found a value that begins with '`'"),
      ("a: 1\n---\nb: 2", "2:1: error: found a second document"),
      (#"a: "\q""#, "1:5: error: found a backslash before 'q'"),
      ("a: !!binary aGk=", "1:4: error: found the tag"),
      ("? [a, b]\n: 1", "1:3: error: found a list or a mapping as a key"),
      ("~: 1", "1:1: error: found nothing as a key"),
      ("a: *b", "1:4: error: found a value that begins with '*'"),
      ("a: &b 1\nc: *b", "2:4: error: found the alias '*b'"),
      ("a: &x [1]\n? *x\n: 1", "2:3: error: found the alias '*x'"),
      ("a: !!seq &x [1]\nb: [1,*x]", "2:7: error: found the alias '*x'"),
      ("%YAML 3.0\n---\na: 1", "error: found YAML that cannot be read"),
    ])
  func refusedSyntax(text: String, problem: String) throws {
    let (node, problems) = parse(text)
    #expect(node == nil)
    let first = try #require(problems.list.first)
    #expect(first.description.contains(problem), "\(first)")
    #expect(first.place.line >= 1)
  }

  @Test("Aliases of aliases are refused before they are followed")
  func aliasBomb() throws {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...40 {
      let previous = "*a\(level - 1)"
      text += "a\(level): &a\(level) [\(previous), \(previous)]\n"
    }
    text += "? *a40\n: 1\n"
    let (node, problems) = parse(text)
    #expect(node == nil)
    #expect(problems.list.first?.place.line == 2)
  }

  /// Ways to nest deep, by name, and the line on which each is too deep.
  static let deepTexts: [String: (text: String, line: Int)] = [
    "brackets never closed": (String(repeating: "[", count: 100_000), 1),
    "brackets": (String(repeating: "[", count: 900) + String(repeating: "]", count: 900), 1),
    "braces": (
      String(repeating: "{a: ", count: 500) + "1" + String(repeating: "}", count: 500), 1
    ),
    "dashes": (String(repeating: "- ", count: 900) + "a", 1),
    "question marks": (String(repeating: "? ", count: 900) + "a", 1),
    "indentation": (
      (0..<500).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"), 34
    ),
  ]

  @Test("Nesting is bounded, however it is written", arguments: deepTexts.keys.sorted())
  func deepNesting(name: String) throws {
    let deep = try #require(Self.deepTexts[name])
    let (node, problems) = parse(deep.text)
    #expect(node == nil)
    #expect(try #require(problems.list.first).place.line == deep.line)
  }

  @Test("All duplicate keys are reported, wherever they are")
  func duplicateKeys() {
    let (node, problems) = parse(
      """
      id: a
      items:
        - { id: b, "text": c, text: d }
        - { 1: a, "1": b }
      id: e
      """)
    #expect(
      problems.sorted.map(\.description) == [
        "f.yaml:1:1: error: found the field 'id' more than once, expected each field once in a mapping",
        "f.yaml:3:14: error: found the field 'text' more than once, expected each field once in a mapping",
        "f.yaml:4:7: error: found the field '1' more than once, expected each field once in a mapping",
      ])
    guard case .mapping(let entries) = node?.content else {
      Issue.record("the rest was not read")
      return
    }
    #expect(entries.map(\.key.value) == ["items", "id"])
    #expect(entries.last?.key.place.line == 5)
  }

  @Test("Control characters are reported one by one, and the rest is read")
  func controlCharacters() throws {
    let (node, problems) = parse("id: a\u{7}b\ntext: \"\\0\"\nlast: \u{0}\nid: c")
    #expect(
      problems.sorted.map(\.description) == [
        "f.yaml:1:1: error: found the field 'id' more than once, expected each field once in a mapping",
        "f.yaml:1:6: error: found the control character U+0007, expected a text file in UTF-8",
        "f.yaml:2:7: error: found the control character U+0000, "
          + "expected a text without control characters",
        "f.yaml:3:7: error: found the control character U+0000, expected a text file in UTF-8",
      ])
    guard case .mapping(let entries) = try #require(node).content else { return }
    #expect(
      entries.map(\.value.summary) == [
        "the text '\u{FFFD}'", "the text '\u{FFFD}'", "the text 'c'",
      ])
  }

  @Test("A long line of many values is read in linear time")
  func longLine() throws {
    let (node, problems) = parse("[" + String(repeating: "a, ", count: 20_000) + "]")
    #expect(problems.isEmpty)
    var reported = Problems()
    #expect(try #require(node).list(problems: &reported)?.count == 20_000)
  }
}
