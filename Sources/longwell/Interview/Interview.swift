import Collection
import Foundation
import Instruments
import Storage

/// A session answered at a terminal: which item comes next, what is saved, when it is submitted.
struct Interview {
  /// How it ended.
  enum Ending {
    case submitted
    case stopped
  }

  /// One step of the session.
  struct Step: Hashable {
    var instrument: Int
    var item: String
  }

  let desk: StudyDesk
  private(set) var session: SessionInProgress
  let clock: @Sendable () -> Date
  /// What the terminal says, in the language that the person reads.
  let texts: Texts
  /// What a person is shown whose answer gives concern, and at the end; nil where nothing asks about
  /// distress.
  let safety: SafetyNotice?

  init(
    desk: StudyDesk, session: SessionInProgress, texts: Texts,
    clock: @escaping @Sendable () -> Date
  ) throws {
    self.desk = desk
    self.session = session
    self.clock = clock
    self.texts = texts
    safety = try desk.safetyNotice(for: session)
  }

  /// All steps that the answers so far show, in order.
  var steps: [Step] {
    session.instruments.enumerated().flatMap { index, instrument in
      session.shownItems(of: instrument).map { Step(instrument: index, item: $0.id) }
    }
  }

  /// Where the session goes on: the first item after everything answered, else the first of all.
  var firstOpen: Step? {
    let steps = steps
    let last = steps.lastIndex { answer(to: $0) != nil }
    return last.map { $0 + 1 < steps.count ? steps[$0 + 1] : nil } ?? steps.first
  }

  /// The item that a step asks.
  func item(_ step: Step) -> Item? { session.instruments[step.instrument].item(step.item) }

  /// The question that a step asks, with the answers so far in its text.
  func question(_ item: Item, at step: Step) -> Question {
    let instrument = session.instruments[step.instrument]
    return Question(
      item, of: instrument, answers: session.answers[instrument.id] ?? [:],
      carried: session.carried[instrument.id] ?? [:], texts: texts)
  }

  /// The answer to a step so far.
  func answer(to step: Step) -> Answer? {
    session.answers[session.instruments[step.instrument].id]?[step.item]
  }

  /// What is shown right after an answer, because it gives concern.
  func notice(after answer: Answer?, to step: Step) -> SafetyNotice? {
    guard let answer, item(step)?.isConcerning(answer) == true else { return nil }
    return safety
  }

  /// Where to ask once more what was left blank, in order; items that may well be blank are not among
  /// them.
  var leftBlank: [Step] {
    steps.filter { item($0)?.isAskedAgain == true && answer(to: $0) == nil }
  }

  /// What is said at the end about what was left blank.
  func summary(of blank: [Step]) -> String {
    blank.isEmpty
      ? texts("review_complete") : texts("blank_words", ["n": "\(blank.count)"])
  }

  /// The first step left blank after another, in order; `nil` if there is none.
  func leftBlank(after step: Step) -> Step? {
    let steps = steps
    guard let position = steps.firstIndex(of: step) else { return leftBlank.first }
    let blank = Set(leftBlank)
    return steps[(position + 1)...].first(where: blank.contains)
  }

  /// Saves an answer, on disk when this returns, and takes in what it shows or hides.
  mutating func save(_ answer: Answer?, to step: Step) async throws {
    guard answer != self.answer(to: step) else { return }
    let instrument = session.instruments[step.instrument].id
    try await desk.save(
      AnswerToSave(
        session: session.session.uuid, instrument: instrument, item: step.item, answer: answer),
      now: clock())
    session = try await desk.session(session.session.uuid)
  }

  /// Completes the session; scores are on disk when this returns.
  func submit() async throws {
    try await desk.submit(session.session.uuid, now: clock())
  }

  /// What is answered and how far the person is.
  func heading(_ step: Step) -> String {
    let steps = steps
    let position = (steps.firstIndex(of: step) ?? 0) + 1
    let instrument = session.instruments[step.instrument]
    let progress = texts("progress_item", ["n": "\(position)", "all": "\(steps.count)"])
    return "\(instrument.title)    \(progress)"
  }

  /// The instructions, where a step is the first of its instrument.
  func instructions(before step: Step) -> String? {
    let instrument = session.instruments[step.instrument]
    let first = steps.first { $0.instrument == step.instrument }
    return first == step ? instrument.instructions : nil
  }

  /// The step before or after another; `nil` at either end.
  func neighbour(of step: Step, by offset: Int) -> Step? {
    let steps = steps
    guard let position = steps.firstIndex(of: step), steps.indices.contains(position + offset)
    else { return nil }
    return steps[position + offset]
  }
}
