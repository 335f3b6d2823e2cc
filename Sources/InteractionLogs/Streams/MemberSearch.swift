/// Finds a member of an object that is too large to be parsed.
enum MemberSearch {
  /// Where the elements of a member's array begin, when its object's bytes begin here and the member is
  /// among them.
  ///
  /// An array of turns (`from`, `value`) is one conversation of ShareGPT's, not a list of them.
  static func array(named name: StaticString, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var depth = 0
    var place = 0
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        guard let end = textEnd(bytes, from: place) else { return nil }
        let text = UnsafeBufferPointer(rebasing: bytes[(place + 1)..<end])
        place = end
        guard depth == 1, text == name, let start = arrayStart(bytes, from: end + 1) else { break }
        return isListOfTurns(bytes, from: start) ? nil : start
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        guard depth > 0 else { return nil }
      default: break
      }
      place += 1
    }
    return nil
  }

  /// The closing quote of the text that opens at a place.
  private static func textEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var place = start + 1
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return place < bytes.count ? place : nil
  }

  /// The place after `: [`.
  private static func arrayStart(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let colon = skip(bytes, from: start), bytes[colon] == UInt8(ascii: ":"),
      let bracket = skip(bytes, from: colon + 1), bytes[bracket] == UInt8(ascii: "[")
    else { return nil }
    return bracket + 1
  }

  private static func isListOfTurns(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
    guard let brace = skip(bytes, from: start), bytes[brace] == UInt8(ascii: "{"),
      let quote = skip(bytes, from: brace + 1), bytes[quote] == UInt8(ascii: "\""),
      let end = textEnd(bytes, from: quote)
    else { return false }
    let name = UnsafeBufferPointer(rebasing: bytes[(quote + 1)..<end])
    return name == "from" || name == "value" || name == "role" || name == "content"
  }

  private static func skip(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var place = start
    while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
    return place < bytes.count ? place : nil
  }
}
