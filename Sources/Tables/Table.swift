/// Named columns of equal length: what every export, model and report starts from.
package struct Table: Hashable, Sendable {
  /// The name of its file, without an ending.
  package let name: String
  /// One sentence: what a row is.
  package let title: String
  /// The columns, in the order of the file.
  package private(set) var columns: [Column]
  /// How many rows there are.
  package let rowCount: Int

  /// Why columns do not make a table.
  package enum Problem: Error, Hashable, Sendable {
    /// A column is shorter or longer than the first one, or its reasons are.
    case unequalLength(column: String, found: Int, expected: Int)
    /// Two columns have this name, the one for a column's reasons included.
    case duplicateName(String)
  }

  /// Creates a table.
  ///
  /// - Throws: ``Problem`` if lengths differ or a name occurs twice.
  package init(name: String, title: String, columns: [Column]) throws(Problem) {
    let rowCount = columns.first?.values.count ?? 0
    var names: Set<String> = []
    for column in columns {
      guard column.values.count == rowCount else {
        throw .unequalLength(column: column.name, found: column.values.count, expected: rowCount)
      }
      if let reasons = column.missingReasons, reasons.count != rowCount {
        throw .unequalLength(column: column.name, found: reasons.count, expected: rowCount)
      }
      guard names.insert(column.name).inserted else { throw .duplicateName(column.name) }
      guard column.missingReasons == nil || names.insert(column.reasonName).inserted else {
        throw .duplicateName(column.reasonName)
      }
    }
    self.name = name
    self.title = title
    self.columns = columns
    self.rowCount = rowCount
  }

  /// For columns that are equally long and differently named by construction.
  init(uncheckedName name: String, title: String, columns: [Column], rowCount: Int) {
    self.name = name
    self.title = title
    self.columns = columns
    self.rowCount = rowCount
  }

  /// The column of this name.
  package subscript(_ name: String) -> Column? {
    columns.first { $0.name == name }
  }

  /// The same columns with only these rows, in this order.
  package func keeping(rows: [Int]) -> Table {
    let kept = columns.map { column in
      var column = column
      column.values = column.values.rows(rows)
      column.missingReasons = column.missingReasons.map { reasons in rows.map { reasons[$0] } }
      return column
    }
    return Table(uncheckedName: name, title: title, columns: kept, rowCount: rows.count)
  }
}

extension Column {
  /// The name of the column of reasons that a file has beside this one.
  var reasonName: String { name + "_missing" }
}
