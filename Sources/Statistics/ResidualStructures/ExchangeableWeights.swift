import RealModule

/// Compound symmetry: one correlation ρ for every pair of rows of a block.
///
/// R⁻¹ of a block of n rows is (I − ρ/(1 + (n−1)ρ) 11′)/(1 − ρ): a sum of squares and the square of
/// a sum, kept by size of block. ρ may be negative down to −1/(n−1) of the largest block.
struct ExchangeableWeights: ResidualWeighting {
  /// The sizes of blocks that occur; two patterns each.
  private(set) var sizes: [Double] = []
  private(set) var sizeCounts: [Double] = []
  private let least: Double
  private let frame: ResidualFrame

  /// ρ = 0.3 to begin with, a usual size for repeated measurements.
  var start: [Double] {
    let share = (0.3 - least) / (1 - least)
    return [Double.log(share / (1 - share))]
  }

  static func products(_ rows: ResidualRows, frame: ResidualFrame) -> BasisProducts {
    var weights = ExchangeableWeights(frame: frame)
    var builder = BasisBuilder(rows)
    builder.beginGroup(rows: rows.count)
    var known: [Int: Int] = [:]
    for block in 0..<frame.blocks {
      let range = frame.blockStarts[block]..<frame.blockStarts[block + 1]
      let place: Int
      if let size = known[range.count] {
        place = size
      } else {
        place = weights.sizes.count
        known[range.count] = place
        weights.sizes.append(Double(range.count))
        weights.sizeCounts.append(0)
        for _ in 0..<2 { _ = builder.addKind() }
      }
      weights.sizeCounts[place] += 1
      var sum = [Double](repeating: 0, count: rows.width)
      for position in range {
        builder.addSquare(rows.row(position), to: 2 * place)
        for column in 0..<rows.width { sum[column] += rows.values[position * rows.width + column] }
      }
      builder.addSquare(sum[...], to: 2 * place + 1)
    }
    return BasisProducts(builder, weights: weights)
  }

  private init(frame: ResidualFrame) {
    self.frame = frame
    let largest = zip(frame.blockStarts, frame.blockStarts.dropFirst()).map { $1 - $0 }.max() ?? 2
    least = -1 / Double(max(1, largest - 1))
  }

  /// ρ.
  func correlation(_ parameter: Double) -> Double {
    least + (1 - least) / (1 + Double.exp(-parameter))
  }

  func values(at parameters: [Double]) -> PatternWeights? {
    let rho = correlation(parameters[0])
    var values: [Double] = []
    var logarithm = 0.0
    for (size, count) in zip(sizes, sizeCounts) {
      let whole = 1 + (size - 1) * rho
      guard whole > 0, rho < 1 else { return nil }
      values.append(1 / (1 - rho))
      values.append(-rho / ((1 - rho) * whole))
      logarithm += count * ((size - 1) * Double.log(1 - rho) + Double.log(whole))
    }
    return PatternWeights(values: values, logDeterminant: logarithm)
  }

  func derivatives(at parameters: [Double]) -> (weights: [[Double]], logDeterminant: [Double]) {
    let rho = correlation(parameters[0])
    let chain = (rho - least) * (1 - rho) / (1 - least)
    var row: [Double] = []
    var logarithm = 0.0
    for (size, count) in zip(sizes, sizeCounts) {
      let whole = 1 + (size - 1) * rho
      let bottom = (1 - rho) * whole
      row.append(chain / ((1 - rho) * (1 - rho)))
      row.append(-chain * (1 + (size - 1) * rho * rho) / (bottom * bottom))
      logarithm += count * chain * (size - 1) * (1 / whole - 1 / (1 - rho))
    }
    return ([row], [logarithm])
  }

  func relativeCovariance(of block: Int, at parameters: [Double]) -> Matrix {
    let rho = correlation(parameters[0])
    let count = frame.blockStarts[block + 1] - frame.blockStarts[block]
    return Matrix(rows: count, columns: count) { $0 == $1 ? 1 : rho }
  }
}

extension ExchangeableWeights: LinearResidualWeighting {
  /// R = (1 − ρ)I + ρ11′: matrices of this kind have one eigenvalue across 1 and one along it, and
  /// multiply by them.
  func linearWeights(at parameters: [Double]) -> LinearPatternWeights? {
    guard values(at: parameters) != nil else { return nil }
    let rho = correlation(parameters[0])
    /// The eigenvalues of I and of 11′, over those of R.
    let ratios = sizes.map { size -> [SIMD2<Double>] in
      let own = SIMD2(1 - rho, 1 + (size - 1) * rho)
      return [1 / own, SIMD2(0, size) / own]
    }
    /// From what is left of R⁻¹ when the ratios are taken out, to the weights of both sums.
    let weights: ((Int) -> SIMD2<Double>) -> [Double] = { eigenvalues in
      sizes.indices.flatMap { place in
        let values = eigenvalues(place) * ratios[place][0]
        return [values[0], (values[1] - values[0]) / sizes[place]]
      }
    }
    return LinearPatternWeights(
      slopes: (0..<2).map { r in weights { ratios[$0][r] } },
      traces: Matrix(rows: 2, columns: 2) { r, s in
        sizes.indices.reduce(0) { sum, place in
          let product = ratios[place][r] * ratios[place][s]
          return sum + sizeCounts[place] * ((sizes[place] - 1) * product[0] + product[1])
        }
      },
      products: { r, s in weights { ratios[$0][r] * ratios[$0][s] } })
  }
}
