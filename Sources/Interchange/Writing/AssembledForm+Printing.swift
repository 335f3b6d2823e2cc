internal import Expressions
internal import Instruments

/// A part of a file that can be left out when the loader refuses it.
enum FilePart: Hashable {
  case condition(Int)
  case recode(Int)
  case item(Int)
  case score(Int)
}

extension AssembledForm {
  /// The file, and what each of its lines belongs to.
  func printed() -> (text: String, parts: [Int: FilePart]) {
    var file = FileLines()
    file.add("# Imported from \(Self.comment(origin)).")
    file.add(
      "# For you to say: construct, recall and, if this is a published scale, basis and wording.")
    file.add("id: \(id)")
    file.add("version: \(version)")
    file.add("title: \(YAMLText.written(title.base))")
    file.add("construct: not stated")
    file.add("language: \(language)")
    file.add("recall: general")
    file.add("wording: original")
    file.add("imported: \(YAMLText.quoted(origin))")
    if let instructions { file.add("instructions: \(YAMLText.written(instructions.base))") }
    printScales(to: &file)
    file.add("")
    file.add("items:")
    var index = 0
    while index < items.count {
      index = printItem(at: index, to: &file)
    }
    if !scores.isEmpty {
      file.add("")
      file.add("scores:")
      let uses = scores.flatMap(\.listed).reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
      for (index, score) in scores.enumerated() {
        let isShared = score.listed.contains { uses[$0, default: 0] > 1 }
        print(score, index, isShared: isShared, to: &file)
      }
    }
    return (file.text, file.parts)
  }

  /// Whether an expression has a mean or sum in it, of which other formats do not say whether its operands
  /// belong together.
  private static func isAveraging(_ source: String) -> Bool {
    (try? Expression.parse(source))?.isAveraging ?? false
  }

  /// A text that stays inside a comment.
  private static func comment(_ text: String) -> String {
    String(
      text.unicodeScalars.filter { $0.properties.generalCategory != .control }.map(Character.init)
    )
    .replacing("\u{2028}", with: " ").replacing("\u{2029}", with: " ")
  }

  private func printScales(to file: inout FileLines) {
    var seen: Set<String> = []
    for item in items {
      guard let scale = item.scale, seen.insert(scale).inserted else { continue }
      if seen.count == 1 {
        file.add("")
        file.add("scales:")
      }
      file.add("  \(scale):")
      for line in fields(of: item.kind) { file.add("    " + line) }
    }
  }

  /// Prints the item at an index, or the grid that begins there.
  ///
  /// - Returns: the index of the next.
  private func printItem(at index: Int, to file: inout FileLines) -> Int {
    let item = items[index]
    var end = index + 1
    if let stem = item.stem {
      while end < items.count, belongsToGrid(items[end], of: item) { end += 1 }
      file.add("  - grid: \(YAMLText.written(stem.base))", .item(index))
      file.add("    rows:")
      for row in index..<end {
        file.add("      \(items[row].id): \(YAMLText.written(items[row].text.base))", .item(row))
      }
    } else {
      file.add("  - id: \(item.id)", .item(index))
      file.add("    text: \(YAMLText.written(item.text.base))", .item(index))
    }
    if let scale = item.scale {
      file.add("    scale: \(scale)", .item(index))
    } else {
      for line in fields(of: item.kind) { file.add("    " + line, .item(index)) }
    }
    if let formula = item.formula {
      file.add("    expression: \(YAMLText.quoted(formula))", .item(index))
      if Self.isAveraging(formula) { file.add("    mixed_ranges: true", .item(index)) }
    }
    if let condition = item.condition {
      file.add("    show_if: \(YAMLText.quoted(condition))", .condition(index))
    }
    if let recode = item.recode {
      let pairs = recode.sorted { $0.key < $1.key }.map {
        "\($0.key): \(YAMLText.written($0.value))"
      }
      file.add("    recode: { \(pairs.joined(separator: ", ")) }", .recode(index))
    }
    if item.required != .soft {
      file.add("    required: \(YAMLText.quoted(item.required.rawValue))", .item(index))
    }
    return end
  }

