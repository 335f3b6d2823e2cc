import Definitions

extension ScoreDraft {
  /// Reads a score; reports what is wrong with it.
  init(reading entry: DefinitionNode.Entry, problems: inout Problems) {
    name = entry.key
    guard
      var reader = MappingReader(entry.value, describing: "a score", problems: &problems)
    else { return }
    let given = ["mean", "sum", "weighted", "category", "expression"].filter(reader.has)
    if given.count != 1 {
      problems.report(
        at: given.isEmpty ? reader.place : reader.place(of: given[1]),
        found: given.isEmpty
          ? "a score without a formula" : "a score with \(given.joined(separator: " and "))",
        expected: "one of mean, sum, weighted, category, expression")
    }
    let mean = reader.optionalStrings("mean", problems: &problems)
    let sum = reader.optionalStrings("sum", problems: &problems)
    let expression = reader.optionalNode("expression").flatMap {
      LocatedExpression.read($0, problems: &problems)
    }
    let weighted = reader.optionalNode("weighted").flatMap {
      Self.pairs($0, problems: &problems)
    }
    let category = reader.optionalNode("category").flatMap {
      CategoryDraft.read($0, problems: &problems)
    }
    if given.count == 1 {
      formula =
        mean.map(Formula.mean) ?? sum.map(Formula.sum) ?? weighted.map(Formula.weighted)
        ?? category.map(Formula.category) ?? expression.map(Formula.expression)
    }
    if given == ["category"] {
      answered = reader.optionalInteger("answered", in: 1...10_000, problems: &problems)
    } else {
      if given != ["expression"] {
        answered = reader.optionalInteger("answered", problems: &problems)
      }
      overlaps = reader.optionalBool("overlaps", problems: &problems)?.value ?? false
    }
    mixedRanges = reader.optionalBool("mixed_ranges", problems: &problems)?.value ?? false
    let rangeNode = reader.optionalNode("range")
    range = rangeNode?.range(problems: &problems).map {
      Located($0, at: rangeNode?.place ?? reader.place)
    }
    reader.finish(problems: &problems)
  }

  /// `weighted: { health: health_weight, … }`
  private static func pairs(
    _ node: DefinitionNode, problems: inout Problems
  ) -> [(value: Located<String>, weight: Located<String>)]? {
    let entries = node.entries(
      expecting: "a mapping from items to the items that weight them", problems: &problems)
    guard let entries else { return nil }
    let pairs = entries.compactMap { entry in
      entry.value.string(expecting: "an item or score", problems: &problems)
        .map { (value: entry.key, weight: Located($0, at: entry.value.place)) }
    }
    return pairs.count == entries.count ? pairs : nil
  }
}

extension CategoryDraft {
  /// `category: [{ value: 2, label: High, when: total >= 20 }, { value: 1, label: Other }]`; reports
  /// what is wrong with it.
  static func read(_ node: DefinitionNode, problems: inout Problems) -> [CategoryDraft]? {
    let entries = node.list(
      expecting: "a list of categories, each with value, label and when", problems: &problems)
    guard let entries else { return nil }
    let categories = entries.compactMap { entry -> CategoryDraft? in
      guard var reader = MappingReader(entry, describing: "a category", problems: &problems) else {
        return nil
      }
      let value = reader.integer("value", in: -1000...1000, problems: &problems)
      let label = reader.nonEmpty("label", problems: &problems)
      let hasRule = reader.has("when")
      let rule = reader.optionalNode("when").flatMap {
        LocatedExpression.read($0, problems: &problems)
      }
      reader.finish(problems: &problems)
      guard let value, let label, rule != nil || !hasRule else { return nil }
      return CategoryDraft(value: value, label: label, rule: rule)
    }
    return categories.count == entries.count ? categories : nil
  }
}
