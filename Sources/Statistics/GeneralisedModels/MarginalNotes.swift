/// What a reader should know about a generalised or ordinal fit, in words.
struct MarginalNotes {
  /// A standard error this large, on the scale of the link and over the range of a column, says
  /// that the likelihood is flat there: odds of 10⁸ to 1 are within it.
  static let unboundedError = 20.0
  /// Likewise for the standard deviation of random effects over the range of their column.
  static let unboundedDeviation = 20.0

  static func notes(
    _ design: MarginalDesign, optimum: MarginalOptimum, singular: Singularity,
    effects: [LinearMixedModelFit.FixedEffect]
  ) -> [String] {
    var notes: [String] = []
    let frame = design.frame
    if frame.excludedRows > 0 {
      let counts = frame.missing.map { "\($0.name) in \($0.rows)" }
      notes.append(
        "\(frame.excludedRows) rows were set aside for want of a value: missing "
          + counts.joined(separator: ", ") + ".")
    }
    if !design.setAside.isEmpty {
      notes.append(
        "No estimate for \(design.setAside.joined(separator: ", ")): "
          + "combinations of the columns before them.")
    }
    notes += singular.notes
    notes += separation(design, effects: effects)
    notes += boundlessVariances(design, optimum: optimum)
    if !optimum.isCurvatureSound {
      notes.append(
        "The likelihood is flat in some direction at the estimates; "
          + "standard errors leave that direction out and are too small.")
    }
    if !optimum.record.converged {
      notes.append(
        "The search for the optimum did not converge (\(optimum.record.reason.rawValue)); "
          + "do not rely on these estimates.")
    }
    return notes
  }

  private static func separation(
    _ design: MarginalDesign, effects: [LinearMixedModelFit.FixedEffect]
  ) -> [String] {
    let columns = design.estimable.map { design.frame.fixed.columns[$0] }
    let unbounded = zip(columns, effects).filter { column, effect in
      let spread =
        column.term == -1
        ? 1 : (column.values.max() ?? 0) - (column.values.min() ?? 0)
      return !(effect.standardError * spread < unboundedError)
    }
    guard !unbounded.isEmpty else { return [] }
    let names = unbounded.map(\.1.name).joined(separator: ", ")
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
