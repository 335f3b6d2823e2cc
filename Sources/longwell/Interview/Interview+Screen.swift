import Collection
import Instruments

extension Interview {
  /// Asks item by item on the whole screen. At the end, what was left blank is asked once more, and
  /// nothing else; so it is each time that somebody goes back from there.
  ///
  /// - Throws: what `Collection` refuses.
  mutating func run(on terminal: borrowing RawTerminal) async throws -> Ending {
    var position = firstOpen
    var isSecondRound = false
    var hasAskedAgain = false
    while true {
      guard let step = position else {
        let blank = leftBlank
        if !hasAskedAgain, let first = blank.first {
          let again = texts("blank_again", ["n": "\(blank.count)"])
          guard show(again, on: terminal) else { return .stopped }
          position = first
          isSecondRound = true
          hasAskedAgain = true
          continue
        }
        switch review(on: terminal) {
        case .back:
          position = blank.first ?? steps.last
          isSecondRound = !blank.isEmpty
        case .quit: return .stopped
        case .reply, .stay:
          try await submit()
          return .submitted
        }
        continue
      }
      guard let item = item(step) else { return .stopped }
      switch ask(question(item, at: step), at: step, on: terminal) {
      case .stay: continue
      case .quit: return .stopped
      case .back: position = neighbour(of: step, by: -1) ?? step
      case .reply(let answer):
        if item.valueType != nil { try await save(answer, to: step) }
        if let notice = notice(after: answer, to: step), !show(notice.prose, on: terminal) {
          return .stopped
        }
        position = isSecondRound ? leftBlank(after: step) : neighbour(of: step, by: 1)
      }
    }
  }

  private func ask(
    _ question: Question, at step: Step, on terminal: borrowing RawTerminal
  ) -> QuestionScreen.Outcome {
    var screen = QuestionScreen(question, answer: answer(to: step))
    let instructions = instructions(before: step)
    while true {
      let width = terminal.width
      var lines = screen.lines(heading: heading(step), width: width)
      if let instructions {
        lines.insert(contentsOf: TerminalText.wrapped(instructions, width: width) + [""], at: 2)
      }
      terminal.show(lines)
      let outcome = screen.press(terminal.nextKey())
      if outcome != .stay { return outcome }
    }
  }

  /// Shows something to read, until the person goes on.
  ///
  /// - Returns: whether they go on; false for those who stop there, whose answer is kept.
  private func show(_ words: String, on terminal: borrowing RawTerminal) -> Bool {
    terminal.show(
      TerminalText.wrapped(words, width: terminal.width) + [
        "", texts("help_onward", ["quit": texts("key_quit")]),
      ])
    while true {
      switch terminal.nextKey() {
      case .enter, .right: return true
      case .interrupt, .endOfInput: return false
      case .character(let letter) where texts.isKey(.quit, letter): return false
      default: continue
      }
    }
  }

  private func review(on terminal: borrowing RawTerminal) -> QuestionScreen.Outcome {
    let blank = leftBlank
    let help =
      blank.isEmpty
      ? texts("help_end", ["quit": texts("key_quit")])
      : texts("help_end_blank", ["yes": texts("key_yes"), "quit": texts("key_quit")])
    terminal.show(
      [texts("screen_last"), ""]
        + TerminalText.wrapped(summary(of: blank), width: terminal.width) + ["", help])
    while true {
      switch terminal.nextKey() {
      case .enter where blank.isEmpty: return .reply(nil)
      case .left: return .back
      case .interrupt, .endOfInput: return .quit
      case .character(let letter):
        if !blank.isEmpty, texts.isKey(.yes, letter) { return .reply(nil) }
        if texts.isKey(.back, letter) { return .back }
        if texts.isKey(.quit, letter) { return .quit }
      default: continue
      }
    }
  }
}

extension SafetyNotice {
  /// The study's text, and whom to turn to.
  var prose: String { TerminalText.prose(text) + "\n" + TerminalText.safe(contact) }
}
