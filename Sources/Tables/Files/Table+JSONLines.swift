import Delimited

extension Table {
  /// The table as JSON Lines: one object per row, on a line of its own.
  ///
  /// Missing cells are `null`; a column that records reasons is followed by `<name>_missing`. Moments
  /// and days are texts as in CSV.
  package func jsonLines() -> [UInt8] {
    var bytes: [UInt8] = []
    for row in 0..<rowCount {
      let fields = columns.flatMap { column -> [JSONText.Field] in
        let cell = JSONText.Field(key: column.name, value: column.values.json(row))
        guard let reasons = column.missingReasons else { return [cell] }
        let reason: JSONText = reasons[row].map { .text($0.rawValue) } ?? .null
        return [cell, JSONText.Field(key: column.reasonName, value: reason)]
      }
      bytes.append(contentsOf: JSONText.object(fields).line.utf8)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }
}

extension ColumnValues {
  /// One cell as JSON.
  fileprivate func json(_ row: Int) -> JSONText {
    if case .truth(let cells) = self { return cells[row].map { .truth($0) } ?? .null }
    switch cell(row) {
    case .missing: return .null
    case .text(let text): return .text(text)
    case .integer(let value): return .integer(value)
    case .number(let value): return .number(value)
    }
  }
}
