/// The sentences of a stretch of prose, in UTF-8.
///
/// A sentence ends with `.`, `!`, `?` or `…` before white space or the end, with their full-width, Arabic or
/// Indic kin anywhere, and with a line. What follows without a letter or digit (an emoji, a smiley) belongs to it. A
/// number with a full stop at the beginning of a line ends nothing. An abbreviation before a space does.
struct Sentences {
  /// Where a sentence goes on for longer than this many bytes, it is a list or data, and is cut at the next
  /// space, so that measuring it takes little memory.
  static let longest = 4096

  /// One of them.
  struct Sentence: Equatable {
    var range: Range<Int>
    /// Whether a question mark ends it.
    var isQuestion: Bool
  }

  let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The next sentence, without white space around it.
  mutating func next() -> Sentence? {
    skipWhite()
    guard position < bytes.count else { return nil }
    let start = position
    var isQuestion = false
    scan: while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): break scan
      case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"):
        let isNumbering = byte == UInt8(ascii: ".") && isNumber(start..<position)
        let mark = position
        let asks = skipMarks()
        if endsHere, !(isNumbering && position == mark + 1) {
          isQuestion = asks
          break scan
        }
      case 0xD8...:
        let (scalar, length) = Characters.scalar(at: position, in: bytes)
        switch scalar {
        // Full-width and ideographic marks, Arabic question mark, danda.
        case 0x3002, 0xFF01, 0xFF1F, 0x061F, 0x06D4, 0x0964:
          isQuestion = skipMarks()
          break scan
        case 0x2026:
          let asks = skipMarks()
          if endsHere {
            isQuestion = asks
            break scan
          }
        default: position += length
        }
      case UInt8(ascii: " ") where position - start > Self.longest: break scan
      default: position += 1
      }
    }
    skipWordless()
    var end = position
    while end > start, Characters.isASCIIWhite(bytes[end - 1]) { end -= 1 }
    return Sentence(range: start..<end, isQuestion: isQuestion)
  }

  /// Whether prose ends with a question: the last mark after its last word is, or holds, a question mark.
  static func endsWithQuestion(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var position = bytes.count
    while position > 0 {
      position -= 1
      guard bytes[position] & 0xC0 != 0x80 else { continue }
      let (scalar, _) = Characters.scalar(at: position, in: bytes)
      if isQuestionMark(scalar) { return true }
      if Characters.isWordPart(scalar) { return false }
    }
    return false
  }

  // MARK: - Steps

  private static func isQuestionMark(_ scalar: UInt32) -> Bool {
    scalar == 0x3F || scalar == 0xFF1F || scalar == 0x061F
  }

  private var endsHere: Bool {
    position >= bytes.count
      || Characters.isWhite(Characters.scalar(at: position, in: bytes).value)
  }

  private func isNumber(_ range: Range<Int>) -> Bool {
    !range.isEmpty && range.count <= 3 && range.allSatisfy { bytes[$0] &- UInt8(ascii: "0") < 10 }
  }

  private mutating func skipWhite() {
    while position < bytes.count {
      let (scalar, length) = Characters.scalar(at: position, in: bytes)
      guard Characters.isWhite(scalar) else { return }
      position += length
    }
  }

  /// Passes marks that end sentences and what closes around them, and says whether one of them asks.
  private mutating func skipMarks() -> Bool {
    var asks = false
    while position < bytes.count {
      let (scalar, length) = Characters.scalar(at: position, in: bytes)
      switch scalar {
      case 0x3F, 0xFF1F, 0x061F: asks = true
      // . ! … and kin; quotes, brackets and emphasis that close.
      case 0x2E, 0x21, 0x2026, 0x3002, 0xFF01, 0x06D4, 0x0964, 0x22, 0x27, 0x29, 0x5D, 0x2A, 0x5F,
        0x2019, 0x201D, 0xBB, 0x300D:
        break
      default: return asks
      }
      position += length
    }
    return asks
  }

  /// Passes white space and words that have no letter and no digit.
  private mutating func skipWordless() {
    while true {
      let before = position
      skipWhite()
      let start = position
      while position < bytes.count {
        let (scalar, length) = Characters.scalar(at: position, in: bytes)
        if Characters.isWhite(scalar) { break }
        if Characters.isWordPart(scalar) {
          position = before
          return
        }
        position += length
      }
      if position == start {
        position = before
        return
      }
    }
  }
}
