internal import Foundation

/// Where code stands in a message written in Markdown: between fences, or between back quotes within a
/// line of text.
///
/// It follows CommonMark for fences and code spans made of back quotes; fences of tildes and indented
/// code are read as prose. A span that does not close within a paragraph, or within ``longestSpan``
/// bytes, is no span, so that a message of nothing but back quotes takes linear time.
enum CodeSpans {
  /// Code within a line is a name or a command. Longer than this, the back quotes are something else.
  static let longestSpan = 1000

  /// What a stretch of a message is.
  enum Kind {
    case prose
    /// Code of its own lines, fences included.
    case block
    /// Code within a line, back quotes included.
    case span
  }

  private static let backQuote = UInt8(ascii: "`")
  private static let newline = UInt8(ascii: "\n")

  /// Calls `body` for each stretch of a message in order; together they are the message.
  @inline(__always)
  static func forEach(
    in bytes: UnsafeBufferPointer<UInt8>, _ body: (Kind, UnsafeBufferPointer<UInt8>) -> Void
  ) {
    func emit(_ kind: Kind, _ range: Range<Int>) {
      guard !range.isEmpty else { return }
      body(kind, UnsafeBufferPointer(rebasing: bytes[range]))
    }
    var proseStart = 0
    var position = 0
    while let tick = next(backQuote, in: bytes, from: position) {
      let afterRun = end(ofRunAt: tick, in: bytes)
      let end: Int?
      let kind: Kind
      if afterRun - tick >= 3, beginsLine(tick, in: bytes) {
        (kind, end) = (.block, closingFence(of: afterRun - tick, in: bytes, from: afterRun))
      } else {
        (kind, end) = (.span, closingRun(of: afterRun - tick, in: bytes, from: afterRun))
      }
      guard let end else {
        position = afterRun
        continue
      }
      emit(.prose, proseStart..<tick)
      emit(kind, tick..<end)
      (proseStart, position) = (end, end)
    }
    emit(.prose, proseStart..<bytes.count)
  }

  private static func next(
    _ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + start, Int32(byte), bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private static func end(ofRunAt start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var end = start
    while end < bytes.count, bytes[end] == backQuote { end += 1 }
    return end
  }

  private static func beginsLine(_ position: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var before = position - 1
    while before >= 0, bytes[before] == UInt8(ascii: " ") || bytes[before] == UInt8(ascii: "\t") {
      before -= 1
    }
    return before < 0 || bytes[before] == newline
  }

  /// The end of the line that closes a block, or the end of the message: an open fence holds the rest.
  private static func closingFence(
    of length: Int, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int {
    var position = start
    while let tick = next(backQuote, in: bytes, from: position) {
      let afterRun = end(ofRunAt: tick, in: bytes)
      if afterRun - tick >= length, beginsLine(tick, in: bytes) { return afterRun }
      position = afterRun
    }
    return bytes.count
  }

  private static func closingRun(
    of length: Int, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    let limit = min(bytes.count, start + longestSpan)
    var position = start
    while position < limit {
      switch bytes[position] {
      case backQuote:
        let afterRun = end(ofRunAt: position, in: bytes)
        if afterRun - position == length { return afterRun }
        position = afterRun
      case newline where position + 1 < limit && bytes[position + 1] == newline: return nil
      default: position += 1
      }
    }
    return nil
  }
}
