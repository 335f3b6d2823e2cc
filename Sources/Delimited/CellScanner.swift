/// Walks over the cells of a delimited file, as RFC 4180 describes them, without copying one.
///
/// It is a little more lenient than the RFC: LF, CRLF and CR all end a line, and a quote inside a
/// cell that does not begin with one is an ordinary character.
package struct CellScanner {
  /// The cell's bytes without its quotes, and how it was written.
  package struct Cell {
    package var start: Int
    package var end: Int
    package var isQuoted: Bool
    /// Whether it holds doubled quotes that stand for one.
    package var hasEscapes: Bool
    /// Whether it is the last of its row.
    package var endsRow: Bool
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  let bytes: UnsafePointer<UInt8>
  let count: Int
  let delimiter: UInt8
  /// Where the next cell begins.
  private(set) var position: Int
  /// The physical line of `position`, 1-based.
  private(set) var line = 1
  /// Whether the last cell read was followed by a delimiter, so that another cell must follow even
  /// at the end of the file.
  private var owesCell = false

  /// A scanner of so many bytes, which stay where they are while it is used.
  package init(_ bytes: UnsafePointer<UInt8>, count: Int, from start: Int, delimiter: UInt8) {
    self.bytes = bytes
    self.count = count
    position = start
    self.delimiter = delimiter
  }

  /// Whether no cell is left.
  package var isAtEnd: Bool { position >= count && !owesCell }

  /// Steps over an empty line; `false` (and no step) where there is something on it.
  mutating func skipEmptyLine() -> Bool {
    guard position < count else { return false }
    let byte = bytes[position]
    guard byte == Self.lineFeed || byte == Self.carriageReturn else { return false }
    endLine()
    return true
  }

  /// Reads a plain number that fills the next cell; `nil` (and no step) for anything else.
  @inline(__always)
  mutating func nextNumber(_ parser: NumberParser) -> (value: Double, endsRow: Bool)? {
    guard let (value, next) = parser.parse(bytes, from: position, to: count) else { return nil }
    guard next < count else {
      position = next
      owesCell = false
      return (value, true)
    }
    let byte = bytes[next]
    if byte == delimiter {
      position = next + 1
      owesCell = true
      return (value, false)
    }
    guard byte == Self.lineFeed || byte == Self.carriageReturn else { return nil }
    position = next
    endLine()
    return (value, true)
  }

  /// Reads the next cell, whatever it holds.
  package mutating func nextCell(row: Int) throws(DelimitedProblem) -> Cell {
    if position < count, bytes[position] == Self.quote { return try nextQuotedCell(row: row) }
    let start = position
    var end = position
    while end < count {
      let byte = bytes[end]
      if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
      end += 1
    }
    position = end
    let endsRow = endCell()
    return Cell(start: start, end: end, isQuoted: false, hasEscapes: false, endsRow: endsRow)
  }

  private mutating func nextQuotedCell(row: Int) throws(DelimitedProblem) -> Cell {
    let firstLine = line
    let start = position + 1
    var end = start
    var hasEscapes = false
    while true {
      guard end < count else {
        throw DelimitedProblem(.unterminatedQuote, row: row, line: firstLine)
      }
      let byte = bytes[end]
      if byte == Self.quote {
        guard end + 1 < count, bytes[end + 1] == Self.quote else { break }
        hasEscapes = true
        end += 1
      } else if byte == Self.lineFeed
        || (byte == Self.carriageReturn && !(end + 1 < count && bytes[end + 1] == Self.lineFeed))
      {
        line += 1
      }
      end += 1
    }
    position = end + 1
    if position < count {
      let byte = bytes[position]
      guard byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn else {
        throw DelimitedProblem(.textAfterQuote, row: row, line: line)
      }
    }
    let endsRow = endCell()
    return Cell(start: start, end: end, isQuoted: true, hasEscapes: hasEscapes, endsRow: endsRow)
  }

  /// Steps over what follows a cell: a delimiter, a line ending or nothing.
  @inline(__always)
  private mutating func endCell() -> Bool {
    guard position < count else {
      owesCell = false
      return true
    }
    if bytes[position] == delimiter {
      position += 1
      owesCell = true
      return false
    }
    endLine()
    return true
  }

  /// Steps over LF, CRLF or CR.
  @inline(__always)
  private mutating func endLine() {
    let wasReturn = bytes[position] == Self.carriageReturn
    position += 1
    if wasReturn, position < count, bytes[position] == Self.lineFeed { position += 1 }
    line += 1
    owesCell = false
  }

  /// The cell's bytes, unescaped into `scratch` where needed.
  @inline(__always)
  func withContent<Result>(
    of cell: Cell, scratch: inout [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    guard cell.hasEscapes else {
      return body(UnsafeBufferPointer(start: bytes + cell.start, count: cell.end - cell.start))
    }
    scratch.removeAll(keepingCapacity: true)
    var index = cell.start
    while index < cell.end {
      scratch.append(bytes[index])
      index += bytes[index] == Self.quote ? 2 : 1
    }
    return scratch.withUnsafeBufferPointer(body)
  }
}
