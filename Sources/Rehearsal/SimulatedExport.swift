import Foundation
import LocalTime
import Studies

/// The export that an AI service would make of simulated conversations: for trying out, for tests, and
/// for studies whose people are simulated.
///
/// A pure function of the seed and the record. The sentences are put together by chance; what matters is
/// the shape: trees with answers asked for again, questions written anew and answers stopped, hidden
/// places, times that are missing now and then.
package struct SimulatedExport: Sendable {
  /// The services whose exports can be made.
  package enum Format: String, CaseIterable, Sendable {
    case chatGPT = "chatgpt"
    case claude
  }

  /// What people do now and then, as shares.
  package struct Habits: Hashable, Sendable {
    /// Answers asked for again, questions written anew, answers stopped.
    package var regenerations: Double
    package var edits: Double
    package var interruptions: Double
    /// Mean words of a question and of an answer.
    package var questionWords: Double
    package var answerWords: Double

    /// Habits; the defaults are of the order that published samples of conversations have.
    package init(
      regenerations: Double = 0.06, edits: Double = 0.04, interruptions: Double = 0.02,
      questionWords: Double = 30, answerWords: Double = 180
    ) {
      self.regenerations = regenerations
      self.edits = edits
      self.interruptions = interruptions
      self.questionWords = questionWords
      self.answerWords = answerWords
    }
  }

  /// What was written, to compare with what is read.
  package struct Counts: Hashable, Sendable {
    package var conversations = 0
    package var userMessages = 0
    package var assistantMessages = 0
    package var regenerations = 0
    package var edits = 0
    package var interruptions = 0
  }

  let format: Format
  let habits: Habits
  let seed: UInt64
  private let questions: SimulatedProse
  private let answers: SimulatedProse

  /// An export of a format.
  package init(_ format: Format, habits: Habits = Habits(), seed: UInt64) {
    self.format = format
    self.habits = habits
    self.seed = seed
    questions = SimulatedProse(of: .person, seed: seed)
    answers = SimulatedProse(of: .assistant, seed: seed)
  }

  /// Writes the JSON of a person's conversations, a conversation at a time.
  ///
  /// - Parameter person: tells people of one seed apart, and is in no way in the export.
  /// - Returns: what was written.
  package func write(
    _ conversations: some Sequence<UseRecord.Conversation>, of person: String,
    to sink: ([UInt8]) throws -> Void
  ) rethrows -> Counts {
    var counts = Counts()
    var text: [UInt8] = Array("[".utf8)
    for (index, conversation) in conversations.enumerated() {
      if index > 0 { text += ",\n".utf8 }
      var generator = SeededGenerator(
        seed: seed, stream: "export", person, String(index))
      let turns = turns(of: conversation, &generator, &counts)
      let id = Self.identifier(&generator)
      switch format {
      case .chatGPT: appendChatGPT(turns, id: id, to: &text, &generator)
      case .claude: appendClaude(turns, id: id, to: &text, &generator)
      }
      counts.conversations += 1
      if text.count > 1 << 20 {
        try sink(text)
        text.removeAll(keepingCapacity: true)
      }
    }
    text += "]\n".utf8
    try sink(text)
    return counts
  }

  /// A question with its answer, and what was beside them.
  struct Turn {
    var asked: Double
    var answered: Double
    var question: ArraySlice<UInt8>
    var answer: ArraySlice<UInt8>
    /// An answer that another took the place of, and a question with its answer that was written anew.
    var oldAnswer: ArraySlice<UInt8>?
    var oldQuestion: ArraySlice<UInt8>?
    var isInterrupted: Bool
  }

  private func turns(
    of conversation: UseRecord.Conversation, _ generator: inout SeededGenerator,
    _ counts: inout Counts
  ) -> [Turn] {
    let start = conversation.starts.instant.timeIntervalSince1970
    let step = Double(conversation.minutes) * 60 / Double(max(1, conversation.turns))
    return (0..<conversation.turns).map { index in
      let asked = start + Double(index) * step
      let wait = min(1 + 5 * generator.uniform(), step / 2)
      let turn = Turn(
        asked: asked, answered: asked + wait,
        question: questions.text(words: habits.questionWords, &generator),
        answer: answers.text(words: habits.answerWords, &generator),
        oldAnswer: generator.uniform() < habits.regenerations
          ? answers.text(words: habits.answerWords, &generator) : nil,
        oldQuestion: generator.uniform() < habits.edits
          ? questions.text(words: habits.questionWords, &generator) : nil,
        isInterrupted: generator.uniform() < habits.interruptions)
      counts.userMessages += 1
      counts.assistantMessages += 1
      counts.regenerations += turn.oldAnswer == nil ? 0 : 1
      counts.edits += turn.oldQuestion == nil ? 0 : 1
      counts.interruptions += turn.isInterrupted ? 1 : 0
      return turn
    }
  }

  /// An identifier of the form that services use, drawn from the seed.
  static func identifier(_ generator: inout SeededGenerator) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for place in 0..<32 {
      if [8, 12, 16, 20].contains(place) { text.append(UInt8(ascii: "-")) }
      text.append(digits[Int(generator.below(16))])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
