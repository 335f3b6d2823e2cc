internal import CSimdJSON

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
    guard let start = bytes.baseAddress else { return TextLengths() }
    let whole = longwell_count_text(start, bytes.count)
    // Most messages have no code.
    guard whole.has_back_quote else {
      return TextLengths(scalars: whole.scalars, words: whole.words)
    }
    var lengths = TextLengths()
    CodeSpans.forEach(in: bytes) { kind, part in
      guard let start = part.baseAddress else { return }
      let tally = longwell_count_text(start, part.count)
      lengths.scalars += tally.scalars
      switch kind {
      case .prose: lengths.words += tally.words
      case .block, .span: lengths.codeScalars += tally.scalars
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
}
