/// The text of a definition file, known to be UTF-8 without characters that YAML refuses.
///
/// A few of these are reported and replaced by U+FFFD, so that they do not hide what else is wrong.
struct SourceText {
  /// The file's path.
  let file: String
  /// The text, without a byte order mark.
  let text: String
  /// Its lines without their ends. Lines end where YAML 1.1 says (section 4.2): also at a lone
  /// carriage return and at U+0085, U+2028 and U+2029.
  let lines: [Substring.UnicodeScalarView]

  /// Checks the bytes of a file; reports one that is too large, not UTF-8, or binary.
  init?(_ bytes: [UInt8], file: String, problems: inout Problems) {
    self.file = file
    guard bytes.count <= DefinitionLimits.bytes else {
      problems.report(
        at: .whole(file), found: "a file of \(bytes.count) bytes",
        expected: "at most \(DefinitionLimits.bytes)")
      return nil
    }
    let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    guard !isWide else {
      problems.report(
        at: Place(file: file, line: 1, column: 1), found: "a UTF-16 byte order mark",
        expected: "a text file in UTF-8")
      return nil
    }
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let content = hasMark ? bytes[3...] : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
      problems.report(
        at: SourceText.placeOfInvalidByte(content, file: file),
        found: "a byte that is not UTF-8", expected: "a text file in UTF-8")
      return nil
    }
    let lines = SourceText.split(text)
    let refused = SourceText.refusedCharacters(lines)
    let isBinary = refused.count > DefinitionLimits.controlCharacters
    for (place, character) in isBinary ? refused.prefix(1) : refused[...] {
      problems.report(
        at: Place(file: file, line: place.line, column: place.column),
        found: "the control character U+\(hexadecimal(character))",
        expected: "a text file in UTF-8")
    }
    guard !isBinary else { return nil }
    self.text = refused.isEmpty ? text : SourceText.replacingRefused(text)
    self.lines = refused.isEmpty ? lines : SourceText.split(self.text)
  }

  /// The character at a position, if there is one.
  func character(line: Int, column: Int) -> Unicode.Scalar? {
    guard lines.indices.contains(line - 1), column >= 1 else { return nil }
    return lines[line - 1].dropFirst(column - 1).first
  }

  /// Whether a text stands at a position of a line; not looked up beyond a thousand columns, where
  /// counting them for each of many scalars would cost the line's length squared.
  func has(_ text: String, line: Int, column: Int) -> Bool {
    guard lines.indices.contains(line - 1), (1...1000).contains(column) else { return false }
    return lines[line - 1].dropFirst(column - 1).starts(with: text.unicodeScalars)
  }

  /// The position, within the file, of a line and column that may lie past its end.
  func place(line: Int, column: Int) -> Place {
    let last = max(1, lines.count)
    guard line <= last else {
      return Place(file: file, line: last, column: (lines.last?.count ?? 0) + 1)
    }
    return Place(file: file, line: max(1, line), column: max(1, column))
  }

  // MARK: Checks

  private static func placeOfInvalidByte(_ bytes: ArraySlice<UInt8>, file: String) -> Place {
    var place = Place(file: file, line: 1, column: 1)
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let character) = decoder.decode(&iterator) {
      if character == "\n" {
        place.line += 1
        place.column = 1
      } else {
        place.column += 1
      }
    }
    return place
  }

  /// The lines of a text without their ends.
  static func split(_ text: String) -> [Substring.UnicodeScalarView] {
    let characters = text.unicodeScalars
    var lines: [Substring.UnicodeScalarView] = []
    var start = characters.startIndex
    var index = start
    while index < characters.endIndex {
      let next = characters.index(after: index)
      switch characters[index] {
      case "\r" where next < characters.endIndex && characters[next] == "\n":
        lines.append(characters[start..<index])
        start = characters.index(after: next)
        index = start
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
        lines.append(characters[start..<index])
        start = next
        index = next
      default:
        index = next
      }
    }
    if start < characters.endIndex { lines.append(characters[start...]) }
    return lines
  }

  /// The characters that YAML refuses, as many as tell a text from a binary file.
  private static func refusedCharacters(
    _ lines: [Substring.UnicodeScalarView]
  ) -> [(place: (line: Int, column: Int), character: Unicode.Scalar)] {
    var refused: [(place: (line: Int, column: Int), character: Unicode.Scalar)] = []
    for (line, characters) in lines.enumerated() {
      for (column, character) in characters.enumerated() where !isPrintable(character) {
        refused.append(((line + 1, column + 1), character))
        guard refused.count <= DefinitionLimits.controlCharacters else { return refused }
      }
    }
    return refused
  }

  /// The text with U+FFFD for each character that YAML refuses; every line and column stays.
  private static func replacingRefused(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for character in text.unicodeScalars {
      let isEnd = character == "\n" || character == "\r"
      result.append(isEnd || isPrintable(character) ? character : "\u{FFFD}")
    }
    return String(result)
  }

  /// Whether YAML allows a character outside of line ends (YAML 1.1, section 4.1.1).
  private static func isPrintable(_ character: Unicode.Scalar) -> Bool {
    switch character.value {
    case 0x09, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      true
    default: false
    }
  }
}

/// A character's number in at least four hexadecimal digits.
func hexadecimal(_ character: Unicode.Scalar) -> String {
  let digits = String(character.value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
