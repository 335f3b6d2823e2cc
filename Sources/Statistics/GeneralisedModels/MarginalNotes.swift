/// What a reader should know about a generalised or ordinal fit, in words.
struct MarginalNotes {
  /// A standard error this large, on the scale of the link and over the range of a column, says
  /// that the likelihood is flat there: odds of 10⁸ to 1 are within it.
  static let unboundedError = 20.0
  /// Likewise for the standard deviation of random effects over the range of their column.
  static let unboundedDeviation = 20.0

  static func notes(
    _ design: MarginalDesign, optimum: MarginalOptimum, unidentified: UnidentifiedVariances
  ) -> [String] {
    var notes = separation(design, optimum: optimum)
    notes += boundlessVariances(design, optimum: optimum)
    if !optimum.isCurvatureSound, unidentified.sets.isEmpty {
      notes.append(
        "The likelihood is flat in some direction at the estimates; "
          + "standard errors leave that direction out and are too small.")
    }
    return notes
  }

  private static func separation(_ design: MarginalDesign, optimum: MarginalOptimum) -> [String] {
    let columns = design.estimable.map { design.frame.fixed.columns[$0] }
    let unbounded = columns.enumerated().filter { position, column in
      let spread =
        column.term == -1
        ? 1 : (column.values.max() ?? 0) - (column.values.min() ?? 0)
      let error = optimum.covariance[position, position].squareRoot()
      return !(error * spread < unboundedError)
    }
    guard !unbounded.isEmpty else { return [] }
    let names = unbounded.map(\.element.name).joined(separator: ", ")
    return [
      "The estimates of \(names) grow without bound: in part of the data the response takes a "
        + "single value (separation). Their size, errors and tests mean nothing; look at the "
        + "responses by these columns, join levels or leave the columns out."
    ]
  }

  private static func boundlessVariances(
    _ design: MarginalDesign, optimum: MarginalOptimum
  ) -> [String] {
    var notes: [String] = []
    for (term, factor) in zip(design.frame.random, optimum.factors) {
      let covariance = factor * factor.transposed
      for (position, column) in term.design.columns.enumerated() {
        let spread =
          column.term == -1
          ? 1 : (column.values.max() ?? 0) - (column.values.min() ?? 0)
        guard covariance[position, position].squareRoot() * spread > unboundedDeviation else {
          continue
        }
        notes.append(
          "The standard deviation of \(column.name) over \(term.groupName) grows without bound: "
            + "the response hardly varies within groups.")
      }
    }
    return notes
  }
}
