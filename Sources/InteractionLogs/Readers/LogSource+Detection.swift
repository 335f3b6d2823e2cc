extension LogSource {
  /// The source of a document of JSON, by its structure; nil when it is none that is known.
  static func source(of document: JSONValue) -> LogSource? {
    guard document.isObject else { return nil }
    var found: Set<Mark> = []
    for member in document.members {
      let value = member.value
      switch member.name {
      case "mapping": if value.isObject { return .chatGPT }
      case "chat_messages": if value.isArray { return .claude }
      case "resourceSpans": if value.isArray { return .openTelemetry }
      case "attributes": if OpenTelemetryReader.isSpan(value) { return .openTelemetry }
      case "chat":
        if value["history"]?.isObject == true || value["messages"]?.isArray == true {
          return .openWebUI
        }
      case "conversations":
        if value.elements.contains(where: { $0["from"] != nil && $0["value"] != nil }) {
          return .shareGPT
        }
      case "conversation":
        if value.elements.contains(where: { $0["role"] != nil && $0["content"] != nil }) {
          return .wildChat
        }
      case "conversationId": found.insert(.conversationId)
      case "messages": if value.isArray { found.insert(.messages) }
      case "messagesTree": if value.isArray { found.insert(.messagesTree) }
      case "request", "body": if value["messages"]?.isArray == true { found.insert(.request) }
      case "header": if value.isString { found.insert(.header) }
      case "time": if value.isString { found.insert(.time) }
      case "products", "title": found.insert(.activity)
      default: continue
      }
    }
    if found.contains(.conversationId), !found.isDisjoint(with: [.messages, .messagesTree]) {
      return .libreChat
    }
    if found.contains(.request) || found.contains(.messages) { return .chatCompletions }
    if found.isSuperset(of: [.header, .time, .activity]), GeminiReader.isGemini(document) {
      return .gemini
    }
    return nil
  }

  private enum Mark { case conversationId, messages, messagesTree, request, header, time, activity }
}
