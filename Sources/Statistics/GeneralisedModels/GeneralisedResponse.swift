/// A checked response with what weighs its rows.
struct GeneralisedResponse: Sendable {
  /// Successes of a binomial response, counts of the others.
  var values: [Double]
  /// Trials of a binomial response, prior weights of the others.
  var weights: [Double]
  /// Whether a proportion times its weight is not a whole number somewhere.
  var hasPartialCounts = false

  /// What is observed, on the scale of the mean: a proportion or a count.
  func observed(_ family: ResponseFamily) -> [Double] {
    guard case .binomial = family else { return values }
    return zip(values, weights).map { $1 > 0 ? $0 / $1 : 0 }
  }

  init(_ columns: ResponseColumns, family: ResponseFamily) throws(ModelError) {
    let prior =
      columns.frame.weights ?? [Double](repeating: 1, count: columns.values.count)
    switch family {
    case .binomial:
      if let trials = columns.trials {
        guard columns.frame.weights == nil else {
          throw .unsupported(
            "a response of successes and failures has its trials for weights; leave out the others"
          )
        }
        try Self.checkCounts(columns, trials: trials)
        (values, weights) = (columns.values, trials)
      } else {
        let proportions = try Self.proportions(columns)
        values = zip(proportions, prior).map(*)
        weights = prior
        hasPartialCounts = zip(values, proportions).contains { value, proportion in
          proportion != 0 && proportion != 1
            && abs(value - value.rounded()) > 1e-6 * max(1, value)
        }
      }
    case .poisson, .negativeBinomial:
      guard columns.trials == nil else {
        throw .unsupported("a pair of counts is a binomial response; a count stands alone")
      }
      guard columns.levels == nil else { throw .notNumeric(name: columns.frame.responseName) }
      try Self.checkWhole(columns, columns.values)
      (values, weights) = (columns.values, prior)
    }
    try checkVariation(columns, family: family)
  }

  private func checkVariation(
    _ columns: ResponseColumns, family: ResponseFamily
  ) throws(ModelError) {
    let name = columns.frame.responseName
    switch family {
    case .binomial:
      let isAllFailure = values.allSatisfy { $0 == 0 }
      let isAllSuccess = zip(values, weights).allSatisfy { $0 == $1 }
      if isAllFailure || isAllSuccess { throw .constantResponse(name: name) }
    case .poisson, .negativeBinomial:
      if values.allSatisfy({ $0 == 0 }) { throw .constantResponse(name: name) }
    }
  }

  /// A factor's first level is failure and every other success, as in R's `glm`.
  private static func proportions(_ columns: ResponseColumns) throws(ModelError) -> [Double] {
    if columns.levels != nil { return columns.values.map { min($0, 1) } }
    let isWeighted = columns.frame.weights != nil
    for (row, value) in columns.values.enumerated()
    where value < 0 || value > 1 || (!isWeighted && value != 0 && value != 1) {
      throw .invalidResponse(
        name: columns.frame.responseName, row: columns.dataRow(row),
        expected: isWeighted
          ? "a proportion from 0 to 1"
          : "0 or 1 (for a proportion, give its trials as weights; for counts, the failures)")
    }
    return columns.values
  }

  private static func checkCounts(
    _ columns: ResponseColumns, trials: [Double]
  ) throws(ModelError) {
    try checkWhole(columns, columns.values)
    try checkWhole(columns, trials)
    for row in trials.indices where columns.values[row] > trials[row] {
      throw .invalidResponse(
        name: columns.frame.responseName, row: columns.dataRow(row),
        expected: "no more successes than trials, and no negative count")
    }
  }

  private static func checkWhole(
    _ columns: ResponseColumns, _ values: [Double]
  ) throws(ModelError) {
    for (row, value) in values.enumerated()
    where value < 0 || value != value.rounded() || value > 1e15 {
      throw .invalidResponse(
        name: columns.frame.responseName, row: columns.dataRow(row),
        expected: "a count: a whole number, not negative")
    }
  }
}
