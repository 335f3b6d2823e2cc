/// Who said something in a conversation.
package enum Speaker: Hashable, Sendable {
  /// The person whose export it is.
  case person
  /// The AI service.
  case assistant
}

/// The visible text of one message on a conversation's path, lent for the length of a call.
///
/// It is never copied into a `String`, and nothing keeps it: what comes out of a ``TextReader`` are
/// sums.
package struct SpokenText {
  /// Who wrote it.
  package var speaker: Speaker
  /// UTF-8, valid while the call lasts.
  package var bytes: UnsafeBufferPointer<UInt8>

  package init(speaker: Speaker, bytes: UnsafeBufferPointer<UInt8>) {
    self.speaker = speaker
    self.bytes = bytes
  }
}
