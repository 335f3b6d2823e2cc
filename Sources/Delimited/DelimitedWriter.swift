/// Writes delimited text that ``DelimitedText`` and every other reader take back unchanged.
///
/// Quotes only where a reader would otherwise see something else; numbers in the shortest form that
/// reads back to the same double; a missing cell is empty, a text of no characters is `""`.
package struct DelimitedWriter: Sendable {
  /// How lines end.
  package enum LineEnding: Hashable, Sendable {
    /// What Unix tools and R expect.
    case lineFeed
    /// What RFC 4180 says and Excel writes.
    case carriageReturnLineFeed
  }

  /// One cell.
  package enum Cell: Hashable, Sendable {
    case number(Double)
    case integer(Int)
    case text(String)
    case missing
  }

  /// What has been written so far.
  package private(set) var bytes: [UInt8] = []
  private let delimiter: UInt8
  private let lineEnding: LineEnding
  private let escapesFormulas: Bool

  /// Creates a writer.
  ///
  /// - Parameter escapesFormulas: Puts an apostrophe before text that a spreadsheet would run
  ///   (beginning with `= + - @`, a tab or a return). The text no longer reads back unchanged, so it
  ///   is off by default and meant for files that people open by hand.
  package init(
    delimiter: UInt8 = UInt8(ascii: ","), lineEnding: LineEnding = .lineFeed,
    escapesFormulas: Bool = false
  ) {
    self.delimiter = delimiter
    self.lineEnding = lineEnding
    self.escapesFormulas = escapesFormulas
  }

  /// Writes one row and its line ending.
  package mutating func append(row: some Sequence<Cell>) {
    var isFirst = true
    for cell in row {
      if !isFirst { bytes.append(delimiter) }
      isFirst = false
      append(cell)
    }
    if lineEnding == .carriageReturnLineFeed { bytes.append(UInt8(ascii: "\r")) }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Writes a row of text, a header say.
  package mutating func append(texts: some Sequence<String>) {
    append(row: texts.map { Cell.text($0) })
  }

  private mutating func append(_ cell: Cell) {
    switch cell {
    case .missing: break
    case .integer(let value): bytes.append(contentsOf: String(value).utf8)
    case .number(let value): bytes.append(contentsOf: Self.shortest(value).utf8)
    case .text(let text): append(text)
    }
  }

  /// The shortest decimal text that reads back to the same double; nothing for NaN, `1` for 1.0.
  package static func shortest(_ value: Double) -> String {
    if value.isNaN { return "" }
    if value.isInfinite { return value < 0 ? "-Inf" : "Inf" }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private mutating func append(_ text: String) {
    var text = text
    if escapesFormulas, let first = text.utf8.first, Array("=+-@\t\r".utf8).contains(first) {
      text = "'" + text
    }
    guard needsQuotes(text) else {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private func needsQuotes(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return true }
    if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") { return true }
    // A reader would take these for a missing value.
    if DelimitedOptions.defaultMissingTokens.contains(text) { return true }
    return text.utf8.contains { byte in
      byte == delimiter || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
  }
}
