/// Corrections of a cluster-robust covariance for few clusters, named as in clubSandwich.
public enum RobustCorrection: String, Hashable, Sendable, Codable, CaseIterable {
  /// None (Liang & Zeger 1986): too small with fewer than some fifty clusters.
  case none = "CR0"
  /// Times m/(m − 1) for m clusters.
  case clusters = "CR1"
  /// Times m(n − 1)/((m − 1)(n − p)), as Stata's `vce(cluster)`.
  case clustersAndRows = "CR1S"
  /// Residuals adjusted so that the covariance is unbiased if the model is right (Bell & McCaffrey
  /// 2002; Pustejovsky & Tipton 2018).
  case biasReduced = "CR2"
}

/// Fixed effects with standard errors that hold even if the model's covariance does not, from what
/// clusters contribute, tested with Satterthwaite degrees of freedom.
public struct RobustEffects: Sendable {
  /// How few clusters are corrected for.
  public let correction: RobustCorrection
  /// The grouping factor whose levels are the clusters.
  public let clusterName: String
  /// The number of clusters.
  public let clusters: Int
  /// The fixed effects, in the order of the fit's.
  public let fixedEffects: [LinearMixedModelFit.FixedEffect]
  /// The covariance matrix of the fixed effects.
  public let covariance: Matrix
}

extension LinearModelFit {
  /// The cluster-robust covariance of the fixed effects, with tests.
  ///
  /// M (Σ X′V⁻¹A ee′A′V⁻¹X) M, M = (X′V⁻¹X)⁻¹, over clusters that are independent of each other;
  /// weights are those of the fit. A is 1, or for CR2 D′(D(V − XMX′)D′)^(−½)D with D′D = V. Degrees
  /// of freedom match the variance of the variance under the model (Pustejovsky & Tipton 2018,
  /// *Small-sample methods for cluster-robust variance estimation*, section 2.4), as clubSandwich's
  /// `coef_test` does for a fit of lme4 or nlme.
  ///
  /// - Throws: ``ModelError/unsupported(_:)`` where grouping factors cross or there is one cluster.
  public func robustEffects(
    _ correction: RobustCorrection = .biasReduced
  ) throws(ModelError) -> RobustEffects {
    let clusters = try MarginalClusters(self)
    let occupied = clusters.rows.indices.filter { !clusters.rows[$0].isEmpty }
    let count = estimates.count
    guard occupied.count > 1 else {
      throw .unsupported("a robust covariance needs at least two clusters")
    }
    var information = Matrix(rows: count, columns: count)
    for cluster in occupied {
      guard let precision = Cholesky(clusters.covariance(cluster)) else { throw Self.noCovariance }
      let half = precision.lowerSolved(clusters.design(cluster))
      information += half.transposed * half
    }
    guard let bread = Cholesky(information)?.inverse else { throw Self.noCovariance }
    var scores: [[Double]] = []
    // By cluster: X′V⁻¹A V A′V⁻¹X and X′V⁻¹AX.
    var spreads: [Matrix] = []
    var overlaps: [Matrix] = []
    for cluster in occupied {
      let design = clusters.design(cluster)
      let covariance = clusters.covariance(cluster)
      guard let precision = Cholesky(covariance) else { throw Self.noCovariance }
      var weighted = precision.upperSolved(precision.lowerSolved(design))
      if correction == .biasReduced {
        guard
          let adjusted = Self.adjusted(
            weighted, covariance: covariance, design: design, bread: bread, factor: precision)
        else { throw Self.noCovariance }
        weighted = adjusted
      }
      scores.append(weighted.transposed * clusters.deviations(cluster))
      spreads.append(weighted.transposed * covariance * weighted)
      overlaps.append(weighted.transposed * design)
    }
    var meat = Matrix(rows: count, columns: count)
    for score in scores { meat += Matrix(rows: count, columns: count) { score[$0] * score[$1] } }
    let scale = Self.scale(
      correction, clusters: Double(occupied.count), rows: Double(observations),
      effects: Double(count))
    let turn = clusters.back * bread
    let covariance = (scale * (turn * meat * turn.transposed)).symmetrised
    return RobustEffects(
      correction: correction, clusterName: clusters.name, clusters: occupied.count,
      fixedEffects: fixedEffects.enumerated().map { position, effect in
        .init(
          name: effect.name, estimate: effect.estimate,
          standardError: covariance[position, position].squareRoot(),
          degreesOfFreedom: Self.degreesOfFreedom(
            (0..<count).map { turn[position, $0] }, bread: bread, spreads: spreads,
            overlaps: overlaps),
          confidenceLevel: confidenceLevel)
      }, covariance: covariance)
  }

  private static var noCovariance: ModelError {
    .numerical("the covariance of a cluster could not be inverted")
  }

  /// A′V⁻¹X of CR2 for a cluster, from V⁻¹X; A = D′B^(−½)D with D the upper factor of V.
  private static func adjusted(
    _ weighted: Matrix, covariance: Matrix, design: Matrix, bread: Matrix, factor: Cholesky
  ) -> Matrix? {
    let upper = factor.factor.transposed
    let left = covariance - design * bread * design.transposed
    guard let eigen = SymmetricEigen(upper * left * upper.transposed) else { return nil }
    // A direction that the fixed effects take up whole has no residual to adjust.
    let cutoff = (eigen.values.first ?? 0) * 1e-12
    let root = eigen.compose { $0 > cutoff ? 1 / $0.squareRoot() : 0 }
    return upper.transposed * (root * (upper * weighted))
  }

  private static func scale(
    _ correction: RobustCorrection, clusters: Double, rows: Double, effects: Double
  ) -> Double {
    switch correction {
    case .none, .biasReduced: 1
    case .clusters: clusters / (clusters - 1)
    case .clustersAndRows: clusters * (rows - 1) / ((clusters - 1) * (rows - effects))
    }
  }

  /// (tr Ω)² / tr Ω² for Ω = p′Vp over pairs of clusters, p = (I − H)′A′V⁻¹XMc: the diagonal has
  /// c′M(X′V⁻¹AVA′V⁻¹X)Mc, and XMX′ is taken off everywhere.
  private static func degreesOfFreedom(
    _ contrast: [Double], bread: Matrix, spreads: [Matrix], overlaps: [Matrix]
  ) -> Double {
    let own = spreads.map { $0.quadratic(contrast) }
    let shared = overlaps.map { $0.transposed * contrast }
    var trace = 0.0
    var squares = 0.0
    var sum = Matrix(rows: bread.rows, columns: bread.rows)
    for (value, vector) in zip(own, shared) {
      let taken = bread.quadratic(vector)
      trace += value - taken
      squares += value * value - 2 * value * taken
      sum += Matrix(rows: bread.rows, columns: bread.rows) { vector[$0] * vector[$1] }
    }
    let turned = sum * bread
    squares += turned.inner(turned.transposed)
    return trace * trace / squares
  }
}

extension Cholesky {
  /// L⁻¹B.
  func lowerSolved(_ matrix: Matrix) -> Matrix { solved(matrix, solveLower) }

  /// L⁻ᵀB.
  func upperSolved(_ matrix: Matrix) -> Matrix { solved(matrix, solveUpper) }

  private func solved(_ matrix: Matrix, _ solve: ([Double]) -> [Double]) -> Matrix {
    var result = Matrix(rows: matrix.rows, columns: matrix.columns)
    for column in 0..<matrix.columns {
      let solved = solve((0..<matrix.rows).map { matrix[$0, column] })
      for row in 0..<matrix.rows { result[row, column] = solved[row] }
    }
    return result
  }
}
