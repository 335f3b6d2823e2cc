import Collection
import Instruments

/// The questions before joining, a line of standard input for each. The answers stay in memory:
/// nothing of somebody who does not join is ever written.
struct ScreeningInterview {
  let instrument: Instrument
  let texts: Texts
  private(set) var answers: [String: Answer] = [:]

  init(_ instrument: Instrument, texts: Texts) {
    self.instrument = instrument
    self.texts = texts
  }

  /// Asks each item that the answers so far show; an empty line leaves one unanswered.
  ///
  /// - Returns: the answers, or nil when the input ends or says :quit before the last item.
  mutating func run() -> [String: Answer]? {
    if let instructions = instrument.instructions {
      Console.out("\n" + TerminalText.safe(instructions))
    }
    for item in instrument.items {
      guard instrument.shownItems(answers: answers).contains(where: { $0.id == item.id }) else {
        continue
      }
      let question = Question(item, of: instrument, answers: answers, carried: [:], texts: texts)
      question.printLines(heading: instrument.title)
      guard item.valueType != nil else { continue }
      var isDone = false
      while !isDone {
        guard let line = readLine(), line != ":quit" else { return nil }
        do {
          answers[item.id] = try question.answer(from: line)
          isDone = true
        } catch {
          Console.out(error.advice)
        }
      }
    }
    return answers
  }
}
