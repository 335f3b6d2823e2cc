/// What is between the tags of a piece of HTML, and what is outside of embedded reasoning.
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
      guard let next = bytes[place...].firstIndex(of: first), next + count <= bytes.count else {
        return nil
      }
      if UnsafeBufferPointer(rebasing: bytes[next..<(next + count)]) == text {
        return next..<(next + count)
      }
      place = next + 1
    }
    return nil
  }

  /// How interfaces put a model's reasoning into its answer.
  private static let reasoning: [(start: StaticString, end: StaticString)] = [
    ("<details type=\"reasoning\"", "</details>"), ("<think>", "</think>"),
    (":::thinking", "\n:::"),
  ]

  /// Hands over what is not embedded reasoning. Reasoning that does not end reaches to the end.
  static func forEachPartOutsideReasoning(
    of text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    var start = 0
    while start < text.count {
      let found = reasoning.compactMap { mark in
        range(of: mark.start, in: text, from: start).map { (range: $0, end: mark.end) }
      }
      guard let next = found.min(by: { $0.range.lowerBound < $1.range.lowerBound }) else {
        return body(UnsafeBufferPointer(rebasing: text[start...]))
      }
      if next.range.lowerBound > start {
        body(UnsafeBufferPointer(rebasing: text[start..<next.range.lowerBound]))
      }
      start = range(of: next.end, in: text, from: next.range.upperBound)?.upperBound ?? text.count
    }
  }
}
