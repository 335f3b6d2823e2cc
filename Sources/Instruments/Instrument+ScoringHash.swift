internal import Expressions

extension Instrument {
  /// Hexadecimal SHA-256 of all that makes a difference to scores: two versions or wordings that give
  /// every answer the same scores, with the same categories computed, have one.
  ///
  /// Words are not in it, nor items that no score rests on.
  package func scoringHash(cutoffs: CutoffUse) -> String {
    var form = CanonicalForm(includesWords: false)
    form.add("id", id)
    let needed = neededForScores
    for item in items where needed.contains(item.id) { form.add(item) }
    for answer in earlier { form.add("earlier", "\(answer.name) \(answer.type)") }
    for score in scores.sorted(by: { $0.name < $1.name }) { form.add(score) }
    if scores.contains(where: \.isCutoff) || !computedCutoffs.isEmpty {
      form.add("cutoffs", "\(computesCategories(cutoffs))")
    }
    return form.hash
  }

  /// Whether categories and cut-offs are computed: for the published wording, and where a study wants
  /// them although it is another one.
  package func computesCategories(_ cutoffs: CutoffUse) -> Bool {
    wording == .verbatim || cutoffs == .exploratory
  }

  /// The items that scores and computed items rest on, and those that decide whether these are shown.
  private var neededForScores: Set<String> {
    var owners: [String: String] = [:]
    for item in items {
      for name in item.names.keys { owners[name] = item.id }
    }
    var needed = Set(scores.flatMap(\.items))
    for item in items.reversed() {
      if case .computed(let expression) = item.kind {
        needed.insert(item.id)
        needed.formUnion(expression.names.compactMap { owners[$0] })
      }
      guard needed.contains(item.id) else { continue }
      needed.formUnion((item.showIf?.names ?? []).compactMap { owners[$0] })
    }
    return needed
  }
}
