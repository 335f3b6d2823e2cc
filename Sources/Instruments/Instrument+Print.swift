internal import Definitions
package import Expressions

extension Instrument {
  /// The instrument as a file that loads to the same instrument, in a form in which nothing is left to
  /// chance: every text quoted, every field in one order.
  ///
  /// Comments are not kept, nor are `overlaps` and `mixed_ranges`, which the loader needs said and the
  /// instrument does not know: they stand on every mean and sum.
  package var printed: String {
    var lines = [
      "id: \(id)", "version: \(version)", "title: \(written(title))",
      "construct: \(written(construct))", "language: \(language)", "recall: \(recall)",
      "wording: \(wording.rawValue)",
    ]
    if let basis {
      lines += [
        "basis:", "  name: \(written(basis.name))", "  citation: \(written(basis.citation))",
      ]
      if let doi = basis.doi { lines.append("  doi: \(written(doi))") }
      if let terms = basis.terms { lines.append("  terms: \(written(terms))") }
    }
    if let instructions { lines.append("instructions: \(written(instructions))") }
    lines += printedEarlier
    lines += printedScales
    lines.append("items:")
    lines += printed(items.indices, indent: "  ")
    if !scores.isEmpty { lines += ["scores:"] + scores.map(\.printed) }
    if !checks.isEmpty { lines += ["checks:"] + checks.map(\.printed) }
    if !tests.isEmpty { lines += ["tests:"] + tests.flatMap(\.printed) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var printedEarlier: [String] {
    let instruments = earlier.reduce(into: [String]()) { ids, answer in
      if !ids.contains(answer.instrument) { ids.append(answer.instrument) }
    }
    let lines = instruments.map { id in
      let names = earlier.filter { $0.instrument == id }
        .map { "\($0.item): \($0.type.rawValue)" }
      return "  \(id): { \(names.joined(separator: ", ")) }"
    }
    return lines.isEmpty ? [] : ["earlier:"] + lines
  }

  /// Items and blocks one after the other.
  private func printed(_ range: Range<Int>, indent: String) -> [String] {
    var lines: [String] = []
    var position = range.lowerBound
    while position < range.upperBound {
      // Outer blocks come last.
      let block = randomBlocks.last {
        $0.extent.lowerBound == position && $0.extent.upperBound <= range.upperBound
      }
      if let block {
        lines.append("\(indent)- random:")
        lines += block.units.flatMap { printedUnit($0, indent: indent + "    ") }
        position = block.extent.upperBound
      } else {
        lines.append("\(indent)- \(items[position].printed(with: []))")
        position += 1
      }
    }
    return lines
  }

  /// What moves as a whole: an item, the rows of a grid, or a block.
  private func printedUnit(_ unit: Range<Int>, indent: String) -> [String] {
    guard unit.count > 1, !randomBlocks.contains(where: { $0.extent == unit }) else {
      return unit.count > 1
        ? printed(unit, indent: indent)
        : ["\(indent)- \(items[unit.lowerBound].printed(with: []))"]
    }
    let rows = items[unit].dropFirst()
    return ["\(indent)- \(items[unit.lowerBound].printed(with: Array(rows)))"]
  }

  private var printedScales: [String] {
    var seen: Set<String> = []
    let lines = items.compactMap { item -> String? in
      guard let name = item.scaleName, seen.insert(name).inserted else { return nil }
      return "  \(written(name)): { \(item.kind.fields) }"
    }
    return lines.isEmpty ? [] : ["scales:"] + lines
  }
}

extension Item {
  /// The item, with further rows of its grid.
  fileprivate func printed(with rows: [Item]) -> String {
    let texts = ([self] + rows).map { "\($0.id): \(written($0.text))" }
    var fields: [String] =
      if let stem {
        ["grid: \(written(stem))", "rows: { \(texts.joined(separator: ", ")) }"]
      } else { ["id: \(id)", "text: \(written(text))"] }
    fields.append(scaleName.map { "scale: \(written($0))" } ?? kind.fields)
    if let showIf { fields.append("show_if: \(written(showIf.description))") }
    if isReversed { fields.append("reverse: true") }
    if let recode {
      let pairs = recode.sorted { $0.key < $1.key }.map { "\($0.key): \(numeral($0.value))" }
      fields.append("recode: { \(pairs.joined(separator: ", ")) }")
    }
    if requirement != .soft { fields.append("required: \(written(requirement.rawValue))") }
    if isDistress { fields.append("distress: \(concernedFrom.map(numeral) ?? "true")") }
    if isOnce { fields.append("once: true") }
    return "{ \(fields.joined(separator: ", ")) }"
  }
}

extension Item.Kind {
  /// Its type and the fields of its scale, as they stand in a mapping on one line or in several.
  fileprivate var fields: String {
    func mapping(_ labels: [(Int, String)]) -> String {
      "{ " + labels.map { "\($0): \(written($1))" }.joined(separator: ", ") + " }"
    }
    func options(_ options: [ResponseScale.Option]) -> String {
      let labels = options.compactMap { option in option.label.map { (option.value, $0) } }
      guard labels.count < options.count, let first = options.first, let last = options.last else {
        return "options: \(mapping(labels))"
      }
      return "range: [\(first.value), \(last.value)], labels: \(mapping(labels))"
    }
    let body: String
    switch self {
    case .single(let scale): body = "type: single, \(options(scale.options))"
    case .likert(let scale): body = "type: likert, \(options(scale.options))"
    case .rank(let scale): body = "type: rank, \(options(scale.options))"
    case .multiple(let choices):
      body =
        "type: multiple, \(options(choices.options))"
        + (choices.exclusive.map { ", exclusive: \($0)" } ?? "")
    case .slider(let scale):
      let labels = scale.labels.compactMap { label in
        Int(exactly: label.value).map { ($0, label.label) }
      }
      body =
        "type: slider, range: [\(numeral(scale.range.lowerBound)), "
        + "\(numeral(scale.range.upperBound))], step: \(numeral(scale.step)), "
        + "labels: \(mapping(labels))"
    case .number(let range):
      body =
        "type: number" + (range.least.map { ", at_least: \(numeral($0))" } ?? "")
        + (range.most.map { ", at_most: \(numeral($0))" } ?? "")
        + ", whole: \(range.isWhole)" + (range.unit.map { ", unit: \(written($0))" } ?? "")
    case .text(let limit): body = "type: text, longest: \(limit.longest)"
    case .own(let limit): body = "type: own, longest: \(limit.longest)"
    case .date: body = "type: date"
    case .time: body = "type: time"
    case .computed(let expression):
      body =
        "type: computed, expression: \(written(expression.description))"
        + (expression.isAveraging ? ", mixed_ranges: true" : "")
    case .instruction: body = "type: instruction"
    }
    return body
  }
}

extension Score {
  fileprivate var printed: String {
    func list(_ names: [String]) -> String { "[\(names.joined(separator: ", "))]" }
    let shared = "answered: \(least), overlaps: true, mixed_ranges: true"
    let body: String
    switch formula {
    case .mean(let names): body = "mean: \(list(names)), \(shared)"
    case .sum(let names): body = "sum: \(list(names)), \(shared)"
    case .weighted(let pairs):
      let weights = pairs.map { "\($0.value): \($0.weight)" }.joined(separator: ", ")
      body = "weighted: { \(weights) }, \(shared)"
    case .category(let categories):
      let rules = categories.map { category in
        "{ value: \(category.value), label: \(written(category.label))"
          + (category.rule.map { ", when: \(written($0.description))" } ?? "") + " }"
      }
      let isAveraging = categories.contains { $0.rule?.isAveraging ?? false }
      body =
        "category: \(list(rules)), answered: \(max(1, least))"
        + (isAveraging ? ", mixed_ranges: true" : "")
    case .expression(let expression):
      body =
        "expression: \(written(expression.description))"
        + (expression.isAveraging ? ", overlaps: true, mixed_ranges: true" : "")
        + (range.map { ", range: [\(numeral($0.lowerBound)), \(numeral($0.upperBound))]" } ?? "")
    }
    return "  \(name): { \(body) }"
  }
}

extension Expression {
  /// Whether it has a mean or sum within, of which the loader asks whether its ranges differ.
  package var isAveraging: Bool {
    !namesGiven(to: .mean).isEmpty || !namesGiven(to: .sum).isEmpty
  }
}

extension AttentionCheck {
  fileprivate var printed: String { "  - { item: \(item), expect: \(expected.printed) }" }
}

extension WorkedExample {
  fileprivate var printed: [String] {
    let answers = answers.sorted { $0.key < $1.key }.map { "\(written($0)): \($1.printed)" }
    let scores = scores.sorted { $0.key < $1.key }
      .map { "\($0): \($1.map(numeral) ?? "missing")" }
    var lines = ["    answers: { \(answers.joined(separator: ", ")) }"]
    lines.append("    scores: { \(scores.joined(separator: ", ")) }")
    if let title { lines.insert("    title: \(written(title))", at: 0) }
    return zip(lines.indices, lines).map { $0 == 0 ? "  - " + $1.dropFirst(4) : $1 }
  }
}

extension Answer {
  fileprivate var printed: String {
    switch self {
    case .number(let number): numeral(number)
    case .text(let text): written(text)
    }
  }
}

/// A text between double quotes, as YAML and JSON read it.
private func written(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\t": quoted += "\\t"
    case _
    where scalar.properties.generalCategory == .control || scalar.value > 0xFFFF
      || (0x2028...0x2029).contains(scalar.value) || scalar.value == 0xFEFF:
      let digits = String(scalar.value, radix: 16)
      quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}
