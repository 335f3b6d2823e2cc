import Definitions

/// The kinds of items by their names in files.
enum KindName: String, CaseIterable {
  case single, likert, slider, number, multiple, rank, text, own, date, time, computed, instruction
}

extension ScaleDraft {
  /// Reads a named scale; reports what is wrong with it.
  init(reading entry: DefinitionNode.Entry, problems: inout Problems) {
    name = entry.key
    guard
      var reader = MappingReader(entry.value, describing: "a scale", problems: &problems)
    else { return }
    let type = reader.choice("type", of: KindName.self, problems: &problems)
    if let type, [.instruction, .computed].contains(type.value) {
      problems.report(
        at: type.place, found: "a scale of the type \(type.value.rawValue)",
        expected: "a type that takes answers")
    } else if let type {
      kind = reader.kind(type.value, problems: &problems)
    }
    // Without a type every field would seem unknown.
    if type != nil { reader.finish(problems: &problems) }
  }
}

extension MappingReader {
  /// The response scale of a kind, from the fields of a scale or of an item; reports what is wrong.
  mutating func kind(_ name: KindName, problems: inout Problems) -> Item.Kind? {
    switch name {
    case .single: options(problems: &problems).map(Item.Kind.single)
    case .likert:
      has("range")
        ? numberedOptions(problems: &problems).map(Item.Kind.likert)
        : options(problems: &problems).map(Item.Kind.likert)
    case .slider: slider(problems: &problems).map(Item.Kind.slider)
    case .number: numberRange(problems: &problems).map(Item.Kind.number)
    case .multiple: choices(problems: &problems).map(Item.Kind.multiple)
    case .rank: options(problems: &problems).map(Item.Kind.rank)
    case .text: textLimit(usual: TextLimit.usual, problems: &problems).map(Item.Kind.text)
    case .own: textLimit(usual: TextLimit.usualOwn, problems: &problems).map(Item.Kind.own)
    case .date: .date
    case .time: .time
    case .instruction: .instruction
    // Its expression is read with the item, which keeps the place.
    case .computed: nil
    }
  }

  private mutating func textLimit(usual: Int, problems: inout Problems) -> TextLimit? {
    guard has("longest") else { return TextLimit(longest: usual) }
    return optionalInteger("longest", in: 1...100_000, problems: &problems)
      .map { TextLimit(longest: $0.value) }
  }

  /// `options: { 1: Sleep, 9: Nothing }` with `exclusive: 9`
  private mutating func choices(problems: inout Problems) -> ChoiceSet? {
    let scale = options(problems: &problems)
    let exclusive = optionalInteger("exclusive", problems: &problems)
    guard let scale else { return nil }
    if let exclusive, !scale.options.contains(where: { $0.value == exclusive.value }) {
      problems.report(
        at: exclusive.place, found: "the exclusive option \(exclusive.value)",
        expected:
          "one of the numbers \(scale.options.map { "\($0.value)" }.joined(separator: ", "))")
      return nil
    }
    return ChoiceSet(options: scale.options, exclusive: exclusive?.value)
  }

  /// `options: { 1: Not at all, 2: … }`
  private mutating func options(problems: inout Problems) -> ResponseScale? {
    guard let node = node("options", problems: &problems) else { return nil }
    let entries = node.integerEntries(
      expecting: "a mapping from numbers to labels", problems: &problems)
    guard let entries else { return nil }
    var options: [ResponseScale.Option] = []
    for entry in entries {
      let label = entry.value.string(expecting: "a label", problems: &problems)
      guard let label else { continue }
      options.append(ResponseScale.Option(value: entry.key.value, label: label))
    }
    guard entries.count >= 2 else {
      problems.report(
        at: node.place, found: "options that leave no choice (\(entries.count))",
        expected: "at least two")
      return nil
    }
    guard options.count == entries.count, options.isIncreasing else { return nil }
    return ResponseScale(options: options)
  }

