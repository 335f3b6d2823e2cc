extension CanonicalJSON {
  /// A column's name, and its value in a row.
  typealias Column<Row> = (name: String, value: @Sendable (Row) -> CanonicalJSON)

  /// Rows as columns: under `all` what they share, under `each` a list per column.
  ///
  /// The occasions of a plan, or the scores of a session, share most of what they say. As objects they came
  /// to four times the bytes, and half of the time of planning went into writing names.
  static func columns<Row>(_ columns: [Column<Row>], of rows: [Row]) -> CanonicalJSON {
    var all: [String: CanonicalJSON] = [:]
    var each: [String: CanonicalJSON] = [:]
    for column in rows.isEmpty ? [] : columns {
      let values = rows.map(column.value)
      // A single row shares nothing: how many rows there are is how long the lists are.
      if values.count > 1, values.dropFirst().allSatisfy({ $0 == values[0] }) {
        all[column.name] = values[0]
      } else {
        each[column.name] = .list(values)
      }
    }
    return .object(["all": .object(all), "each": .object(each)])
  }

  /// The rows of what ``columns(_:of:)`` wrote; none of anything else.
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
