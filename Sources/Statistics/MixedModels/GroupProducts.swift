/// What a fit needs to know of the rows of each group: their cross-products.
///
/// For group i with random-effect columns Z and [X y] beside them, A = Z′Z and B = Z′[X y]; over
/// all groups, C = [X y]′[X y]. The rows are read once to make these and never again, so that a fit
/// costs as much for a thousand rows a group as for ten.
struct GroupProducts: Hashable, Sendable {
  /// The number of random effects of a group, the size of A.
  let effects: Int
  /// The number of columns of [X y].
  let width: Int
  /// The lower triangle of each A by rows, one group after another.
  var gram: [Double]
  /// Each B by rows, one group after another.
  var cross: [Double]
  /// The rows of each group.
  var counts: [Int]
  /// C.
  var total: Matrix

  init(effects: Int, width: Int, groups: Int) {
    self.effects = effects
    self.width = width
    gram = [Double](repeating: 0, count: groups * effects * (effects + 1) / 2)
    cross = [Double](repeating: 0, count: groups * effects * width)
    counts = [Int](repeating: 0, count: groups)
    total = Matrix(rows: width, columns: width)
  }

  var groups: Int { counts.count }
  var rows: Int { counts.reduce(0, +) }
  /// The numbers in one triangle.
  var gramSize: Int { effects * (effects + 1) / 2 }
  /// The numbers in one B.
  var crossSize: Int { effects * width }

  /// A of one group.
  func gram(_ group: Int) -> Matrix {
    let start = group * gramSize
    return Matrix(rows: effects, columns: effects) { row, column in
      let (high, low) = row >= column ? (row, column) : (column, row)
      return gram[start + high * (high + 1) / 2 + low]
    }
  }

  /// B of one group.
  func cross(_ group: Int) -> Matrix {
    let start = group * crossSize
    return Matrix(rows: effects, columns: width) { cross[start + $0 * width + $1] }
  }

  /// The products when [X y] is multiplied by a matrix from the right.
  func turned(by turn: Matrix) -> GroupProducts {
    var turned = GroupProducts(effects: effects, width: turn.columns, groups: groups)
    turned.gram = gram
    turned.counts = counts
    turned.total = turn.transposed * total * turn
    for row in 0..<(groups * effects) {
      for column in 0..<turn.columns {
        var sum = 0.0
        for inner in 0..<width { sum += cross[row * width + inner] * turn[inner, column] }
        turned.cross[row * turn.columns + column] = sum
      }
    }
    return turned
  }
}
