internal import Archives

/// The worksheets of an Office Open XML workbook (ECMA-376), as texts.
///
/// Numbers are written as spreadsheets show them (`1`, not `1.0`), formulas by their last values. What stands
/// in cells that are merged over several rows stands in each of these rows.
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
      if let place = reader.outside {
        throw ImportProblem(
          .unreadable,
          "\(name): found a cell at \(place.prefix(40)) of the worksheet '\(title.prefix(40))', expected at "
            + "most \(WorksheetReader.mostRows) rows and \(Self.mostColumns) columns")
      }
      reader.fillMergedCells()
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
  /// Cells that are merged over several rows: a column, the first row and the last.
  private var merged: [(column: Int, rows: ClosedRange<Int>)] = []
  private(set) var cells = 0
  /// A cell with something in it that is further out than those of forms.
  private(set) var outside: String?
  private var place = ""

  /// 1,048,576 rows is what the format allows; forms have some thousands.
  static let mostRows = 200_000

  init(shared: [String], most: Int) {
    self.shared = shared
    self.most = most
  }

  mutating func handle(_ event: XMLEvents.Event) {
    switch event {
    case .start("row", let attributes):
      row = min(attributes["r"].flatMap { Int($0) } ?? row + 1, .max / 2)
      column = 0
    case .start("c", let attributes):
      place = attributes["r"] ?? ""
      column = min(place.isEmpty ? column + 1 : Self.column(place) ?? .max / 2, .max / 2)
      type = attributes["t"] ?? "n"
      value = ""
    case .start("rPh", _): isPhonetic = true
    case .end("rPh"): isPhonetic = false
    case .start("v", _), .start("t", _): collects = !isPhonetic
    case .end("v"), .end("t"): collects = false
    case .text(let text): if collects { value += text }
    case .end("c"): store()
    case .start("mergeCell", let attributes): attributes["ref"].map { merge($0) }
    default: break
    }
  }

  private mutating func store() {
    let text = text
    guard !text.isEmpty else { return }
    guard (1...most).contains(column), (1...Self.mostRows).contains(row) else {
      outside = outside ?? (place.isEmpty ? "row \(row)" : place)
      return
    }
    var row = rows.removeValue(forKey: self.row) ?? []
    // Empty cells before one count, too: they take memory as others do.
    cells += max(1, column - row.count)
    while row.count < column, cells <= Workbook.mostCells { row.append("") }
    if row.count >= column { row[column - 1] = text }
    rows[self.row] = row
    lastRow = max(lastRow, self.row)
  }

  // MARK: Merged cells

  /// Notes cells that are merged, as `A2:C4`. Over several columns only the first has the text: the others
  /// mean something else.
  private mutating func merge(_ reference: String) {
    let ends = reference.split(separator: ":").map(String.init)
    guard ends.count == 2, let column = Self.column(ends[0]), let first = Self.row(ends[0]),
      let last = Self.row(ends[1]), first < last, column <= most
    else { return }
    merged.append((column, first...last))
  }

  private static func row(_ reference: String) -> Int? {
    Int(reference.drop { !$0.isNumber }).flatMap { (1...1_048_576).contains($0) ? $0 : nil }
  }

  /// Puts the text of merged cells into each of their rows that has something in it.
  mutating func fillMergedCells() {
    guard !merged.isEmpty else { return }
    let numbers = rows.keys.sorted()
    // Merged cells never overlap; where they do, the file is made up and need not be read to the end.
    var left = cells * 50 + 10_000
    for (column, range) in merged {
      guard let first = rows[range.lowerBound], first.count >= column else { continue }
      let text = first[column - 1]
      guard !text.isEmpty else { continue }
      let start = numbers.partitioningIndex { $0 > range.lowerBound }
      for number in numbers[start...] {
        left -= 1
        guard number <= range.upperBound, left > 0, cells <= Workbook.mostCells else { break }
        guard var row = rows.removeValue(forKey: number) else { continue }
        cells += max(0, column - row.count)
        while row.count < column { row.append("") }
        if row[column - 1].isEmpty { row[column - 1] = text }
        rows[number] = row
      }
    }
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

extension [Int] {
  /// Where the first of increasing numbers is that fulfils what all after it fulfil, too.
  fileprivate func partitioningIndex(where holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
