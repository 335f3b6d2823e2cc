/// Which combinations of fixed effects have an estimate, where columns that repeat others were set
/// aside.
///
/// A combination can be estimated if it is one of the design's rows or a sum of such (Searle 1971,
/// *Linear Models*): whatever relation ties a column that was set aside to those that were kept
/// must tie the weights in the same way. A cell of two factors that no row is in has no such
/// combination, though coefficients can be added up for it.
struct Estimability: Sendable {
  /// Columns set aside, each with what it is of those kept, all standardised.
  private let relations: [(column: Int, shares: [Double])]
  private let kept: [Int]
  private let columns: [Standardisation.Column]
  private let intercept: Int?
  private let names: [String]

  /// The share of its size that rounding may leave of a relation.
  private static let tolerance = 1e-6

  /// - Parameter kept: The columns with a coefficient, ascending.
  init(_ frame: ModelFrame, kept: [Int]) throws(ModelError) {
    let standardisation = Standardisation(
      frame, response: [Double](repeating: 0, count: frame.rowCount))
    let scalings = standardisation.fixed
    func values(_ column: Int) -> [Double] {
      frame.fixed.columns[column].values.array.map { scalings[column].standardised($0) }
    }
    let basis = kept.map(values)
    let gram = Matrix(rows: kept.count, columns: kept.count) { dot(basis[$0], basis[$1]) }
    guard let factor = Cholesky(gram) else {
      throw .numerical("the fixed effects could not be separated")
    }
    let found = Set(kept)
    relations = frame.fixed.columns.indices.filter { !found.contains($0) }.map { column in
      let own = values(column)
      return (column, factor.solve(basis.map { dot($0, own) }))
    }
    self.kept = kept
    columns = scalings
    intercept = standardisation.intercept
    names = frame.fixed.columns.map(\.name)
  }

  /// Why each column was set aside, in words.
  var reasons: [String] {
    relations.map { relation in
      let parts = zip(kept, relation.shares).filter { abs($0.1) > 1e-7 }.map(\.0)
      let others = parts.filter { $0 != intercept }.map { names[$0] }
      guard let last = others.last else {
        return "\(names[relation.column]): it is \(parts.isEmpty ? "0" : "the same") in every row"
      }
      let listed =
        others.count > 1 ? others.dropLast().joined(separator: ", ") + " and " + last : last
      return "\(names[relation.column]): it follows from \(listed)"
    }
  }

  /// Whether the data can estimate a combination.
  ///
  /// - Parameter weights: One for each column of the design, those set aside among them.
  func holds(_ weights: [Double]) -> Bool {
    guard weights.allSatisfy(\.isFinite) else { return false }
    let level = intercept.map { weights[$0] } ?? 0
    let moved = weights.indices.map { column in
      column == intercept
        ? weights[column]
        : (weights[column] - columns[column].centre * level) / columns[column].scale
    }
    let size = dot(moved, moved).squareRoot()
    return relations.allSatisfy { relation in
      let implied = dot(relation.shares, kept.map { moved[$0] })
      let reach = 1 + dot(relation.shares, relation.shares).squareRoot()
      return abs(moved[relation.column] - implied) <= Self.tolerance * size * reach
    }
  }
}

extension FitTables {
  /// What can be estimated; `nil` where every column has a coefficient, and so everything can.
  ///
  /// - Throws: ``ModelError/unsupported(_:)`` for a fit from a summary with columns set aside.
  func estimability() throws(ModelError) -> Estimability? {
    let kept = Self.kept(frame, estimable: estimable, setAside: setAside)
    guard kept.count < frame.fixed.columns.count else { return nil }
    try requireRows()
    return try Estimability(frame, kept: kept)
  }
}

extension MixedModelFit {
  /// The estimate of a combination of all fixed columns, NaN where the data cannot estimate it.
  func estimate(
    _ weights: [Double], name: String, within estimability: Estimability?
  ) -> LinearMixedModelFit.FixedEffect {
    guard estimability?.holds(weights) ?? true else {
      return .init(
        name: name, estimate: .nan, standardError: .nan, degreesOfFreedom: nil,
        confidenceLevel: confidenceLevel)
    }
    return contrast(tables.estimable.map { weights[$0] }, name: name)
  }
}
