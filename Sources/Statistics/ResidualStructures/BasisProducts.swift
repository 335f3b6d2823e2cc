/// Cross-products that are sums of fixed matrices with weights that depend on ψ.
///
/// For AR(1), varying variances and planned waves, R⁻¹ is a combination of few patterns, so the rows
/// are read once into sums of products by group and pattern (a cell each), and a fit costs as much
/// for a thousand rows a person as for ten.
struct BasisProducts: ResidualProducts {
  let weights: any ResidualWeighting
  private let effects: Int
  private let width: Int
  private let counts: [Int]
  /// The first cell of each group; one more entry than groups.
  private let cellStarts: [Int]
  /// The pattern of each cell.
  private let kinds: [Int32]
  /// Each cell's Z′Z and Z′[X y], packed one after the other.
  private let cells: [Double]
  /// By pattern: the lower triangle of [X y]′[X y] over all groups.
  private let totals: [Double]

  private var totalSize: Int { width * (width + 1) / 2 }

  var start: [Double] { weights.start }

  init(_ builder: BasisBuilder, weights: any ResidualWeighting) {
    self.weights = weights
    effects = builder.effects
    width = builder.width
    counts = builder.counts
    cellStarts = builder.cellStarts + [builder.kinds.count]
    kinds = builder.kinds
    cells = builder.cells
    totals = builder.totals
  }

  func products(at parameters: [Double]) -> WhitenedProducts? {
    guard let weights = weights.values(at: parameters), weights.isFinite else { return nil }
    var products = GroupProducts(effects: effects, width: width, groups: counts.count)
    products.counts = counts
    let gramSize = products.gramSize
    let crossSize = products.crossSize
    var (gram, cross) = (products.gram, products.cross)
    var source = 0
    for group in counts.indices {
      let (firstGram, firstCross) = (group * gramSize, group * crossSize)
      for cell in cellStarts[group]..<cellStarts[group + 1] {
        let weight = weights.values[Int(kinds[cell])]
        for entry in firstGram..<(firstGram + gramSize) {
          gram[entry] += weight * cells[source]
          source += 1
        }
        for entry in firstCross..<(firstCross + crossSize) {
          cross[entry] += weight * cells[source]
          source += 1
        }
      }
    }
    (products.gram, products.cross) = (gram, cross)
    var total = [Double](repeating: 0, count: totalSize)
    for (kind, weight) in weights.values.enumerated() {
      for entry in 0..<totalSize { total[entry] += weight * totals[kind * totalSize + entry] }
    }
    products.total = Matrix(rows: width, columns: width) { total[packed($0, $1)] }
    return WhitenedProducts(products: products, logDeterminant: weights.logDeterminant)
  }

  func gradient(at parameters: [Double], adjoint: ProductAdjoint) -> [Double] {
    guard !start.isEmpty else { return [] }
    let (jacobian, logarithm) = weights.derivatives(at: parameters)
    var slopes = [Double](repeating: 0, count: totals.count / max(1, totalSize))
    let gramSize = effects * (effects + 1) / 2
    let crossSize = effects * width
    var source = 0
    for group in counts.indices {
      let (firstGram, firstCross) = (group * gramSize, group * crossSize)
      for cell in cellStarts[group]..<cellStarts[group + 1] {
        var sum = 0.0
        for entry in firstGram..<(firstGram + gramSize) {
          sum += adjoint.gram[entry] * cells[source]
          source += 1
        }
        for entry in firstCross..<(firstCross + crossSize) {
          sum += adjoint.cross[entry] * cells[source]
          source += 1
        }
        slopes[Int(kinds[cell])] += sum
      }
    }
    for kind in slopes.indices {
      for entry in 0..<totalSize {
        slopes[kind] += adjoint.total[entry] * totals[kind * totalSize + entry]
      }
    }
    return zip(jacobian, logarithm).map { dot($0, slopes) + $1 }
  }

  /// Whether there are no random effects.
  var isMarginal: Bool { effects == 0 }

  /// X′MX for a combination M of the patterns.
  ///
  /// - Parameter weights: One a pattern.
  func fixedTotal(_ weights: [Double]) -> Matrix {
    var total = [Double](repeating: 0, count: totalSize)
    for (kind, weight) in weights.enumerated() where weight != 0 {
      for entry in 0..<totalSize { total[entry] += weight * totals[kind * totalSize + entry] }
    }
    return Matrix(rows: width - 1, columns: width - 1) { total[packed($0, $1)] }
  }

  func relativeCovariance(of block: Int, at parameters: [Double]) -> Matrix {
    weights.relativeCovariance(of: block, at: parameters)
  }

  func relativeVariances(of block: Int, at parameters: [Double]) -> [Double] {
    weights.relativeVariances(of: block, at: parameters)
  }
}

/// The weights of the patterns of a residual structure, as functions of its parameters.
protocol ResidualWeighting: Sendable {
  /// Where a search begins.
  var start: [Double] { get }

  /// One weight a pattern; `nil` where R is not positive definite.
  func values(at parameters: [Double]) -> PatternWeights?

  /// By parameter: the derivatives of the weights, and the derivative of log|R|.
  func derivatives(at parameters: [Double]) -> (weights: [[Double]], logDeterminant: [Double])

  /// R for the rows of one block.
  func relativeCovariance(of block: Int, at parameters: [Double]) -> Matrix

  /// The diagonal of R for the rows of one block.
  func relativeVariances(of block: Int, at parameters: [Double]) -> [Double]
}

extension ResidualWeighting {
  func relativeVariances(of block: Int, at parameters: [Double]) -> [Double] {
    relativeCovariance(of: block, at: parameters).diagonal
  }
}

/// The weights of the patterns at one ψ.
struct PatternWeights {
  var values: [Double]
  /// log|R| over all blocks.
  var logDeterminant: Double

  var isFinite: Bool { logDeterminant.isFinite && values.allSatisfy(\.isFinite) }
}
