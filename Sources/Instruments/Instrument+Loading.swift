package import Definitions
internal import Expressions

extension Instrument {
  /// Reads an instrument file; reports everything that is wrong with it, at its place.
  ///
  /// Warnings (an unused scale, an imported score without an example) do not keep it from loading.
  ///
  /// - Parameters:
  ///   - bytes: the file's bytes; any at all.
  ///   - file: the path that problems name. If it ends in `.yaml`, the id must be its name.
  /// - Returns: the instrument, or nil if an error was reported.
  package static func load(
    _ bytes: [UInt8], file: String, problems: inout Problems
  ) -> Instrument? {
    var local = Problems()
    defer { problems.append(local) }
    guard let root = DefinitionNode.parse(bytes, file: file, problems: &local),
      let draft = InstrumentDraft.read(root, problems: &local)
    else { return nil }
    for rule in InstrumentDraft.rules { rule.check(draft, problems: &local) }
    guard !local.hasErrors, let instrument = Instrument(draft, source: bytes) else { return nil }
    instrument.runExamples(of: draft, problems: &local)
    return local.hasErrors ? nil : instrument
  }

  /// An instrument from a draft that keeps every rule; nil if it does not.
  private init?(_ draft: InstrumentDraft, source: [UInt8]) {
    guard let id = draft.id, let version = draft.version, let title = draft.title,
      let construct = draft.construct, let language = draft.language, let recall = draft.recall,
      let wording = draft.wording
    else { return nil }
    self.id = id.value
    self.version = version.value
    self.title = title.value
    self.construct = construct.value
    self.language = language.value
    self.recall = recall.value
    basis = draft.basis
    self.wording = wording.value
    instructions = draft.instructions?.value
    overlay = nil
    items = draft.items.compactMap(\.item)
    randomBlocks = draft.randomBlocks
    earlier = draft.earlier.map(\.value)
    computedCutoffs = draft.computedCutoffs
    scores = draft.builtScores
    checks = draft.checks.map {
      AttentionCheck(item: $0.item.value, expected: $0.expected.value)
    }
    tests = draft.examples.map(\.built)
    scoringOrder = draft.scoringOrder
    self.source = source
    itemIndices = Dictionary(
      items.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    contentHash =
      CanonicalForm(
        id: self.id, title: self.title, language: self.language, instructions: instructions,
        items: items, randomBlocks: randomBlocks, earlier: earlier, scores: scores, checks: checks
      ).hash
    guard items.count == draft.items.count, scores.count == draft.scores.count,
      scoringOrder.count == scores.count
    else { return nil }
  }

  /// An instrument in other words; everything but the words is that of the original.
  init(_ original: Instrument, wordedBy overlay: Overlay, items: [Item]) {
    id = original.id
    version = original.version
    title = overlay.title
    construct = original.construct
    language = overlay.language
    recall = original.recall
    basis = original.basis
    wording = original.wording == .original ? .original : .adapted
    instructions = overlay.instructions
    self.overlay = overlay.provenance
    self.items = items
    randomBlocks = original.randomBlocks
    earlier = original.earlier
    scores = original.scores
    checks = original.checks
    tests = original.tests
    scoringOrder = original.scoringOrder
    source = original.source
    itemIndices = original.itemIndices
    computedCutoffs = original.computedCutoffs
    contentHash =
      CanonicalForm(
        id: id, title: title, language: language, instructions: instructions, items: items,
        randomBlocks: randomBlocks, earlier: earlier, scores: scores, checks: checks
      ).hash
  }

  /// Reports every score of a worked example that does not come out.
  private func runExamples(of draft: InstrumentDraft, problems: inout Problems) {
    for example in draft.examples {
      let values = Dictionary(
        scores(of: example.built.answers, cutoffs: .exploratory).map { ($0.name, $0) },
        uniquingKeysWith: { first, _ in first })
      for (name, expected, decimals) in example.scores {
        let actual = values[name.value]?.value
        guard !agree(expected.value, actual, decimals: decimals) else { continue }
        problems.report(
          at: expected.place,
          found: "\(expected.value.map(numeral) ?? "missing") for \(quoted(name.value))",
          expected: "\(actual.map(shortened) ?? "missing"), which the answers give")
      }
    }
  }

  /// A number as an example can state it: to four decimals, which are compared as they are written.
  private func shortened(_ number: Double) -> String {
    abs(number) < 1e9 ? numeral((number * 1e4).rounded() / 1e4) : numeral(number)
  }

  /// Whether a score is the one that was written: exactly if it is written with two decimals or fewer,
  /// as 4.25 is, and to the decimals written if they are more, as 2.0833 is.
  private func agree(_ written: Double?, _ actual: Double?, decimals: Int) -> Bool {
    guard let written, let actual else { return written == nil && actual == nil }
    var tolerance = 0.5
    for _ in 0..<min(decimals, 12) { tolerance /= 10 }
    if decimals < 3 { tolerance = 1e-9 }
    return abs(written - actual) <= tolerance + 1e-9
  }
}

extension InstrumentDraft {
  /// The scores of a draft that keeps every rule.
  fileprivate var builtScores: [Score] {
    let ranges = operandRanges
    let cutoffs = cutoffs
    var items: [String: Set<String>] = [:]
    for item in self.items {
      // What is computed rests on the items it is computed from.
      var own: Set<String> = [item.id.value]
      if case .computed(let expression) = item.kind {
        own = expression.names.reduce(into: []) { $0.formUnion(items[$1] ?? []) }
      }
      for name in item.item?.names.keys.map(\.self) ?? [] { items[name] = own }
      items[item.id.value] = own
    }
    for index in scoringOrder {
      let score = scores[index]
      items[score.name.value] = score.references
        .reduce(into: []) { $0.formUnion(items[$1.value] ?? []) }
    }
    return scores.compactMap { score in
      let formula: Score.Formula
      switch score.formula {
      case .mean(let names): formula = .mean(names.map(\.value))
      case .sum(let names): formula = .sum(names.map(\.value))
      case .weighted(let pairs):
        formula = .weighted(
          pairs.map { Score.Weighting(value: $0.value.value, weight: $0.weight.value) })
      case .category(let categories):
        formula = .category(
          categories.map {
            Score.Category(
              value: $0.value.value, label: $0.label.value, rule: $0.rule?.expression)
          })
      case .expression(let located): formula = .expression(located.expression)
      case nil: return nil
      }
      let rests = self.items.map(\.id.value)
        .filter { items[score.name.value]?.contains($0) ?? false }
      return Score(
        name: score.name.value, formula: formula,
        least: score.isCategory ? score.answered?.value ?? rests.count : score.least,
        range: ranges[score.name.value], items: rests,
        isCutoff: cutoffs.contains(score.name.value))
    }
  }
}

extension ExampleDraft {
  fileprivate var built: WorkedExample {
    WorkedExample(
      title: title,
      answers: Dictionary(
        answers.map { ($0.item.value, $0.answer.value) }, uniquingKeysWith: { first, _ in first }),
      scores: Dictionary(
        scores.map { ($0.name.value, $0.value.value) }, uniquingKeysWith: { first, _ in first }))
  }
}
