/// Answers to the items of one scale: a row for each person or occasion, a column for each item.
///
/// Items are keyed in one direction before they come here.
public struct ItemScores: Hashable, Sendable {
  /// Row after row; NaN is missing.
  let rows: [[Double]]
  /// The number of items.
  public let itemCount: Int

  /// The number of rows, complete or not.
  public var rowCount: Int { rows.count }

  /// - Parameter items: A column for each item, of equal length; NaN is missing.
  /// - Throws: ``ReliabilityError/unequalLengths(rows:expected:)`` or
  ///   ``ReliabilityError/notFinite(row:item:)``.
  public init(items: [[Double]]) throws(ReliabilityError) {
    let length = items.first?.count ?? 0
    for (item, column) in items.enumerated() {
      guard column.count == length else {
        throw .unequalLengths(rows: column.count, expected: length)
      }
      if let row = column.firstIndex(where: \.isInfinite) {
        throw .notFinite(row: row, item: item)
      }
    }
    itemCount = items.count
    rows = (0..<length).map { row in items.map { $0[row] } }
  }

  init(rows: [[Double]], itemCount: Int) {
    self.rows = rows
    self.itemCount = itemCount
  }

  /// The mean of each row's items; NaN where one is missing.
  public var rowMeans: [Double] { rows.map { $0.reduce(0, +) / Double(itemCount) } }

  /// The rows without a missing value.
  var complete: ItemScores {
    ItemScores(rows: rows.filter { !$0.contains(where: \.isNaN) }, itemCount: itemCount)
  }

  /// The means of the items over all rows.
  var means: [Double] {
    (0..<itemCount).map { item in rows.reduce(0) { $0 + $1[item] } / Double(rows.count) }
  }

  /// The covariances of the items over all rows, with n − 1.
  var covariance: Matrix {
    let means = means
    var sums = Matrix(rows: itemCount, columns: itemCount)
    for row in rows {
      for item in 0..<itemCount {
        let centred = row[item] - means[item]
        for other in 0...item { sums[item, other] += centred * (row[other] - means[other]) }
      }
    }
    return Matrix(rows: itemCount, columns: itemCount) { row, column in
      sums[max(row, column), min(row, column)] / Double(rows.count - 1)
    }
  }

  /// Covariances of each pair of items over the rows that have both, with n − 1.
  ///
  /// - Throws: ``ReliabilityError/tooFewRows(rows:needed:)`` for a pair with fewer than three.
  func pairwiseCovariance() throws(ReliabilityError) -> Matrix {
    var covariance = Matrix(rows: itemCount, columns: itemCount)
    for item in 0..<itemCount {
      for other in 0...item {
        let pairs = rows.filter { !$0[item].isNaN && !$0[other].isNaN }
        guard pairs.count >= 3 else { throw .tooFewRows(rows: pairs.count, needed: 3) }
        let count = Double(pairs.count)
        let mean = pairs.reduce(0) { $0 + $1[item] } / count
        let otherMean = pairs.reduce(0) { $0 + $1[other] } / count
        let sum = pairs.reduce(0) { $0 + ($1[item] - mean) * ($1[other] - otherMean) }
        covariance[item, other] = sum / (count - 1)
        covariance[other, item] = covariance[item, other]
      }
    }
    return covariance
  }

  /// Complete rows, checked to be enough.
  func checked(items: Int, rows needed: Int) throws(ReliabilityError) -> ItemScores {
    guard itemCount >= items else { throw .tooFewItems(items: itemCount, needed: items) }
    let complete = complete
    guard complete.rowCount >= needed else {
      throw .tooFewRows(rows: complete.rowCount, needed: needed)
    }
    if let constant = complete.constantItem { throw .constantItem(constant) }
    return complete
  }

  private var constantItem: Int? {
    guard let first = rows.first else { return nil }
    return (0..<itemCount).first { item in rows.allSatisfy { $0[item] == first[item] } }
  }
}
