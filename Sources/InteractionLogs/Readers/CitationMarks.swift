internal import Glibc

/// ChatGPT's marks for what its page draws as links: private characters around what nobody sees, such as
/// U+E200 `cite` U+E202 `turn0search0` U+E201.
enum CitationMarks {
  /// The text without them, written over itself in the parser's memory; each text is read once.
  ///
  /// What is between U+E200 and U+E201 goes with them, as far as ``longest`` bytes; of other marks only
  /// the character.
  static func removed(from text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    guard var place = first(in: text) else { return text }
    let memory = UnsafeMutableBufferPointer(mutating: text)
    var end = place
    while place < text.count {
      guard isMark(text, at: place) else {
        memory[end] = text[place]
        end += 1
        place += 1
        continue
      }
      let isOpening = text[place + 2] == opening
      place += 3
      if isOpening, let close = closing(in: text, from: place) { place = close }
    }
    return UnsafeBufferPointer(rebasing: text[..<end])
  }

  /// A mark names a few pages; a text that is longer is no mark's.
  private static let longest = 2000
  private static let opening: UInt8 = 0x80

  /// U+E200 to U+E206.
  private static func isMark(_ text: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
    place + 2 < text.count && text[place] == 0xEE && text[place + 1] == 0x88
      && (0x80...0x86).contains(text[place + 2])
  }

  /// The place of the first mark.
  private static func first(in text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = text.baseAddress else { return nil }
    var start = 0
    // All marks begin with a byte that hardly any other character begins with.
    while let found = memchr(base + start, 0xEE, text.count - start) {
      let place = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if isMark(text, at: place) { return place }
      start = place + 1
    }
    return nil
  }

  /// The place after the mark that closes.
  private static func closing(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    let end = min(text.count, start + longest)
    return HTMLText.range(
      of: "\u{E201}", in: UnsafeBufferPointer(rebasing: text[..<end]), from: start)?.upperBound
  }
}
