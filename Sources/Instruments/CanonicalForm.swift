internal import Crypto
internal import Expressions

/// What a participant can see and what scoring uses, in a form in which nothing else makes a difference.
///
/// Each line is `name=length:value`, the length in UTF-8 bytes, so that no text can pretend to be two
/// fields. Comments, formatting, the order of fields, shared against inline scales, citations, versions
/// and worked examples are not in it: two files that ask and score the same have one hash.
struct CanonicalForm {
  /// Whether words are part of it; without them it tells only whether scores are computed alike.
  let includesWords: Bool
  private(set) var text = "longwell-instrument=1\n"

  /// A form in which nothing is said yet.
  init(includesWords: Bool = true) { self.includesWords = includesWords }

  /// Adds a field; nil is told apart from an empty text.
  mutating func add(_ name: String, _ value: String?) {
    text += value.map { "\(name)=\($0.utf8.count):\($0)\n" } ?? "\(name)\n"
  }

  /// Adds something that participants read and scoring does not use.
  mutating func addWords(_ name: String, _ value: String?) {
    if includesWords { add(name, value) }
  }

  /// The hexadecimal SHA-256 of the form.
  var hash: String { hexadecimalHash(of: Array(text.utf8)) }
}

/// The SHA-256 of bytes in hexadecimal digits.
func hexadecimalHash(of bytes: [UInt8]) -> String {
  SHA256.hash(data: bytes).map { byte in
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0\(digits)" : digits
  }.joined()
}

extension CanonicalForm {
  /// The form of an instrument.
  init(
    id: String, title: String, language: String, instructions: String?, items: [Item],
    randomBlocks: [RandomBlock], earlier: [EarlierAnswer], scores: [Score],
    checks: [AttentionCheck]
  ) {
    self.init()
    add("id", id)
    add("title", title)
    add("language", language)
    add("instructions", instructions)
    for item in items { add(item) }
    for block in randomBlocks {
      add("random", block.units.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " "))
    }
    for answer in earlier { add("earlier", "\(answer.name) \(answer.type)") }
    for score in scores.sorted(by: { $0.name < $1.name }) { add(score) }
    for check in checks { add(check) }
  }

  mutating func add(_ item: Item) {
    add("item", item.id)
    addWords("text", item.text)
    if let stem = item.stem { addWords("stem", stem) }
    add(item.kind)
    add("reversed", "\(item.isReversed)")
    for (option, number) in (item.recode ?? [:]).sorted(by: { $0.key < $1.key }) {
      add("recode", "\(option) \(number)")
    }
    addWords("required", item.requirement.rawValue)
    add("show_if", item.showIf?.description)
    if item.isOnce { add("once", "true") }
    if let number = item.concernedFrom { addWords("concerned_from", "\(number)") }
  }

  mutating func add(_ kind: Item.Kind) {
    switch kind {
    case .single(let scale), .likert(let scale):
      if case .single = kind { add("kind", "single") } else { add("kind", "likert") }
      add(scale.options)
    case .multiple(let choices):
      add("kind", "multiple")
      add(choices.options)
      add("exclusive", choices.exclusive.map { "\($0)" })
    case .rank(let scale):
      add("kind", "rank")
      add(scale.options)
    case .slider(let scale):
      add("kind", "slider")
      add("range", "\(scale.range)")
      add("step", "\(scale.step)")
      for label in scale.labels {
        addWords("value", "\(label.value)")
        addWords("label", label.label)
      }
    case .number(let range):
      add("kind", "number")
      add("least", range.least.map { "\($0)" })
      add("most", range.most.map { "\($0)" })
      add("whole", "\(range.isWhole)")
      addWords("unit", range.unit)
    case .text(let limit), .own(let limit):
      if case .own = kind { add("kind", "own") } else { add("kind", "text") }
      add("longest", "\(limit.longest)")
    case .date: add("kind", "date")
    case .time: add("kind", "time")
    case .computed(let expression):
      add("kind", "computed")
      add("expression", expression.description)
    case .instruction:
      add("kind", "instruction")
    }
  }

  mutating func add(_ options: [ResponseScale.Option]) {
    for option in options {
      add("value", "\(option.value)")
      addWords("label", option.label)
    }
  }

  mutating func add(_ score: Score) {
    add("score", score.name)
    switch score.formula {
    case .mean(let names):
      add("mean", names.joined(separator: " "))
      add("least", "\(score.least)")
    case .sum(let names):
      add("sum", names.joined(separator: " "))
      add("least", "\(score.least)")
    case .weighted(let pairs):
      for pair in pairs { add("weighted", "\(pair.value) \(pair.weight)") }
      add("least", "\(score.least)")
    case .category(let categories):
      for category in categories {
        add("category", "\(category.value)")
        addWords("label", category.label)
        add("when", category.rule?.description)
      }
      add("least", "\(score.least)")
    case .expression(let expression):
      add("expression", expression.description)
      add("range", score.range.map { "\($0)" })
    }
  }

  mutating func add(_ check: AttentionCheck) {
    add("check", check.item)
    switch check.expected {
    case .number(let number): add("expect", "\(number)")
    case .text(let text): add("expect", text)
    }
  }
}
