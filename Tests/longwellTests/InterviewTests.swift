import Instruments
import Testing

@testable import longwell

@Suite("A question on the screen")
struct QuestionScreenTests {
  static let choice = Question(
    item: "q", text: "How?",
    kind: .choice((1...5).map { Question.Option(number: $0, label: "option \($0)") }),
    isRequired: false)
  static let eleven = Question(
    item: "q", text: "How much?",
    kind: .number(Question.NumberForm(least: 0, most: 10, isWhole: true)), isRequired: false)
  static let text = Question(item: "q", text: "What?", kind: .text(longest: 5), isRequired: false)

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
  func digit() {
    #expect(Self.outcome(of: [.character("3")], on: Self.choice) == .reply(.number(3)))
    #expect(Self.outcome(of: [.character("9")], on: Self.choice) == .stay)
  }

  @Test("Enter alone leaves nothing blank, s does")
  func blank() {
    #expect(Self.outcome(of: [.enter, .enter, .enter], on: Self.choice) == .stay)
    #expect(Self.outcome(of: [.enter, .enter], on: Self.eleven) == .stay)
    #expect(Self.outcome(of: [.character("s")], on: Self.choice) == .reply(nil))
    #expect(Self.outcome(of: [.enter, .enter], on: Self.text) == .reply(nil))
  }

  @Test("a required item cannot be left blank")
  func required() {
    var question = Self.choice
    question.isRequired = true
    #expect(Self.outcome(of: [.character("s"), .enter], on: question) == .stay)
    question = Self.text
    question.isRequired = true
    #expect(Self.outcome(of: [.enter, .enter, .enter], on: question) == .stay)
  }

  @Test("arrows move from the answer given before, and Enter keeps it")
  func arrows() {
    #expect(
      Self.outcome(of: [.down, .enter], on: Self.choice, answer: .number(2)) == .reply(.number(3)))
    #expect(Self.outcome(of: [.enter], on: Self.choice, answer: .number(2)) == .reply(.number(2)))
    #expect(Self.outcome(of: [.up, .up, .enter], on: Self.choice) == .reply(.number(4)))
    #expect(Self.outcome(of: [.left], on: Self.choice) == .back)
    #expect(Self.outcome(of: [.character("q")], on: Self.choice) == .quit)
  }

  @Test(
    "numbers are read within their range only",
    arguments: [
      ("0", 0.0), ("10", 10), ("7", 7), ("11", nil), ("-1", nil), ("3.5", nil), ("1e9", nil),
    ] as [(String, Double?)])
  func numbers(typed: String, value: Double?) {
    let keys = typed.map { Key.character($0) } + [.enter]
    let expected: QuestionScreen.Outcome = value.map { .reply(.number($0)) } ?? .stay
    #expect(Self.outcome(of: keys, on: Self.eleven) == expected)
  }

  @Test(
    "typed text is refused where it is no answer",
    arguments: ["123456", "a\u{1B}[2J", "\u{0}", "a\nb"])
  func refusedText(typed: String) {
    #expect(throws: Question.Misunderstanding.self) { try Self.text.answer(from: typed) }
  }

  @Test("letters are text where text is asked: q, b and s too")
  func letters() {
    let keys: [Key] = [.character("q"), .character("s"), .backspace, .character("b"), .enter]
    #expect(Self.outcome(of: keys, on: Self.text) == .reply(.text("qb")))
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
