import Collection
import Definitions
import Instruments
import Testing

@testable import longwell

@Suite("A question on the screen")
struct QuestionScreenTests {
  /// The question that an item asks.
  static func question(
    _ item: String, required: Bool = false, language: String = "en"
  ) throws -> Question {
    let file = """
      id: asked
      version: 1.0.0
      title: Asked
      construct: test
      language: en
      recall: general
      wording: original
      items:
        - { id: choice, text: How?, type: likert, options: { 1: a, 2: b, 3: c, 4: d, 5: e } }
        - { id: eleven, text: How much?, type: slider, range: [0, 10] }
        - { id: open, text: How many?, type: number, at_least: 0 }
        - { id: text, text: What?, type: text, longest: 5 }
        - { id: several, text: Which?, type: multiple, options: { 1: a, 2: b, 9: none }, exclusive: 9 }
        - { id: order, text: In which order?, type: rank, options: { 1: a, 2: b, 3: c } }
        - { id: date, text: Which day?, type: date }
        - { id: time, text: At what time?, type: time }
        - { id: goal, text: What is your goal?, type: own }
        - { id: yes, text: Yes?, type: single, options: { 0: "No", 1: "Yes" } }
        - { id: note, text: Read this., type: instruction}

      """.replacing(" }\n", with: required ? ", required: hard }\n" : " }\n")
    var problems = Problems()
    let loaded = Instrument.load(Array(file.utf8), file: "asked.yaml", problems: &problems)
    let instrument = try #require(loaded, "\(problems)")
    return Question(
      try #require(instrument.item(item)), of: instrument, answers: [:], carried: [:],
      texts: TextLibrary().texts(language))
  }

  /// What comes of keys, up to the first outcome other than staying.
  static func outcome(
    of keys: [Key], on question: Question, answer: Answer? = nil
  ) -> QuestionScreen.Outcome {
    var screen = QuestionScreen(question, answer: answer)
    for key in keys {
      let outcome = screen.press(key)
      if outcome != .stay { return outcome }
    }
    return .stay
  }

