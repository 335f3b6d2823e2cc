import Definitions

extension ScoreDraft {
  /// Reads a score; reports what is wrong with it.
  init(reading entry: DefinitionNode.Entry, problems: inout Problems) {
    name = entry.key
    guard
      var reader = MappingReader(entry.value, describing: "a score", problems: &problems)
    else { return }
    let given = ["mean", "sum", "expression"].filter(reader.has)
    if given.count != 1 {
      problems.report(
        at: given.isEmpty ? reader.place : reader.place(of: given[1]),
        found: given.isEmpty
          ? "a score without a formula" : "a score with \(given.joined(separator: " and "))",
        expected: "one of mean, sum, expression")
    }
    let mean = reader.optionalStrings("mean", problems: &problems)
    let sum = reader.optionalStrings("sum", problems: &problems)
    let expression = reader.optionalNode("expression").flatMap {
      LocatedExpression.read($0, problems: &problems)
    }
    if given.count == 1 {
      formula =
        mean.map(Formula.mean) ?? sum.map(Formula.sum) ?? expression.map(Formula.expression)
    }
    if !given.contains("expression") {
      answered = reader.optionalInteger("answered", problems: &problems)
      overlaps = reader.optionalBool("overlaps", problems: &problems)?.value ?? false
      mixedRanges = reader.optionalBool("mixed_ranges", problems: &problems)?.value ?? false
    }
    let rangeNode = reader.optionalNode("range")
    range = rangeNode?.range(problems: &problems).map {
      Located($0, at: rangeNode?.place ?? reader.place)
    }
    reader.finish(problems: &problems)
  }
}
