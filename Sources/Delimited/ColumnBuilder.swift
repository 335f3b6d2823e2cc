/// Collects one column's cells while a file is read.
struct ColumnBuilder {
  /// What the column holds as far as it has been read.
  enum Mode { case number, text, skipped }

  let name: String
  var mode: Mode
  /// Set when a number column met a cell that is not one: it is read again as text.
  var isRefuted = false
  var numbers: [Double] = []
  var codes: [Int32] = []
  var coder = LevelCoder()

  init(name: String, mode: Mode) {
    self.name = name
    self.mode = mode
  }

  /// Makes room for this many cells at once.
  mutating func reserve(_ rows: Int) {
    switch mode {
    case .number: numbers.reserveCapacity(rows)
    case .text: codes.reserveCapacity(rows)
    case .skipped: break
    }
  }

  /// The finished column; `nil` if its text is not UTF-8.
  func column() -> DelimitedColumn? {
    guard mode == .text else { return DelimitedColumn(name: name, values: .number(numbers)) }
    guard let levels = coder.levels() else { return nil }
    let order = Self.ascending(levels)
    var newCode = [Int32](repeating: 0, count: levels.count)
    for (position, old) in order.enumerated() { newCode[old] = Int32(position) }
    return DelimitedColumn(
      name: name,
      values: .text(
        levels: order.map { levels[$0] }, codes: codes.map { $0 < 0 ? -1 : newCode[Int($0)] }))
  }

  /// The order of the levels: by value if all are numbers, else by Unicode scalars.
  private static func ascending(_ levels: [String]) -> [Int] {
    let numbers = levels.compactMap(Double.init)
    if numbers.count == levels.count {
      return levels.indices.sorted { (numbers[$0], levels[$0]) < (numbers[$1], levels[$1]) }
    }
    return levels.indices.sorted { lhs, rhs in
      levels[lhs].unicodeScalars.lexicographicallyPrecedes(levels[rhs].unicodeScalars)
    }
  }
}