  /// `range: [0, 10]` with `labels: { 0: Not at all, 10: Completely }`
  private mutating func numberedOptions(problems: inout Problems) -> ResponseScale? {
    let range = node("range", problems: &problems)?.range(problems: &problems)
    let labels = labels(within: range, problems: &problems)
    guard let range, let labels else { return nil }
    let place = place(of: "range")
    guard range.lowerBound == range.lowerBound.rounded(),
      range.upperBound == range.upperBound.rounded(),
      range.upperBound - range.lowerBound <= ResponseScale.mostOptions
    else {
      problems.report(
        at: place,
        found: "options from \(numeral(range.lowerBound)) to \(numeral(range.upperBound))",
        expected: "whole numbers, at most \(numeral(ResponseScale.mostOptions)) apart",
        suggestion: "type: slider")
      return nil
    }
    return ResponseScale(
      options: (Int(range.lowerBound)...Int(range.upperBound)).map { value in
        ResponseScale.Option(
          value: value, label: labels.first { $0.value == Double(value) }?.label)
      })
  }

  private mutating func slider(problems: inout Problems) -> SliderScale? {
    let range = node("range", problems: &problems)?.range(problems: &problems)
    let step = optionalNumber("step", problems: &problems)
    let labels = labels(within: range, problems: &problems)
    guard let range, let labels, step != nil || !has("step") else { return nil }
    let length = range.upperBound - range.lowerBound
    let size = step?.value ?? 1
    let steps = length / size
    guard size > 0, steps >= 1, abs(steps - steps.rounded()) < 1e-6 else {
      problems.report(
        at: step?.place ?? place(of: "range"), found: "steps of \(numeral(size))",
        expected: "steps that divide the \(numeral(length)) between the ends")
      return nil
    }
    return SliderScale(range: range, step: size, labels: labels)
  }

  private mutating func labels(
    within range: ClosedRange<Double>?, problems: inout Problems
  ) -> [SliderScale.Label]? {
    guard let node = optionalNode("labels") else { return [] }
    let entries = node.integerEntries(
      expecting: "a mapping from numbers to labels", problems: &problems)
    guard let entries else { return nil }
    var labels: [SliderScale.Label] = []
    for entry in entries {
      let label = entry.value.string(expecting: "a label", problems: &problems)
      guard let range, let label else { continue }
      let value = Double(entry.key.value)
      guard range.contains(value) else {
        problems.report(
          at: entry.key.place, found: "a label at \(entry.key.value)",
          expected: "a number from \(numeral(range.lowerBound)) to \(numeral(range.upperBound))")
        continue
      }
      labels.append(SliderScale.Label(value: value, label: label))
    }
    return labels.count == entries.count ? labels : nil
  }

  private mutating func numberRange(problems: inout Problems) -> NumberRange? {
    let bounds = -1e12...1e12
    let range = optionalNode("range").map { $0.range(problems: &problems) }
    let least = optionalNumber("at_least", in: bounds, problems: &problems)
    let most = optionalNumber("at_most", in: bounds, problems: &problems)
    let whole = optionalBool("whole", problems: &problems)
    let unit = optionalString("unit", problems: &problems)
    if range != nil, let extra = least ?? most {
      problems.report(
        at: extra.place, found: "a range and one of its ends again",
        expected: "either range, or at_least and at_most")
      return nil
    }
    if let least, let most, least.value >= most.value {
      problems.report(
        at: most.place,
        found: "a range from \(numeral(least.value)) to \(numeral(most.value))",
        expected: "an end above \(numeral(least.value))")
      return nil
    }
    if case .some(.none) = range { return nil }
    return NumberRange(
      least: range??.lowerBound ?? least?.value, most: range??.upperBound ?? most?.value,
      isWhole: whole?.value ?? false, unit: unit?.value)
  }
}

extension ResponseScale {
  /// The longest numbered scale: 0 to 100. More is a slider.
  fileprivate static let mostOptions = 100.0
}

extension TextLimit {
  /// A page of handwriting; wrong for diaries, which say `longest` themselves.
  static let usual = 2000
  /// A goal or a domain is a line, so that it can be shown again within a sentence.
  static let usualOwn = 200
}

extension [ResponseScale.Option] {
  /// Whether the numbers increase.
  fileprivate var isIncreasing: Bool {
    zip(self, dropFirst()).allSatisfy { $0.value < $1.value }
  }
}
