/// Reads ChatGPT's exports: each conversation is a tree in `mapping`, by id.
///
/// What the service keeps for itself is no message: hidden and system places, tools and what is said
/// to them, thoughts, recaps of reasoning, pages fetched, the person's instructions to all
/// conversations.
struct ChatGPTReader: ConversationReader {
  private var names = ModelNames()

  mutating func read(_ document: JSONValue, into tree: inout ConversationTree) -> SkipReason? {
    guard let mapping = document["mapping"], mapping.isObject else { return .noMapping }
    var defaultModel: ModelFamily?
    var isCustom = false
    var isVoice = false
    for member in document.members {
      switch member.name {
      case "conversation_id": tree.key = member.value.utf8 ?? tree.key
      case "id": tree.key = tree.key ?? member.value.utf8
      case "create_time": tree.start = LogTime.seconds(member.value)
      case "current_node":
        tree.current = member.value.utf8.flatMap { $0.isEmpty ? nil : tree.position(of: $0) }
      case "default_model_slug": defaultModel = member.value.utf8.flatMap { names.family(of: $0) }
      case "gizmo_id": isCustom = member.value.isString
      case "voice": isVoice = member.value.isString
      default: continue
      }
    }
    for node in mapping.members where !node.name.utf8.isEmpty {
      let position = tree.position(of: node.name.utf8)
      var message = LoggedMessage()
      var parent: Int?
      for member in node.value.members {
        switch member.name {
        case "parent":
          parent = member.value.utf8.flatMap { $0.isEmpty ? nil : tree.position(of: $0) }
        case "message": message = self.message(member.value)
        default: continue
        }
      }
      if message.speaker == .assistant {
        message.model = message.model ?? defaultModel
        if isCustom { message.traits.insert(.custom) }
      }
      if isVoice, message.speaker == .person { message.traits.insert(.voice) }
      tree.put(message, at: position, parent: parent)
    }
    // A current position that is not in the tree says nothing.
    if let current = tree.current, !tree.isFilled(current) { tree.current = nil }
    markSearches(in: &tree)
    return nil
  }

  private mutating func message(_ value: JSONValue) -> LoggedMessage {
    var message = LoggedMessage()
    var isForAll = true
    for member in value.members {
      switch member.name {
      case "author":
        message.speaker = Self.speaker(member.value["role"])
        if message.speaker == nil, let tool = member.value["name"]?.utf8, Self.isSearch(tool) {
          message.traits.insert(.search)
        }
      case "create_time": message.time = LogTime.seconds(member.value)
      case "content": message.content = member.value
      case "recipient": isForAll = member.value.utf8.map { $0 == "all" } ?? true
      case "metadata": readMetadata(member.value, &message)
      default: continue
      }
    }
    let isHidden = message.traits.contains(Self.hidden)
    message.traits.remove(Self.hidden)
    message.isVisible =
      message.speaker != nil && !isHidden && isForAll && readContent(&message)
    if message.speaker != .assistant { message.traits.remove(.interrupted) }
    return message
  }

  /// Marks a message while it is read.
  private static let hidden = LoggedMessage.Traits(rawValue: 128)

  private static func speaker(_ role: JSONValue?) -> Speaker? {
    switch role?.utf8 {
    case .some(let role) where role == "user": .person
    case .some(let role) where role == "assistant": .assistant
    default: nil
    }
  }

  private mutating func readMetadata(_ value: JSONValue, _ message: inout LoggedMessage) {
    for member in value.members {
      switch member.name {
      case "is_visually_hidden_from_conversation", "is_user_system_message":
        if member.value.isTrue { message.traits.insert(Self.hidden) }
      case "model_slug":
        message.model = member.value.utf8.flatMap { names.family(of: $0) }
      case "finish_details":
        if let type = member.value["type"]?.utf8, type == "interrupted" {
          message.traits.insert(.interrupted)
        }
      case "attachments":
        for attachment in member.value.elements {
          let type = attachment["mime_type"]?.utf8 ?? attachment["mimeType"]?.utf8
          let isImage = type.map { $0.starts(with: "image/".utf8) } ?? false
          message.traits.insert(isImage ? .image : .file)
        }
      case "search_result_groups", "search_queries":
        if member.value.elements.first(where: { _ in true }) != nil {
          message.traits.insert(.search)
        }
      case "voice_mode_message":
        if member.value.isTrue { message.traits.insert(.voice) }
      default: continue
      }
    }
  }

  /// Notes what the parts are.
  ///
  /// - Returns: whether the content is of a kind that is shown.
  private func readContent(_ message: inout LoggedMessage) -> Bool {
    guard let content = message.content else { return true }
    for member in content.members {
      switch member.name {
      case "content_type":
        switch member.value.utf8 {
        case .some(let type)
        where type == "thoughts" || type == "reasoning_recap"
          || type == "tether_browsing_display" || type == "user_editable_context"
          || type == "model_editable_context":
          // Context is nobody's message, so it is no branch either.
          if type == "user_editable_context" || type == "model_editable_context" {
            message.speaker = nil
          }
          return false
        default: continue
        }
      case "parts":
        if message.speaker == .assistant, Self.isEmpty(member.value) { return false }
        for part in member.value.elements where part.isObject {
          guard let type = part["content_type"]?.utf8 else { continue }
          if type == "image_asset_pointer" { message.traits.insert(.image) }
          if type.starts(with: "audio".utf8) || type.starts(with: "real_time".utf8) {
            message.traits.insert(.voice)
          }
        }
      default: continue
      }
    }
    return true
  }

  /// Whether there is nothing but texts without a letter: before the call of a tool stands such a place.
  private static func isEmpty(_ parts: JSONValue) -> Bool {
    var isEmpty = false
    for part in parts.elements {
      guard let text = part.utf8, text.isEmpty else { return false }
      isEmpty = true
    }
    return isEmpty
  }

  private static func isSearch(_ tool: UnsafeBufferPointer<UInt8>) -> Bool {
    tool.starts(with: "web".utf8) || tool.starts(with: "browser".utf8)
      || tool.starts(with: "bing".utf8) || tool.starts(with: "search".utf8)
  }

  /// A search is a tool's place before the answer: the answer below it has searched.
  private func markSearches(in tree: inout ConversationTree) {
    let isSearch = { (message: LoggedMessage) in
      !message.isVisible && message.traits.contains(.search)
    }
    guard tree.messages.contains(where: isSearch) else { return }
    for position in tree.messages.indices
    where tree.messages[position].speaker == .assistant && tree.messages[position].isVisible {
      var place = Int(tree.parents[position])
      // Calls and their results alternate; an answer has seldom ten.
      for _ in 0..<64 where place >= 0 && !tree.messages[place].isVisible {
        if tree.messages[place].traits.contains(.search) {
          tree.update(position) { $0.traits.insert(.search) }
          break
        }
        place = Int(tree.parents[place])
      }
    }
  }

  func texts(of content: JSONValue, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    for member in content.members {
      switch member.name {
      case "parts":
        for part in member.value.elements {
          if let text = part.utf8 ?? part["text"]?.utf8 { body(CitationMarks.removed(from: text)) }
        }
      case "text", "result":
        if let text = member.value.utf8 { body(CitationMarks.removed(from: text)) }
      default: continue
      }
    }
  }
}
