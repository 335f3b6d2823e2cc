internal import Delimited

/// A table of texts with a header: what a CSV file or a worksheet comes to.
struct Sheet: Sendable {
  /// The names of the columns as they stand there, without white space around them.
  let header: [String]
  /// The rows after the header that have something in them, with their numbers there.
  let rows: [Row]
  private let columns: [String: Int]

  struct Row: Sendable {
    let cells: [String]
    /// From 1, the header being counted.
    let number: Int
  }

  /// A table from its rows; the first with something in it is the header.
  init(_ rows: [[String]]) {
    let first = rows.firstIndex { $0.contains { !$0.isBlank } } ?? rows.endIndex
    header = first < rows.endIndex ? rows[first].map(\.trimmed) : []
    columns = Dictionary(
      header.enumerated().map { ($1.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    self.rows = rows.enumerated().dropFirst(first + 1).compactMap { index, cells in
      cells.contains { !$0.isBlank } ? Row(cells: cells, number: index + 1) : nil
    }
  }

  /// Whether there is a column of a name, whatever its case.
  func has(_ column: String) -> Bool { columns[column.lowercased()] != nil }

  /// The text in a column of a row, without white space around it; empty where there is none.
  func text(_ row: Row, _ column: String) -> String {
    guard let index = columns[column.lowercased()], index < row.cells.count else { return "" }
    return row.cells[index].trimmed
  }

  /// The first text that is not empty in columns of one meaning.
  func text(_ row: Row, _ columns: [String]) -> String {
    columns.lazy.map { text(row, $0) }.first { !$0.isEmpty } ?? ""
  }
}

extension Sheet {
  /// The columns with something in a row that are none of the known ones, names in small letters.
  func others(_ row: Row, known: Set<String>) -> [String] {
    header.enumerated().compactMap { index, name in
      guard index < row.cells.count, !row.cells[index].isBlank, !name.isEmpty,
        !known.contains(name.lowercased())
      else { return nil }
      return String(name.prefix(60))
    }
  }

  /// The most bytes of a table; the largest dictionaries in use have some 5 MB.
  static let mostBytes = 32 << 20

  /// A table from the bytes of a CSV file: UTF-8 with or without a mark, UTF-16 with one, else
  /// Windows-1252; commas, semicolons or tabs.
  static func read(_ bytes: [UInt8], name: String) throws(ImportProblem) -> Sheet {
    Sheet(try rows(bytes, name: name))
  }

  /// The rows of a CSV file, likewise.
  static func rows(_ bytes: [UInt8], name: String) throws(ImportProblem) -> [[String]] {
    guard bytes.count <= mostBytes else {
      throw ImportProblem(
        .unreadable, "\(name): found more than \(mostBytes >> 20) MB, expected a table")
    }
    let utf8 = TextEncoding.utf8(bytes)
    guard !utf8.contains(0) else {
      throw ImportProblem(.unreadable, "\(name): found bytes that are no text, expected a CSV file")
    }
    let options = DelimitedOptions(delimiter: DelimitedText.delimiter(of: utf8))
    var ragged = options
    ragged.allowsRaggedRows = true
    do throws(DelimitedProblem) {
      return try DelimitedText.readRows(utf8, options: ragged)
    } catch {
      throw ImportProblem(.unreadable, "\(name): \(error.description)")
    }
  }
}

/// Texts of files whose encoding nobody states.
enum TextEncoding {
  /// The text as UTF-8 without a mark.
  static func utf8(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
    if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2)) { $0 | $1 << 8 } }
    if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2)) { $0 << 8 | $1 } }
    if String(validating: bytes, as: UTF8.self) != nil { return bytes }
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(windows1252(byte)) }
    return Array(String(text).utf8)
  }

  private static func utf16(
    _ bytes: ArraySlice<UInt8>, _ join: (UInt16, UInt16) -> UInt16
  ) -> [UInt8] {
    var units: [UInt16] = []
    var index = bytes.startIndex
    while index + 1 < bytes.endIndex {
      units.append(join(UInt16(bytes[index]), UInt16(bytes[index + 1])))
      index += 2
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// The characters of Windows-1252 from 0x80 to 0x9F; the others are those of Latin-1.
  private static let special: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039,
    0x152, 0x8D, 0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC,
    0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
  ]

  private static func windows1252(_ byte: UInt8) -> Unicode.Scalar {
    guard (0x80...0x9F).contains(byte) else { return Unicode.Scalar(byte) }
    return Unicode.Scalar(special[Int(byte) - 0x80]) ?? Unicode.Scalar(byte)
  }
}

extension StringProtocol {
  /// Whether nobody would read anything.
  var isBlank: Bool { allSatisfy(\.isWhitespace) }

  /// The text, or nil if it is empty.
  var nonEmpty: String? { isEmpty ? nil : String(self) }
}
