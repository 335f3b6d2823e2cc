import Collection
import Definitions
import Instruments

/// One question on the screen: what is typed or chosen so far, and what a key does to it.
struct QuestionScreen {
  /// What the person wants after a key.
  enum Outcome: Hashable {
    case stay
    case reply(Answer?)
    case back
    case quit
  }

  let question: Question
  private(set) var typed: String
  private(set) var chosen: Int?
  private(set) var advice: String?
  private var isBlankOffered = false

  /// A screen that shows the answer given before, if any.
  init(_ question: Question, answer: Answer?) {
    self.question = question
    self.typed = ""
    switch (question.kind, answer) {
    case (.choice(let options), .number(let number)?):
      chosen = options.firstIndex { $0.number == number }
    case (.number, .number(let number)?):
      typed = numeral(number)
    case (.text, .text(let text)?), (.form, .text(let text)?):
      typed = text
    case (.several, let answer?):
      typed = (answer.list ?? []).map(String.init).joined(separator: " ")
    default: break
    }
  }

  /// Takes a key.
  mutating func press(_ key: Key) -> Outcome {
    advice = nil
    switch key {
    case .interrupt, .endOfInput: return .quit
    case .left: return .back
    case .up: return move(by: -1)
    case .down: return move(by: 1)
    case .right, .enter: return reply()
    case .backspace:
      if !typed.isEmpty { typed.removeLast() }
      return .stay
    case .character(let character): return type(character)
    }
  }

  private mutating func move(by step: Int) -> Outcome {
    guard case .choice(let options) = question.kind, !options.isEmpty else { return .stay }
    typed = ""
    let start = chosen ?? (step > 0 ? -1 : options.count)
    chosen = min(max(start + step, 0), options.count - 1)
    return .stay
  }

  private mutating func leaveBlank() -> Outcome {
    guard question.isRequired else { return .reply(nil) }
    advice = question.texts("question_needed")
    return .stay
  }

  private mutating func type(_ character: Character) -> Outcome {
    switch question.kind {
    case .text:
      typed.append(character)
      return .stay
    case .number, .choice, .several, .form, .notice:
      if question.texts.isKey(.quit, character) { return .quit }
      if question.texts.isKey(.back, character) { return .back }
      if question.texts.isKey(.blank, character) { return leaveBlank() }
      guard character.isWholeNumber || isPunctuation(character) else { return .stay }
      typed.append(character)
      return question.isDecided(by: typed) ? reply() : .stay
    }
  }

  /// What may stand between digits: a sign or point in a number, a space in a list, a colon in a time.
  private func isPunctuation(_ character: Character) -> Bool {
    let plain = plainNumerals(String(character))
    return switch question.kind {
    case .several: [",", " "].contains(plain)
    case .form: ["-", ":"].contains(plain)
    default: ["-", ".", ","].contains(plain)
    }
  }

  /// Enter leaves nothing blank by itself: after a number that answers at once, people press it too.
  private mutating func reply() -> Outcome {
    if typed.isEmpty, case .choice(let options) = question.kind, let chosen {
      return .reply(.number(options[chosen].number))
    }
    if typed.isEmpty, question.takesAnswer {
      if case .text = question.kind, !question.isRequired, isBlankOffered { return leaveBlank() }
      isBlankOffered = true
      advice = question.isRequired ? question.texts("question_needed") : question.wayToLeaveBlank
      return .stay
    }
    do {
      return .reply(try question.answer(from: typed))
    } catch {
      advice = error.advice
      typed = ""
      return .stay
    }
  }

  /// The screen's lines.
  ///
  /// - Parameters:
  ///   - heading: what is answered and how far the person is.
  ///   - width: the terminal's width in characters.
  func lines(heading: String, width: Int) -> [String] {
    var lines = [TerminalText.cell(heading, width: width), ""]
    lines += TerminalText.wrapped(question.text, width: width)
    lines.append("")
    switch question.kind {
    case .choice(let options):
      for (index, option) in options.enumerated() {
        let mark = index == chosen ? "›" : " "
        let label = TerminalText.cell(option.label, width: max(width - 8, 12))
        lines.append(" \(mark) \(numeral(option.number))  \(label)")
      }
      lines += ["", typed.isEmpty ? "" : "  \(typed)"]
    case .several(let options):
      for option in options {
        let label = TerminalText.cell(option.label, width: max(width - 8, 12))
        lines.append("   \(numeral(option.number))  \(label)")
      }
      lines += [""] + question.legend(width: width) + ["  \(typed)▏"]
    case .form, .number: lines += question.legend(width: width) + ["  \(typed)▏"]
    case .text: lines.append("  \(TerminalText.safe(typed))▏")
    case .notice: break
    }
    lines += ["", advice ?? "", help]
    return lines
  }

  private var help: String {
    let texts = question.texts
    let name =
      switch question.kind {
      case .choice: "help_choice"
      case .number, .several, .form: "help_typed"
      case .text: "help_text"
      case .notice: "help_notice"
      }
    return texts(name, ["blank": texts("key_blank"), "quit": texts("key_quit")])
  }
}
