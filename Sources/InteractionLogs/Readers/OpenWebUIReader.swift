/// Reads Open WebUI's exports: chats with a tree of messages by id under `chat.history`.
struct OpenWebUIReader: ConversationReader {
  private var names = ModelNames()

  mutating func read(_ document: JSONValue, into tree: inout ConversationTree) -> SkipReason? {
    guard let chat = document["chat"] else { return .unrecognised }
    tree.key = document["id"]?.utf8 ?? chat["id"]?.utf8
    tree.start = document["created_at"].map { LogTime.seconds($0) } ?? .nan
    guard let history = chat["history"], let messages = history["messages"], messages.isObject
    else {
      // Chats of the first versions are lists.
      guard let messages = chat["messages"], messages.isArray else { return .noMessages }
      for value in messages.elements { tree.append(message(value)) }
      return nil
    }
    for member in messages.members where !member.name.utf8.isEmpty {
      let parent = member.value["parentId"]?.utf8.flatMap {
        $0.isEmpty ? nil : tree.position(of: $0)
      }
      tree.put(
        message(member.value), at: tree.position(of: member.name.utf8), parent: parent)
    }
    if let current = history["currentId"]?.utf8, !current.isEmpty {
      let position = tree.position(of: current)
      tree.current = tree.isFilled(position) ? position : nil
    }
    return nil
  }

  private mutating func message(_ value: JSONValue) -> LoggedMessage {
    var message = LoggedMessage()
    for member in value.members {
      switch member.name {
      case "role":
        message.speaker = member.value.utf8.flatMap(Speaker.init(role:))
        message.isVisible = message.speaker != nil
      case "timestamp": message.time = LogTime.seconds(member.value)
      case "model": message.model = member.value.utf8.flatMap { names.family(of: $0) }
      case "files":
        for file in member.value.elements {
          let isImage = file["type"]?.utf8.map { $0.starts(with: "image".utf8) } ?? false
          message.traits.insert(isImage ? .image : .file)
        }
      default: continue
      }
    }
    if message.speaker != .assistant { message.model = nil }
    message.content = value
    return message
  }

  func texts(of content: JSONValue, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    guard let text = content["content"]?.utf8 else { return }
    HTMLText.forEachPartOutsideAsides(of: text, body)
  }
}

extension Speaker {
  /// Who has a role of the interfaces that most services share; nil for the system and tools.
  init?(role: UnsafeBufferPointer<UInt8>) {
    switch role {
    case "user", "human", "Human", "User": self = .person
    case "assistant", "gpt", "model", "bing", "bard", "chatgpt": self = .assistant
    default: return nil
    }
  }
}
