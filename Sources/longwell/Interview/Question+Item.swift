import Instruments

extension Question {
  /// The question that an item asks, with earlier answers in its text.
  init(_ item: Item, of instrument: Instrument, answers: [String: Answer]) {
    let stem = instrument.stem(of: item, answers: answers).map { "\($0)\n\n" } ?? ""
    self.init(
      item: item.id, text: stem + instrument.text(of: item, answers: answers), kind: Kind(item),
      isRequired: item.requirement == .hard)
  }
}

extension Question.Kind {
  fileprivate init(_ item: Item) {
    switch item.kind {
    case .single(let scale), .likert(let scale):
      self = .choice(scale.options.map { Question.Option(number: $0.value, label: $0.label ?? "") })
    case .slider(let scale):
      self = .number(
        Question.NumberForm(
          least: scale.range.lowerBound, most: scale.range.upperBound,
          isWhole: scale.step == 1 && scale.range.lowerBound == scale.range.lowerBound.rounded(),
          labels: scale.labels.map { ($0.value, $0.label) }))
    case .number(let range):
      self = .number(
        Question.NumberForm(
          least: range.least, most: range.most, isWhole: range.isWhole, unit: range.unit))
    case .multiple(let choices):
      self = .several(
        choices.options.map { Question.Option(number: $0.value, label: $0.label ?? "") }, item)
    case .rank(let scale):
      self = .several(
        scale.options.map { Question.Option(number: $0.value, label: $0.label ?? "") }, item)
    case .date, .time: self = .form(item)
    case .text(let limit), .own(let limit): self = .text(longest: limit.longest)
    case .computed, .instruction: self = .notice
    }
  }
}
