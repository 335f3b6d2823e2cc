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
}
