import GRDB

/// Rows as columns: what all rows share, and what each has of its own.
///
/// The occasions of a plan, or the scores of a session, share most of what they say. As objects they came
/// to four times the bytes in their events, and writing them took three times as long as planning.
struct Columns {
  /// A column's name, and its value in a row.
  typealias Column<Row> = (name: String, value: @Sendable (Row) -> CanonicalJSON)

  /// How many rows there are.
  let count: Int
  private(set) var shared: [(name: String, value: CanonicalJSON)] = []
  private(set) var own: [(name: String, values: [CanonicalJSON])] = []

  init<Row>(_ columns: [Column<Row>], of rows: [Row]) {
    count = rows.count
    var table: [[CanonicalJSON]] = Array(repeating: [], count: rows.isEmpty ? 0 : columns.count)
    for place in table.indices { table[place].reserveCapacity(count) }
    // Row by row: a record is large, and each look at it copies it.
    for row in rows {
      for place in columns.indices { table[place].append(columns[place].value(row)) }
    }
    for (column, values) in zip(columns, table) {
      if count > 1, values.dropFirst().allSatisfy({ $0 == values[0] }) {
        shared.append((column.name, values[0]))
      } else {
        own.append((column.name, values))
      }
    }
    // How many rows there are is how long the lists are: equal rows keep one.
    if own.isEmpty, let last = shared.popLast() {
      own.append((last.name, Array(repeating: last.value, count: count)))
    }
  }

  /// As an event says it: what is shared under `all`, the rest under `each`, as a list per column.
  var json: CanonicalJSON {
    .object([
      "all": .object(CanonicalJSON.Members(shared.map { ($0.name, $0.value) })),
      "each": .object(CanonicalJSON.Members(own.map { ($0.name, .list($0.values)) })),
    ])
  }
}

extension CanonicalJSON {
  /// A single value as a column has it.
  var databaseValue: (any DatabaseValueConvertible)? {
    switch self {
    case .integer(let value): value
    case .number(let value): value
    case .text(let value): value
    case .null, .list, .object: nil
    }
  }

  /// The rows of what ``Columns/json`` says; none of anything else.
  var rows: [[String: CanonicalJSON]] {
    let each = self["each"]?.fields ?? [:]
    let count = each.values.map(\.values.count).max() ?? 0
    var rows = Array(repeating: self["all"]?.fields ?? [:], count: count)
    for (name, column) in each {
      for (place, value) in column.values.enumerated() { rows[place][name] = value }
    }
    return rows
  }
}

extension ResearchTransaction {
  /// Inserts rows without any clause about conflicts: what they share stands in the columns once.
  ///
  /// - Parameters:
  ///   - table: whose columns have the names of these.
  ///   - constants: further columns, by name, that are the same in all rows.
  func insert(
    _ columns: Columns, into table: String, with constants: [(name: String, value: Int64)]
  ) throws(StorageError) {
    let shared = constants.map { ($0.name, .integer($0.value)) } + columns.shared
    let names = shared.map(\.name) + columns.own.map(\.name)
    let statement = try statement(
      """
      INSERT INTO \(table) (\(names.joined(separator: ", ")))
      VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
      """)
    for place in 0..<columns.count {
      try run(statement) { values in
        for column in shared { values.add(column.value) }
        for column in columns.own { values.add(column.values[place]) }
      }
    }
  }
}
