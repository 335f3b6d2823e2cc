/// How the parameters θ fill the relative covariance factor T.
///
/// The random effects of all terms stand one after another, one level of each grouping factor; T is
/// block diagonal, one lower triangle a term, each filled column by column as lme4 does.
struct RandomLayout: Hashable, Sendable {
  /// One term: how many effects it has and where they start.
  struct Term: Hashable, Sendable {
    var effects: Int
    var firstEffect: Int
    var firstParameter: Int

    var parameters: Int { effects * (effects + 1) / 2 }
  }

  /// The place of one parameter in T.
  struct Entry: Hashable, Sendable {
    var row: Int
    var column: Int
  }

  let terms: [Term]
  let entries: [Entry]
  /// The number of random effects of one level of each factor.
  let effects: Int
  /// The grouping factor of each term.
  let factors: [Int]

  /// - Parameter factors: The grouping factor of each term; the first is 0.
  init(termSizes: [Int], factors: [Int]) {
    self.factors = factors
    var terms: [Term] = []
    var entries: [Entry] = []
    var effects = 0
    for size in termSizes {
      terms.append(Term(effects: size, firstEffect: effects, firstParameter: entries.count))
      for column in 0..<size {
        for row in column..<size {
          entries.append(Entry(row: effects + row, column: effects + column))
        }
      }
      effects += size
    }
    self.terms = terms
    self.entries = entries
    self.effects = effects
  }

  var parameterCount: Int { entries.count }

  /// T, from its parameters.
  func factor(_ theta: [Double]) -> Matrix {
    var factor = Matrix(rows: effects, columns: effects)
    for (entry, value) in zip(entries, theta) { factor[entry.row, entry.column] = value }
    return factor
  }

  /// The parameters of T.
  func parameters(_ factor: Matrix) -> [Double] {
    entries.map { factor[$0.row, $0.column] }
  }

  /// The same covariance with every diagonal entry of T at least 0.
  ///
  /// The likelihood is even in each column of T, so an unconstrained search may end on either side.
  func rectified(_ theta: [Double]) -> [Double] {
    var factor = factor(theta)
    for column in 0..<effects where factor[column, column] < 0 {
      for row in column..<effects { factor[row, column] = -factor[row, column] }
    }
    return parameters(factor)
  }
}

/// The lower triangle L with LL′ = BB′ and no negative diagonal entry, for any square B.
///
/// Rotations of the columns of B from the right, so that directions without variance stay exact:
/// a Cholesky factorisation of BB′ would square them first.
func lowerTriangle(of matrix: Matrix) -> Matrix {
  var lower = matrix
  let size = matrix.rows
  for row in 0..<size {
    for column in (row + 1)..<max(size, row + 1) {
      let pivot = lower[row, row]
      let other = lower[row, column]
      guard other != 0 else { continue }
      let length = (pivot * pivot + other * other).squareRoot()
      let cosine = pivot / length
      let sine = other / length
      for below in row..<size {
        let left = lower[below, row]
        let right = lower[below, column]
        lower[below, row] = cosine * left + sine * right
        lower[below, column] = cosine * right - sine * left
      }
      lower[row, column] = 0
    }
    if lower[row, row] < 0 {
      for below in row..<size { lower[below, row] = -lower[below, row] }
    }
  }
  return lower
}
