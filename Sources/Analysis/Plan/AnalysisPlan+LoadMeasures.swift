import Definitions
import Expressions
import Statistics

/// How the parts of a plan are read that are about scores and persons rather than models.
extension AnalysisPlan {
  static func reliabilities(
    _ reader: inout MappingReader, _ problems: inout Problems
  ) -> [PlanReliability] {
    let nodes = reader.optionalList("reliability", problems: &problems) ?? []
    let all = nodes.compactMap { node -> PlanReliability? in
      guard var fields = MappingReader(node, describing: "a reliability", problems: &problems)
      else { return nil }
      let score = fields.string("score", problems: &problems)
      let alpha = fields.optionalBool("alpha", problems: &problems)
      let within = fields.optionalBool("within_person", problems: &problems)
      let names = fields.optionalStrings("dif", problems: &problems) ?? []
      fields.finish(problems: &problems)
      reportRepeated(names, "grouping", &problems)
      let groupings = names.compactMap { name -> ItemFunctioning.Grouping? in
        let known = ItemFunctioning.Grouping.allCases.map(\.rawValue)
        let grouping = ItemFunctioning.Grouping(rawValue: name.value)
        if grouping == nil {
          problems.report(
            at: name.place, found: "the grouping \(quoted(name.value))",
            expected: known.joined(separator: ", "),
            suggestion: nearestName(to: name.value, among: known))
        }
        return grouping
      }
      return score.map {
        PlanReliability(
          score: $0, wantsAlpha: alpha?.value ?? true, isWithinPerson: within?.value ?? false,
          groupings: groupings)
      }
    }
    reportRepeated(all.map(\.score), "score", &problems)
    return all
  }

  /// One mapping, or a list of them.
  static func changes(
    _ reader: inout MappingReader, _ problems: inout Problems
  ) -> [PlanChange] {
    several("change", &reader).compactMap { node -> PlanChange? in
      guard var fields = MappingReader(node, describing: "a change", problems: &problems)
      else { return nil }
      let column = fields.string("column", problems: &problems)
      let between = fields.strings("between", problems: &problems)
      let source = fields.optionalNode("reliability")
      fields.finish(problems: &problems)
      var reliability = PlanChange.Source.sample
      if let source {
        if case .scalar(let scalar) = source.content, scalar.text == "sample" {
          reliability = .sample
        } else if let value = source.number(in: 0...0.999, problems: &problems) {
          reliability = .value(value)
        }
      }
      guard let column, let between else { return nil }
      let moments = between.compactMap { text -> PlanMoment? in
        let moment = PlanMoment(text)
        if moment == nil {
          problems.report(
            at: text.place, found: quoted(text.value),
            expected: "an occasion, with its number where it repeats, as in week.4")
        }
        return moment
      }
      guard moments.count == between.count else { return nil }
      guard moments.count == 2 else {
        problems.report(
          at: fields.place(of: "between"), found: "\(moments.count) occasions",
          expected: "two, as in [baseline, week.4]")
        return nil
      }
      return PlanChange(
        column: column, before: moments[0], after: moments[1], reliability: reliability)
    }
  }

  static func trends(
    _ reader: inout MappingReader, _ problems: inout Problems
  ) -> [PlanTrend] {
    several("trends", &reader).compactMap { node -> PlanTrend? in
      guard var fields = MappingReader(node, describing: "a trend", problems: &problems)
      else { return nil }
      let column = fields.string("column", problems: &problems)
      for (key, only) in [("by", "participant"), ("slope", "sen")] {
        if let found = fields.optionalString(key, problems: &problems), found.value != only {
          problems.report(
            at: found.place, found: quoted(found.value),
            expected: "\(quoted(only)), the only \(key == "by" ? "grouping" : "slope") of trends")
        }
      }
      let time = fields.optionalString("time", problems: &problems)
      let method = fields.optionalString("test", problems: &problems)
      let least = fields.optionalInteger("least", in: 4...1_000_000, problems: &problems)
      fields.finish(problems: &problems)
      let known = MannKendallTest.Method.allCases.filter { $0 != .seasonal && $0 != .regional }
      var test = MannKendallTest.Method.mannKendall
      if let method {
        if let found = known.first(where: { $0.rawValue == method.value }) {
          test = found
        } else {
          problems.report(
            at: method.place, found: "the test \(quoted(method.value))",
            expected: known.map(\.rawValue).joined(separator: ", "),
            suggestion: nearestName(to: method.value, among: known.map(\.rawValue)))
        }
      }
      return column.map {
        PlanTrend(column: $0, time: time, method: test, least: least?.value ?? 10)
      }
    }
  }

  /// What a key holds, be it one mapping or a list of them.
  private static func several(_ key: String, _ reader: inout MappingReader) -> [DefinitionNode] {
    guard let node = reader.optionalNode(key) else { return [] }
    if case .list(let nodes) = node.content { return nodes }
    return [node]
  }
}
