extension CrossedCriterion {
  func moments(_ theta: [Double]) -> FixedMoments {
    let count = layout.effects
    var moments = FixedMoments(
      effects: count,
      squares: [Matrix](
        repeating: Matrix(rows: fixed, columns: fixed), count: count * count))
    guard let state = Elimination(self, factor: layout.factor(theta)) else { return moments }
    for level in state.levels() {
      let (own, shrunk) = (factorEffects[level.factor], level.shrunk)
      for (row, first) in own.enumerated() {
        for (other, second) in own.enumerated() {
          for left in 0..<fixed {
            for right in 0..<fixed {
              moments.squares[first * count + second][left, right] +=
                shrunk[row, left] * shrunk[other, right]
            }
          }
        }
      }
    }
    return moments
  }

  func kenwardRogerMoments(_ theta: [Double], precision: Matrix) -> KenwardRogerMoments? {
    DenseRandomEffects(self)?.kenwardRogerMoments(theta, precision: precision)
  }
}

/// All random effects of all factors in one dense system, for what needs every pair of levels.
struct DenseRandomEffects {
  /// The levels' places: the factor's effects and where they start.
  private let blocks: [(effects: [Int], start: Int)]
  private let gram: Matrix
  private let cross: Matrix
  private let criterion: CrossedCriterion

  /// A matrix of this many rows takes a few seconds to handle.
  static let largest = 1_000

  /// - Returns: `nil` when there are more random effects than can be handled.
  init?(_ criterion: CrossedCriterion) {
    let products = criterion.products
    let inner = products.groups * products.effects
    let outer = criterion.crossings.components.reduce(0) { $0 + $1.gram.rows }
    guard inner + outer <= Self.largest else { return nil }
    var blocks = (0..<products.groups).map {
      (effects: criterion.factorEffects[0], start: $0 * products.effects)
    }
    var gram = Matrix(rows: inner + outer, columns: inner + outer)
    var cross = Matrix(rows: inner + outer, columns: products.width)
    func place(_ source: Matrix, _ row: Int, into target: inout Matrix, columns: (Int) -> Int) {
      for first in 0..<source.rows {
        for second in 0..<source.columns {
          target[row + first, columns(second)] = source[first, second]
        }
      }
    }
    for group in 0..<products.groups {
      let start = group * products.effects
      place(products.gram(group), start, into: &gram) { start + $0 }
      place(products.cross(group), start, into: &cross) { $0 }
    }
    var first = inner
    for component in criterion.crossings.components {
      let start = first
      place(component.gram, start, into: &gram) { start + $0 }
      place(component.cross, start, into: &cross) { $0 }
      for link in component.links {
        for effect in 0..<products.effects {
          for (position, column) in link.columns.enumerated() {
            let row = link.group * products.effects + effect
            gram[row, start + column] = link.products[effect, position]
            gram[start + column, row] = link.products[effect, position]
          }
        }
      }
      blocks += component.blocks.map { (criterion.factorEffects[$0.factor], start + $0.start) }
      first += component.gram.rows
    }
    self.blocks = blocks
    self.gram = gram
    self.cross = cross
    self.criterion = criterion
  }

  /// The sums of Kenward & Roger from E = I − AW, F = EB, J = EF, H = EA.
  func kenwardRogerMoments(_ theta: [Double], precision: Matrix) -> KenwardRogerMoments? {
    let factor = criterion.layout.factor(theta)
    let size = gram.rows
    var whole = Matrix(rows: size, columns: size)
    for block in blocks {
      for (row, first) in block.effects.enumerated() {
        for (column, second) in block.effects.enumerated() {
          whole[block.start + row, block.start + column] = factor[first, second]
        }
      }
    }
    let pivot = (whole.transposed * (gram * whole) + .identity(size)).symmetrised
    guard let inverse = DenseCholesky(pivot) else { return nil }
    let weight = whole * (inverse.inverse * whole.transposed)
    let shrink = .identity(size) - gram * weight
    let b = cross.part(rows: Array(0..<size), columns: Array(0..<criterion.fixed))
    let f = shrink * b
    let j = shrink * f
    let h = shrink * gram
    let eh = shrink * h
    let u = weight * b
    let places = criterion.layout.covariancePatterns.map { pattern in
      pattern.flatMap { self.places(of: $0) }
    }
    let inverseSquare = precision - (u.transposed * f).symmetrised
    var moments = KenwardRogerMoments(
      p: [], q: [], k: Matrix(rows: places.count + 1, columns: places.count + 1))
    let turned = places.map { exchanged(f, $0) }
    for (r, place) in places.enumerated() {
      moments.p.append(-1 * (f.transposed * turned[r]))
      let left = turned[r].transposed * h
      moments.q.append(turned.map { left * $0 } + [turned[r].transposed * j])
      for (s, other) in places.enumerated() {
        var sum = 0.0
        for (a, b) in place {
          for (c, d) in other { sum += h[d, a] * h[b, c] }
        }
        moments.k[r, s] = sum
      }
      moments.k[r, places.count] = place.reduce(0) { $0 + eh[$1.1, $1.0] }
      moments.k[places.count, r] = moments.k[r, places.count]
    }
    moments.p.append(-1 * inverseSquare)
    moments.q.append(
      turned.map { j.transposed * $0 } + [inverseSquare - (u.transposed * j).symmetrised])
    moments.k[places.count, places.count] =
      Double(criterion.products.rows - size) + shrink.inner(shrink.transposed)
    return moments
  }

  /// Every place of a pair of effects over the levels of their factor.
  private func places(of pair: (Int, Int)) -> [(Int, Int)] {
    blocks.compactMap { block in
      guard let first = block.effects.firstIndex(of: pair.0),
        let second = block.effects.firstIndex(of: pair.1)
      else { return nil }
      return (block.start + first, block.start + second)
    }
  }

  /// E_rF: rows moved from each second place to the first.
  private func exchanged(_ matrix: Matrix, _ places: [(Int, Int)]) -> Matrix {
    var moved = Matrix(rows: matrix.rows, columns: matrix.columns)
    for (a, b) in places {
      for column in 0..<matrix.columns { moved[a, column] += matrix[b, column] }
    }
    return moved
  }
}
