/// Reads one buffer from header to end.
struct ColumnReader {
  /// How many rows are looked at to guess which columns are numbers. A wrong guess costs a second
  /// pass, never a wrong type.
  private static let sampledRows = 100

  private let buffer: UnsafeBufferPointer<UInt8>
  private let bytes: UnsafePointer<UInt8>
  private let options: DelimitedOptions
  private let parser: NumberParser
  private let missingTokens: [[UInt8]]
  private let start: Int
  private var scratch: [UInt8] = []

  init(
    _ buffer: UnsafeBufferPointer<UInt8>, options: DelimitedOptions
  ) throws(DelimitedProblem) {
    let forbidden = [UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    guard options.delimiter < 0x80, !forbidden.contains(options.delimiter),
      options.delimiter != options.decimalMark
    else { throw DelimitedProblem(.unusableDelimiter) }
    guard let base = buffer.baseAddress else { throw DelimitedProblem(.empty) }
    self.buffer = buffer
    bytes = base
    self.options = options
    parser = NumberParser(decimalMark: options.decimalMark)
    missingTokens = options.missingTokens.map { Array($0.utf8) }
    if buffer.starts(with: [0xFF, 0xFE]) || buffer.starts(with: [0xFE, 0xFF]) {
      throw DelimitedProblem(.notUTF8, line: 1)
    }
    start = buffer.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  private func scanner() -> CellScanner {
    CellScanner(bytes, count: buffer.count, from: start, delimiter: options.delimiter)
  }

  // MARK: Rows of text

  /// Every row as text, with the line on which it begins; rows must all be as long as the first.
  mutating func readRows() throws(DelimitedProblem) -> [(line: Int, cells: [String])] {
    var scanner = scanner()
    var rows: [(line: Int, cells: [String])] = []
    while !scanner.isAtEnd {
      if rows.first?.cells.count ?? 2 > 1, scanner.skipEmptyLine() { continue }
      let line = scanner.line
      let row = options.hasHeader ? rows.count : rows.count + 1
      let cells = try textRow(&scanner, row: row)
      if let expected = rows.first?.cells.count, cells.count != expected, !options.allowsRaggedRows
      {
        throw DelimitedProblem(
          .raggedRow(found: cells.count, expected: expected), row: row, line: line)
      }
      rows.append((line, cells))
    }
    return rows
  }

  private mutating func textRow(
    _ scanner: inout CellScanner, row: Int
  ) throws(DelimitedProblem) -> [String] {
    var cells: [String] = []
    let line = scanner.line
    while true {
      let cell = try scanner.nextCell(row: row)
      let text = scanner.withContent(of: cell, scratch: &scratch) {
        String(validating: $0, as: UTF8.self)
      }
      guard let text else { throw DelimitedProblem(.notUTF8, row: row, line: line) }
      cells.append(text)
      if cell.endsRow { return cells }
    }
  }

  // MARK: Typed columns

  /// The columns, in file order.
  mutating func read() throws(DelimitedProblem) -> [DelimitedColumn] {
    var scanner = scanner()
    while scanner.skipEmptyLine() {}
    guard !scanner.isAtEnd else { throw DelimitedProblem(.empty) }
    let firstLine = scanner.line
    var ahead = scanner
    var names = try textRow(&ahead, row: 0)
    if options.hasHeader {
      try checkNames(&names, line: firstLine)
      scanner = ahead
    } else {
      names = names.indices.map { "v\($0 + 1)" }
    }

    var builders = names.map { name in
      ColumnBuilder(name: name, mode: options.textColumns.contains(name) ? .text : .number)
    }
    var sample = builders
    _ = try readCells(scanner, into: &sample, atMost: Self.sampledRows)
    for index in builders.indices where sample[index].isRefuted { builders[index].mode = .text }

    let expectedRows = estimatedRows(from: scanner)
    for index in builders.indices { builders[index].reserve(expectedRows) }
    _ = try readCells(scanner, into: &builders, atMost: .max)
    if builders.contains(where: \.isRefuted) { try readRefuted(scanner, &builders) }

    var columns: [DelimitedColumn] = []
    for builder in builders {
      guard let column = builder.column() else {
        throw try placeOfBadText(scanner)
      }
      columns.append(column)
    }
    return columns
  }

  /// Names without surrounding space; empty and repeated ones are problems.
  private func checkNames(_ names: inout [String], line: Int) throws(DelimitedProblem) {
    var seen: Set<String> = []
    for index in names.indices {
      while names[index].last == " " { names[index].removeLast() }
      while names[index].first == " " { names[index].removeFirst() }
      if names[index].isEmpty {
        guard index == 0, names.count > 1, !names.contains("row") else {
          throw DelimitedProblem(.emptyName(column: index + 1), line: line)
        }
        names[index] = "row"
      }
      guard seen.insert(names[index]).inserted else {
        throw DelimitedProblem(.duplicateName(names[index]), line: line)
      }
    }
  }

  /// A little more than the rows to come, from the length of the first hundred lines.
  private func estimatedRows(from scanner: CellScanner) -> Int {
    let end = min(buffer.count, scanner.position + 8192)
    guard scanner.position < end else { return 0 }
    let lines = buffer[scanner.position..<end].count { $0 == UInt8(ascii: "\n") }
    let share = Double(buffer.count - scanner.position) / Double(end - scanner.position)
    return Int(Double(lines) * share * 1.05) + 16
  }

  /// Reads rows into the builders; returns how many.
  private mutating func readCells(
    _ from: CellScanner, into builders: inout [ColumnBuilder], atMost limit: Int
  ) throws(DelimitedProblem) -> Int {
    var scanner = from
    let width = builders.count
    var row = 0
    while row < limit, !scanner.isAtEnd {
      if width > 1, scanner.skipEmptyLine() { continue }
      row += 1
      let line = scanner.line
      var column = 0
      var endsRow = false
      while !endsRow {
        guard column < width else {
          throw try raggedRow(scanner, read: column, width: width, row: row, line: line)
        }
        if builders[column].mode == .number, let number = scanner.nextNumber(parser) {
          builders[column].numbers.append(number.value)
          endsRow = number.endsRow
        } else {
          let cell = try scanner.nextCell(row: row)
          endsRow = cell.endsRow
          append(cell, of: scanner, to: &builders[column])
        }
        column += 1
      }
      guard column == width else {
        throw DelimitedProblem(.raggedRow(found: column, expected: width), row: row, line: line)
      }
    }
    return row
  }

  private mutating func append(
    _ cell: CellScanner.Cell, of scanner: CellScanner, to builder: inout ColumnBuilder
  ) {
    switch builder.mode {
    case .skipped: break
    case .number:
      if isMissing(cell, of: scanner, asNumber: true) {
        builder.numbers.append(.nan)
      } else if let value = carefulNumber(cell, of: scanner) {
        builder.numbers.append(value)
      } else {
        builder.isRefuted = true
        builder.mode = .skipped
        builder.numbers = []
      }
    case .text:
      if isMissing(cell, of: scanner, asNumber: false) {
        builder.codes.append(-1)
      } else {
        let code = scanner.withContent(of: cell, scratch: &scratch) { builder.coder.code(of: $0) }
        builder.codes.append(code)
      }
    }
  }

  /// Whether the cell stands for no value. A quoted cell is text, and never missing, except that a
  /// quoted nothing among numbers is: programs that quote every cell write it so.
  private func isMissing(
    _ cell: CellScanner.Cell, of scanner: CellScanner, asNumber: Bool
  ) -> Bool {
    if cell.isQuoted { return asNumber && cell.start == cell.end }
    let content = trimmed(cell, of: scanner)
    return missingTokens.contains { $0.count == content.count && content.elementsEqual($0) }
  }

  /// Numbers within quotes or spaces, and infinities.
  private func carefulNumber(_ cell: CellScanner.Cell, of scanner: CellScanner) -> Double? {
    let content = trimmed(cell, of: scanner)
    guard let base = content.baseAddress, !content.isEmpty else { return nil }
    if let (value, next) = parser.parse(base, from: 0, to: content.count), next == content.count {
      return value
    }
    return parser.parseWord(content)
  }

  private func trimmed(
    _ cell: CellScanner.Cell, of scanner: CellScanner
  ) -> UnsafeBufferPointer<UInt8> {
    var start = cell.start
    var end = cell.end
    while start < end, scanner.bytes[start] == UInt8(ascii: " ") { start += 1 }
    while start < end, scanner.bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    return UnsafeBufferPointer(start: scanner.bytes + start, count: end - start)
  }

  /// Reads again, as text, the columns that looked like numbers and are not.
  private mutating func readRefuted(
    _ scanner: CellScanner, _ builders: inout [ColumnBuilder]
  ) throws(DelimitedProblem) {
    var again = builders.map { builder in
      ColumnBuilder(name: builder.name, mode: builder.isRefuted ? .text : .skipped)
    }
    _ = try readCells(scanner, into: &again, atMost: .max)
    for index in builders.indices where builders[index].isRefuted { builders[index] = again[index] }
  }

  // MARK: Places of problems

  /// Counts the rest of a row that is too long.
  private func raggedRow(
    _ from: CellScanner, read: Int, width: Int, row: Int, line: Int
  ) throws(DelimitedProblem) -> DelimitedProblem {
    var scanner = from
    var found = read
    while true {
      let cell = try scanner.nextCell(row: row)
      found += 1
      if cell.endsRow { break }
    }
    return DelimitedProblem(.raggedRow(found: found, expected: width), row: row, line: line)
  }

  /// Finds the first row with text that is not UTF-8, once one is known to exist.
  private mutating func placeOfBadText(
    _ from: CellScanner
  ) throws(DelimitedProblem) -> DelimitedProblem {
    var scanner = from
    var row = 0
    while !scanner.isAtEnd {
      if scanner.skipEmptyLine() { continue }
      row += 1
      _ = try textRow(&scanner, row: row)
    }
    return DelimitedProblem(.notUTF8)
  }
}
