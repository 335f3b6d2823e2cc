extension Table {
  /// What each column of this table means, as a table.
  package func codebook() -> Table { Self.codebook(of: [self]) }

  /// What each column of these tables means: one row per column of the files, those with reasons for
  /// missing values included, and after a column whose cells answer different items one per item.
  package static func codebook(of tables: [Table]) -> Table {
    let entries = tables.flatMap { table in
      table.columns.flatMap { Entry.all(of: $0, in: table.name) }
    }
    func text(_ name: String, _ definition: String, _ value: (Entry) -> String?) -> Column {
      Column(
        name, .text(entries.map { value($0).flatMap { $0.isEmpty ? nil : $0 } }),
        definition: definition)
    }
    let columns = [
      text("table", "file, without its ending") { $0.table },
      text("column", "name in the header") { $0.column },
      text("item", "item that the cells of this row answer") { $0.item },
      text("type", "number, integer, text, truth, instant or date") { $0.type },
      text("unit", "unit of a number") { $0.unit },
      text("label", "a few words; of an item, what the participant read") { $0.label },
      text("definition", "how the value comes about") { $0.definition },
      text("values", "what numbers and codes stand for") { $0.values },
      Column(
        "reversed", .truth(entries.map(\.isReversed)),
        definition: "whether scores use minimum + maximum − answer; cells hold the answer as given"
      ),
      Column(
        "minimum", .number(entries.map { $0.range?.lowerBound }),
        definition: "least value that can occur"),
      Column(
        "maximum", .number(entries.map { $0.range?.upperBound }),
        definition: "greatest value that can occur"),
      text("missing_column", "column with the reason for each missing value") {
        $0.missingColumn
      },
      Column("rows", .integer(entries.map(\.rows)), definition: "rows of the table"),
      Column("missing", .integer(entries.map(\.missing)), definition: "rows without a value"),
    ]
    return Table(
      uncheckedName: "codebook", title: "One row per column of every table", columns: columns,
      rowCount: entries.count)
  }

  /// One row of a codebook.
  private struct Entry {
    var table: String
    var column: String
    var type: String
    var item: String?
    var unit: String?
    var label: String
    var definition: String
    var values: String?
    var isReversed: Bool?
    var range: ClosedRange<Double>?
    var missingColumn: String?
    var rows: Int?
    var missing: Int?

    /// A column, its items, and the column with its reasons.
    static func all(of column: Column, in table: String) -> [Entry] {
      let whole = Entry(
        table: table, column: column.name, type: column.values.typeName, unit: column.unit,
        label: column.label, definition: column.definition,
        values: list(column.valueLabels) ?? list(column.codes), range: column.range,
        missingColumn: column.missingReasons == nil ? nil : column.reasonName,
        rows: column.values.count, missing: column.missingCount)
      let items = column.items.map { item in
        Entry(
          table: table, column: column.name, type: column.values.typeName, item: item.name,
          unit: item.unit, label: item.label, definition: item.definition,
          values: list(item.valueLabels), isReversed: item.isReversed, range: item.range)
      }
      return [whole] + items + reasons(of: column, in: table)
    }

    private static func reasons(of column: Column, in table: String) -> [Entry] {
      guard let reasons = column.missingReasons else { return [] }
      let codes = MissingReason.allCases.map { Column.Code($0.rawValue, $0.label) }
      return [
        Entry(
          table: table, column: column.reasonName, type: "text",
          label: "why \(column.name) is missing",
          definition: "empty where \(column.name) has a value", values: list(codes),
          rows: reasons.count, missing: reasons.count { $0 == nil })
      ]
    }

    private static func list(_ labels: [Column.ValueLabel]) -> String? {
      labels.isEmpty
        ? nil : labels.map { "\($0.value) = \($0.label)" }.joined(separator: "; ")
    }

    private static func list(_ codes: [Column.Code]) -> String? {
      codes.isEmpty
        ? nil
        : codes.map { $0.label.isEmpty ? $0.text : "\($0.text) = \($0.label)" }
          .joined(separator: "; ")
    }
  }
}
