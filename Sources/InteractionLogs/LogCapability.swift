/// What a source may be able to give. What it cannot give is missing in every result, never 0.
package enum LogCapability: String, CaseIterable, Hashable, Sendable {
  /// Which messages belong together.
  case conversations
  /// When messages were written.
  case times
  /// How long messages are, and what their words say.
  case text
  /// From a question to the first sight of its answer.
  case replyLatency = "reply_latency"
  /// From an answer to the next question.
  case thinkTime = "think_time"
  /// Answers asked for again and questions written anew: branches are kept.
  case branches
  /// Answers stopped by the person.
  case interruptions
  /// The model that answered.
  case model
  /// Spoken messages.
  case voice
  /// Images and files that the person added.
  case attachments
  /// Answers that searched the web.
  case search
  /// Conversations with custom assistants.
  case customAssistants = "custom_assistants"
  /// Minutes of a day, whether counted from times or given.
  case minutes
}

extension LogSource {
  /// What the source can give.
  package var capabilities: Set<LogCapability> {
    switch self {
    case .chatGPT: Set(LogCapability.allCases)
    case .claude:
      [
        .conversations, .times, .text, .replyLatency, .thinkTime, .branches, .attachments,
        .search, .minutes,
      ]
    // One time a row, the question's, so there is no latency.
    case .gemini: [.conversations, .times, .text, .minutes]
    // Question and answer share a second.
    case .copilot: [.times, .text, .minutes]
    case .openWebUI:
      [
        .conversations, .times, .text, .replyLatency, .thinkTime, .branches, .model, .attachments,
        .minutes,
      ]
    case .libreChat:
      [
        .conversations, .times, .text, .replyLatency, .thinkTime, .branches, .interruptions, .model,
        .attachments, .minutes,
      ]
    case .shareGPT: [.conversations, .text]
    // One time a conversation at least; newer releases have one a message.
    case .wildChat: [.conversations, .times, .text, .model]
    case .chatCompletions: [.conversations, .times, .text, .model, .minutes]
    // The times of a span are those of its call; texts are not recorded by default. Which calls belong
    // together, and so think time, is missing where they do not say.
    case .openTelemetry: [.conversations, .times, .replyLatency, .thinkTime, .model, .minutes]
    case .days: [.minutes]
    }
  }

  /// Whether the source can give something.
  package func gives(_ capability: LogCapability) -> Bool { capabilities.contains(capability) }
}
