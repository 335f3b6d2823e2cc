/// The rows of a linear model in the clusters that are independent of each other, each with its
/// covariance V = ZΣZ′ + σ²R.
///
/// Clusters are the levels of the grouping factor that all others are nested in, or the blocks of a
/// marginal model. Matrices are as large as a cluster has rows, so this is for what sums over groups
/// cannot say; fixed columns are standardised, and `back` turns their coefficients into those of the
/// data.
struct MarginalClusters {
  /// The grouping factor.
  let name: String
  let names: [String]
  /// The rows of each cluster, in the order of the residual structure's blocks where there is one.
  let rows: [[Int]]
  /// From coefficients of standardised columns to those of the data.
  let back: Matrix
  /// The blocks of each cluster.
  private let blocks: [[Int]]
  private let residuals: ResidualCovariance
  private let variance: Double
  private let frame: ModelFrame
  private let components: [LinearMixedModelFit.VarianceComponent]
  private let columns: [[Double]]
  /// y − Xb.
  let deviations: [Double]

  /// The largest cluster whose matrix is formed: 4,000 rows take 128 MB and some seconds.
  static let mostRows = 4_000

  /// - Throws: ``ModelError/unsupported(_:)`` where grouping factors cross, for then no rows are
  ///   independent, or a cluster is too large.
  init(_ fit: some LinearModelFit) throws(ModelError) {
    try fit.tables.requireRows()
    let frame = fit.tables.frame
    let residuals = fit.residualCovariance
    let codes: [Int32]
    if let factor = try Self.outermost(frame) {
      (name, names, codes) = (factor.groupName, factor.levels, factor.codes)
    } else if let structure = residuals.structure, !structure.frame.blockName.isEmpty {
      name = structure.frame.blockName
      names = structure.frame.blockLabels
      var numbers = [Int32](repeating: 0, count: frame.rowCount)
      for block in 0..<structure.frame.blocks {
        for row in structure.frame.rows(ofBlock: block) { numbers[row] = Int32(block) }
      }
      codes = numbers
    } else {
      throw .unsupported("the model has no grouping factor whose levels could be clusters")
    }
    var rows = [[Int]](repeating: [], count: names.count)
    var blocks = rows
    if let structure = residuals.structure {
      for block in 0..<structure.frame.blocks {
        let own = structure.frame.rows(ofBlock: block)
        guard let first = own.first else { continue }
        rows[Int(codes[first])] += own
        blocks[Int(codes[first])].append(block)
      }
    } else {
      for (row, code) in codes.enumerated() { rows[Int(code)].append(row) }
    }
    if let largest = rows.map(\.count).max(), largest > Self.mostRows {
      throw .unsupported(
        "a level of ‘\(name)’ has \(largest) rows; matrices of more than \(Self.mostRows) are not "
          + "formed")
    }
    self.rows = rows
    self.blocks = blocks
    self.residuals = residuals
    self.frame = frame
    variance = fit.sigma * fit.sigma
    components = fit.varianceComponents
    let scalings = Standardisation(frame, response: frame.response)
    let kept = fit.tables.estimable.map { scalings.fixed[$0] }
    columns = zip(fit.tables.estimable, kept).map { column, scaling in
      frame.fixed.columns[column].values.map { ($0 - scaling.centre) / scaling.scale }
    }
    back = Standardisation.back(
      kept, intercept: fit.tables.estimable.firstIndex { $0 == scalings.intercept })
    deviations = zip(
      frame.response,
      frame.linearPredictor(fit.estimates, of: fit.tables.estimable, modes: [])
    ).map(-)
  }

  /// The factor that all others are nested in; `nil` without random terms.
  static func outermost(
    _ frame: ModelFrame
  ) throws(ModelError) -> ModelFrame.Random? {
    guard let least = frame.random.min(by: { $0.levels.count < $1.levels.count }) else {
      return nil
    }
    for term in frame.random where term.groupName != least.groupName {
      var owners = [Int32](repeating: -1, count: term.levels.count)
      for (row, code) in term.codes.enumerated() {
        let owner = least.codes[row]
        if owners[Int(code)] < 0 { owners[Int(code)] = owner }
        guard owners[Int(code)] == owner else {
          throw .unsupported(
            "‘\(term.groupName)’ and ‘\(least.groupName)’ cross, so that no rows are independent "
              + "of all others")
        }
      }
    }
    return least
  }

  /// V of one cluster.
  func covariance(_ cluster: Int) -> Matrix {
    let rows = rows[cluster]
    var covariance = variance * residuals.matrix(rows: rows, blocks: blocks[cluster])
    for (term, component) in zip(frame.random, components) {
      let z = term.design.columns.map { column in rows.map { column.values[$0] } }
      for (first, row) in rows.enumerated() {
        let left = component.covariance * z.map { $0[first] }
        for (second, other) in rows.enumerated() where term.codes[row] == term.codes[other] {
          var sum = 0.0
          for (position, value) in left.enumerated() { sum += value * z[position][second] }
          covariance[first, second] += sum
        }
      }
    }
    return covariance
  }

  /// The standardised fixed columns of one cluster.
  func design(_ cluster: Int) -> Matrix {
    let rows = rows[cluster]
    return Matrix(rows: rows.count, columns: columns.count) { columns[$1][rows[$0]] }
  }

  /// y − Xb of one cluster.
  func deviations(_ cluster: Int) -> [Double] { rows[cluster].map { deviations[$0] } }

  /// L⁻¹(y − Xb) of all clusters, LL′ = V, in the order of the rows used.
  func whitened() -> [Double] {
    var whitened = [Double](repeating: .nan, count: frame.rowCount)
    for cluster in rows.indices {
      guard let cholesky = Cholesky(covariance(cluster)) else { continue }
      for (row, value) in zip(rows[cluster], cholesky.solveLower(deviations(cluster))) {
        whitened[row] = value
      }
    }
    return whitened
  }
}
