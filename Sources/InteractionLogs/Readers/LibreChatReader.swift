/// Reads LibreChat's exports of one conversation: messages that name their parents, as a list, or each
/// with its `children`.
struct LibreChatReader: ConversationReader {
  private var names = ModelNames()

  mutating func read(_ document: JSONValue, into tree: inout ConversationTree) -> SkipReason? {
    guard let messages = document["messages"], messages.isArray else { return .unrecognised }
    tree.key = document["conversationId"]?.utf8
    for value in messages.elements { add(value, below: nil, to: &tree, levels: 400) }
    return tree.messages.isEmpty ? .noMessages : nil
  }

  /// Adds a message and what is nested in it.
  ///
  /// - Parameter levels: how deep it may go; the parser refuses documents a little deeper.
  private mutating func add(
    _ value: JSONValue, below parent: Int?, to tree: inout ConversationTree, levels: Int
  ) {
    guard value.isObject, let name = value["messageId"]?.utf8, !name.isEmpty else { return }
    let position = tree.position(of: name)
    let named = value["parentMessageId"]?.utf8.flatMap { $0.isEmpty ? nil : tree.position(of: $0) }
    tree.put(message(value), at: position, parent: parent ?? named)
    guard levels > 0, let children = value["children"] else { return }
    for child in children.elements { add(child, below: position, to: &tree, levels: levels - 1) }
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
          HTMLText.forEachPartOutsideReasoning(of: text, body)
        }
      }
    } else if let text = content["text"]?.utf8 {
      HTMLText.forEachPartOutsideReasoning(of: text, body)
    }
  }
}
