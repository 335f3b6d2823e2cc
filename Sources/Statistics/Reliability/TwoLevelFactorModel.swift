/// One common factor within persons and one between them, fitted together by maximum likelihood.
///
/// For diaries: ω within is the reliability of a person's ups and downs, ω between that of persons'
/// levels (Geldhof, Preacher & Zyphur 2014). Occasions may differ in number; the likelihood needs
/// only the pooled products within persons and, for each number of occasions, the persons' means
/// (McDonald & Goldstein 1989).
public struct TwoLevelFactorModel: Hashable, Sendable {
  /// The number of complete rows.
  public let rowCount: Int
  /// The number of persons with such a row.
  public let personCount: Int
  /// How items move together over one person's occasions.
  public let within: FactorLoadings
  /// How persons' levels go together.
  public let between: FactorLoadings
  /// Of the complete rows.
  public let logLikelihood: Double

  /// - Parameters:
  ///   - scores: At least three items.
  ///   - persons: A code for each row, 0 or more; rows with a negative code are left out.
  /// - Throws: ``ReliabilityError``.
  public init(_ scores: ItemScores, persons: [Int]) throws(ReliabilityError) {
    guard persons.count == scores.rowCount else {
      throw .unequalLengths(rows: persons.count, expected: scores.rowCount)
    }
    _ = try scores.checked(items: 3, rows: 3 * scores.itemCount)
    let sums = try PersonSums(scores, persons: persons)
    let search = ModifiedNewton(
      function: { point, _ in sums.deviance(at: point) },
      scales: Array(repeating: 1, count: 4 * scores.itemCount))
    guard let best = search.minimum(from: sums.start), best.record.converged else {
      throw .noFit("the search for the loadings did not settle")
    }
    let half = 2 * scores.itemCount
    rowCount = sums.rowCount
    personCount = sums.personCount
    within = FactorLoadings(point: best.point[..<half], scales: sums.scales)
    between = FactorLoadings(point: best.point[half...], scales: sums.scales)
    logLikelihood = sums.logLikelihood(deviance: best.value)
  }
}
