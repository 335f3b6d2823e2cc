import Definitions
import Expressions

/// How the sensitivity analyses of a plan are read.
extension AnalysisPlan {
  static func exclusion(
    _ reader: inout MappingReader, _ problems: inout Problems
  ) -> PlanExclusion? {
    guard
      var fields = reader.optionalMapping(
        "sensitivity", describing: "the sensitivity analyses", problems: &problems)
    else { return nil }
    let node = fields.node("exclude", problems: &problems)
    fields.finish(problems: &problems)
    guard let node,
      let source = node.string(
        expecting: "a condition such as failed_checks > 1", problems: &problems)
    else { return nil }
    do throws(ExpressionProblem) {
      return PlanExclusion(
        source: source, node: node, expression: try Expression.parse(source))
    } catch {
      problems.report(error, in: node)
      return nil
    }
  }

  static func delta(
    _ reader: inout MappingReader, _ problems: inout Problems
  ) -> PlanDelta? {
    guard
      var missing = reader.optionalMapping(
        "missing", describing: "what is done about missing values", problems: &problems)
    else { return nil }
    var fields = missing.mapping(
      "sensitivity", describing: "a sensitivity analysis", problems: &problems)
    let nodes = fields?.list("delta", problems: &problems) ?? []
    let deltas = nodes.compactMap { $0.number(problems: &problems) }
    let unit = fields?.optionalChoice("unit", of: PlanDelta.Unit.self, problems: &problems)
    let imputations = fields?.optionalInteger("imputations", in: 2...10_000, problems: &problems)
    fields?.finish(problems: &problems)
    missing.finish(problems: &problems)
    guard fields != nil else { return nil }
    if deltas.isEmpty, nodes.isEmpty {
      problems.report(
        at: missing.place, found: "no delta", expected: "some, as in delta: [-0.5, -0.25, 0]")
    }
    return PlanDelta(
      deltas: deltas, unit: unit?.value ?? .baseline, imputations: imputations?.value ?? 50,
      place: missing.place)
  }
}
