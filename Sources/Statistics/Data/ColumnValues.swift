/// The values of one column of a model over its rows, as a product of numbers and coded factors.
///
/// Nothing is copied: the numbers are those of the data, and a coded factor is its codes beside a
/// short table. A model of millions of rows would otherwise hold each of its columns once more. As a
/// collection it is convenient and slow; passes over all rows use ``array`` or the row pass.
struct ColumnValues: Hashable, Sendable, RandomAccessCollection {
  /// What a value is multiplied from.
  enum Piece: Hashable, Sendable {
    case numbers([Double])
    /// The entry of the table at the code plus 1; the first is that of a missing code.
    case coded(codes: [Int32], table: [Double])
  }

  /// None for a column of ones.
  let pieces: [Piece]
  let count: Int

  init(pieces: [Piece], count: Int) {
    self.pieces = pieces
    self.count = count
  }

  init(_ numbers: [Double]) { self.init(pieces: [.numbers(numbers)], count: numbers.count) }

  /// The product of two columns.
  static func * (left: ColumnValues, right: ColumnValues) -> ColumnValues {
    ColumnValues(pieces: left.pieces + right.pieces, count: left.count)
  }

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  subscript(row: Int) -> Double {
    var value = 1.0
    for piece in pieces {
      switch piece {
      case .numbers(let numbers): value *= numbers[row]
      case .coded(let codes, let table): value *= table[Int(codes[row]) + 1]
      }
    }
    return value
  }

  /// All values; the data's own array where the column is one of its columns.
  var array: [Double] {
    if pieces.count == 1, case .numbers(let numbers) = pieces[0] { return numbers }
    var values = [Double](repeating: 1, count: count)
    for piece in pieces {
      switch piece {
      case .numbers(let numbers): for row in values.indices { values[row] *= numbers[row] }
      case .coded(let codes, let table):
        for row in values.indices { values[row] *= table[Int(codes[row]) + 1] }
      }
    }
    return values
  }

  /// The first row whose value is not a finite number.
  ///
  /// - Parameter areFinite: Whether the numbers of the data are known to be, so that only what
  ///   becomes of them is looked at.
  func firstNotFinite(areFinite: Bool) -> Int? {
    var numbers = 0
    for piece in pieces {
      switch piece {
      case .numbers: numbers += 1
      case .coded(let codes, let table):
        guard !table[0].isFinite, codes.reduce(0, Swift.min) < 0 else { continue }
        return codes.firstIndex(of: -1)
      }
    }
    // A product of two numbers can overflow.
    return areFinite && numbers < 2 ? nil : firstIndex { !$0.isFinite }
  }

  /// Every so many rows, at most about `limit` of them.
  func sample(limit: Int) -> [Double] {
    // An odd step does not keep in time with an even number of occasions.
    let step = count <= limit ? 1 : (count / limit) | 1
    return stride(from: 0, to: count, by: step).map { self[$0] }
  }
}
