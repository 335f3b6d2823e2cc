/// Reads Claude's exports: `chat_messages` in order, as a tree where they name their parents.
///
/// What is said is in the blocks of `content`; the member `text` can hold placeholders. Blocks of
/// kinds that are not known have no text here, and stop nothing.
struct ClaudeReader: ConversationReader {
  mutating func read(_ document: JSONValue, into tree: inout ConversationTree) -> SkipReason? {
    guard let messages = document["chat_messages"], messages.isArray else { return .unrecognised }
    for member in document.members {
      switch member.name {
      case "uuid": tree.key = member.value.utf8
      case "created_at": tree.start = LogTime.seconds(member.value)
      case "current_leaf_message_uuid":
        tree.current = member.value.utf8.flatMap { $0.isEmpty ? nil : tree.position(of: $0) }
      default: continue
      }
    }
    let isTree = messages.elements.contains { $0["parent_message_uuid"]?.isString == true }
    for value in messages.elements {
      let message = message(value)
      let name = value["uuid"]?.utf8
      guard isTree, let name, !name.isEmpty else {
        tree.append(message)
        continue
      }
      let parent = value["parent_message_uuid"]?.utf8.flatMap {
        $0.isEmpty ? nil : tree.position(of: $0)
      }
      tree.put(message, at: tree.position(of: name), parent: parent)
    }
    if isTree, let current = tree.current, !tree.isFilled(current) { tree.current = nil }
    return nil
  }

  private func message(_ value: JSONValue) -> LoggedMessage {
    var message = LoggedMessage()
    message.isVisible = true
    for member in value.members {
      switch member.name {
      case "sender":
        switch member.value.utf8 {
        case .some(let sender) where sender == "human": message.speaker = .person
        case .some(let sender) where sender == "assistant": message.speaker = .assistant
        default: message.isVisible = false
        }
      case "created_at": message.time = LogTime.seconds(member.value)
      case "content":
        for block in member.value.elements {
          guard let type = block["type"]?.utf8, type == "tool_use" else { continue }
          if block["name"]?.utf8.map({ $0 == "web_search" }) ?? false {
            message.traits.insert(.search)
          }
        }
      case "attachments", "files", "files_v2":
        for file in member.value.elements { message.traits.insert(Self.kind(of: file)) }
      default: continue
      }
    }
    message.content = value
    return message
  }

  private static func kind(of file: JSONValue) -> LoggedMessage.Traits {
    let kind = file["file_kind"]?.utf8 ?? file["file_type"]?.utf8
    return kind.map { $0.starts(with: "image".utf8) } ?? false ? .image : .file
  }

  func texts(of content: JSONValue, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    guard let blocks = content["content"], blocks.isArray else {
      // Exports of the first year have no blocks.
      if let text = content["text"]?.utf8 { body(text) }
      return
    }
    for block in blocks.elements {
      if let type = block["type"]?.utf8, type == "text", let text = block["text"]?.utf8 {
        body(text)
      }
    }
  }
}
