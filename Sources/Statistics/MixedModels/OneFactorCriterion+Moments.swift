/// Sums over groups that the precision of the fixed effects depends on, in units of σ = 1 and of
/// standardised columns.
///
/// With F = Z′V⁻¹X of a group, `squares[a, b]` = Σ Fₐ′F_b, a matrix of the fixed effects for each
/// pair of random effects.
struct FixedMoments: Sendable {
  let effects: Int
  /// By pair of random effects, the first the slower.
  var squares: [Matrix]

  func square(_ first: Int, _ second: Int) -> Matrix { squares[first * effects + second] }
}

extension OneFactorCriterion {
  /// The mean over groups of W + uu′/σ², u = Wt.
  func expectedCovariance(factor: Matrix) -> Matrix? {
    guard let value = evaluate(factor: factor, withGradient: false) else { return nil }
    let scale = (divisor / value.penalisedSum).squareRoot()
    let contrast = (value.coefficients.map { -$0 } + [1]).map { scale * $0 }
    var sums = [Lanes](repeating: .zero, count: gramSize)
    forEachBlock(factor: factor) { workspace, block in
      let scores = (0..<effects).map { row in
        var sum = Lanes.zero
        for (column, weight) in contrast.enumerated() {
          sum.addProduct(cross[(block * effects + row) * width + column], weight)
        }
        return sum
      }
      let modes = (0..<effects).map { row in
        var sum = Lanes.zero
        for inner in 0..<effects {
          sum += workspace.weight[row * effects + inner] * scores[inner]
        }
        return sum
      }
      for row in 0..<effects {
        for column in 0...row {
          sums[packed(row, column)] +=
            multiplicities[block] * workspace.weight[row * effects + column]
            + modes[row] * modes[column]
        }
      }
    }
    return Matrix(rows: effects, columns: effects) {
      sums[packed($0, $1)].sum() / Double(groups)
    }
  }

  /// The sums of squares of F at a θ.
  func moments(_ theta: [Double]) -> FixedMoments {
    let pairs = effects * effects
    var sums = [Lanes](repeating: .zero, count: pairs * fixed * fixed)
    forEachBlock(factor: layout.factor(theta)) { workspace, _ in
      var target = 0
      for first in 0..<effects {
        for second in 0..<effects {
          for row in 0..<fixed {
            let left = workspace.shrunk[first * width + row]
            for column in 0..<fixed {
              sums[target] += left * workspace.shrunk[second * width + column]
              target += 1
            }
          }
        }
      }
    }
    let size = fixed * fixed
    return FixedMoments(
      effects: effects,
      squares: (0..<pairs).map { pair in
        Matrix(rows: fixed, columns: fixed) { sums[pair * size + $0 * fixed + $1].sum() }
      })
  }

  /// Passes the algebra of each block, W, E and EB made, to a function.
  func forEachBlock(factor: Matrix, _ body: (BlockWorkspace, Int) -> Void) {
    var workspace = BlockWorkspace(effects: effects, width: width, factor: factor)
    for block in 0..<blocks {
      _ = workspace.eliminate(gram, from: block * gramSize)
      workspace.formWeight()
      workspace.formShrunk(
        gram, from: block * gramSize, cross, from: block * effects * width,
        weights: workspace.weight, from: 0)
      body(workspace, block)
    }
  }
}
