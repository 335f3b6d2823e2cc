import Collection
import Definitions
import Instruments

extension Interview {
  /// Asks item by item, a line of standard input for each: for scripts and screen readers.
  ///
  /// Says `kept` after each answer that is on disk. At the end, what was left blank is asked once more, and
  /// nothing else; so it is each time that somebody goes back from there.
  ///
  /// - Throws: what `Collection` refuses.
  mutating func runByLines() async throws -> Ending {
    var position = firstOpen
    var isSecondRound = false
    var hasAskedAgain = false
    var isUnderstood = true
    while true {
      guard let step = position else {
        let blank = leftBlank
        if !hasAskedAgain, let first = blank.first {
          Console.out("\n" + texts("blank_again", ["n": "\(blank.count)"]))
          position = first
          isSecondRound = true
          hasAskedAgain = true
          continue
        }
        Console.out("\n" + summary(of: blank) + " " + texts("lines_end"))
        switch readLine() {
        case ":submit":
          try await submit()
          return .submitted
        case ":back":
          position = blank.first ?? steps.last
          isSecondRound = !blank.isEmpty
        case nil, ":quit": return .stopped
        default: continue
        }
        continue
      }
      guard let item = item(step) else { return .stopped }
      let question = question(item, at: step)
      // After a slip the question still stands there; whoever listens to it need not hear it again.
      if isUnderstood { show(question, at: step) }
      isUnderstood = true
      guard item.valueType != nil else {
        position = neighbour(of: step, by: 1)
        continue
      }
      guard let line = readLine() else { return .stopped }
      switch line {
      case ":quit": return .stopped
      case ":submit":
        try await submit()
        return .submitted
      case ":back": position = neighbour(of: step, by: -1) ?? step
      default:
        let answer: Answer?
        do { answer = try question.answer(from: line) } catch {
          Console.out(error.advice)
          isUnderstood = false
          continue
        }
        try await keep(answer, at: step)
        position = isSecondRound ? leftBlank(after: step) : neighbour(of: step, by: 1)
      }
    }
  }

  private mutating func keep(_ answer: Answer?, at step: Step) async throws {
    try await save(answer, to: step)
    Console.out(texts(answer == nil ? "answer_blank" : "answer_kept"))
    if let notice = notice(after: answer, to: step) { Console.out("\n" + notice.prose) }
  }

  private func show(_ question: Question, at step: Step) {
    if let instructions = instructions(before: step) {
      Console.out("\n" + TerminalText.safe(instructions))
    }
    question.printLines(heading: heading(step))
  }
}

extension Question {
  /// Prints the question with its options, a line each.
  func printLines(heading: String) {
    Console.out("\n\(TerminalText.safe(heading))\n\(TerminalText.safe(text))")
    switch kind {
    case .choice(let options):
      for option in options { show(option) }
    case .several(let options):
      for option in options { show(option) }
      Console.out(legend(width: 80).joined(separator: "\n"))
    case .form, .number: Console.out(legend(width: 80).joined(separator: "\n"))
    case .text, .notice: break
    }
  }

  private func show(_ option: Question.Option) {
    Console.out("  \(numeral(option.number))  \(TerminalText.safe(option.label))")
  }
}
