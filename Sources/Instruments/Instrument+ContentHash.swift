internal import Crypto
internal import Expressions

/// What a participant can see and what scoring uses, in a form in which nothing else makes a difference.
///
/// Each line is `name=length:value`, the length in UTF-8 bytes, so that no text can pretend to be two
/// fields. Comments, formatting, the order of fields, shared against inline scales, citations, versions
/// and worked examples are not in it: two files that ask and score the same have one hash.
struct CanonicalForm {
  private(set) var text = "longwell-instrument=1\n"

  /// Adds a field; nil is told apart from an empty text.
  mutating func add(_ name: String, _ value: String?) {
    text += value.map { "\(name)=\($0.utf8.count):\($0)\n" } ?? "\(name)\n"
  }

  /// The hexadecimal SHA-256 of the form.
  var hash: String {
    SHA256.hash(data: Array(text.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0\(digits)" : digits
    }.joined()
  }
}

extension CanonicalForm {
  /// The form of an instrument.
  init(
    id: String, title: String, language: String, instructions: String?, items: [Item],
    scores: [Score], checks: [AttentionCheck]
  ) {
    add("id", id)
    add("title", title)
    add("language", language)
    add("instructions", instructions)
    for item in items { add(item) }
    for score in scores.sorted(by: { $0.name < $1.name }) { add(score) }
    for check in checks { add(check) }
  }

  mutating func add(_ item: Item) {
    add("item", item.id)
    add("text", item.text)
    if let stem = item.stem { add("stem", stem) }
    add(item.kind)
    add("reversed", "\(item.isReversed)")
    for (option, number) in (item.recode ?? [:]).sorted(by: { $0.key < $1.key }) {
      add("recode", "\(option) \(number)")
    }
    add("required", item.requirement.rawValue)
    add("show_if", item.showIf?.description)
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
        add("value", "\(label.value)")
        add("label", label.label)
      }
    case .number(let range):
      add("kind", "number")
      add("least", range.least.map { "\($0)" })
      add("most", range.most.map { "\($0)" })
      add("whole", "\(range.isWhole)")
      add("unit", range.unit)
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
      add("label", option.label)
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
        add("label", category.label)
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
