import Definitions
import Testing

@Suite("Fields are read by name and everything wrong is reported at once")
struct MappingReaderTests {
  @Test("What is right is read")
  func rightFields() {
    var texts: [Located<String>]?
    let problems = reading(
      """
      text: no
      whole: -3
      number: 1.5e3
      truth: true
      one: alone
      many: [a, b]
      keys: { 1: low, 2: high }
      """
    ) { reader, problems in
      #expect(reader.string("text", problems: &problems)?.value == "no")
      #expect(reader.integer("whole", problems: &problems)?.value == -3)
      #expect(reader.number("number", problems: &problems)?.value == 1500)
      #expect(reader.bool("truth", problems: &problems)?.value == true)
      #expect(reader.strings("one", problems: &problems)?.map(\.value) == ["alone"])
      texts = reader.strings("many", problems: &problems)
      let keys = reader.optionalNode("keys")?.integerEntries(problems: &problems)
      #expect(keys?.map(\.key.value) == [1, 2])
      #expect(reader.optionalString("absent", problems: &problems) == nil)
    }
    #expect(problems == "")
    #expect(texts?.map(\.value) == ["a", "b"])
    #expect(texts?[1].place == Place(file: "f.yaml", line: 6, column: 11))
  }

  @Test("What is wrong is reported with its place, what was expected, and what was perhaps meant")
  func wrongFields() {
    enum Method: String, CaseIterable { case simple, minimisation }
    let problems = reading(
      """
      whole: abc
      octal: 010
      quoted: "5"
      range: 12
      truth: yes
      method: minimization
      list: { a: 1 }
      text:
      keys: { 2: a, 1: b, x: c }
      wieght: 1
      """
    ) { reader, problems in
      _ = reader.integer("whole", problems: &problems)
      _ = reader.integer("octal", problems: &problems)
      _ = reader.number("quoted", problems: &problems)
      _ = reader.integer("range", in: 1...10, problems: &problems)
      _ = reader.bool("truth", problems: &problems)
      _ = reader.choice("method", of: Method.self, problems: &problems)
      _ = reader.list("list", problems: &problems)
      _ = reader.string("text", problems: &problems)
      _ = reader.optionalNode("keys")?.integerEntries(problems: &problems)
      _ = reader.optionalInteger("weight", problems: &problems)
      _ = reader.string("id", problems: &problems)
    }
    let names = "whole, octal, quoted, range, truth, method, list, text, keys, weight, id"
    #expect(
      problems == """
        f.yaml:1:1: error: found a test without 'id', expected the field 'id'
        f.yaml:1:8: error: found the text 'abc', expected a whole number
        f.yaml:2:8: error: found the text '010', expected a whole number; did you mean '10'?
        f.yaml:3:9: error: found the text '5' in quotes, expected a number; did you mean '5'?
        f.yaml:4:8: error: found the number 12, expected a whole number from 1 to 10
        f.yaml:5:8: error: found the text 'yes', expected true or false; did you mean 'true'?
        f.yaml:6:9: error: found the text 'minimization', expected one of simple, minimisation; did you mean 'minimisation'?
        f.yaml:7:7: error: found a mapping, expected a list
        f.yaml:8:6: error: found nothing, expected a text
        f.yaml:9:15: error: found the key 1 after 2, expected keys in increasing order
        f.yaml:9:21: error: found the key 'x', expected a whole number
        f.yaml:10:1: error: found the unknown field 'wieght', expected a test with \(names); did you mean 'weight'?
        """)
  }

  @Test(
    "Only finite decimal numbers are numbers",
    arguments: [".inf", ".nan", "1e999", "1_000", "0x10", "1.", ".5", "١", "--1", "1 2", "inf"])
  func numbers(text: String) {
    let problems = reading("n: \(text)") { reader, problems in
      #expect(reader.number("n", problems: &problems) == nil)
    }
    #expect(problems.hasPrefix("f.yaml:1:4: error: found the text"))
  }

  @Test("A whole number outside Int is no whole number")
  func hugeInteger() {
    let problems = reading("n: 99999999999999999999") { reader, problems in
      #expect(reader.integer("n", problems: &problems) == nil)
    }
    #expect(
      problems
        == "f.yaml:1:4: error: found the number 99999999999999999999, expected a whole number")
  }
}

@Suite("Problems")
struct ProblemTests {
  @Test(
    "The nearest name is suggested, a far one is not",
    arguments: [
      ("scal", "scale"), ("itmes", "items"), ("reqired", "required"), ("Title", "title"),
      ("compentence_satisfaction", "competence_satisfaction"), ("sum", nil), ("x", nil), ("", nil),
      (String(repeating: "title", count: 20), nil),
    ] as [(String, String?)])
  func nearest(name: String, expected: String?) {
    let names = ["scale", "items", "required", "title", "mean", "competence_satisfaction", "id"]
    #expect(nearestName(to: name, among: names) == expected)
  }

  @Test("Text from a file is shown on one line, without control characters, and cut")
  func quotedText() {
    #expect(quoted("a\nb\u{1B}[2J") == "'a\\nb\\u{1b}[2J'")
    #expect(quoted(String(repeating: "x", count: 70)).count == 63)
    #expect(quoted("\u{202E}abc") == "'\\u{202e}abc'")
  }

  @Test("Warnings are no errors, and a list of problems does not outgrow its limit")
  func counting() {
    var problems = Problems()
    let place = Place(file: "f", line: 1, column: 1)
    problems.report(.warning, at: place, found: "a", expected: "b")
    #expect(!problems.hasErrors && !problems.isEmpty)
    for _ in 0..<Problems.limit { problems.report(at: place, found: "a", expected: "b") }
    #expect(problems.list.count == Problems.limit)
    #expect(problems.errorCount == Problems.limit)
    #expect(problems.omittedErrors == 1)
  }

  @Test("Problems sort by place")
  func sorting() {
    var problems = Problems()
    for (line, column) in [(2, 1), (1, 5), (1, 2)] {
      problems.report(at: Place(file: "f", line: line, column: column), found: "a", expected: "b")
    }
    #expect(problems.sorted.map(\.place.description) == ["f:1:2", "f:1:5", "f:2:1"])
  }
}
