internal import Expressions
internal import Instruments

/// A form with our ids, plain texts, numbered options and translated expressions: what a file is written of.
struct AssembledForm {
  struct Item: Hashable {
    var id: String
    /// The name there.
    var name: String
    var text: LocalText
    var stem: LocalText?
    var kind: ItemDraft.Kind
    /// In our language, with the formula of a computed item beside it.
    var condition: String?
    var formula: String?
    /// A computed item as the score that it is where nothing before scoring needs it.
    var score: ScoreDraft?
    var required: ItemDraft.Required
    var recode: [Int: Double]?
    /// The scale it shares with others.
    var scale: String?
  }

  var id: String
  var name: String
  var version: String
  var title: LocalText
  var instructions: LocalText?
  var language: String
  var otherLanguages: [String]
  /// What the file says of where it comes from.
  var origin: String
  var items: [Item]
  var scores: [ScoreDraft]
}

extension AssembledForm {
  /// Adds a score in its place among the others.
  mutating func addScore(_ score: ScoreDraft, notes: inout [NotCarried]) {
    if score.hadCondition {
      notes.append(
        NotCarried(
          item: score.name, what: "branching",
          why: "scores here are not shown, and have no condition"))
    }
    let index = scores.firstIndex { $0.place > score.place } ?? scores.endIndex
    scores.insert(score, at: index)
  }

  /// Makes scores of the computed items that no condition and no text uses, or uses no more: what had
  /// needed them may have been left out.
  mutating func settleCalculations(notes: inout [NotCarried]) {
    guard items.contains(where: { $0.score != nil }) else { return }
    var used: Set<String> = []
    for item in items {
      used.formUnion(Self.names(in: item.condition))
      for text in [item.text, item.stem].compactMap(\.self) {
        used.formUnion(Piping.names(in: text.base))
      }
    }
    let formulas = Dictionary(
      items.compactMap { item in item.formula.map { (item.id, $0) } },
      uniquingKeysWith: { first, _ in first })
    var waiting = used.filter { formulas[$0] != nil }
    while let id = waiting.popFirst() {
      for name in Self.names(in: formulas[id]) where used.insert(name).inserted {
        if formulas[name] != nil { waiting.insert(name) }
      }
    }
    for item in items where !used.contains(item.id) {
      if let score = item.score { addScore(score, notes: &notes) }
    }
    items.removeAll { $0.score != nil && !used.contains($0.id) }
  }

  /// The names in an expression of ours.
  private static func names(in source: String?) -> Set<String> {
    guard let source, let expression = try? Expression.parse(source) else { return [] }
    return Set(expression.names.map { String($0.prefix { $0 != "." }) })
  }
}
