/// The entries of R themselves, of which R is a linear function: G_r has a one where the entry stands.
extension UnstructuredWeights: LinearResidualWeighting {
  func linearWeights(at parameters: [Double]) -> LinearPatternWeights? {
    let whole = relativeCovariance(at: parameters)
    var blocks: [(places: [[(Int, Int)]], inverse: Matrix, count: Double)] = []
    for (pattern, count) in zip(patterns, patternCounts) {
      guard let inverse = Cholesky(whole.part(rows: pattern, columns: pattern))?.inverse else {
        return nil
      }
      blocks.append((places(in: pattern), inverse, count))
    }
    let count = waves * (waves + 1) / 2
    var traces = Matrix(rows: count, columns: count)
    for block in blocks {
      for r in 0..<count {
        for s in 0..<count {
          for (a, b) in block.places[r] {
            for (c, d) in block.places[s] {
              traces[r, s] += block.count * block.inverse[d, a] * block.inverse[b, c]
            }
          }
        }
      }
    }
    return LinearPatternWeights(
      slopes: (0..<count).map { r in
        blocks.flatMap { block in
          Self.weights(block.inverse, block.places[r].map { ($0.0, $0.1, 1) })
        }
      },
      traces: traces,
      products: { r, s in
        blocks.flatMap { block in
          Self.weights(
            block.inverse,
            block.places[r].flatMap { (a, b) in
              block.places[s].map { (c, d) in (a, d, block.inverse[b, c]) }
            })
        }
      })
  }

  /// By entry of R: where it stands in the block of a pattern, once on the diagonal, twice beside it
  /// and nowhere if a wave is missing.
  private func places(in pattern: [Int]) -> [[(Int, Int)]] {
    (0..<waves).flatMap { row in
      (0...row).map { column in
        guard let first = pattern.firstIndex(of: row),
          let second = pattern.firstIndex(of: column)
        else { return [] }
        return first == second ? [(first, first)] : [(first, second), (second, first)]
      }
    }
  }

  /// The weights of pairs of waves in a sum of products of columns of R⁻¹, symmetric part.
  private static func weights(
    _ inverse: Matrix, _ products: [(left: Int, right: Int, factor: Double)]
  ) -> [Double] {
    (0..<inverse.rows).flatMap { row in
      (0...row).map { column in
        products.reduce(0) { sum, product in
          sum + product.factor / 2
            * (inverse[row, product.left] * inverse[column, product.right]
              + inverse[column, product.left] * inverse[row, product.right])
        }
      }
    }
  }
}
