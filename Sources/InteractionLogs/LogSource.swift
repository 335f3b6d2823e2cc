/// Where an export comes from, as its structure tells; file names are not asked.
package enum LogSource: String, CaseIterable, Hashable, Sendable, Codable {
  case chatGPT = "chatgpt"
  case claude
  case gemini
  case copilot
  case openWebUI = "open-webui"
  case libreChat = "librechat"
  case shareGPT = "sharegpt"
  case wildChat = "wildchat"
  case chatCompletions = "chat-completions"
  case openTelemetry = "opentelemetry"
  case days = "csv-days"

  /// What people call it.
  package var title: String {
    switch self {
    case .chatGPT: "ChatGPT"
    case .claude: "Claude"
    case .gemini: "Gemini (Takeout)"
    case .copilot: "Copilot"
    case .openWebUI: "Open WebUI"
    case .libreChat: "LibreChat"
    case .shareGPT: "ShareGPT"
    case .wildChat: "WildChat"
    case .chatCompletions: "chat completions (JSON lines)"
    case .openTelemetry: "OpenTelemetry GenAI spans"
    case .days: "CSV of days"
    }
  }

  /// Whether a service writes it for its users, who get it in a zip with other files of theirs.
  var isService: Bool {
    switch self {
    case .chatGPT, .claude, .gemini, .openWebUI, .libreChat: true
    case .copilot, .shareGPT, .wildChat, .chatCompletions, .openTelemetry, .days: false
    }
  }
}
