internal import Archives
internal import CLanguage

/// In which language somebody writes, as the Compact Language Detector 2 tells it from letters.
enum LanguageDetection {
  /// How much of a speaker's text is looked at: a language shows within a page.
  static let longest = 8192
  /// Under this share of the text no language counts as the text's own.
  static let leastPercent = 60

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
    guard let base = sample.bytes.baseAddress, sample.count > 0 else { return nil }
    let count = sample.count
    let found = base.withMemoryRebound(to: CChar.self, capacity: count) { text in
      FreedMemory.overwritten { longwell_detect_language(text, count) }
    }
    guard found.is_reliable, found.percent >= leastPercent, let code = found.code else {
      return nil
    }
    return String(cString: code)
  }
}
