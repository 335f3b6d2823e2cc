internal import Glibc

/// What is between the tags of a piece of HTML, and what is outside of embedded asides.
enum HTMLText {
  /// Hands over the text between tags. Entities stay as they are: one counts as its letters.
  static func forEachPart(
    of html: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    var start = 0
    while start < html.count {
      let rest = html[start...]
      guard let open = rest.firstIndex(of: UInt8(ascii: "<")) else {
        return body(UnsafeBufferPointer(rebasing: rest))
      }
      if open > start { body(UnsafeBufferPointer(rebasing: html[start..<open])) }
      guard let close = html[open...].firstIndex(of: UInt8(ascii: ">")) else { return }
      start = close + 1
    }
  }

  /// Where the bytes of a text first stand, from a place on.
  static func range(
    of text: StaticString, in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0
  ) -> Range<Int>? {
    let count = text.utf8CodeUnitCount
    let first = text.utf8Start[0]
    var place = start
    while place + count <= bytes.count {
      guard let base = bytes.baseAddress,
        let found = memchr(base + place, Int32(first), bytes.count - place)
      else { return nil }
      let next = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      guard next + count <= bytes.count else { return nil }
      if UnsafeBufferPointer(rebasing: bytes[next..<(next + count)]) == text {
        return next..<(next + count)
      }
      place = next + 1
    }
    return nil
  }

  /// How interfaces put a model's reasoning, and its calls of tools, into its answer.
  private static let asides: [(start: StaticString, end: StaticString)] = [
    ("<details type=\"reasoning\"", "</details>"), ("<think>", "</think>"),
    (":::thinking", "\n:::"), ("<details type=\"tool_calls\"", "</details>"),
    ("<details type=\"code_interpreter\"", "</details>"),
  ]

  /// Hands over what is neither embedded reasoning nor the embedded call of a tool. What does not end
  /// reaches to the end.
  ///
  /// Where each mark comes next is looked for again only when it has been passed, so that the time is
  /// linear in the text's length.
  static func forEachPartOutsideAsides(
    of text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    var nexts = asides.map { range(of: $0.start, in: text) }
    var start = 0
    while start < text.count {
      var nearest: Int?
      for mark in nexts.indices {
        guard var next = nexts[mark] else { continue }
        if next.lowerBound < start {
          nexts[mark] = range(of: asides[mark].start, in: text, from: start)
          guard let later = nexts[mark] else { continue }
          next = later
        }
        if next.lowerBound < nearest.flatMap({ nexts[$0]?.lowerBound }) ?? .max { nearest = mark }
      }
      guard let nearest, let next = nexts[nearest] else {
        return body(UnsafeBufferPointer(rebasing: text[start...]))
      }
      if next.lowerBound > start {
        body(UnsafeBufferPointer(rebasing: text[start..<next.lowerBound]))
      }
      let end = range(of: asides[nearest].end, in: text, from: next.upperBound)
      start = end?.upperBound ?? text.count
    }
  }
}
