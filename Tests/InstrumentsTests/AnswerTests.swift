import Definitions
import Foundation
import Instruments
import Testing

@Suite("Answers")
struct AnswerTests {
  private let instrument = loadBase().instrument

  @Test(
    "What is on the response scale is taken",
    arguments: [
      ("a", .number(1)), ("a", .number(5)), ("c", .number(7)), ("d", .text("two\nlines")),
      ("d", .text("")), ("e", .number(0)), ("e", .number(7.25)), ("f", .number(0)),
      ("f", .number(95)), ("h", .number(9)),
    ] as [(String, Answer)])
  func taken(item: String, answer: Answer) throws {
    try #require(instrument).check(answer, for: item)
  }

  @Test(
    "What is not is refused, without repeating it",
    arguments: [
      ("a", .number(0), "a whole number from 1 to 5"),
      ("a", .number(6), "a whole number from 1 to 5"),
      ("a", .number(2.5), "a whole number from 1 to 5"),
      ("a", .number(.nan), "a whole number from 1 to 5"),
      ("a", .text("2"), "a whole number from 1 to 5"),
      ("d", .number(2), "a text of at most 100 characters on plain lines"),
      (
        "d", .text(String(repeating: "x", count: 101)),
        "a text of at most 100 characters on plain lines"
      ),
      ("e", .number(-1), "a number of at least 0"),
      ("e", .number(.infinity), "a number of at least 0"),
      ("f", .number(3), "a number from 0 to 100 in steps of 5"),
      ("f", .number(105), "a number from 0 to 100 in steps of 5"),
      ("g", .number(1), "no answer"),
      ("g", .text(""), "no answer"),
      ("h", .number(2), "one of the numbers 1, 9"),
      ("zz", .number(1), "nothing: it is no item of base"),
    ] as [(String, Answer, String)])
  func refused(item: String, answer: Answer, expected: String) throws {
    let instrument = try #require(instrument)
    #expect(throws: AnswerRefusal(item: item, expected: expected)) {
      try instrument.check(answer, for: item)
    }
  }

  @Test("A text with control characters is refused")
  func controlCharacters() throws {
    let instrument = try #require(instrument)
    for text in ["a\u{0}b", "\u{1B}[2J", "a\rb"] {
      #expect(throws: AnswerRefusal.self) { try instrument.check(.text(text), for: "d") }
    }
  }

  @Test("Typed answers are read by the kind of the item")
  func typed() throws {
    let instrument = try #require(instrument)
    #expect(try instrument.answer(reading: " 4 ", for: "a") == .number(4))
    #expect(try instrument.answer(reading: "7.5", for: "e") == .number(7.5))
    #expect(try instrument.answer(reading: " 4 ", for: "d") == .text(" 4 "))
    #expect(try instrument.answer(reading: "\u{200F}٤", for: "a") == .number(4))
    #expect(try instrument.answer(reading: "٧٫٥", for: "e") == .number(7.5))
    #expect(try instrument.answer(reading: "٤", for: "d") == .text("٤"))
    for typed in ["", " ", "four", "6", "nan", "0x4", "4,5", "1e400"] {
      #expect(throws: AnswerRefusal.self) { try instrument.answer(reading: typed, for: "a") }
    }
  }

  @Test("An answer is written as a bare number or text, and read back")
  func coding() throws {
    let answers: [Answer] = [.number(4), .number(0.5), .text("4"), .text("a \"b\"")]
    let data = try JSONEncoder().encode(answers)
    #expect(String(decoding: data, as: UTF8.self) == #"[4,0.5,"4","a \"b\""]"#)
    #expect(try JSONDecoder().decode([Answer].self, from: data) == answers)
  }

  @Test("Items are shown by earlier answers, and unknown counts as no")
  func shown() throws {
    let instrument = try #require(instrument)
    #expect(
      instrument.shownItems(answers: ["a": .number(4)]).map(\.id)
        == ["a", "b", "c", "d", "e", "f", "g", "h"])
    for answers in [[:], ["a": .number(3)], ["a": .number(9)]] as [[String: Answer]] {
      #expect(
        instrument.shownItems(answers: answers).map(\.id) == ["a", "b", "c", "e", "f", "g", "h"])
    }
  }
}

@Suite("An instrument file")
struct LoadingTests {
  @Test("The base loads as written")
  func base() throws {
    let (loaded, problems) = loadBase()
    #expect(problems.isEmpty)
    let instrument = try #require(loaded)
    #expect(instrument.id == "base" && instrument.version == "1.0.0")
    #expect(instrument.recall == .general && instrument.wording == .original)
    #expect(instrument.item("b")?.isReversed == true)
    #expect(instrument.item("c")?.options?.map(\.value) == Array(1...7))
    #expect(instrument.item("c")?.options?.map(\.label) == Array(repeating: nil, count: 7))
    #expect(instrument.item("h")?.options?.map(\.label) == ["yes", "no"])
    #expect(instrument.item("e")?.range == nil)
    #expect(instrument.checks.map(\.item) == ["h"])
    #expect(instrument.checks.map(\.expected) == [.number(9)])
    #expect(instrument.source == Array(baseText.utf8))
    #expect(instrument.item("zz") == nil)
  }

