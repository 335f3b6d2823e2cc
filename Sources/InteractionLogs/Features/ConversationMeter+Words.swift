extension ConversationMeter {
  /// The words of a conversation; nil where they are not wanted or not there.
  ///
  /// An answer in several pieces is put together, and overwritten afterwards.
  func measures(
    of utterances: [Utterance], _ texts: [UnsafeBufferPointer<UInt8>]
  ) -> TextMeasures? {
    guard let text, capabilities.contains(.text) else { return nil }
    let joined = utterances.filter { $0.texts.count > 1 }
      .reduce(0) { $1.texts.reduce($0) { $0 + texts[$1].count + 1 } }
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: joined)
    defer {
      overwrite(UnsafeMutableRawBufferPointer(memory))
      memory.deallocate()
    }
    var place = 0
    let messages = utterances.map { utterance in
      guard utterance.texts.count > 1 else {
        return SpokenText(
          speaker: utterance.speaker,
          bytes: utterance.texts.first.map { texts[$0] }
            ?? UnsafeBufferPointer(start: nil, count: 0))
      }
      let start = place
      for text in texts[utterance.texts] {
        place = memory[place...].update(fromContentsOf: text)
        memory[place] = UInt8(ascii: "\n")
        place += 1
      }
      return SpokenText(
        speaker: utterance.speaker,
        bytes: UnsafeBufferPointer(rebasing: memory[start..<place]))
    }
    return text.measure(messages)
  }
}
