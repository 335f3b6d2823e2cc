/// Draws the cross-products of a model's columns with a new response, at σ = 1 and b = 0.
protocol ProductSimulator {
  func draw(_ generator: inout GSLGenerator) -> ModelProducts
}

/// Draws what a fit needs of a new response from a fitted model, without drawing its rows.
///
/// A fit reads the response only through Z′y, X′y and y′y. With z = Z′e ~ N(0, A) for each group,
/// X′e given all z is normal with mean Σ B′A⁺z and covariance X′X − Σ B′A⁺B, and e′e is the squared
/// length of e in the span of [Z X], plus a χ² for the rest: exact in distribution, and the cost of
/// a replicate is a few numbers a group. Everything at σ = 1 and b = 0, from which other values
/// follow.
struct ResponseSimulator: ProductSimulator {
  private let products: GroupProducts
  private let factor: Matrix
  /// Of each group: a root of A, and A⁺.
  private let roots: [Matrix]
  private let inverses: [Matrix]
  /// A root and the pseudo-inverse of the covariance of X′e given all z.
  private let restRoot: Matrix
  private let restInverse: Matrix
  /// n less the rank of [Z X].
  private let freedom: Double

  /// The share of the largest eigenvalue that counts as 0 in a rank.
  private static let tolerance = 1e-10

  /// - Returns: `nil` when a matrix cannot be decomposed.
  init?(_ products: GroupProducts, factor: Matrix) {
    self.products = products
    self.factor = factor
    let fixed = products.width - 1
    var rest = products.total.part(rows: Array(0..<fixed), columns: Array(0..<fixed))
    let squares = rest.diagonal.max() ?? 0
    var roots: [Matrix] = []
    var inverses: [Matrix] = []
    var rank = 0
    for group in 0..<products.groups {
      guard let eigen = SymmetricEigen(products.gram(group)) else { return nil }
      let cutoff = Self.tolerance * (eigen.values.first ?? 0)
      roots.append(eigen.compose { $0 > cutoff ? $0.squareRoot() : 0 })
      inverses.append(eigen.pseudoInverse(cutoff: cutoff))
      rank += eigen.values.count { $0 > cutoff }
      let cross = products.cross(group)
      let b = cross.part(rows: Array(0..<cross.rows), columns: Array(0..<fixed))
      rest += -1 * (b.transposed * (inverses[group] * b))
    }
    guard let eigen = SymmetricEigen(rest) else { return nil }
    let cutoff = Self.tolerance * squares
    restRoot = eigen.compose { $0 > cutoff ? $0.squareRoot() : 0 }
    restInverse = eigen.pseudoInverse(cutoff: cutoff)
    rank += eigen.values.count { $0 > cutoff }
    freedom = Double(products.rows - rank)
    self.roots = roots
    self.inverses = inverses
  }

  /// The cross-products of the same columns with a new response.
  func draw(_ generator: inout GSLGenerator) -> ModelProducts {
    let fixed = products.width - 1
    var drawn = products
    var response = [Double](repeating: 0, count: fixed)
    var squares = 0.0
    for group in 0..<products.groups {
      let size = products.effects
      let effects = factor * (0..<size).map { _ in generator.normal() }
      let z = roots[group] * (0..<size).map { _ in generator.normal() }
      let gram = products.gram(group)
      let score = zip(gram * effects, z).map(+)
      let lifted = inverses[group] * z
      squares += gram.quadratic(effects) + 2 * dot(effects, z) + dot(z, lifted)
      let start = group * products.crossSize
      for effect in 0..<size {
        drawn.cross[start + effect * products.width + fixed] = score[effect]
        // X′y gains B′u from the random effects and B′A⁺z from the errors.
        let share = effects[effect] + lifted[effect]
        for column in 0..<fixed {
          response[column] += products.cross[start + effect * products.width + column] * share
        }
      }
    }
    let rest = restRoot * (0..<fixed).map { _ in generator.normal() }
    squares += restInverse.quadratic(rest) + generator.chiSquare(freedom)
    for column in 0..<fixed {
      drawn.total[column, fixed] = response[column] + rest[column]
      drawn.total[fixed, column] = drawn.total[column, fixed]
    }
    drawn.total[fixed, fixed] = squares
    return ModelProducts(main: drawn, crossings: nil)
  }
}
