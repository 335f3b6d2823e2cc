import Definitions
import Expressions

extension InstrumentDraft {
  /// Reads the fields of a file; reports each that is missing, unknown or of the wrong type.
  static func read(_ root: DefinitionNode, problems: inout Problems) -> InstrumentDraft? {
    guard
      var reader = MappingReader(root, describing: "an instrument", problems: &problems)
    else { return nil }
    var draft = InstrumentDraft()
    draft.id = reader.name("id", problems: &problems)
    draft.version = reader.version("version", problems: &problems)
    draft.title = reader.nonEmpty("title", problems: &problems)
    draft.construct = reader.nonEmpty("construct", problems: &problems)
    draft.language = reader.language("language", problems: &problems)
    draft.recall = reader.recall("recall", problems: &problems)
    draft.hasBasis = reader.has("basis")
    if var basis = reader.optionalMapping("basis", describing: "a basis", problems: &problems) {
      draft.basis = Instrument.Basis(reading: &basis, problems: &problems)
    }
    draft.wording = reader.choice("wording", problems: &problems)
    draft.instructions = reader.optionalString("instructions", problems: &problems)
    draft.imported = reader.optionalString("imported", problems: &problems)
    let scales = reader.optionalNode("scales")?.entries(
      expecting: "a mapping from names to scales", problems: &problems)
    draft.scales = (scales ?? []).map { ScaleDraft(reading: $0, problems: &problems) }
    let items = reader.list("items", expecting: "a list of items", problems: &problems)
    let scalesByName = Dictionary(
      draft.scales.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    draft.itemsAreKnown = items != nil
    for node in items ?? [] { draft.add(node, scales: scalesByName, problems: &problems) }
    draft.earlier = EarlierAnswer.readAll(reader.optionalNode("earlier"), problems: &problems)
    let scores = reader.optionalNode("scores")?.entries(
      expecting: "a mapping from names to scores", problems: &problems)
    draft.scores = (scores ?? []).map { ScoreDraft(reading: $0, problems: &problems) }
    for node in reader.optionalList("checks", problems: &problems) ?? [] {
      if let check = CheckDraft(reading: node, problems: &problems) { draft.checks.append(check) }
    }
    for node in reader.optionalList("tests", problems: &problems) ?? [] {
      let example = ExampleDraft(reading: node, problems: &problems)
      if let example { draft.examples.append(example) }
    }
    reader.finish(problems: &problems)
    return draft.isWithinLimits(of: reader, problems: &problems) ? draft : nil
  }

  /// Whether the lists are no longer than the rules can compare in a moment; reports one that is.
  private func isWithinLimits(of reader: MappingReader, problems: inout Problems) -> Bool {
    let lists = [
      ("scales", scales.count, InstrumentLimits.scales),
      ("items", items.count, InstrumentLimits.items),
      ("scores", scores.count, InstrumentLimits.scores),
      ("checks", checks.count, InstrumentLimits.checks),
      ("tests", examples.count, InstrumentLimits.examples),
      ("earlier", earlier.count, InstrumentLimits.earlier),
    ]
    let long = lists.filter { $0.1 > $0.2 }
    for (name, count, limit) in long {
      problems.report(
        at: reader.place(of: name), found: "\(count) \(name)", expected: "at most \(limit)")
    }
    return long.isEmpty
  }
}

/// How long the lists of an instrument may be. The longest inventories in use have some 600 items.
enum InstrumentLimits {
  static let scales = 500
  static let items = 2000
  static let scores = 1000
  static let checks = 200
  static let examples = 500
  static let earlier = 200
}

extension Instrument.Basis {
  fileprivate init?(reading reader: inout MappingReader, problems: inout Problems) {
    let name = reader.nonEmpty("name", problems: &problems)
    let citation = reader.nonEmpty("citation", problems: &problems)
    let doi = reader.optionalString("doi", problems: &problems)
    let terms = reader.optionalString("terms", problems: &problems)
    reader.finish(problems: &problems)
    if let doi, !doi.value.hasPrefix("10.") || !doi.value.contains("/") {
      problems.report(
        at: doi.place, found: "the text \(quoted(doi.value))",
        expected: "an identifier such as 10.1073/pnas.1702996114, without an address")
    }
    guard let name, let citation else { return nil }
    self.init(
      name: name.value, citation: citation.value, doi: doi?.value, terms: terms?.value)
  }
}

extension CheckDraft {
  fileprivate init?(reading node: DefinitionNode, problems: inout Problems) {
    guard var reader = MappingReader(node, describing: "a check", problems: &problems) else {
      return nil
    }
    let item = reader.string("item", problems: &problems)
    let expected = reader.node("expect", problems: &problems)?.answer(problems: &problems)
    reader.finish(problems: &problems)
    guard let item, let expected else { return nil }
    self.init(item: item, expected: expected)
  }
}

extension ExampleDraft {
  fileprivate init?(reading node: DefinitionNode, problems: inout Problems) {
    guard
      var reader = MappingReader(node, describing: "a worked example", problems: &problems)
    else { return nil }
    place = node.place
    title = reader.optionalString("title", problems: &problems)?.value
    let answers = reader.node("answers", problems: &problems)?
      .entries(expecting: "a mapping from items to answers", problems: &problems)
    for entry in answers ?? [] {
      guard let answer = entry.value.answer(problems: &problems) else { continue }
      self.answers.append((entry.key, answer))
    }
    let scores = reader.node("scores", problems: &problems)?
      .entries(expecting: "a mapping from scores to values", problems: &problems)
    for entry in scores ?? [] {
      if case .scalar(let scalar) = entry.value.content, scalar.text == "missing" {
        self.scores.append((entry.key, Located(nil, at: entry.value.place), 0))
      } else if let value = entry.value.number(
        expecting: "a number or missing", problems: &problems)
      {
        self.scores.append((entry.key, Located(value, at: entry.value.place), entry.value.decimals))
      }
    }
    reader.finish(problems: &problems)
    guard answers != nil, scores != nil else { return nil }
  }
}

extension DefinitionNode {
  /// A number without quotes, or a text; reports anything else.
  fileprivate func answer(problems: inout Problems) -> Located<Answer>? {
    if let number = unquotedNumber { return Located(.number(number), at: place) }
    return string(expecting: "a number or a text", problems: &problems)
      .map { Located(.text($0), at: place) }
  }

  /// The number that a scalar without quotes is, if it is one.
  private var unquotedNumber: Double? {
    guard case .scalar(let scalar) = content, scalar.style == .plain else { return nil }
    var ignored = Problems()
    return number(problems: &ignored)
  }

  /// How many digits a number is written with after the point.
  fileprivate var decimals: Int {
    guard case .scalar(let scalar) = content, let point = scalar.text.firstIndex(of: ".") else {
      return 0
    }
    return scalar.text.distance(from: point, to: scalar.text.endIndex) - 1
  }
}
