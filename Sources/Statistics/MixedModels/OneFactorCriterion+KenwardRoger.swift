/// The sums that the Kenward-Roger correction needs, at σ = 1 and in standardised columns.
///
/// V = Σ γ_r G_r with one γ for each element of each term's covariance matrix and, last, for the
/// residual variance. P_r = −X′V⁻¹G_rV⁻¹X, Q_rs = X′V⁻¹G_rV⁻¹G_sV⁻¹X, K_rs = tr(V⁻¹G_rV⁻¹G_s).
struct KenwardRogerMoments: Sendable {
  var p: [Matrix]
  var q: [[Matrix]]
  var k: Matrix
}

extension OneFactorCriterion {
  /// Sums of products of q×q and q×p blocks over groups; no n×n matrix is formed.
  ///
  /// With U = WB and J = EF: X′V⁻²X = C̃ − ΣU′F and X′V⁻³X = C̃ − ΣU′F − ΣU′J.
  func kenwardRogerMoments(_ theta: [Double], precision: Matrix) -> KenwardRogerMoments? {
    let patterns = layout.covariancePatterns
    let count = patterns.count
    let square = fixed * fixed
    var p = [Lanes](repeating: .zero, count: count * square)
    var q = [Lanes](repeating: .zero, count: count * count * square)
    var residualQ = p
    var k = [Lanes](repeating: .zero, count: count * count)
    var residualK = [Lanes](repeating: .zero, count: count)
    var first = [Lanes](repeating: .zero, count: square)
    var second = first
    var trace = Lanes.zero
    forEachBlock(factor: layout.factor(theta)) { workspace, block in
      let multiplicity = multiplicities[block]
      let blocks = GroupBlocks(self, workspace, block: block)
      for (r, pattern) in patterns.enumerated() {
        for (a, b) in pattern {
          blocks.addProduct(blocks.f, a, blocks.f, b, to: &p, at: r * square)
          blocks.addProduct(blocks.f, a, blocks.j, b, to: &residualQ, at: r * square)
          residualK[r] += multiplicity * blocks.eh[b * effects + a]
          for (s, other) in patterns.enumerated() {
            for (c, d) in other {
              k[r * count + s] +=
                multiplicity * blocks.h[d * effects + a] * blocks.h[b * effects + c]
              blocks.addProduct(
                blocks.f, a, blocks.f, d, to: &q, at: (r * count + s) * square,
                times: blocks.h[b * effects + c])
            }
          }
        }
      }
      for effect in 0..<effects {
        blocks.addProduct(blocks.u, effect, blocks.f, effect, to: &first, at: 0)
        blocks.addProduct(blocks.u, effect, blocks.j, effect, to: &second, at: 0)
        for other in 0..<effects {
          trace +=
            multiplicity * workspace.shrink[effect * effects + other]
            * workspace.shrink[other * effects + effect]
        }
      }
    }
    func matrix(_ lanes: [Lanes], _ position: Int) -> Matrix {
      Matrix(rows: fixed, columns: fixed) { lanes[position * square + $0 * fixed + $1].sum() }
    }
    let inverseSquare = precision - matrix(first, 0).symmetrised
    var moments = KenwardRogerMoments(
      p: (0..<count).map { -1 * matrix(p, $0) } + [-1 * inverseSquare],
      q: (0..<count).map { r in
        (0..<count).map { matrix(q, r * count + $0) } + [matrix(residualQ, r)]
      },
      k: Matrix(rows: count + 1, columns: count + 1))
    moments.q.append(
      (0..<count).map { matrix(residualQ, $0).transposed }
        + [inverseSquare - matrix(second, 0).symmetrised])
    for r in 0..<count {
      for s in 0..<count { moments.k[r, s] = k[r * count + s].sum() }
      moments.k[r, count] = residualK[r].sum()
      moments.k[count, r] = moments.k[r, count]
    }
    moments.k[count, count] = Double(rows - effects * groups) + trace.sum()
    return moments
  }
}

extension RandomLayout {
  /// For each element of each term's covariance matrix, the places where it stands: one on the
  /// diagonal, two elsewhere.
  var covariancePatterns: [[(Int, Int)]] {
    terms.flatMap { term in
      (0..<term.effects).flatMap { column in
        (column..<term.effects).map { row in
          let (a, b) = (term.firstEffect + row, term.firstEffect + column)
          return a == b ? [(a, a)] : [(a, b), (b, a)]
        }
      }
    }
  }
}

/// The blocks of eight groups: F = EB, J = EF, H = EA, EH, U = WB, fixed columns only.
private struct GroupBlocks {
  typealias Lanes = SIMD8<Double>

  let fixed: Int
  let f: [Lanes]
  let j: [Lanes]
  let u: [Lanes]
  let h: [Lanes]
  let eh: [Lanes]

  init(_ criterion: OneFactorCriterion, _ workspace: BlockWorkspace, block: Int) {
    let effects = criterion.effects
    let width = criterion.width
    let fixed = criterion.fixed
    let gramStart = block * criterion.gramSize
    let crossStart = block * effects * width
    self.fixed = fixed
    func product(
      _ left: [Lanes], columns: Int, _ right: (Int, Int) -> Lanes
    ) -> [Lanes] {
      var result = [Lanes](repeating: .zero, count: effects * columns)
      for row in 0..<effects {
        for column in 0..<columns {
          var sum = Lanes.zero
          for inner in 0..<effects { sum += left[row * effects + inner] * right(inner, column) }
          result[row * columns + column] = sum
        }
      }
      return result
    }
    let f = (0..<effects).flatMap { row in
      (0..<fixed).map { workspace.shrunk[row * width + $0] }
    }
    let h = product(workspace.shrink, columns: effects) {
      criterion.gram[gramStart + packed($0, $1)]
    }
    self.f = f
    self.h = h
    j = product(workspace.shrink, columns: fixed) { f[$0 * fixed + $1] }
    eh = product(workspace.shrink, columns: effects) { h[$0 * effects + $1] }
    u = product(workspace.weight, columns: fixed) {
      criterion.cross[crossStart + $0 * width + $1]
    }
  }

  /// Adds the outer product of a row of one block and a row of another.
  func addProduct(
    _ left: [Lanes], _ leftRow: Int, _ right: [Lanes], _ rightRow: Int, to sums: inout [Lanes],
    at start: Int, times scale: Lanes = Lanes(repeating: 1)
  ) {
    for row in 0..<fixed {
      let scaled = left[leftRow * fixed + row] * scale
      for column in 0..<fixed {
        sums[start + row * fixed + column] += scaled * right[rightRow * fixed + column]
      }
    }
  }
}
