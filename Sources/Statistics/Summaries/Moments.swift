/// The weight, means and centred products of some columns over some rows.
struct Moments: Hashable, Sendable {
  var rows: Int
  /// The sum of the prior weights, the number of rows without.
  var weight: Double
  /// The weighted mean of each column.
  var means: [Double]
  /// The lower triangle by rows of the weighted products of deviations from the means.
  var products: [Double]

  /// Adds the sums of other rows (Chan, Golub & LeVeque 1983). Merging a with b and b with a gives
  /// the same bits.
  mutating func add(_ other: Moments) {
    guard rows > 0 else {
      self = other
      return
    }
    let ratio = weight * other.weight / (weight + other.weight)
    var place = 0
    for row in means.indices {
      let difference = ratio * (other.means[row] - means[row])
      for column in 0...row {
        let moved = difference * (other.means[column] - means[column])
        products[place] = (products[place] + other.products[place]) + moved
        place += 1
      }
    }
    for column in means.indices {
      means[column] = pooledMean(means[column], weight, other.means[column], other.weight)
    }
    rows += other.rows
    weight += other.weight
  }
}

/// The mean of two means, exact where they are equal.
func pooledMean(
  _ first: Double, _ firstWeight: Double, _ second: Double, _ secondWeight: Double
) -> Double {
  first == second
    ? first : (firstWeight * first + secondWeight * second) / (firstWeight + secondWeight)
}

/// The sums of many cells, a cell being one combination of levels of the grouping factors.
///
/// Only the products that a mixed model reads: those of the columns of random effects with all
/// columns. A model of random intercepts keeps none beside the means.
struct CellMoments: Hashable, Sendable {
  /// The number of columns.
  let width: Int
  /// The columns of random effects.
  let spread: [Int]
  /// The level of each factor, by cell.
  var keys: [[String]] = []
  var rows: [Int] = []
  var weights: [Double] = []
  /// The means, cell after cell.
  var means: [Double] = []
  /// The centred products, cell after cell: one row for each column of random effects.
  var products: [Double] = []

  /// The numbers that one cell has.
  var productSize: Int { spread.count * width }

  init(width: Int, spread: [Int]) {
    self.width = width
    self.spread = spread
  }

  /// Appends a cell.
  mutating func append(_ moments: Moments, key: [String]) {
    keys.append(key)
    rows.append(moments.rows)
    weights.append(moments.weight)
    means += moments.means
    for row in spread {
      for column in 0..<width { products.append(moments.products[packed(row, column)]) }
    }
  }

  /// The cells of both; those with the same key become one.
  func merged(with other: CellMoments) -> CellMoments {
    var merged = self
    var positions: [[String]: Int] = [:]
    for (cell, key) in keys.enumerated() { positions[key] = cell }
    for (cell, key) in other.keys.enumerated() {
      if let known = positions[key] {
        merged.add(other, cell: cell, to: known)
      } else {
        merged.append(other, cell: cell)
      }
    }
    return merged.sorted()
  }

  /// The sums of some of the columns; cells that differ only in other factors become one.
  ///
  /// - Parameters:
  ///   - columns: Positions of the columns that stay.
  ///   - spread: The columns of random effects among them, as positions in `columns`.
  ///   - factors: Positions of the factors that stay.
  func selecting(columns: [Int], spread: [Int], factors: [Int]) -> CellMoments {
    var selected = CellMoments(width: columns.count, spread: spread)
    let rows = spread.map { self.spread.firstIndex(of: columns[$0]) ?? 0 }
    var positions: [[String]: Int] = [:]
    for cell in keys.indices {
      var single = CellMoments(width: columns.count, spread: spread)
      single.keys = [factors.map { keys[cell][$0] }]
      single.rows = [self.rows[cell]]
      single.weights = [weights[cell]]
      single.means = columns.map { means[cell * width + $0] }
      single.products = rows.flatMap { row in
        columns.map { products[cell * productSize + row * width + $0] }
      }
      if let known = positions[single.keys[0]] {
        selected.add(single, cell: 0, to: known)
      } else {
        positions[single.keys[0]] = selected.keys.count
        selected.append(single, cell: 0)
      }
    }
    return selected.sorted()
  }

  private mutating func append(_ other: CellMoments, cell: Int) {
    keys.append(other.keys[cell])
    rows.append(other.rows[cell])
    weights.append(other.weights[cell])
    means += other.means[(cell * width)..<((cell + 1) * width)]
    products += other.products[(cell * productSize)..<((cell + 1) * productSize)]
  }

  private mutating func add(_ other: CellMoments, cell: Int, to own: Int) {
    let ratio = weights[own] * other.weights[cell] / (weights[own] + other.weights[cell])
    let (start, otherStart) = (own * width, cell * width)
    for (position, column) in spread.enumerated() {
      let difference = ratio * (other.means[otherStart + column] - means[start + column])
      for second in 0..<width {
        let (place, otherPlace) = (position * width + second, cell * productSize)
        let moved = difference * (other.means[otherStart + second] - means[start + second])
        products[own * productSize + place] =
          (products[own * productSize + place] + other.products[otherPlace + place]) + moved
      }
    }
    for column in 0..<width {
      means[start + column] = pooledMean(
        means[start + column], weights[own], other.means[otherStart + column], other.weights[cell])
    }
    rows[own] += other.rows[cell]
    weights[own] += other.weights[cell]
  }

  /// The cells in the order of their keys, whatever order they came in.
  func sorted() -> CellMoments {
    var ranks: [[String: Int]] = []
    for factor in 0..<(keys.first?.count ?? 0) {
      let levels = ModelData.Column.levelOrder(Set(keys.map { $0[factor] }))
      ranks.append(
        Dictionary(levels.enumerated().map { ($0.element, $0.offset) }) { first, _ in first })
    }
    let places = keys.map { key in zip(key, ranks).map { $1[$0] ?? 0 } }
    let order = keys.indices.sorted { places[$0].lexicographicallyPrecedes(places[$1]) }
    var sorted = CellMoments(width: width, spread: spread)
    for cell in order { sorted.append(self, cell: cell) }
    return sorted
  }
}
