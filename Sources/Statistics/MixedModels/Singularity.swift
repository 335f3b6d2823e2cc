import RealModule

/// Which directions of the random effects have no variance, in words.
///
/// Judged on what each effect contributes to the response over the spread of its column, so that a
/// covariate's unit and origin decide nothing: a slope per second is as sound as one per day.
struct Singularity {
  let isSingular: Bool
  let notes: [String]
  /// By term: the positions of the effects without variance.
  let vanished: [[Int]]
  /// By term: whether effects that have variance vary in fewer directions than they are.
  let lacksDirection: [Bool]

  /// lme4's tolerance for a relative standard deviation that counts as 0.
  static let tolerance = 1e-4

  /// - Parameters:
  ///   - factors: The relative covariance factor of each random term, for the columns of the data.
  ///   - scalings: By term: where the columns are and how far they spread.
  init(factors: [Matrix], frame: ModelFrame, scalings: [[Standardisation.Column]]) {
    let terms = zip(factors, zip(frame.random, scalings)).map {
      TermDirections($0, of: $1.0, scalings: $1.1)
    }
    notes = terms.compactMap(\.note)
    isSingular = !notes.isEmpty
    vanished = terms.map(\.vanished)
    lacksDirection = terms.map { $0.vanished.isEmpty && $0.bound != nil }
  }
}

/// The directions in which the effects of one random term vary.
private struct TermDirections {
  private let names: [String]
  private let group: String
  /// For the columns of the data.
  private let factor: Matrix
  /// For columns centred where there is an intercept, and of spread 1.
  private let standard: Matrix
  private let scalings: [Standardisation.Column]
  private let intercept: Int?
  let vanished: [Int]
  /// The first effect that only varies with those before it.
  let bound: Int?

  init(
    _ factor: Matrix, of term: ModelFrame.Random, scalings: [Standardisation.Column]
  ) {
    let names = term.design.columns.map(\.name)
    let intercept = term.design.columns.firstIndex { $0.term == -1 }
    let standard = lowerTriangle(
      of: Standardisation.forth(scalings, intercept: intercept) * factor)
    // The intercept is the level where covariates are 0, whatever the level at their mean.
    vanished = names.indices.filter {
      Self.length($0 == intercept ? factor : standard, row: $0) < Singularity.tolerance
    }
    bound = names.indices.first {
      standard[$0, $0]
        < Singularity.tolerance * max(1, Self.length(standard, row: $0))
    }
    self.names = names
    group = term.groupName
    self.factor = factor
    self.standard = standard
    self.scalings = scalings
    self.intercept = intercept
  }

  private static func length(_ factor: Matrix, row: Int) -> Double {
    (0..<factor.columns).reduce(0) { $0 + factor[row, $1] * factor[row, $1] }.squareRoot()
  }

  var note: String? {
    if !vanished.isEmpty {
      let listed = vanished.map { names[$0] }.joined(separator: ", ")
      return "The fit is singular: the variance of \(listed) over \(group) is estimated as 0. "
        + "That is a result, not a failure; a model without it fits as well."
    }
    guard let bound else { return nil }
    let others = bound == intercept ? names.indices.filter { $0 != bound } : Array(0..<bound)
    let listed = others.map { names[$0] }.joined(separator: ", ")
    let relation = relation.map { ": \($0) in every group, a correlation of ±1 or its like" } ?? ""
    return "The fit is singular: over \(group), \(names[bound]) varies only with \(listed)"
      + "\(relation). That is a result, not a failure; a model with fewer random effects may fit as "
      + "well."
  }

  /// The combination of other effects that the bound one is; `nil` where it takes more than those
  /// before it to say so.
  private var relation: String? {
    guard let bound else { return nil }
    if bound == intercept {
      // No variance at the mean of the covariates.
      return equation(
        bound, names.indices.filter { $0 != bound }.map { ($0, -scalings[$0].centre) })
    }
    guard
      factor[bound, bound] * scalings[bound].scale
        < 10 * Singularity.tolerance * max(1, Self.length(standard, row: bound)),
      (0..<bound).allSatisfy({ factor[$0, $0] > 0 })
    else { return nil }
    var row = (0..<bound).map { factor[bound, $0] }
    for column in (0..<bound).reversed() {
      row[column] /= factor[column, column]
      for before in 0..<column { row[before] -= row[column] * factor[column, before] }
    }
    return equation(bound, row.enumerated().map { ($0.offset, $0.element) })
  }

  private func equation(_ effect: Int, _ parts: [(other: Int, share: Double)]) -> String {
    let words = parts.map { "\(significant($0.share)) × \(names[$0.other])" }
    return "\(names[effect]) = \(words.joined(separator: " + "))"
  }
}

/// A number with three digits, for words.
func significant(_ value: Double) -> String {
  guard value != 0, value.isFinite else { return shortest(value) }
  let scale = Double.pow(10, 2 - Double.log10(abs(value)).rounded(.down))
  return shortest((value * scale).rounded() / scale)
}
