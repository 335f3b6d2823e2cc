/// The cells of a column, all of one type; `nil` is missing.
package enum ColumnValues: Hashable, Sendable {
  /// Measurements; never NaN, which is `nil` here.
  case number([Double?])
  /// Counts, indices, option numbers.
  case integer([Int?])
  /// Text, codes and identifiers.
  case text([String?])
  /// Yes or no.
  case truth([Bool?])
  /// Moments as milliseconds since 1970-01-01T00:00:00Z.
  case instant([Int64?])
  /// Calendar days as days since 1970-01-01.
  case date([Int32?])

  /// How many cells there are.
  package var count: Int {
    switch self {
    case .number(let cells): cells.count
    case .integer(let cells): cells.count
    case .text(let cells): cells.count
    case .truth(let cells): cells.count
    case .instant(let cells): cells.count
    case .date(let cells): cells.count
    }
  }

  /// The type's name in a codebook.
  package var typeName: String {
    switch self {
    case .number: "number"
    case .integer: "integer"
    case .text: "text"
    case .truth: "truth"
    case .instant: "instant"
    case .date: "date"
    }
  }

  /// Whether the cell at this row is missing.
  package func isMissing(_ row: Int) -> Bool {
    switch self {
    case .number(let cells): cells[row] == nil
    case .integer(let cells): cells[row] == nil
    case .text(let cells): cells[row] == nil
    case .truth(let cells): cells[row] == nil
    case .instant(let cells): cells[row] == nil
    case .date(let cells): cells[row] == nil
    }
  }

  /// The cells as doubles for a model: truth as 0 and 1, moments as milliseconds, days as days,
  /// missing as NaN; `nil` for text.
  package var doubles: [Double]? {
    switch self {
    case .number(let cells): cells.map { $0 ?? .nan }
    case .integer(let cells): cells.map { $0.map(Double.init) ?? .nan }
    case .text: nil
    case .truth(let cells): cells.map { $0.map { $0 ? 1 : 0 } ?? .nan }
    case .instant(let cells): cells.map { $0.map(Double.init) ?? .nan }
    case .date(let cells): cells.map { $0.map(Double.init) ?? .nan }
    }
  }

  /// The cells at these rows, in this order.
  package func rows(_ rows: [Int]) -> ColumnValues {
    switch self {
    case .number(let cells): .number(rows.map { cells[$0] })
    case .integer(let cells): .integer(rows.map { cells[$0] })
    case .text(let cells): .text(rows.map { cells[$0] })
    case .truth(let cells): .truth(rows.map { cells[$0] })
    case .instant(let cells): .instant(rows.map { cells[$0] })
    case .date(let cells): .date(rows.map { cells[$0] })
    }
  }
}
