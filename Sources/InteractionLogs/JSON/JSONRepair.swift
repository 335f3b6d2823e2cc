/// Mends what is no JSON (RFC 8259) but is written and read by the JSON of Python and JavaScript: halves
/// of surrogate pairs (a cut emoji), `NaN` and infinities, and numbers beyond 64 bits.
enum JSONRepair {
  /// Copies a document with these mended: a half pair becomes U+FFFD, what is no number becomes `null`, an
  /// integer that is too long becomes a fraction, which is read as rounded.
  ///
  /// - Returns: false where there was nothing to mend.
  static func mend(_ bytes: UnsafeBufferPointer<UInt8>, into copy: inout WipedBytes) -> Bool {
    var place = 0
    var copied = 0
    func take(to end: Int, _ copy: inout WipedBytes) {
      if end > copied { copy.append(UnsafeBufferPointer(rebasing: bytes[copied..<end])) }
      copied = end
    }
    func replace(_ range: Range<Int>, with text: StaticString, _ copy: inout WipedBytes) {
      take(to: range.lowerBound, &copy)
      copy.append(UnsafeBufferPointer(text))
      copied = range.upperBound
    }
    var isMended = false
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        place += 1
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
          guard bytes[place] == UInt8(ascii: "\\") else {
            place += 1
            continue
          }
          let unit = surrogate(bytes, at: place)
          if unit == .high, surrogate(bytes, at: place + 6) == .low {
            place += 12
          } else if unit != nil {
            replace(place..<(place + 6), with: "\\uFFFD", &copy)
            isMended = true
            place += 6
          } else {
            place += 2
          }
        }
        place += 1
      case UInt8(ascii: "N"), UInt8(ascii: "I"), UInt8(ascii: "-"), 0x30...0x39:
        var end = place + 1
        while end < bytes.count, isToken(bytes[end]) { end += 1 }
        let token = UnsafeBufferPointer(rebasing: bytes[place..<end])
        if isNoNumber(token) {
          replace(place..<end, with: "null", &copy)
          isMended = true
        } else if isLongInteger(token) {
          take(to: end, &copy)
          copy.append(UnsafeBufferPointer(".0"))
          isMended = true
        }
        place = end
      default: place += 1
      }
    }
    take(to: bytes.count, &copy)
    return isMended
  }

  private enum Surrogate { case high, low }

  /// Which half of a pair the escape at a place is; nil for everything else.
  private static func surrogate(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Surrogate? {
    guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"),
      bytes[place + 1] == UInt8(ascii: "u"), bytes[place + 2] | 0x20 == UInt8(ascii: "d")
    else { return nil }
    switch bytes[place + 3] | 0x20 {
    case UInt8(ascii: "8"), UInt8(ascii: "9"), UInt8(ascii: "a"), UInt8(ascii: "b"): return .high
    case UInt8(ascii: "c")...UInt8(ascii: "f"): return .low
    default: return nil
    }
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    Characters.isASCIIWordPart(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "+")
  }

  /// `NaN`, an infinity, or a number beyond what 64 bits of a fraction hold.
  private static func isNoNumber(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
    switch token {
    case "NaN", "Infinity", "-Infinity": true
    default:
      // The names above are the only ones that begin with such a letter.
      token.count <= 400
        && Double(String(decoding: token, as: UTF8.self)).map { !$0.isFinite } ?? false
        || token.count > 400 && token.allSatisfy(isDigit)
    }
  }

  /// An integer whose digits may be too many for 64 bits.
  private static func isLongInteger(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
    token.count >= 19 && token.dropFirst().allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
