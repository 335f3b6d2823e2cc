/// A table as one file of a statistics package, written by ReadStat.
///
/// Types, labels, value labels and the codes of missing values come from the columns' declarations.
/// Days and moments become the package's own dates, in UTC. A missing cell of a column of numbers that
/// records reasons keeps its reason as a user-missing value (SPSS) or an extended missing value
/// (Stata); a column of texts, days or moments is followed by a column of reasons, as in CSV.
package struct StatisticalFile: Sendable {
  /// Which package reads it.
  package enum Format: String, Sendable, CaseIterable {
    /// SPSS system file.
    case sav
    /// Stata 14 and later (format 118, UTF-8).
    case dta
  }

  /// Why a table cannot be written.
  package struct Problem: Error, Hashable, Sendable {
    /// The table's name.
    package var table: String
    package var format: Format
    /// The column at fault, if one is.
    package var column: String?
    /// What is wrong, in words, without any cell's content.
    package var reason: String
  }

  /// The moment that the file says it was written, in seconds since 1970.
  package var written: Int
  package var format: Format

  /// A file of this format.
  package init(format: Format, written: Int) {
    self.format = format
    self.written = written
  }

  /// The bytes of the file.
  ///
  /// - Throws: ``Problem`` for a text that is longer than the format can hold, or whatever else
  ///   ReadStat refuses.
  package func bytes(of table: Table) throws(Problem) -> [UInt8] {
    let columns = table.columns.flatMap(FileColumn.all)
    let names = PortableNames(of: columns.map(\.name))
    let writing = StatisticalWriting(format: format, table: table.name)
    for column in columns { try writing.declare(column, named: names[column.name]) }
    try writing.begin(title: table.title, written: written, rowCount: table.rowCount)
    for row in 0..<table.rowCount { try writing.write(row: row) }
    return try writing.end()
  }
}

/// A column as these files hold it: what cannot hold its reasons itself has them beside it.
struct FileColumn {
  var name: String
  var column: Column

  static func all(of column: Column) -> [FileColumn] {
    guard !column.values.canHoldReasons, let reasons = column.missingReasons else {
      return [FileColumn(name: column.name, column: column)]
    }
    var plain = column
    plain.missingReasons = nil
    let why = Column(
      column.reasonName, .text(reasons.map { $0?.rawValue }),
      label: "why \(column.name) is missing",
      codes: MissingReason.allCases.map { .init($0.rawValue, $0.label) })
    return [
      FileColumn(name: column.name, column: plain), FileColumn(name: why.name, column: why),
    ]
  }
}

extension ColumnValues {
  /// Whether a missing cell can be a number that stands for the reason: labels on dates would make
  /// them plain numbers to R.
  fileprivate var canHoldReasons: Bool {
    switch self {
    case .number, .integer, .truth: true
    case .text, .instant, .date: false
    }
  }
}
