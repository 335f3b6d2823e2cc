/// What bytes of UTF-8 are, as far as words and sentences ask.
enum Characters {
  /// The scalar that begins at a position, and its length. Bytes that begin none stand for themselves.
  @inline(__always)
  static func scalar(
    at position: Int, in bytes: UnsafeBufferPointer<UInt8>
  ) -> (value: UInt32, length: Int) {
    let first = bytes[position]
    if first < 0x80 { return (UInt32(first), 1) }
    func next(_ offset: Int) -> UInt32 { UInt32(bytes[position + offset] & 0x3F) }
    let left = bytes.count - position
    if first >= 0xF0, left >= 4 {
      return (UInt32(first & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
    }
    if first >= 0xE0, left >= 3 { return (UInt32(first & 0x0F) << 12 | next(1) << 6 | next(2), 3) }
    if first >= 0xC2, left >= 2 { return (UInt32(first & 0x1F) << 6 | next(1), 2) }
    return (0xFFFD, 1)
  }

  /// Whether a scalar is white space, as Unicode has it.
  static func isWhite(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
      0x205F, 0x3000:
      true
    default: false
    }
  }

  /// Whether a scalar is part of a word: a letter, a digit or a mark. Beyond Latin it leaves out the
  /// blocks of punctuation, symbols and emoji, and takes the rest.
  static func isWordPart(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0x80: isASCIIWordPart(UInt8(truncatingIfNeeded: scalar))
    case 0xAA, 0xB5, 0xBA: true
    case 0x80..<0xC0, 0xD7, 0xF7, 0x2000..<0x2C00, 0x2E00..<0x2E80, 0x3000...0x3004,
      0x3008...0x3020, 0xE000..<0xF900, 0xFE00..<0xFE70, 0xFF00..<0xFF10, 0xFF1A..<0xFF21,
      0xFF3B..<0xFF41, 0xFF5B..<0xFF66, 0xFFF0...0xFFFF, 0x1F000..<0x1FB00, 0xE0000...:
      false
    default: true
    }
  }

  @inline(__always)
  static func isASCIIWordPart(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
  }

  @inline(__always)
  static func isASCIIWhite(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }

  /// What stands before and after words and is no part of them: ASCII's punctuation and symbols.
  @inline(__always)
  static func isASCIIPunctuation(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && !isASCIIWordPart(byte)
  }

  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
  }
}
