/// The columns that a model reads, by name.
///
/// ```swift
/// let data = try ModelData([
///   ("score", .numeric([4, 5, .nan])),
///   ("person", .factor(text: ["a", "a", "b"])),
/// ])
/// ```
public struct ModelData: Hashable, Sendable {
  /// One variable over all rows.
  public enum Column: Hashable, Sendable {
    /// Numbers; NaN is a missing value.
    case numeric([Double])
    /// Categories: positions in `levels`, of which the first is the reference; -1 is missing.
    case factor(levels: [String], codes: [Int32])
  }

  /// The columns' names in the order given.
  public let names: [String]
  /// The number of rows.
  public let rowCount: Int
  private let columns: [String: Column]

  /// Takes columns of equal length.
  ///
  /// - Throws: ``ModelError/duplicateColumn(_:)``,
  ///   ``ModelError/unequalLengths(column:rows:expected:)`` or ``ModelError/invalidCode(column:row:)``.
  public init(_ columns: [(name: String, column: Column)]) throws(ModelError) {
    var byName: [String: Column] = [:]
    let rowCount = columns.first?.column.rowCount ?? 0
    for (name, column) in columns {
      guard byName.updateValue(column, forKey: name) == nil else {
        throw .duplicateColumn(name)
      }
      guard column.rowCount == rowCount else {
        throw .unequalLengths(column: name, rows: column.rowCount, expected: rowCount)
      }
      if case .factor(let levels, let codes) = column,
        let row = codes.firstIndex(where: { $0 < -1 || Int($0) >= levels.count })
      {
        throw .invalidCode(column: name, row: row)
      }
    }
    names = columns.map(\.name)
    self.rowCount = rowCount
    self.columns = byName
  }

  /// The column of that name, if there is one.
  public subscript(name: String) -> Column? { columns[name] }
}

extension ModelData.Column {
  /// The number of rows.
  public var rowCount: Int {
    switch self {
    case .numeric(let values): values.count
    case .factor(_, let codes): codes.count
    }
  }

  /// A factor made from text; `nil` is missing, and so is text that is not among the levels given.
  ///
  /// - Parameter levels: The levels in order, the reference first. Without them, levels are ordered
  ///   as numbers if all of them are numbers, else by Unicode scalar.
  public static func factor(text: [String?], levels: [String]? = nil) -> ModelData.Column {
    let ordered = levels ?? levelOrder(Set(text.compactMap(\.self)))
    var positions: [String: Int32] = [:]
    for (position, level) in ordered.enumerated() where positions[level] == nil {
      positions[level] = Int32(position)
    }
    return .factor(
      levels: ordered, codes: text.map { $0.flatMap { positions[$0] } ?? -1 })
  }

  /// Levels as numbers if all of them are numbers, else by Unicode scalar.
  static func levelOrder(_ levels: Set<String>) -> [String] {
    let numbered = levels.compactMap { level in Double(level).map { (number: $0, level: level) } }
    guard numbered.count == levels.count else { return levels.sorted() }
    return numbered.sorted { ($0.number, $0.level) < ($1.number, $1.level) }.map(\.level)
  }

  /// The rows with a value.
  func isPresent() -> [Bool] {
    switch self {
    case .numeric(let values): values.map { !$0.isNaN }
    case .factor(_, let codes): codes.map { $0 >= 0 }
    }
  }

  /// Whether any row lacks a value.
  var hasMissing: Bool {
    switch self {
    case .numeric(let values): !areFinite(values) && values.contains { $0.isNaN }
    // The least of all is found several at a time, the first below 0 is not.
    case .factor(_, let codes): codes.reduce(0, Swift.min) < 0
    }
  }
}
