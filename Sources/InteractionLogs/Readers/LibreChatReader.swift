/// Reads LibreChat's exports of one conversation: `messages` that name their parents, or `messagesTree`
/// whose messages are each within the `children` of their parent.
struct LibreChatReader: ConversationReader {
  private var names = ModelNames()

  mutating func read(_ document: JSONValue, into tree: inout ConversationTree) -> SkipReason? {
    guard let messages = Self.messages(of: document) else { return .unrecognised }
    tree.key = document["conversationId"]?.utf8
    // A stack of its own: conversations of many turns are nested as deep.
    var open = messages.elements.reversed().map { (value: $0, parent: Int?.none) }
    while let (value, parent) = open.popLast() {
      var place = parent
      if let name = value["messageId"]?.utf8, !name.isEmpty {
        let position = tree.position(of: name)
        let named = value["parentMessageId"]?.utf8.flatMap {
          $0.isEmpty ? nil : tree.position(of: $0)
        }
        tree.put(message(value), at: position, parent: parent ?? named)
        place = position
      }
      // Also below what has no id, so that nothing is lost with it.
      guard let children = value["children"] else { continue }
      open += children.elements.reversed().map { ($0, place) }
    }
    return tree.messages.isEmpty ? .noMessages : nil
  }

  /// The messages at the top; nil where the document is another's.
  static func messages(of document: JSONValue) -> JSONValue? {
    for name in ["messagesTree", "messages"] as [StaticString] {
      if let messages = document[name], messages.isArray { return messages }
    }
    return nil
  }

  private mutating func message(_ value: JSONValue) -> LoggedMessage {
    var message = LoggedMessage()
    for member in value.members {
      switch member.name {
      case "isCreatedByUser": message.speaker = member.value.isTrue ? .person : .assistant
      case "sender":
        if message.speaker == nil {
          message.speaker = member.value.utf8.flatMap(Speaker.init(role:))
        }
      case "createdAt": message.time = LogTime.seconds(member.value)
      case "model": message.model = member.value.utf8.flatMap { names.family(of: $0) }
      case "unfinished": if member.value.isTrue { message.traits.insert(.interrupted) }
      case "files":
        for file in member.value.elements {
          let isImage = file["type"]?.utf8.map { $0.starts(with: "image".utf8) } ?? false
          message.traits.insert(isImage ? .image : .file)
        }
      default: continue
      }
    }
    if message.speaker != .assistant {
      message.model = nil
      message.traits.remove(.interrupted)
    }
    message.isVisible = message.speaker != nil
    message.content = value
    return message
  }

  func texts(of content: JSONValue, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    if let parts = content["content"], parts.isArray {
      for part in parts.elements {
        guard let type = part["type"]?.utf8, type == "text" else { continue }
        if let text = part["text"]?.utf8 ?? part["text"]?["value"]?.utf8 {
          HTMLText.forEachPartOutsideAsides(of: text, body)
        }
      }
    } else if let text = content["text"]?.utf8 {
      HTMLText.forEachPartOutsideAsides(of: text, body)
    }
  }
}
