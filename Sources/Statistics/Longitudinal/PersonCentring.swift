/// A covariate taken apart into a person's own mean and the deviations from it.
///
/// A coefficient of the raw covariate mixes two questions: do people with more of it fare better
/// (between), and does a person fare better at moments with more of it (within)? Fit
/// `y ~ within + between + (within | person)`; the contextual effect is the difference of the two.
/// The raw covariate beside the person mean (Mundlak 1978) is the same fit in other coordinates.
/// Enders & Tofighi (2007), *Centering predictor variables in cross-sectional multilevel models*.
///
/// ```swift
/// let stress = PersonCentring(values, persons: codes)
/// // stress.within, stress.between: columns for ``ModelData``
/// ```
public struct PersonCentring: Hashable, Sendable {
  /// The mean of the row's person; NaN where the person has no value.
  public let personMean: [Double]
  /// The value less the person's mean; NaN where the value is missing.
  public let within: [Double]
  /// The person's mean less `grandMean`; NaN where the person has no value.
  public let between: [Double]
  /// The mean of the person means, each person counting once.
  public let grandMean: Double
  /// The number of persons with a value.
  public let persons: Int

  /// Takes means over each person's rows.
  ///
  /// Means belong to the rows that a model uses: if the outcome is missing in some rows, say so in
  /// `rows`, or the means describe moments that the model never sees.
  ///
  /// - Parameters:
  ///   - values: NaN is missing.
  ///   - persons: A code for each row, 0 or more; a negative code is a missing person. Rows beyond
  ///     the shorter of the columns are left out.
  ///   - rows: The rows whose values count towards means; all of them by default. Every row gets
  ///     its person's mean all the same.
  public init(_ values: [Double], persons: [Int32], rows: [Bool]? = nil) {
    let count = min(values.count, persons.count, rows?.count ?? .max)
    var sums: [Int32: (sum: Double, count: Double)] = [:]
    for row in 0..<count where persons[row] >= 0 && !values[row].isNaN && rows?[row] != false {
      let known = sums[persons[row]] ?? (0, 0)
      sums[persons[row]] = (known.sum + values[row], known.count + 1)
    }
    // In the order of the codes, so that the last digit does not hang on the order of a dictionary.
    let means = sums.keys.sorted().map { ($0, (sums[$0] ?? (.nan, 1))) }
      .map { ($0.0, $0.1.sum / $0.1.count) }
    let grand = means.reduce(0) { $0 + $1.1 } / Double(means.count)
    let meanOf = Dictionary(uniqueKeysWithValues: means)
    let personMean = (0..<count).map { meanOf[persons[$0]] ?? .nan }
    self.personMean = personMean
    within = (0..<count).map { values[$0] - personMean[$0] }
    between = personMean.map { $0 - grand }
    grandMean = grand
    self.persons = means.count
  }
}
