internal import Archives
internal import CLanguage

/// In which language somebody writes, as the Compact Language Detector 2 tells it from letters.
enum LanguageDetection {
  /// How much of a speaker's text is looked at: a language shows within a page.
  static let longest = 8192
  /// Under this share of the text no language counts as the text's own.
  static let leastPercent = 60
  /// The bytes of each of the two pieces, the beginning and the end, of a longer text that are looked at first.
  static let pieceBytes = 400
  /// At this share of the two pieces, the whole is in their language.
  static let certainPercent = 95
  /// Languages that a page tells from their kin, and a few lines do not.
  private static let kin: Set<String> = [
    "bs", "cs", "da", "gl", "hi", "hr", "bh", "id", "mr", "ms", "ne", "nn", "no", "sk", "sr",
  ]

  /// The ISO 639 code of a speaker's language; nil where there is too little text, or a mixture.
  static func language(of conversation: borrowing Prose, by speaker: Speaker) -> String? {
    var sample = WipedBytes(capacity: longest + 1)
    for index in conversation.messages.indices
    where conversation.messages[index].speaker == speaker && sample.count < longest {
      let text = conversation.text(of: index)
      var end = min(text.count, longest - sample.count)
      while end > 0, end < text.count, text[end] & 0xC0 == 0x80 { end -= 1 }
      sample.append(UnsafeBufferPointer(rebasing: text[..<end]))
      sample.append(UInt8(ascii: "\n"))
    }
    return languageOfEnds(of: sample.bytes) ?? language(of: sample.bytes)
  }

  /// The language of a text, from all of it.
  static func language(of text: UnsafeBufferPointer<UInt8>) -> String? {
    guard let found = detect(text), found.percent >= leastPercent else { return nil }
    return found.code.map { String(cString: $0) }
  }

  /// The language of a long text by its beginning and its end, a tenth of the work; nil where they are not
  /// clearly of one language, or of one that is easily taken for another.
  static func languageOfEnds(of text: UnsafeBufferPointer<UInt8>) -> String? {
    guard text.count > 4 * pieceBytes else { return nil }
    var pieces = WipedBytes(capacity: 2 * pieceBytes + 2)
    pieces.append(UnsafeBufferPointer(rebasing: text[..<border(in: text, upTo: pieceBytes)]))
    pieces.append(UInt8(ascii: "\n"))
    pieces.append(
      UnsafeBufferPointer(rebasing: text[border(in: text, upTo: text.count - pieceBytes)...]))
    guard let found = detect(pieces.bytes), found.percent >= certainPercent else { return nil }
    return found.code.map { String(cString: $0) }.flatMap { kin.contains($0) ? nil : $0 }
  }

  /// The last place after white space up to a position, or where a character begins.
  private static func border(in text: UnsafeBufferPointer<UInt8>, upTo position: Int) -> Int {
    let words = text[..<position].suffix(pieceBytes / 4)
    if let white = words.lastIndex(where: { $0 <= 0x20 }) { return white + 1 }
    var place = position
    while place > 0, text[place] & 0xC0 == 0x80 { place -= 1 }
    return place
  }

  /// What the detector is sure of.
  private static func detect(_ text: UnsafeBufferPointer<UInt8>) -> LongwellLanguage? {
    guard let base = text.baseAddress, !text.isEmpty else { return nil }
    let found = base.withMemoryRebound(to: CChar.self, capacity: text.count) { bytes in
      FreedMemory.overwritten { longwell_detect_language(bytes, text.count) }
    }
    return found.is_reliable ? found : nil
  }
}
