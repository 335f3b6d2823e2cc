/// How long a text is, in Unicode scalars and words, with code apart.
///
/// Sums of it are its sums: of messages, conversations, days.
package struct TextLengths: Hashable, Sendable, Codable {
  /// Unicode scalars, code included: what the features call characters.
  package var scalars: Int
  /// Words outside of code: runs of bytes between ASCII white space, as `wc -w` counts them. Scripts
  /// that put no space between words have few.
  package var words: Int
  /// Unicode scalars within code, fences and back quotes included.
  package var codeScalars: Int

  package init(scalars: Int = 0, words: Int = 0, codeScalars: Int = 0) {
    self.scalars = scalars
    self.words = words
    self.codeScalars = codeScalars
  }

  /// The lengths of a text in UTF-8; bytes that are none count as if they were.
  package static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> TextLengths {
    var lengths = TextLengths()
    CodeSpans.forEach(in: bytes) { kind, part in
      let (scalars, words) = tally(part)
      lengths.scalars += scalars
      switch kind {
      case .prose: lengths.words += words
      case .block, .span: lengths.codeScalars += scalars
      }
    }
    return lengths
  }

  package static func + (one: TextLengths, other: TextLengths) -> TextLengths {
    TextLengths(
      scalars: one.scalars + other.scalars, words: one.words + other.words,
      codeScalars: one.codeScalars + other.codeScalars)
  }

  package static func += (one: inout TextLengths, other: TextLengths) { one = one + other }

  // MARK: - Counting

  /// Scalars are the bytes that continue none; a word begins where white space ends.
  ///
  /// 32 bytes at a time, beside the same bytes one place earlier.
  private static func tally(_ bytes: UnsafeBufferPointer<UInt8>) -> (scalars: Int, words: Int) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return (0, 0) }
    var scalars = isContinuation(base[0]) ? 0 : 1
    var words = isWhite(base[0]) ? 0 : 1
    var position = 1
    let raw = UnsafeRawPointer(base)
    while position + 32 <= bytes.count {
      // The counters hold a byte each, so they are emptied before they overflow.
      let end = min(bytes.count, position + 32 * 255)
      var begun = SIMD32<UInt8>.zero
      var starts = SIMD32<UInt8>.zero
      while position + 32 <= end {
        let here = raw.loadUnaligned(fromByteOffset: position, as: SIMD32<UInt8>.self)
        let before = raw.loadUnaligned(fromByteOffset: position - 1, as: SIMD32<UInt8>.self)
        begun.replace(with: begun &+ 1, where: (here & 0xC0) .!= 0x80)
        starts.replace(with: starts &+ 1, where: .!areWhite(here) .& areWhite(before))
        position += 32
      }
      scalars += sum(begun)
      words += sum(starts)
    }
    while position < bytes.count {
      if !isContinuation(base[position]) { scalars += 1 }
      if !isWhite(base[position]), isWhite(base[position - 1]) { words += 1 }
      position += 1
    }
    return (scalars, words)
  }

  @inline(__always)
  private static func areWhite(_ bytes: SIMD32<UInt8>) -> SIMDMask<SIMD32<Int8>> {
    (bytes .== 0x20) .| ((bytes &- 9) .< 5)
  }

  private static func sum(_ counters: SIMD32<UInt8>) -> Int {
    var sum = 0
    for index in 0..<32 { sum += Int(counters[index]) }
    return sum
  }

  private static func isWhite(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
