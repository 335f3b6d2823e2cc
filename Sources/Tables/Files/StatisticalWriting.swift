import CReadStat

/// One file in the making: the C library's writer with what has been declared to it.
final class StatisticalWriting {
  private let format: StatisticalFile.Format
  private let table: String
  private let writer: UnsafeMutablePointer<readstat_writer_t>?
  private let sink = ByteSink()
  private var variables: [Variable] = []

  private struct Variable {
    var column: Column
    var handle: UnsafeMutablePointer<readstat_variable_t>?
    var block: SPSSMissingBlock
    /// Texts that Stata keeps apart, because a string variable could not hold them; by row.
    var longTexts: [UnsafeMutablePointer<readstat_string_ref_t>?] = []
  }

  init(format: StatisticalFile.Format, table: String) {
    self.format = format
    self.table = table
    writer = readstat_writer_init()
    readstat_set_data_writer(writer) { bytes, count, sink in
      guard let bytes, let sink else { return -1 }
      Unmanaged<ByteSink>.fromOpaque(sink).takeUnretainedValue().bytes.append(
        contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
      return count
    }
  }

  deinit { readstat_writer_free(writer) }

  private func check(
    _ error: readstat_error_t, _ column: Column? = nil
  ) throws(StatisticalFile.Problem) {
    guard error != READSTAT_OK else { return }
    let reason = readstat_error_message(error).map { String(cString: $0) } ?? "unknown"
    throw StatisticalFile.Problem(
      table: table, format: format, column: column?.name, reason: reason)
  }

  // MARK: Declaring

  /// The longest text that a variable holds, in bytes.
  private var longestText: Int { format == .sav ? 32_767 : 2045 }

  func declare(_ file: FileColumn, named name: String) throws(StatisticalFile.Problem) {
    let column = file.column
    var type = READSTAT_TYPE_DOUBLE
    var width = 0
    if case .text(let cells) = column.values {
      type = READSTAT_TYPE_STRING
      let declared = column.codes.lazy.map(\.text.utf8.count).max() ?? 0
      width = max(1, declared, cells.lazy.map { $0?.utf8.count ?? 0 }.max() ?? 1)
      if width > longestText {
        guard format == .dta else {
          throw StatisticalFile.Problem(
            table: table, format: format, column: column.name,
            reason: "a text of \(width) bytes, where SPSS holds \(longestText) at most")
        }
        type = READSTAT_TYPE_STRING_REF
      }
    }
    let handle = readstat_add_variable(writer, name, type, width)
    readstat_variable_set_label(
      handle, Self.shortened(label(of: file), to: format == .sav ? 255 : 80))
    let block = SPSSMissingBlock(of: column)
    if let dress = dress(of: column) { readstat_variable_set_format(handle, dress) }
    readstat_variable_set_measure(handle, measure(of: column))
    if let labels = labelSet(of: column, named: name, block: block, width: width) {
      readstat_variable_set_label_set(handle, labels)
    }
    if format == .sav, column.missingReasons != nil, type == READSTAT_TYPE_DOUBLE {
      try check(
        readstat_variable_add_missing_double_range(handle, block.lower, block.upper), column)
    }
    var variable = Variable(column: column, handle: handle, block: block)
    if type == READSTAT_TYPE_STRING_REF, case .text(let cells) = column.values {
      // The library lays out the file when it begins: they must all be there by then.
      variable.longTexts = cells.map { readstat_add_string_ref(writer, $0 ?? "") }
    }
    variables.append(variable)
  }

  private func label(of file: FileColumn) -> String {
    let label = file.column.label.isEmpty ? file.name : file.column.label
    guard let unit = file.column.unit else { return label }
    return "\(label) [\(unit)]"
  }

  /// How the package shows the numbers.
  private func dress(of column: Column) -> String? {
    switch (column.values, format) {
    case (.text, _): nil
    case (.number, .sav): column.valueLabels.isEmpty ? "F12.4" : "F8.0"
    case (.number, .dta): "%10.0g"
    case (.integer, .sav): "F8.0"
    case (.integer, .dta): "%12.0g"
    case (.truth, .sav): "F4.0"
    case (.truth, .dta): "%8.0g"
    case (.instant, .sav): "DATETIME23.2"
    case (.instant, .dta): "%tc"
    case (.date, .sav): "SDATE10"
    case (.date, .dta): "%td"
    }
  }

  private func measure(of column: Column) -> readstat_measure_t {
    switch column.values {
    case .text, .truth: READSTAT_MEASURE_NOMINAL
    case .number, .integer:
      column.valueLabels.isEmpty ? READSTAT_MEASURE_SCALE : READSTAT_MEASURE_ORDINAL
    case .instant, .date: READSTAT_MEASURE_SCALE
    }
  }

  /// What values stand for; nil if there is nothing to say.
  private func labelSet(
    of column: Column, named name: String, block: SPSSMissingBlock, width: Int
  ) -> UnsafeMutablePointer<readstat_label_set_t>? {
    // SPSS shows 120 bytes of a label, and labels texts of up to 120 bytes.
    func text(_ label: String) -> String {
      Self.shortened(label, to: format == .sav ? 120 : 32_000)
    }
    if case .text = column.values {
      let codes = column.codes.filter { !$0.label.isEmpty && $0.text.utf8.count <= min(120, width) }
      guard format == .sav, width <= 120, !codes.isEmpty else { return nil }
      let set = readstat_add_label_set(writer, READSTAT_TYPE_STRING, name)
      for code in codes { readstat_label_string_value(set, code.text, text(code.label)) }
      return set
    }
    var labels = column.valueLabels.map { ($0.value, $0.label) }
    if case .truth = column.values, labels.isEmpty { labels = [(0, "no"), (1, "yes")] }
    let reasons = column.missingReasons == nil ? [] : MissingReason.allCases
    guard !labels.isEmpty || !reasons.isEmpty else { return nil }
    switch format {
    case .sav:
      let set = readstat_add_label_set(writer, READSTAT_TYPE_DOUBLE, name)
      for reason in reasons {
        readstat_label_double_value(set, reason.spssValue(in: block), text(reason.label))
      }
      for (value, label) in labels { readstat_label_double_value(set, Double(value), text(label)) }
      return set
    case .dta:
      let set = readstat_add_label_set(writer, READSTAT_TYPE_INT32, name)
      for (value, label) in labels {
        guard let value = Int32(exactly: value) else { continue }
        readstat_label_int32_value(set, value, text(label))
      }
      for reason in reasons {
        readstat_label_tagged_value(set, reason.stataTag, text(reason.label))
      }
      return set
    }
  }

  /// A text of at most so many bytes, cut between characters.
  private static func shortened(_ text: String, to limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    var kept = ""
    var left = limit - "…".utf8.count
    for character in text {
      left -= character.utf8.count
      guard left >= 0 else { break }
      kept.append(character)
    }
    return kept + "…"
  }

  // MARK: Writing

  func begin(title: String, written: Int, rowCount: Int) throws(StatisticalFile.Problem) {
    try check(readstat_writer_set_file_timestamp(writer, written))
    try check(
      readstat_writer_set_file_label(writer, Self.shortened(title, to: format == .sav ? 64 : 80)))
    let sink = Unmanaged.passUnretained(sink).toOpaque()
    switch format {
    case .sav:
      try check(readstat_writer_set_compression(writer, READSTAT_COMPRESS_ROWS))
      try check(readstat_begin_writing_sav(writer, sink, rowCount))
    case .dta:
      try check(readstat_writer_set_file_format_version(writer, 118))
      try check(readstat_begin_writing_dta(writer, sink, rowCount))
    }
  }

  func write(row: Int) throws(StatisticalFile.Problem) {
    try check(readstat_begin_row(writer))
    for variable in variables { try write(variable, row: row) }
    try check(readstat_end_row(writer))
  }

  private func write(_ variable: Variable, row: Int) throws(StatisticalFile.Problem) {
    let (column, handle) = (variable.column, variable.handle)
    if case .text(let cells) = column.values {
      guard variable.longTexts.isEmpty else {
        return try check(
          readstat_insert_string_ref(writer, handle, variable.longTexts[row]), column)
      }
      return try check(readstat_insert_string_value(writer, handle, cells[row] ?? ""), column)
    }
    if let value = number(column.values, row: row) {
      return try check(readstat_insert_double_value(writer, handle, value), column)
    }
    guard let reason = column.missingReasons?[row] else {
      return try check(readstat_insert_missing_value(writer, handle), column)
    }
    switch format {
    case .sav:
      try check(
        readstat_insert_double_value(writer, handle, reason.spssValue(in: variable.block)), column)
    case .dta:
      try check(readstat_insert_tagged_missing_value(writer, handle, reason.stataTag), column)
    }
  }

  /// The cell as the package counts: SPSS in seconds since 14 October 1582, Stata in milliseconds or
  /// days since 1960.
  private func number(_ values: ColumnValues, row: Int) -> Double? {
    switch values {
    case .number(let cells): cells[row]
    case .integer(let cells): cells[row].map(Double.init)
    case .truth(let cells): cells[row].map { $0 ? 1 : 0 }
    case .text: nil
    case .instant(let cells):
      cells[row].map { milliseconds in
        format == .sav
          ? Double(milliseconds) / 1000 + Double(Self.daysFrom1582) * 86_400
          : Double(milliseconds + Int64(Self.daysFrom1960) * 86_400_000)
      }
    case .date(let cells):
      cells[row].map { days in
        format == .sav
          ? Double(Int(days) + Self.daysFrom1582) * 86_400
          : Double(Int(days) + Self.daysFrom1960)
      }
    }
  }

  /// Days from 1582-10-14, where SPSS begins to count, to 1970-01-01.
  private static let daysFrom1582 = 141_428
  /// Days from 1960-01-01, where Stata begins to count, to 1970-01-01.
  private static let daysFrom1960 = 3653

  func end() throws(StatisticalFile.Problem) -> [UInt8] {
    try check(readstat_end_writing(writer))
    return sink.bytes
  }
}

/// What the C library has written so far.
private final class ByteSink {
  var bytes: [UInt8] = []
}
