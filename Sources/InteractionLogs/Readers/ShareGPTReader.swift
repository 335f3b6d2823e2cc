/// Reads conversations as ShareGPT wrote them: turns with `from` and `value`, in order, without times.
struct ShareGPTReader: ConversationReader {
  func read(_ document: JSONValue, into tree: inout ConversationTree) -> SkipReason? {
    guard let turns = document["conversations"], turns.isArray else { return .unrecognised }
    tree.key = document["id"]?.utf8
    for turn in turns.elements {
      var message = LoggedMessage()
      message.speaker = turn["from"]?.utf8.flatMap(Speaker.init(role:))
      message.isVisible = message.speaker != nil
      message.content = turn
      tree.append(message)
    }
    return nil
  }

  func texts(of content: JSONValue, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    if let text = content["value"]?.utf8 { body(text) }
  }
}
