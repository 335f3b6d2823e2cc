import Definitions

extension ItemDraft {
  /// Reads an item, or all items of a grid; reports what is wrong with them. What has no id is left out.
  static func readAll(
    _ node: DefinitionNode, scales: [String: ScaleDraft], problems: inout Problems
  ) -> [ItemDraft] {
    guard var reader = MappingReader(node, describing: "an item", problems: &problems) else {
      return []
    }
    guard reader.has("grid") || reader.has("rows") else {
      return ItemDraft(reading: &reader, node, scales: scales, problems: &problems).map { [$0] }
        ?? []
    }
    let stem = reader.nonEmpty("grid", problems: &problems)
    let random = reader.optionalBool("random", problems: &problems)
    let rows = reader.node("rows", problems: &problems)?
      .entries(expecting: "a mapping from ids to texts", problems: &problems)
    guard
      let shared = ItemDraft(
        reading: &reader, node, scales: scales, row: stem ?? Located("", at: node.place),
        problems: &problems)
    else { return [] }
    return (rows ?? []).map { row in
      var item = shared
      item.isRandomRow = random?.value ?? false
      item.id = row.key
      item.text = row.value.string(expecting: "a text", problems: &problems)
        .map { Located($0, at: row.value.place) }
      item.stem = stem
      return item
    }
  }

  /// Reads the fields of an item. A grid's rows share them; `row` stands in for their id.
  private init?(
    reading reader: inout MappingReader, _ node: DefinitionNode, scales: [String: ScaleDraft],
    row: Located<String>? = nil, problems: inout Problems
  ) {
    let id = row ?? reader.string("id", problems: &problems)
    let text = row ?? reader.nonEmpty("text", problems: &problems)
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
    } else if type?.value == .computed {
      computed = reader.node("expression", problems: &problems).flatMap {
        LocatedExpression.read($0, problems: &problems)
      }
      kind = computed.map { .computed($0.expression) }
      mixedRanges = reader.optionalBool("mixed_ranges", problems: &problems)?.value ?? false
    } else if let type {
      kind = reader.kind(type.value, problems: &problems)
    } else if !reader.has("type"), !reader.has("scale") {
      problems.report(
        at: node.place, found: "an item without a scale or a type", expected: "either of the two")
    }
    if type?.value != .instruction, type?.value != .computed {
      reverse = reader.optionalBool("reverse", problems: &problems)
      recode = reader.recode(problems: &problems)
      required = reader.optionalChoice("required", problems: &problems)
      distress = DistressMark.read(reader.optionalNode("distress"), problems: &problems)
      once = reader.optionalBool("once", problems: &problems)
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

extension MappingReader {
  /// `recode: { 1: 0, 2: 0, 3: 1 }`
  fileprivate mutating func recode(problems: inout Problems) -> Located<[Int: Double]>? {
    guard let node = optionalNode("recode") else { return nil }
    let entries = node.integerEntries(
      expecting: "a mapping from options to numbers", problems: &problems)
    guard let entries else { return nil }
    var numbers: [Int: Double] = [:]
    for entry in entries {
      guard let number = entry.value.number(in: -1e12...1e12, problems: &problems) else { continue }
      numbers[entry.key.value] = number
    }
    return numbers.count == entries.count ? Located(numbers, at: node.place) : nil
  }
}
