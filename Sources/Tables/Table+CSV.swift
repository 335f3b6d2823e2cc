package import Delimited

extension Table {
  /// The table as delimited text with a header.
  ///
  /// Missing cells are empty; a column that records reasons is followed by `<name>_missing`. Moments
  /// are ISO 8601 in UTC with milliseconds, days `yyyy-mm-dd`, truths `true` and `false`.
  package func csv(_ writer: DelimitedWriter = DelimitedWriter()) -> [UInt8] {
    var writer = writer
    writer.append(
      texts: columns.flatMap { $0.missingReasons == nil ? [$0.name] : [$0.name, $0.reasonName] })
    for row in 0..<rowCount {
      writer.append(
        row: columns.flatMap { column -> [DelimitedWriter.Cell] in
          let cell = column.values.cell(row)
          guard let reasons = column.missingReasons else { return [cell] }
          return [cell, reasons[row].map { .text($0.rawValue) } ?? .missing]
        })
    }
    return writer.bytes
  }
}

extension ColumnValues {
  /// One cell as a file shows it.
  func cell(_ row: Int) -> DelimitedWriter.Cell {
    switch self {
    case .number(let cells): cells[row].map { .number($0) } ?? .missing
    case .integer(let cells): cells[row].map { .integer($0) } ?? .missing
    case .text(let cells): cells[row].map { .text($0) } ?? .missing
    case .truth(let cells): cells[row].map { .text($0 ? "true" : "false") } ?? .missing
    case .instant(let cells): cells[row].map { .text(CalendarText.instant($0)) } ?? .missing
    case .date(let cells): cells[row].map { .text(CalendarText.date(Int($0))) } ?? .missing
    }
  }

  /// One cell as text for people and for keys; `nil` if missing.
  package func text(_ row: Int) -> String? {
    switch cell(row) {
    case .missing: nil
    case .text(let text): text
    case .integer(let value): String(value)
    case .number(let value): DelimitedWriter.shortest(value)
    }
  }
}
