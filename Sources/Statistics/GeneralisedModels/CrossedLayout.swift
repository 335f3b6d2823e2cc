/// Which random effects each row of a model with several grouping factors reads.
struct CrossedLayout: Sendable {
  /// The first random effect of each factor.
  let bases: [Int]
  /// The random effects of all factors.
  let size: Int
  /// The random effects that a row reads.
  let width: Int
  /// By sorted row: their numbers, ascending.
  let indices: [Int32]
  /// By sorted row and pair of them: the place of the pair in the pattern.
  let pairs: [Int32]
  let pattern: SparsePattern

  init(_ rows: GeneralisedRows) {
    var bases: [Int] = []
    var size = 0
    for factor in rows.factors {
      bases.append(size)
      size += factor.levels * factor.layout.effects
    }
    let width = rows.factors.reduce(0) { $0 + $1.layout.effects }
    var indices: [Int32] = []
    indices.reserveCapacity(rows.count * width)
    for row in 0..<rows.count {
      for (base, factor) in zip(bases, rows.factors) {
        let first = base + Int(factor.codes[row]) * factor.layout.effects
        for effect in 0..<factor.layout.effects { indices.append(Int32(first + effect)) }
      }
    }
    var columns = [Set<Int32>](repeating: [], count: size)
    for row in 0..<rows.count {
      for high in 0..<width {
        for low in 0..<high {
          columns[Int(indices[row * width + low])].insert(indices[row * width + high])
        }
      }
    }
    let pattern = SparsePattern(columns: columns.map { $0.sorted() })
    var pairs: [Int32] = []
    pairs.reserveCapacity(rows.count * width * (width - 1) / 2)
    for row in 0..<rows.count {
      for high in 0..<width {
        for low in 0..<high {
          let position = pattern.position(
            row: indices[row * width + high], column: Int(indices[row * width + low]))
          pairs.append(Int32(position ?? 0))
        }
      }
    }
    self.bases = bases
    self.size = size
    self.width = width
    self.indices = indices
    self.pairs = pairs
    self.pattern = pattern
  }

  var pairCount: Int { width * (width - 1) / 2 }
}
