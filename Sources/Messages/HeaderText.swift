import Foundation

/// Text in the header of a mail (RFC 2047).
enum HeaderText {
  /// A line as it can stand in `Subject`: as it is when it is short and ASCII, else as encoded words
  /// of a line each. Line breaks and control characters become spaces.
  static func encode(_ text: String) -> String {
    let line = oneLine(text)
    // 60 leaves room for the header's name within the 78 of a line; `=?` would be read as encoded.
    guard line.utf8.count <= 60, isPlain(line), !line.contains("=?") else {
      return encodedWords(line)
    }
    return line
  }

  /// A name before an address: quoted, or as encoded words.
  static func phrase(_ name: String) -> String {
    let line = oneLine(name)
    guard line.utf8.count <= 60, isPlain(line), !line.contains("=?") else {
      return encodedWords(line)
    }
    let escaped = line.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    return "\"\(escaped)\""
  }

  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  private static func oneLine(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: line += " "
      // Marks that turn the direction of text around can make a name read as another.
      case .format where scalar != "\u{200C}" && scalar != "\u{200D}": continue
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line.split(separator: " ").joined(separator: " ")
  }

  private static func encodedWords(_ text: String) -> String {
    // 39 bytes are 52 characters of Base64; with `=?UTF-8?B?`, `?=` and the header's name they stay
    // below the 76 of a line with encoded words.
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    // A word never ends within a character: each is decoded by itself.
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if word.count + bytes.count > 39 {
        words.append(word)
        word = []
      }
      word += bytes
    }
    if !word.isEmpty || words.isEmpty { words.append(word) }
    return words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }
      .joined(separator: "\r\n ")
  }
}

/// Text in the body of a mail, safe through every mail server (RFC 2045, 6.7).
enum QuotedPrintable {
  /// The UTF-8 of a text with lines of at most 76 characters and CRLF between them.
  static func encode(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    let unified = text.split(separator: "\r\n", omittingEmptySubsequences: false)
      .joined(separator: "\n")
    let lines = unified.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" }
    for line in lines {
      var width = 0
      let bytes = Array(line.utf8)
      for (index, byte) in bytes.enumerated() {
        let isLast = index == bytes.count - 1
        // Spaces are kept but at the end of a line, where servers cut them off.
        let isPlain =
          (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=")
          || (byte == 0x20 || byte == 0x09) && !isLast
        let piece = isPlain ? [byte] : Array("=\(hexadecimal(byte))".utf8)
        if width + piece.count > 75 {
          result += Array("=\r\n".utf8)
          width = 0
        }
        result += piece
        width += piece.count
      }
      result += Array("\r\n".utf8)
    }
    return result
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.utf8.count == 1 ? "0" + digits : digits
  }
}
