/// A variable of a formula, computed for the rows of a model.
enum ModelVariable: Hashable, Sendable {
  /// One or more columns of numbers; several only for `poly`, told apart by their suffix.
  case numeric([(suffix: String, values: [Double])])
  case factor(levels: [String], codes: [Int32])

  static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.factor(let levels, let codes), .factor(let others, let otherCodes)):
      levels == others && codes == otherCodes
    case (.numeric(let columns), .numeric(let others)):
      columns.map(\.suffix) == others.map(\.suffix) && columns.map(\.values) == others.map(\.values)
    default: false
    }
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .factor(let levels, let codes):
      hasher.combine(levels)
      hasher.combine(codes)
    case .numeric(let columns): hasher.combine(columns.map(\.values))
    }
  }
}