  @Test(
    "Recall is now, today, general, or days",
    arguments: [
      ("now", .now), ("today", .today), ("14d", .days(14)), ("30d", .days(30)),
    ] as [(String, Instrument.Recall)])
  func recall(text: String, recall: Instrument.Recall) throws {
    let loaded = loadBase(replacing: "recall: general", with: "recall: \(text)").instrument
    #expect(loaded?.recall == recall)
    #expect(recall.description == text)
  }

  @Test("An imported file is only warned of scores without examples")
  func imported() {
    let (instrument, problems) = load(
      baseText.replacing(", total: 5", with: "")
        .replacing("wording: original", with: "wording: original\nimported: REDCap"))
    #expect(instrument != nil)
    #expect(problems.list.map(\.severity) == [.warning])
    #expect(problems.list.map(\.place.line) == [23])
  }

  @Test("A file that does not end in .yaml, as from a database, may have any name")
  func otherNames() {
    var problems = Problems()
    let instrument = Instrument.load(
      Array(baseText.utf8), file: "definition 3f2a", problems: &problems)
    #expect(instrument != nil && problems.isEmpty)
  }
}

@Suite("The content hash")
struct ContentHashTests {
  private func hash(_ text: String) throws -> String {
    let (instrument, problems) = load(text)
    #expect(!problems.hasErrors, "\(problems.list)")
    return try #require(instrument).contentHash
  }

  @Test("It is a SHA-256 in hexadecimal, and stays what it is")
  func stable() throws {
    let first = try hash(baseText)
    #expect(first.count == 64 && first.allSatisfy(\.isHexDigit))
    #expect(try hash(baseText) == first)
  }

  @Test(
    "Nothing changes it that no participant sees and no score uses",
    arguments: [
      ("id: base", "# a comment\n\nid:   'base'"), ("version: 1.0.0", "version: 1.0.1"),
      ("construct: test", "construct: other"),
      ("text: A, scale: s5 }", "scale: s5, text: \"A\", required: soft }"),
      ("scale: s7 }", "type: likert, range: [1, 7] }"), ("show_if: a > 3", "show_if: '(a>3)'"),
      ("{ a: 4, b: 2, c: 3 }", "{ a: 4, b: 2, c: 3, h: 9 }"),
      (
        "tests:\n  -",
        "tests:\n  - title: another\n    answers: {}\n    scores: { ab: missing }\n  -"
      ),
      (
        "  ab: { mean: [a, b] }\n  total: { expression: ab * 2 - c }",
        "  total: { expression: (ab * 2) - c }\n  ab: { mean: [a, b], answered: 2 }"
      ),
    ])
  func irrelevant(from: String, to: String) throws {
    let changed = baseText.replacing(from, with: to)
    #expect(changed != baseText)
    // The item with scale s7 inline leaves that scale unused, which is a warning.
    #expect(try hash(changed) == hash(baseText))
  }

  @Test(
    "Everything else changes it",
    arguments: [
      ("title: Base", "title: Bass"), ("language: en", "language: nl"), ("text: C", "text: D"),
      ("5: high", "5: higher"), ("range: [1, 7]", "range: [1, 8]"),
      ("range: [1, 7]", "range: [1, 7], labels: { 1: low }"), ("a > 3", "a > 2"),
      ("longest: 100", "longest: 101"), ("unit: hours", "unit: days"),
      ("unit: hours", "unit: hours, whole: true"), ("step: 5", "step: 10"),
      ("100: all", "100: 'all '"), ("type: single", "type: likert"),
      ("text: C, scale: s7", "text: C, scale: s7, required: hard"),
      ("wording: original", "wording: original\ninstructions: Read."),
      ("mean: [a, b]", "mean: [a, b], answered: 1"), ("expect: 9", "expect: 1"),
      ("wording: original", "wording: original\nimported: \"x\"\ninstructions: ''"),
    ])
  func relevant(from: String, to: String) throws {
    let changed = baseText.replacing(from, with: to)
    #expect(changed != baseText)
    #expect(try hash(changed) != hash(baseText))
  }

  @Test("No two of the shipped instruments share one")
  func shipped() {
    let hashes = ShippedInstruments.all().map(\.contentHash)
    #expect(Set(hashes).count == hashes.count)
  }
}
