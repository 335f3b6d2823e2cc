import Foundation

/// A key press as the interview understands it.
enum Key: Hashable {
  case up, down, left, right, enter, backspace, interrupt, endOfInput
  case character(Character)

  /// Reads keys from bytes of a terminal in raw mode (UTF-8; arrow keys as `ESC [ A` or `ESC O A`).
  ///
  /// - Parameter nextByte: gives the next byte, or `nil` at the end of input.
  static func read(_ nextByte: () -> UInt8?) -> Key? {
    guard let first = nextByte() else { return .endOfInput }
    return key(startingWith: first, nextByte)
  }

  private static func key(startingWith first: UInt8, _ nextByte: () -> UInt8?) -> Key? {
    switch first {
    case 0x03: return .interrupt
    case 0x04: return .endOfInput
    case 0x0A, 0x0D: return .enter
    case 0x08, 0x7F: return .backspace
    case 0x1B:
      guard let second = nextByte() else { return .endOfInput }
      // A lone Escape is no key here; what is typed after it is.
      guard second == 0x5B || second == 0x4F else { return key(startingWith: second, nextByte) }
      return arrow(nextByte)
    case 0x00..<0x20: return nil
    default: return character(startingWith: first, nextByte).map { .character($0) }
    }
  }

  private static func arrow(_ nextByte: () -> UInt8?) -> Key? {
    switch nextByte() {
    case 0x41: return .up
    case 0x42: return .down
    case 0x43: return .right
    case 0x44: return .left
    case let byte? where byte >= 0x30 && byte <= 0x3B:
      // A longer sequence, such as Page Up: read to its final byte and ignore it.
      while let next = nextByte(), next < 0x40 {}
      return nil
    default: return nil
    }
  }

  private static func character(startingWith first: UInt8, _ nextByte: () -> UInt8?) -> Character? {
    let following =
      switch first {
      case 0xC2...0xDF: 1
      case 0xE0...0xEF: 2
      case 0xF0...0xF4: 3
      default: 0
      }
    var bytes = [first]
    for _ in 0..<following {
      guard let byte = nextByte() else { break }
      bytes.append(byte)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return text.count == 1 ? text.first : nil
  }
}
