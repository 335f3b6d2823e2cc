internal import Delimited

/// The rows of a CSV, one at a time, with bounded memory.
struct RowStream {
  private let buffer: StreamBuffer
  private let limit: Int
  private var pending = 0

  /// Rows of a buffer that stands at the first.
  init(_ buffer: StreamBuffer, limit: Int) {
    self.buffer = buffer
    self.limit = limit
  }

  /// The cells of the next row, without quotes, to be used before the call returns; false at the end.
  ///
  /// A row that is longer than the limit, or whose quotes are no CSV, has no cells.
  mutating func next(
    _ body: ([UnsafeBufferPointer<UInt8>]) -> Void
  ) throws(LogProblem) -> Bool {
    buffer.drop(pending)
    pending = 0
    var place = 0
    var isQuoted = false
    var isOversized = false
    while true {
      let bytes = buffer.bytes
      while place < bytes.count {
        let byte = bytes[place]
        place += 1
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        if byte == UInt8(ascii: "\n"), !isQuoted {
          pending = place
          body(isOversized ? [] : cells(of: UnsafeBufferPointer(rebasing: bytes[..<place])))
          return true
        }
      }
      if place > limit {
        buffer.drop(place)
        place = 0
        isOversized = true
      }
      guard try buffer.fill() else {
        guard !isQuoted else { throw LogProblem(.truncated) }
        guard place > 0 else { return false }
        pending = place
        body(isOversized ? [] : cells(of: buffer.bytes))
        return true
      }
    }
  }

  private func cells(of row: UnsafeBufferPointer<UInt8>) -> [UnsafeBufferPointer<UInt8>] {
    guard let start = row.baseAddress else { return [] }
    var scanner = CellScanner(start, count: row.count, from: 0, delimiter: UInt8(ascii: ","))
    var cells: [UnsafeBufferPointer<UInt8>] = []
    while !scanner.isAtEnd {
      guard let cell = try? scanner.nextCell(row: 0) else { return [] }
      let bytes = UnsafeBufferPointer(rebasing: row[cell.start..<cell.end])
      cells.append(cell.hasEscapes ? withoutDoubles(bytes) : bytes)
      if cell.endsRow { break }
    }
    return cells
  }

  /// Writes a quoted cell over itself with each doubled quote once.
  private func withoutDoubles(_ cell: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    let memory = UnsafeMutableBufferPointer(mutating: cell)
    var end = 0
    var place = 0
    while place < cell.count {
      memory[end] = memory[place]
      place += memory[place] == UInt8(ascii: "\"") ? 2 : 1
      end += 1
    }
    return UnsafeBufferPointer(rebasing: cell[..<end])
  }
}
