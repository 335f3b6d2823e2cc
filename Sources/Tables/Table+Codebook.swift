extension Table {
  /// What each column of this table means, as a table.
  package func codebook() -> Table { Self.codebook(of: [self]) }

  /// What each column of these tables means, one row per column.
  package static func codebook(of tables: [Table]) -> Table {
    let entries = tables.flatMap { table in
      table.columns.map { Entry(table: table.name, column: $0) }
    }
    func text(_ name: String, _ definition: String, _ value: (Entry) -> String?) -> Column {
      Column(name, .text(entries.map(value)), definition: definition)
    }
    func count(_ name: String, _ definition: String, _ value: (Entry) -> Int) -> Column {
      Column(name, .integer(entries.map(value)), definition: definition)
    }
    let columns = [
      text("table", "file, without its ending") { $0.table },
      text("column", "name in the header") { $0.column.name },
      text("type", "number, integer, text, truth, instant or date") { $0.column.values.typeName },
      text("unit", "unit of a number") { $0.column.unit },
      text("label", "a few words") { $0.column.label.isEmpty ? nil : $0.column.label },
      text("definition", "how the value comes about") {
        $0.column.definition.isEmpty ? nil : $0.column.definition
      },
      text("values", "what numbers stand for") { $0.valueLabels },
      text("missing_column", "column with the reason for each missing value") {
        $0.column.missingReasons == nil ? nil : $0.column.reasonName
      },
      count("rows", "rows of the table") { $0.column.values.count },
      count("missing", "rows without a value") { $0.column.missingCount },
    ]
    return Table(
      uncheckedName: "codebook", title: "One row per column of every table", columns: columns,
      rowCount: entries.count)
  }

  private struct Entry {
    var table: String
    var column: Column

    var valueLabels: String? {
      column.valueLabels.isEmpty
        ? nil : column.valueLabels.map { "\($0.value) = \($0.label)" }.joined(separator: "; ")
    }
  }
}
