/// The messages of a conversation without their code, in one buffer that is overwritten after use.
///
/// A block of code leaves a line break, a span of code a space. Typographic apostrophes become straight ones,
/// because telephones write the former and lists of words the latter.
struct Prose: ~Copyable {
  struct Message {
    var speaker: Speaker
    var range: Range<Int>
  }

  private(set) var messages: [Message] = []
  /// The lengths of all messages, code and all.
  private(set) var lengths = TextLengths()
  private var buffer: WipedBytes

  init(_ spoken: [SpokenText]) {
    buffer = WipedBytes(capacity: spoken.reduce(0) { $0 + $1.bytes.count + 1 })
    for message in spoken {
      let start = buffer.count
      lengths += TextLengths.count(message.bytes)
      CodeSpans.forEach(in: message.bytes) { kind, part in
        switch kind {
        case .prose: copy(part)
        case .block: buffer.append(UInt8(ascii: "\n"))
        case .span: buffer.append(UInt8(ascii: " "))
        }
      }
      messages.append(Message(speaker: message.speaker, range: start..<buffer.count))
    }
  }

  /// The text of a message; valid as long as this is.
  func text(of index: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: buffer.bytes[messages[index].range])
  }

  /// Copies, with ’ (E2 80 99) as '.
  private mutating func copy(_ part: UnsafeBufferPointer<UInt8>) {
    var written = 0
    var position = 0
    while let found = part[position...].firstIndex(of: 0xE2) {
      position = found + 1
      guard found + 2 < part.count, part[found + 1] == 0x80, part[found + 2] == 0x99 else {
        continue
      }
      buffer.append(UnsafeBufferPointer(rebasing: part[written..<found]))
      buffer.append(UInt8(ascii: "'"))
      written = found + 3
      position = written
    }
    buffer.append(UnsafeBufferPointer(rebasing: part[written...]))
  }
}
