internal import Archives

/// The worksheets of an Office Open XML workbook (ECMA-376), as texts.
///
/// Numbers are written as spreadsheets show them (`1`, not `1.0`), formulas by their last values, merged
/// cells by their first.
struct Workbook {
  struct Worksheet {
    var name: String
    var rows: [[String]]
  }

  private(set) var sheets: [Worksheet] = []

  /// Cells of a workbook; the largest forms in use have some 200,000.
  fileprivate static let mostCells = 2_000_000
  private static let mostColumns = 2000

  /// Reads the bytes of an `.xlsx` file.
  static func read(_ bytes: [UInt8], name: String) throws(ImportProblem) -> Workbook {
    try Workbook(parts: parts(of: bytes, name: name), name: name)
  }

  /// The parts that hold texts, unpacked.
  static func parts(of bytes: [UInt8], name: String) throws(ImportProblem) -> [String: [UInt8]] {
    do throws(ArchiveProblem) {
      return try ZipReader.files(of: bytes) { path in
        path.hasPrefix("xl/") && (path.hasSuffix(".xml") || path.hasSuffix(".rels"))
          && !path.contains("/theme/") && !path.contains("/drawings/") && !path.contains("styles")
      }
    } catch {
      throw ImportProblem(.unreadable, "\(name): \(error.description)")
    }
  }

  /// A workbook from its unpacked parts.
  init(parts: [String: [UInt8]], name: String) throws(ImportProblem) {
    guard let workbook = parts["xl/workbook.xml"] else {
      throw ImportProblem(.wrongFormat, "\(name): found an archive that is no workbook (.xlsx)")
    }
    var targets: [String: String] = [:]
    if let relations = parts["xl/_rels/workbook.xml.rels"] {
      try XMLEvents.read(relations, name: name) { event in
        guard case .start("Relationship", let attributes) = event, let id = attributes["Id"] else {
          return
        }
        targets[id] = attributes["Target"]
      }
    }
    var found: [(name: String, path: String)] = []
    try XMLEvents.read(workbook, name: name) { event in
      guard case .start("sheet", let attributes) = event, let title = attributes["name"] else {
        return
      }
      let id = attributes["r:id"] ?? attributes.first { $0.key.hasSuffix(":id") }?.value ?? ""
      let target = targets[id] ?? "worksheets/sheet\(found.count + 1).xml"
      found.append((title, target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target))
    }
    guard found.count <= 200 else {
      throw ImportProblem(.unreadable, "\(name): found more than 200 worksheets, expected a form")
    }
    let shared = try parts["xl/sharedStrings.xml"].map { bytes throws(ImportProblem) in
      try Self.strings(bytes, name: name)
    }
    var cells = 0
    for (title, path) in found {
      guard let bytes = parts[path] else { continue }
      var reader = WorksheetReader(shared: shared ?? [], most: Self.mostColumns)
      let state = WorksheetState(reader)
      try XMLEvents.read(bytes, name: name) { state.reader.handle($0) }
      reader = state.reader
      cells += reader.cells
      guard cells <= Self.mostCells else {
        throw ImportProblem(
          .unreadable, "\(name): found more than \(Self.mostCells) cells, expected a form")
      }
      sheets.append(Worksheet(name: title, rows: reader.finished()))
    }
  }

  /// The table of texts that cells refer to; phonetic readings are no part of them.
  private static func strings(_ bytes: [UInt8], name: String) throws(ImportProblem) -> [String] {
    var strings: [String] = []
    var current = ""
    var isInText = false
    var isPhonetic = false
    try XMLEvents.read(bytes, name: name) { event in
      switch event {
      case .start("si", _): current = ""
      case .start("rPh", _): isPhonetic = true
      case .end("rPh"): isPhonetic = false
      case .start("t", _): isInText = !isPhonetic
      case .end("t"): isInText = false
      case .text(let text): if isInText { current += text }
      case .end("si"): strings.append(current)
      default: break
      }
    }
    return strings
  }
}

/// Holds a reader while events change it.
private final class WorksheetState {
  var reader: WorksheetReader

  init(_ reader: WorksheetReader) { self.reader = reader }
}

/// Collects the cells of one worksheet.
private struct WorksheetReader {
  let shared: [String]
  let most: Int
  private var rows: [Int: [String]] = [:]
  private var lastRow = 0
  private var row = 0
  private var column = 0
  private var type = ""
  private var value = ""
  private var collects = false
  private var isPhonetic = false
  private(set) var cells = 0

  init(shared: [String], most: Int) {
    self.shared = shared
    self.most = most
  }

  mutating func handle(_ event: XMLEvents.Event) {
    switch event {
    case .start("row", let attributes):
      row = attributes["r"].flatMap { Int($0) } ?? row + 1
      column = 0
    case .start("c", let attributes):
      column = attributes["r"].flatMap(Self.column) ?? column + 1
      type = attributes["t"] ?? "n"
      value = ""
    case .start("rPh", _): isPhonetic = true
    case .end("rPh"): isPhonetic = false
    case .start("v", _), .start("t", _): collects = !isPhonetic
    case .end("v"), .end("t"): collects = false
    case .text(let text): if collects { value += text }
    case .end("c"): store()
    default: break
    }
  }

  private mutating func store() {
    // 1,048,576 rows is what the format allows; forms have some thousands.
    guard (1...most).contains(column), (1...200_000).contains(row) else { return }
    let text = text
    guard !text.isEmpty else { return }
    var row = rows.removeValue(forKey: self.row) ?? []
    // Empty cells before one count, too: they take memory as others do.
    cells += max(1, column - row.count)
    while row.count < column, cells <= Workbook.mostCells { row.append("") }
    if row.count >= column { row[column - 1] = text }
    rows[self.row] = row
    lastRow = max(lastRow, self.row)
  }

  private var text: String {
    switch type {
    case "s": return Int(value).flatMap { shared.indices.contains($0) ? shared[$0] : nil } ?? ""
    case "b": return value == "1" ? "TRUE" : "FALSE"
    case "e": return ""
    case "n":
      guard let number = Double(value), number.isFinite else { return value }
      return ForeignTranslator.plain(number)
    default: return value
    }
  }

  /// The rows from the first on. Empty ones between are kept as far as forms have them, so that the
  /// numbers of rows in messages are those of the spreadsheet.
  func finished() -> [[String]] {
    guard lastRow <= rows.count * 50 + 5000 else {
      return rows.sorted { $0.key < $1.key }.map(\.value)
    }
    return lastRow == 0 ? [] : (1...lastRow).map { rows[$0] ?? [] }
  }

  /// The number of a column from a reference: 28 for `AB12`.
  private static func column(_ reference: String) -> Int? {
    var number = 0
    for byte in reference.utf8 {
      guard (0x41...0x5A).contains(byte) else { break }
      number = number * 26 + Int(byte) - 0x40
      guard number <= 20_000 else { return nil }
    }
    return number > 0 ? number : nil
  }
}
