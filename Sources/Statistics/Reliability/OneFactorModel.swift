/// One common factor fitted by maximum likelihood, and the reliability ω of the sum of its items.
///
/// Minimises log|Σ| + tr(Σ⁻¹S) over Σ = λλ′ + Ψ (Jöreskog 1967) by Newton steps on loadings and roots
/// of uniquenesses, so that no uniqueness becomes negative and none is stopped by a bound.
public struct OneFactorModel: Hashable, Sendable {
  /// The number of complete rows.
  public let rowCount: Int
  /// Loadings and uniquenesses in the items' units.
  public let factor: FactorLoadings
  /// ω total: the share of the sum's variance that the factor explains.
  public var omega: Double { factor.omega }
  /// The likelihood-ratio statistic against any covariances, with n − 1.
  public let chiSquare: Double
  /// k(k + 1)/2 − 2k.
  public let degreesOfFreedom: Int
  /// Of the statistic; nil without degrees of freedom.
  public let pValue: Double?

  /// - Parameter scores: At least three items, and more complete rows than items.
  /// - Throws: ``ReliabilityError``.
  public init(_ scores: ItemScores) throws(ReliabilityError) {
    let complete = try scores.checked(items: 3, rows: max(4, scores.itemCount + 1))
    let covariance = complete.covariance
    let count = complete.itemCount
    let scales = covariance.diagonal.map { $0.squareRoot() }
    let correlation = Matrix(rows: count, columns: count) {
      covariance[$0, $1] / (scales[$0] * scales[$1])
    }
    guard let saturated = DenseCholesky(correlation) else {
      throw .noFit("an item is a sum or a copy of others: leave it out")
    }
    let search = ModifiedNewton(
      function: { point, _ in Self.discrepancy(of: correlation, at: point[...]) },
      scales: Array(repeating: 1, count: 2 * count))
    guard let best = search.minimum(from: Self.start(correlation)), best.record.converged else {
      throw .noFit("the search for the loadings did not settle")
    }
    rowCount = complete.rowCount
    factor = FactorLoadings(point: best.point[...], scales: scales)
    chiSquare = max(
      0, Double(rowCount - 1) * (best.value - saturated.logDeterminant - Double(count)))
    degreesOfFreedom = count * (count + 1) / 2 - 2 * count
    pValue =
      degreesOfFreedom > 0
      ? ChiSquareDistribution(degreesOfFreedom: Double(degreesOfFreedom)).upperTail(chiSquare)
      : nil
  }

  /// log|Σ| + tr(Σ⁻¹S) and its gradient.
  private static func discrepancy(
    of correlation: Matrix, at point: ArraySlice<Double>
  ) -> (value: Double, gradient: [Double])? {
    guard let model = DenseCholesky(Matrix(oneFactor: point)) else { return nil }
    let explained = model.inverse * correlation
    let derivatives = model.inverse - explained * model.inverse
    return (model.logDeterminant + explained.trace, derivatives.oneFactorGradient(at: point))
  }

  /// Loadings on the first principal component, kept off 0 and 1.
  static func start(_ correlation: Matrix) -> [Double] {
    let count = correlation.rows
    guard let eigen = SymmetricEigen(correlation) else {
      return Array(repeating: 0.7, count: 2 * count)
    }
    let root = (eigen.values.first ?? 1).squareRoot()
    let loadings = (0..<count).map { item in
      let loading = eigen.vectors[item, 0] * root
      return max(0.1, min(0.9, abs(loading))) * (loading < 0 ? -1 : 1)
    }
    return loadings + loadings.map { (1 - $0 * $0).squareRoot() }
  }
}
