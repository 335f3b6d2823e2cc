/// Why a reliability could not be computed.
public enum ReliabilityError: Error, Hashable, Sendable {
  /// Columns of unequal length.
  case unequalLengths(rows: Int, expected: Int)
  /// Fewer items than the coefficient needs.
  case tooFewItems(items: Int, needed: Int)
  /// Fewer complete rows than the coefficient needs.
  case tooFewRows(rows: Int, needed: Int)
  /// An item, counted from 0, that does not vary.
  case constantItem(Int)
  /// A value is infinite; row and item are counted from 0.
  case notFinite(row: Int, item: Int)
  /// A person or occasion appears twice; the row is counted from 0.
  case repeatedOccasion(row: Int)
  /// The model could not be fitted.
  case noFit(String)
  /// An option lies outside its range.
  case outOfRange(option: String, expected: String)
}

extension ReliabilityError: CustomStringConvertible {
  /// The reason in words, with what to do.
  public var description: String {
    switch self {
    case .unequalLengths(let rows, let expected):
      "a column of \(rows) rows beside one of \(expected)"
    case .tooFewItems(let items, let needed):
      "\(items) items: at least \(needed) are needed"
    case .tooFewRows(let rows, let needed):
      "\(rows) complete rows: at least \(needed) are needed"
    case .constantItem(let item):
      "item \(item + 1) has the same value in every row: leave it out"
    case .notFinite(let row, let item):
      "row \(row + 1), item \(item + 1) is infinite"
    case .repeatedOccasion(let row):
      "row \(row + 1) repeats a person's occasion: keep one row for each person and time"
    case .noFit(let reason): "the model could not be fitted: \(reason)"
    case .outOfRange(let option, let expected):
      "\(option) is out of range: expected \(expected)"
    }
  }
}
