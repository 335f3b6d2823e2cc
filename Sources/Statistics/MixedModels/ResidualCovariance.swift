/// How the residuals of the rows of a model relate: their covariance over σ².
public struct ResidualCovariance: Sendable {
  /// A residual structure at its estimate.
  struct Structure: Sendable {
    var source: any ResidualProducts
    var frame: ResidualFrame
    var parameters: [Double]
    /// Whether every block is diagonal.
    var isDiagonal: Bool
  }

  /// Prior weights, by which variances are divided.
  let weights: [Double]?
  /// `nil` for independent residuals of one variance.
  let structure: Structure?

  /// The standard deviation of each row's residual over σ.
  func deviations(rowCount: Int) -> [Double] {
    var deviations = [Double](repeating: 1, count: rowCount)
    if let structure {
      for block in 0..<structure.frame.blocks {
        let variances = structure.source.relativeVariances(of: block, at: structure.parameters)
        let first = structure.frame.blockStarts[block]
        for (position, variance) in variances.enumerated() {
          deviations[structure.frame.rows[first + position]] = variance.squareRoot()
        }
      }
    }
    guard let weights else { return deviations }
    return zip(deviations, weights).map { $0 / $1.squareRoot() }
  }

  /// L⁻¹ times residuals in data order, LL′ the covariance of each block.
  func whitened(_ residuals: [Double]) -> [Double] {
    guard let structure, !structure.isDiagonal else {
      return zip(residuals, deviations(rowCount: residuals.count)).map(/)
    }
    var whitened = [Double](repeating: .nan, count: residuals.count)
    for block in 0..<structure.frame.blocks {
      let rows = structure.frame.rows(ofBlock: block)
      let covariance = structure.source.relativeCovariance(
        of: block, at: structure.parameters)
      guard let cholesky = Cholesky(covariance) else { continue }
      let solved = cholesky.solveLower(
        rows.map { row in residuals[row] * (weights.map { $0[row].squareRoot() } ?? 1) })
      for (row, value) in zip(rows, solved) { whitened[row] = value }
    }
    return whitened
  }

  /// The covariance of the residuals of some rows over σ².
  ///
  /// - Parameter blocks: The blocks that make up the rows, one after another.
  func matrix(rows: [Int], blocks: [Int]) -> Matrix {
    var covariance = Matrix(rows: rows.count, columns: rows.count)
    if let structure {
      var first = 0
      for block in blocks {
        let own = structure.source.relativeCovariance(of: block, at: structure.parameters)
        for row in 0..<own.rows {
          for column in 0..<own.rows {
            covariance[first + row, first + column] = own[row, column]
          }
        }
        first += own.rows
      }
    } else {
      for row in rows.indices { covariance[row, row] = 1 }
    }
    guard let weights else { return covariance }
    let roots = rows.map { weights[$0].squareRoot() }
    for row in rows.indices {
      for column in rows.indices { covariance[row, column] /= roots[row] * roots[column] }
    }
    return covariance
  }
}

extension ResidualFrame {
  /// The rows of the model in one block.
  func rows(ofBlock block: Int) -> [Int] {
    Array(rows[blockStarts[block]..<blockStarts[block + 1]])
  }
}

extension LinearMixedModelFit {
  /// Independent residuals of one variance.
  public var residualCovariance: ResidualCovariance {
    ResidualCovariance(weights: tables.frame.weights, structure: nil)
  }
}

extension ResidualModelFit {
  /// The structure at its estimate.
  public var residualCovariance: ResidualCovariance {
    ResidualCovariance(
      weights: tables.frame.weights,
      structure: .init(
        source: model.source, frame: model.residuals,
        parameters: Array(optimum.point.dropFirst(model.layout.parameterCount)),
        isDiagonal: model.structure.correlation == .independent))
  }
}