  private func belongsToGrid(_ item: Item, of first: Item) -> Bool {
    item.stem == first.stem && item.kind == first.kind && item.condition == first.condition
      && item.recode == first.recode && item.required == first.required && item.scale == first.scale
  }

  /// The fields of a response scale, a line each.
  private func fields(of kind: ItemDraft.Kind) -> [String] {
    func list(_ type: String, _ name: String, _ options: [OptionDraft]) -> [String] {
      ["type: \(type)", "\(name):"]
        + options.map { "  \($0.value): \(YAMLText.written($0.label.base))" }
    }
    switch kind {
    case .single(let options): return list("single", "options", options)
    case .likert(let options):
      guard kind.isNumbered, let first = options.first, let last = options.last else {
        return list("likert", "options", options)
      }
      let range = "range: [\(first.value), \(last.value)]"
      let labels = kind.labels
      return labels.isEmpty
        ? ["type: likert", range]
        : ["type: likert", range] + list("likert", "labels", labels).dropFirst()
    case .multiple(let options):
      let exclusive = options.first(where: \.isExclusive).map { ["exclusive: \($0.value)"] }
      return list("multiple", "options", options) + (exclusive ?? [])
    case .rank(let options): return list("rank", "options", options)
    case .slider(let least, let most, let step, let labels):
      let range = "range: [\(YAMLText.written(least)), \(YAMLText.written(most))]"
      let fields = labels.isEmpty ? ["type: slider"] : list("slider", "labels", labels)
      return [fields[0], range, "step: \(YAMLText.written(step))"] + fields.dropFirst()
    case .number(let least, let most, let isWhole, let unit):
      var fields = ["type: number"]
      if let least { fields.append("at_least: \(YAMLText.written(least))") }
      if let most { fields.append("at_most: \(YAMLText.written(most))") }
      if isWhole { fields.append("whole: true") }
      if let unit { fields.append("unit: \(YAMLText.written(unit.base))") }
      return fields
    case .text(let longest):
      return ["type: text"] + (longest.map { ["longest: \($0)"] } ?? [])
    case .date: return ["type: date"]
    case .time: return ["type: time"]
    case .instruction: return ["type: instruction"]
    case .calculation: return ["type: computed"]
    }
  }

  /// - Parameter isShared: whether it has an item in common with another score.
  private func print(_ score: ScoreDraft, _ index: Int, isShared: Bool, to file: inout FileLines) {
    if !score.label.isEmpty, score.label != score.id {
      let label = Self.comment(score.label.replacing("\n", with: " "))
      file.add("  # \(label.prefix(80))", .score(index))
    }
    file.add("  \(score.id):", .score(index))
    switch score.formula {
    case .mean(let ids, let answered):
      file.add("    mean: [\(ids.joined(separator: ", "))]", .score(index))
      file.add("    answered: \(answered)", .score(index))
    case .sum(let ids):
      file.add("    sum: [\(ids.joined(separator: ", "))]", .score(index))
      file.add("    answered: \(ids.count)", .score(index))
    case .expression(let source):
      file.add("    expression: \(YAMLText.quoted(source))", .score(index))
    }
    if case .expression(let source) = score.formula {
      guard Self.isAveraging(source) else { return }
      file.add("    overlaps: true", .score(index))
      file.add("    mixed_ranges: true", .score(index))
      return
    }
    if isShared { file.add("    overlaps: true", .score(index)) }
    file.add("    mixed_ranges: true", .score(index))
  }
}

extension ScoreDraft {
  /// The operands of a mean or sum.
  var listed: [String] {
    switch formula {
    case .mean(let ids, _), .sum(let ids): ids
    case .expression: []
    }
  }
}

/// Lines of a file with what they belong to, numbered from 1.
private struct FileLines {
  private(set) var text = ""
  private(set) var parts: [Int: FilePart] = [:]
  private var count = 0

  mutating func add(_ line: String, _ part: FilePart? = nil) {
    text += line + "\n"
    count += 1
    parts[count] = part
  }
}