  @Test("a digit that names one option answers at once")
  func digit() throws {
    #expect(
      try Self.outcome(of: [.character("3")], on: Self.question("choice")) == .reply(.number(3)))
    #expect(try Self.outcome(of: [.character("9")], on: Self.question("choice")) == .stay)
  }

  @Test("Enter alone leaves nothing blank, s does")
  func blank() throws {
    #expect(try Self.outcome(of: [.enter, .enter, .enter], on: Self.question("choice")) == .stay)
    #expect(try Self.outcome(of: [.enter, .enter], on: Self.question("eleven")) == .stay)
    #expect(try Self.outcome(of: [.character("s")], on: Self.question("choice")) == .reply(nil))
    #expect(try Self.outcome(of: [.enter, .enter], on: Self.question("text")) == .reply(nil))
  }

  @Test("a required item cannot be left blank")
  func required() throws {
    var question = try Self.question("choice", required: true)
    #expect(Self.outcome(of: [.character("s"), .enter], on: question) == .stay)
    question = try Self.question("text", required: true)
    #expect(Self.outcome(of: [.enter, .enter, .enter], on: question) == .stay)
  }

  @Test("arrows move from the answer given before, and Enter keeps it")
  func arrows() throws {
    #expect(
      try Self.outcome(of: [.down, .enter], on: Self.question("choice"), answer: .number(2))
        == .reply(.number(3)))
    #expect(
      try Self.outcome(of: [.enter], on: Self.question("choice"), answer: .number(2))
        == .reply(.number(2)))
    #expect(
      try Self.outcome(of: [.up, .up, .enter], on: Self.question("choice")) == .reply(.number(4)))
    #expect(try Self.outcome(of: [.left], on: Self.question("choice")) == .back)
    #expect(try Self.outcome(of: [.character("q")], on: Self.question("choice")) == .quit)
  }

  @Test(
    "numbers are read within their range only",
    arguments: [
      ("0", 0.0), ("10", 10), ("7", 7), ("11", nil), ("-1", nil), ("3.5", nil), ("1e9", nil),
    ] as [(String, Double?)])
  func numbers(typed: String, value: Double?) throws {
    let keys = typed.map { Key.character($0) } + [.enter]
    let expected: QuestionScreen.Outcome = value.map { .reply(.number($0)) } ?? .stay
    #expect(try Self.outcome(of: keys, on: Self.question("eleven")) == expected)
  }

  @Test(
    "every kind of item is asked, answered and refused",
    arguments: [
      ("several", "2 1", .text("[1,2]"), "9 1"), ("order", "3, 1, 2", .text("[3,1,2]"), "1 2"),
      ("date", "2028-02-29", .text("2028-02-29"), "2027-02-29"),
      ("time", "07:05", .text("07:05"), "7.5"), ("goal", "learn q", .text("learn q"), nil),
      ("eleven", "10", .number(10), "11"), ("open", "2.5", .number(2.5), "-1"),
      ("text", "word", .text("word"), nil),
    ] as [(String, String, Answer, String?)])
  func kinds(item: String, typed: String, answer: Answer, refused: String?) throws {
    let question = try Self.question(item)
    let keys = typed.map { Key.character($0) } + [.enter]
    #expect(Self.outcome(of: keys, on: question) == .reply(answer))
    guard let refused else { return }
    let wrong = refused.map { Key.character($0) } + [.enter]
    #expect(Self.outcome(of: wrong, on: question) == .stay)
  }

  @Test("an instruction is read, and a choice of one answered by its number")
  func others() throws {
    #expect(try Self.outcome(of: [.enter], on: Self.question("note")) == .reply(nil))
    #expect(
      try Self.outcome(of: [.character("0")], on: Self.question("yes")) == .reply(.number(0)))
  }

  @Test(
    "typed text is refused where it is no answer",
    arguments: ["123456", "a\u{1B}[2J", "\u{0}"])
  func refusedText(typed: String) throws {
    let question = try Self.question("text")
    #expect(throws: Question.Misunderstanding.self) { try question.answer(from: typed) }
  }

  @Test("a number beyond any width stands on the screen again as it was given")
  func longNumber() throws {
    let question = try Self.question("open")
    #expect(
      Self.outcome(of: [.enter], on: question, answer: .number(1e300)) == .reply(.number(1e300))
    )
    #expect(
      Self.outcome(of: [.enter], on: question, answer: .number(2.5)) == .reply(.number(2.5)))
    #expect(try question.answer(from: " 2,5 ") == .number(2.5))
  }

  @Test(
    "digits of any script are numbers, in answers that are numbers",
    arguments: [
      ("choice", "٣", .number(3)), ("eleven", "١٠", .number(10)), ("open", "٢٫٥", .number(2.5)),
      ("open", "२.५", .number(2.5)), ("several", "٢، ١", .text("[1,2]")),
      ("order", "۳ ۱ ۲", .text("[3,1,2]")), ("date", "٢٠٢٨-٠٢-٢٩", .text("2028-02-29")),
      ("time", "٠٧:٠٥", .text("07:05")), ("text", "٣", .text("٣")),
    ] as [(String, String, Answer)])
  func digits(item: String, typed: String, answer: Answer) throws {
    let question = try Self.question(item, language: "ar")
    let keys = typed.map { Key.character($0) } + [.enter]
    #expect(Self.outcome(of: keys, on: question) == .reply(answer))
    #expect(try question.answer(from: " \u{200F}\(typed) ") == answer || item == "text")
  }

  @Test(
    "each language has letters of its own, and the English ones",
    arguments: [("en", "s", "q"), ("nl", "l", "q"), ("es", "v", "q"), ("ar", "ف", "خ")])
  func letters(language: String, blank: Character, quit: Character) throws {
    let question = try Self.question("choice", language: language)
    for letter in [blank, "s", "S"] {
      #expect(Self.outcome(of: [.character(letter)], on: question) == .reply(nil))
    }
    for letter in [quit, "q"] {
      #expect(Self.outcome(of: [.character(letter)], on: question) == .quit)
    }
    let lines = QuestionScreen(question, answer: nil).lines(heading: "", width: 80)
    #expect(lines.last?.contains(String(blank)) == true && lines.last?.contains("{") == false)
    for typed in ScreenLetter.allCases {
      let others = ScreenLetter.allCases.filter { $0 != typed && $0 != .yes && typed != .yes }
      #expect(others.allSatisfy { !question.texts.isKey($0, typed.english) }, "\(typed)")
    }
  }

  @Test("what is expected is said in the language", arguments: ["nl", "es", "ar"])
  func expectations(language: String) throws {
    for item in ["choice", "yes", "eleven", "open", "several", "order", "date", "time"] {
      let english = try Self.question(item)
      let question = try Self.question(item, language: language)
      func advice(_ question: Question) -> String {
        do { return "\(String(describing: try question.answer(from: "?")))" } catch {
          return error.advice
        }
      }
      #expect(advice(question) != advice(english))
      #expect(!advice(question).contains("{") && !advice(question).contains("_"))
    }
  }

  @Test("letters are text where text is asked: q, b and s too")
  func letters() throws {
    let keys: [Key] = [.character("q"), .character("s"), .backspace, .character("b"), .enter]
    #expect(try Self.outcome(of: keys, on: Self.question("text")) == .reply(.text("qb")))
  }

  @Test(
    "keys are read from a terminal's bytes",
    arguments: [
      ([0x1B, 0x5B, 0x41], .up), ([0x1B, 0x4F, 0x42], .down), ([0x0D], .enter),
      ([0x7F], .backspace), ([0x03], .interrupt), ([], .endOfInput),
      ([0x1B, 0x71], .character("q")),
      ([0xC3, 0xA9], .character("é")), ([0xFF], nil), ([0x1B, 0x5B, 0x35, 0x7E], nil),
    ] as [([UInt8], Key?)])
  func keys(bytes: [UInt8], key: Key?) {
    var rest = bytes[...]
    #expect(Key.read { rest.popFirst() } == key)
  }

  @Test("nothing in a text moves the cursor or reorders what stands around it")
  func safeText() {
    let safe = TerminalText.safe("a\u{1B}[31m\u{7}\u{9B}b\u{202E}c\nd\te")
    #expect(safe == "a\u{FFFD}[31m\u{FFFD}\u{FFFD}b\u{FFFD}c\nd e")
  }

  @Test("prose joins the lines of a paragraph and keeps headings and lists")
  func prose() {
    let text = "# Title\nOne\ntwo\n\n- first\n  more\n- second\n"
    #expect(TerminalText.prose(text) == "# Title\nOne two\n\n- first more\n- second\n")
  }
}
