/// What programs need to know of a folder of tables.
package struct DataPackage: Sendable {
  /// The study's id.
  package var name: String
  package var title: String
  package var version: String
  /// What the data are, in a sentence or two.
  package var description: String
  package var tables: [Table]

  /// A package of tables that lie beside it as `<name>.csv`.
  package init(
    name: String, title: String, version: String, description: String, tables: [Table]
  ) {
    self.name = name
    self.title = title
    self.version = version
    self.description = description
    self.tables = tables
  }

  /// `datapackage.json` after the Data Package and Table Schema specifications (Frictionless, version 1).
  package func frictionless() -> String {
    JSONText.fields([
      "profile": .text("tabular-data-package"),
      "name": .text(name.lowercased()),
      "title": .text(title),
      "version": .text(version),
      "description": .text(description),
      "resources": .list(tables.map(resource)),
    ]).document
  }

  private func resource(_ table: Table) -> JSONText {
    .fields([
      "profile": .text("tabular-data-resource"),
      "name": .text(table.name.lowercased()),
      "path": .text("\(table.name).csv"),
      "title": .text(table.title),
      "format": .text("csv"),
      "mediatype": .text("text/csv"),
      "encoding": .text("utf-8"),
      "schema": .fields([
        "fields": .list(table.columns.flatMap(fields)),
        "missingValues": .list([.text("")]),
      ]),
    ])
  }

  private func fields(_ column: Column) -> [JSONText] {
    var pairs: [JSONText.Field] = [
      .init(key: "name", value: .text(column.name)),
      .init(key: "type", value: .text(column.values.frictionlessType)),
    ]
    if case .instant = column.values { pairs.append(.init(key: "format", value: .text("any"))) }
    if !column.label.isEmpty { pairs.append(.init(key: "title", value: .text(column.label))) }
    if let words = described(column) {
      pairs.append(.init(key: "description", value: .text(words)))
    }
    if let range = column.range {
      pairs.append(
        .init(
          key: "constraints",
          value: .fields([
            "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
          ])))
    }
    guard column.missingReasons != nil else { return [.object(pairs)] }
    let reason = JSONText.fields([
      "name": .text(column.reasonName), "type": .text("string"),
      "title": .text("why \(column.name) is missing"),
      "constraints": .fields([
        "enum": .list(MissingReason.allCases.map { .text($0.rawValue) })
      ]),
    ])
    return [.object(pairs), reason]
  }

  private func described(_ column: Column) -> String? {
    let labels = column.valueLabels.map { "\($0.value) = \($0.label)" }
    let words = [
      column.definition, column.unit.map { "in \($0)" } ?? "", labels.joined(separator: "; "),
    ]
    .filter { !$0.isEmpty }
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }

  /// `dataset_description.json` after the Psych-DS specification: a Dataset of schema.org.
  package func psychDS() -> String {
    var seen: Set<String> = []
    let variables = tables.flatMap(\.columns).filter { seen.insert($0.name).inserted }
    return JSONText.fields([
      "@context": .text("https://schema.org/"),
      "@type": .text("Dataset"),
      "name": .text(title),
      "description": .text(description),
      "identifier": .text(name),
      "version": .text(version),
      "variableMeasured": .list(variables.map(variable)),
    ]).document
  }

  private func variable(_ column: Column) -> JSONText {
    var pairs: [JSONText.Field] = [
      .init(key: "@type", value: .text("PropertyValue")),
      .init(key: "name", value: .text(column.name)),
    ]
    if !column.label.isEmpty || !column.definition.isEmpty {
      let words = [column.label, column.definition].filter { !$0.isEmpty }
      pairs.append(.init(key: "description", value: .text(words.joined(separator: ": "))))
    }
    if let unit = column.unit { pairs.append(.init(key: "unitText", value: .text(unit))) }
    if let range = column.range {
      pairs.append(.init(key: "minValue", value: .number(range.lowerBound)))
      pairs.append(.init(key: "maxValue", value: .number(range.upperBound)))
    }
    return .object(pairs)
  }
}

extension ColumnValues {
  /// The type's name in a Table Schema.
  fileprivate var frictionlessType: String {
    switch self {
    case .number: "number"
    case .integer: "integer"
    case .text: "string"
    case .truth: "boolean"
    case .instant: "datetime"
    case .date: "date"
    }
  }
}
