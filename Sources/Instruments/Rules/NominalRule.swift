import Definitions
import Expressions

/// A mean or sum over categories without an order is perhaps a slip: the number of a category is only its
/// name. Two categories have an order, and so have recoded ones.
enum NominalRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    let items = draft.readItems
    for score in draft.scores {
      for name in score.listed + score.expressions.flatMap(\.averaged).flatMap(\.self) {
        guard let item = items[name.value], case .single(let scale) = item.kind,
          scale.options.count > 2, item.recode == nil
        else { continue }
        problems.report(
          .warning, at: name.place,
          found: "\(quoted(name.value)), of the type single, in \(quoted(score.name.value))",
          expected: "type: likert where the options have an order, or recode")
      }
    }
  }
}
