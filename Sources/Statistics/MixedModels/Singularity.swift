import RealModule

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
    return "The fit is singular: over \(group), \(names[last]) varies only with "
      + "\(names.prefix(last).joined(separator: ", ")): \(relation(factor, names, last)) in every "
      + "group, a correlation of ±1 or its like. That is a result, not a failure; a model with "
      + "fewer random effects may fit as well."
  }

  /// The combination of the effects before it that an effect is: its row of T by theirs.
  private static func relation(_ factor: Matrix, _ names: [String], _ last: Int) -> String {
    var row = (0..<last).map { factor[last, $0] }
    for column in (0..<last).reversed() {
      row[column] /= factor[column, column]
      for before in 0..<column { row[before] -= row[column] * factor[column, before] }
    }
    let parts = zip(row, names).map { "\(significant($0)) × \($1)" }
    return "\(names[last]) = \(parts.joined(separator: " + "))"
  }
}

/// A number with three digits, for words.
func significant(_ value: Double) -> String {
  guard value != 0, value.isFinite else { return shortest(value) }
  let scale = Double.pow(10, 2 - Double.log10(abs(value)).rounded(.down))
  return shortest((value * scale).rounded() / scale)
}
