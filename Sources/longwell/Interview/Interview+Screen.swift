import Collection
import Instruments

extension Interview {
  /// Asks item by item on the whole screen. Going back from the end asks what was left blank once
  /// more, and nothing else.
  ///
  /// - Throws: what `Collection` refuses.
  mutating func run(on terminal: borrowing RawTerminal) async throws -> Ending {
    var position = firstOpen
    var isSecondRound = false
    while true {
      guard let step = position else {
        switch review(on: terminal) {
        case .back:
          let blank = leftBlank
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
        if let notice = notice(after: answer, to: step), !show(notice, on: terminal) {
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

  /// Shows whom to turn to, until the person goes on.
  ///
  /// - Returns: whether they go on; false for those who stop there, whose answer is kept.
  private func show(_ notice: SafetyNotice, on terminal: borrowing RawTerminal) -> Bool {
    terminal.show(
      TerminalText.wrapped(notice.prose, width: terminal.width) + [
        "", "Enter: go on    q quit and keep",
      ])
    while true {
      switch terminal.nextKey() {
      case .enter, .right: return true
      case .interrupt, .endOfInput, .character("q"), .character("Q"): return false
      default: continue
      }
    }
  }

  private func review(on terminal: borrowing RawTerminal) -> QuestionScreen.Outcome {
    let blank = leftBlank.count
    terminal.show([
      "That was the last question.", "",
      blank == 0
        ? "Everything is answered."
        : "You left \(blank) unanswered: go back to answer, or submit as it is.",
      "",
      blank == 0
        ? "Enter: submit    ← back    q quit and keep"
        : "y: submit as it is    ← back    q quit and keep",
    ])
    while true {
      switch terminal.nextKey() {
      case .enter where blank == 0: return .reply(nil)
      case .character("y") where blank > 0, .character("Y") where blank > 0: return .reply(nil)
      case .left, .character("b"), .character("B"): return .back
      case .interrupt, .endOfInput, .character("q"), .character("Q"): return .quit
      default: continue
      }
    }
  }
}

extension SafetyNotice {
  /// The study's text, and whom to turn to.
  var prose: String { TerminalText.prose(text) + "\n" + TerminalText.safe(contact) }
}
