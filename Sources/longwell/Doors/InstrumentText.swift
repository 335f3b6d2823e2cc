import Definitions
import Expressions
import Instruments

/// An instrument for people to read in a terminal.
enum InstrumentText {
  /// Its lines: what it is, what is asked, what is computed.
  ///
  /// - Parameter width: of the terminal, in characters.
  static func lines(_ instrument: Instrument, width: Int = 80) -> [String] {
    var lines = ["\(instrument.id) \(instrument.version)  \(TerminalText.safe(instrument.title))"]
    lines += facts(instrument).flatMap { TerminalText.wrapped($0, width: width) }
    if let instructions = instrument.instructions {
      lines += [""] + TerminalText.wrapped(instructions, width: width)
    }
    var scale: Item.Kind?
    var stem: String?
    for (number, item) in instrument.items.enumerated() {
      if let above = item.stem, above != stem {
        lines += [""] + TerminalText.wrapped(above, width: width)
      }
      stem = item.stem
      lines += ["", "\(number + 1). " + TerminalText.safe(item.text) + notes(item)]
      // A scale that goes on from the item before is not repeated.
      if item.kind != scale { lines += item.legend(width: width) }
      scale = item.kind
    }
    if !instrument.scores.isEmpty { lines += ["", "Scores"] }
    for score in instrument.scores {
      lines += TerminalText.wrapped("  \(score.name): \(score.words)", width: width)
    }
    return lines
  }

  private static func facts(_ instrument: Instrument) -> [String] {
    var facts = [
      "measures \(instrument.construct); asks about \(instrument.recall.words); "
        + "wording \(instrument.wording.rawValue), language \(instrument.language)"
    ]
    if let basis = instrument.basis {
      facts.append(
        "follows the structure of \(basis.name): \(basis.citation)"
          + (basis.doi.map { ", doi \($0)" } ?? "") + "; terms: \(instrument.termsOfUse)")
    }
    if let overlay = instrument.overlay {
      facts.append(
        "words by \(overlay.author) (\(overlay.community) \(overlay.version), \(overlay.date), "
          + "\(overlay.licence)): \(overlay.method); \(overlay.reviewText)")
    }
    for block in instrument.randomBlocks {
      let units = block.units.map { unit in
        instrument.items[unit].map(\.id).joined(separator: " ")
      }
      facts.append("asked in random order: \(units.joined(separator: ", "))")
    }
    if !instrument.earlier.isEmpty {
      let names = instrument.earlier.map(\.name).joined(separator: ", ")
      facts.append("uses earlier answers: \(names)")
    }
    let checks = instrument.checks.map { "\($0.item) is answered by \($0.expected.words)" }
    if !checks.isEmpty {
      facts.append("attention checks: \(checks.joined(separator: ", "))")
    }
    if instrument.wording == .adapted {
      facts.append("published norms and cut-offs do not apply to this wording")
    }
    return facts
  }

  private static func notes(_ item: Item) -> String {
    var notes: [String] = [item.id]
    if item.isReversed { notes.append("reversed") }
    if let recode = item.recode {
      let pairs = recode.sorted { $0.key < $1.key }.map { "\($0.key) as \(numeral($0.value))" }
      notes.append("scored \(pairs.joined(separator: ", "))")
    }
    if item.requirement == .hard { notes.append("must be answered") }
    if let condition = item.showIf { notes.append("if \(condition)") }
    if item.isOnce { notes.append("asked once") }
    if let number = item.concernedFrom { notes.append("of concern from \(numeral(number))") }
    return "  [\(TerminalText.safe(notes.joined(separator: ", ")))]"
  }
}

extension Answer {
  /// The answer as files have it.
  fileprivate var words: String {
    switch self {
    case .number(let number): numeral(number)
    case .text(let text): quoted(text)
    }
  }
}

extension Item {
  /// What it takes, with the unit of a number.
  private var expectedInUnit: String {
    guard case .number(let range) = kind, let unit = range.unit else { return expectedAnswer }
    return "\(expectedAnswer) (\(TerminalText.cell(unit, width: 30)))"
  }

  /// What can be answered, line by line.
  fileprivate func legend(width: Int) -> [String] {
    func line(_ value: String, _ label: String?) -> String {
      "     \(value)  \(TerminalText.cell(label ?? "", width: max(width - 12, 20)))"
    }
    switch kind {
    case .single(let scale), .likert(let scale):
      // Numbers without a label between two ends are not worth a line each.
      let bare = scale.options.filter { $0.label == nil }.count
      let shown = bare > 2 ? scale.options.filter { $0.label != nil } : scale.options
      let head =
        bare > 2
        ? ["     \(numeral(scale.range.lowerBound)) to \(numeral(scale.range.upperBound))"] : []
      return head + shown.map { line(String($0.value), $0.label) }
    case .slider(let scale):
      let ends = "\(numeral(scale.range.lowerBound)) to \(numeral(scale.range.upperBound))"
      let steps = scale.step == 1 ? "" : ", in steps of \(numeral(scale.step))"
      return ["     a line from \(ends)\(steps)"]
        + scale.labels.map { line(numeral($0.value), $0.label) }
    case .number: return ["     \(expectedInUnit)"]
    case .multiple(let choices):
      return ["     one or more of"]
        + choices.options.map { option in
          line(String(option.value), option.label)
            + (option.value == choices.exclusive ? " (alone)" : "")
        }
    case .rank(let scale):
      return ["     in order, from first to last"]
        + scale.options.map { line(String($0.value), $0.label) }
    case .text(let limit), .own(let limit):
      return ["     a text of at most \(limit.longest) characters"]
    case .date: return ["     a date"]
    case .time: return ["     a time of day"]
    case .computed(let expression): return ["     computed: \(expression)"]
    case .instruction: return []
    }
  }
}

extension Score {
  /// How it is computed, as in files.
  var formulaText: String {
    switch formula {
    case .mean(let names): "mean(\(names.joined(separator: ", ")))"
    case .sum(let names): "sum(\(names.joined(separator: ", ")))"
    case .weighted(let pairs):
      "weighted mean of " + pairs.map { "\($0.value) by \($0.weight)" }.joined(separator: ", ")
    case .category(let categories):
      categories.map { category in
        "\(category.value) \(category.label)"
          + (category.rule.map { " if \($0)" } ?? " otherwise")
      }.joined(separator: "; ")
    case .expression(let expression): expression.description
    }
  }

  /// How it is computed, what it needs and where it lies, in words.
  var words: String {
    var words = formulaText
    if least > 0, !isCategory { words += ", needs \(least) of \(counted)" }
    if let range {
      let ends = [range.lowerBound, range.upperBound].map(numeral)
      words += ", from \(ends[0]) to \(ends[1])"
    }
    return words
  }
}

extension Instrument.Recall {
  /// The window in words.
  var words: String {
    switch self {
    case .now: "this moment"
    case .today: "today"
    case .general: "life in general"
    case .days(let count): "the past \(count) days"
    }
  }
}

extension Overlay.Provenance {
  /// Whether somebody reviewed it, in words.
  var reviewText: String { review.map { "reviewed by \($0.by), \($0.date)" } ?? "not reviewed" }
}
