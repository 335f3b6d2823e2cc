import Definitions

extension ItemDraft {
  /// Reads an item; reports what is wrong with it. Nil only if it has no id.
  init?(reading node: DefinitionNode, scales: [String: ScaleDraft], problems: inout Problems) {
    guard var reader = MappingReader(node, describing: "an item", problems: &problems) else {
      return nil
    }
    let id = reader.string("id", problems: &problems)
    let text = reader.nonEmpty("text", problems: &problems)
    showIf = reader.optionalNode("show_if").flatMap {
      LocatedExpression.read($0, problems: &problems)
    }
    scale = reader.optionalString("scale", problems: &problems)
    let type = reader.optionalChoice("type", of: KindName.self, problems: &problems)
    if let scale {
      if let type {
        problems.report(
          at: type.place, found: "a type beside a scale", expected: "either of the two")
      }
      kind = ItemDraft.kind(of: scale, among: scales, problems: &problems)
    } else if let type {
      kind = reader.kind(type.value, problems: &problems)
    } else if !reader.has("type"), !reader.has("scale") {
      problems.report(
        at: node.place, found: "an item without a scale or a type", expected: "either of the two")
    }
    if type?.value != .instruction {
      reverse = reader.optionalBool("reverse", problems: &problems)
      required = reader.optionalChoice("required", problems: &problems)
      distress = reader.optionalBool("distress", problems: &problems)
    }
    // Of a kind that could not be read, the fields are not known.
    if type != nil || !reader.has("type") { reader.finish(problems: &problems) }
    guard let id else { return nil }
    self.id = id
    self.text = text
  }

  private static func kind(
    of scale: Located<String>, among scales: [String: ScaleDraft], problems: inout Problems
  ) -> Item.Kind? {
    guard let found = scales[scale.value] else {
      let names = scales.keys.sorted()
      problems.report(
        at: scale.place, found: "the unknown scale \(quoted(scale.value))",
        expected: names.isEmpty
          ? "a scale under scales" : "one of \(names.joined(separator: ", "))",
        suggestion: nearestName(to: scale.value, among: names))
      return nil
    }
    return found.kind
  }
}
