/// Which directions of the random effects have no variance, in words.
struct Singularity {
  let isSingular: Bool
  let notes: [String]

  /// lme4's tolerance for a relative standard deviation that counts as 0.
  static let tolerance = 1e-4

  init(factors: [Matrix], frame: ModelFrame) {
    var notes: [String] = []
    for (factor, term) in zip(factors, frame.random) {
      guard let note = Self.note(factor, term: term) else { continue }
      notes.append(note)
    }
    isSingular = !notes.isEmpty
    self.notes = notes
  }

  private static func note(_ factor: Matrix, term: ModelFrame.Random) -> String? {
    let names = term.design.columns.map(\.name)
    let lengths = (0..<factor.rows).map { row in
      (0...row).reduce(0) { $0 + factor[row, $1] * factor[row, $1] }.squareRoot()
    }
    let vanished = names.indices.filter { lengths[$0] < tolerance }
    let group = term.groupName
    if !vanished.isEmpty {
      let listed = vanished.map { names[$0] }.joined(separator: ", ")
      return "The fit is singular: the variance of \(listed) over \(group) is estimated as 0. "
        + "That is a result, not a failure; a model without it fits as well."
    }
    let bound = names.indices.filter { factor[$0, $0] < tolerance * max(1, lengths[$0]) }
    guard let last = bound.first else { return nil }
    return "The fit is singular: over \(group), \(names[last]) varies only as a combination of "
      + "\(names.prefix(last).joined(separator: ", ")) (a correlation of ±1, or its like). "
      + "Refit with (… || \(group)) or fewer random effects and compare the criteria."
  }
}
