/// Numbers options: ours are whole numbers, each once, in increasing order, at least two.
enum OptionNumbers {
  /// The options in our order with our numbers, and what has changed, as (what, why).
  static func assign(_ options: [OptionDraft]) -> ([OptionDraft], [(what: String, why: String)]) {
    var notes: [(what: String, why: String)] = []
    var seen: Set<String> = []
    var kept: [OptionDraft] = []
    for option in options where seen.insert(option.code.trimmed).inserted { kept.append(option) }
    if kept.count < options.count {
      notes.append(("options", "an option's code stands twice; the first counts"))
    }
    var taken: Set<Int> = []
    var waiting: [Int] = []
    let numbers = kept.compactMap(\.number)
    let isNumbered =
      numbers.count == kept.count && Set(numbers).count == kept.count
      && kept.contains { wholeNumber($0.code) == nil }
    for index in kept.indices {
      if isNumbered {
        kept[index].value = numbers[index]
      } else if let value = wholeNumber(kept[index].code), taken.insert(value).inserted {
        kept[index].value = value
      } else {
        waiting.append(index)
      }
    }
    if !waiting.isEmpty {
      var next = max(1, (taken.max() ?? 0) + 1)
      for index in waiting {
        kept[index].value = next
        next += 1
      }
      let pairs = waiting.prefix(8).map { "\(kept[$0].code) is \(kept[$0].value)" }
      let more = waiting.count > 8 ? ", …" : ""
      notes.append(
        ("codes", "codes here are whole numbers: \(pairs.joined(separator: ", "))\(more)"))
    }
    if isNumbered {
      notes.append(
        ("codes", "codes here are whole numbers: the weights of the options stand for them"))
    }
    let sorted = kept.sorted { $0.value < $1.value }
    if sorted != kept {
      notes.append(("order of options", "options here stand in the order of their numbers"))
    }
    var result = sorted.map { option in
      var option = option
      if option.label.isBlank { option.label = LocalText(option.code) }
      return option
    }
    if result.count == 1, let only = result.first {
      result.append(OptionDraft(code: "", value: only.value == 0 ? 1 : 0, label: LocalText("–")))
      result.sort { $0.value < $1.value }
      notes.append(("single option", "a question here leaves a choice: '–' stands for not chosen"))
    }
    return (result, notes)
  }

  /// The whole number that a code is: `1`, `-9`, `01`, `1.0`.
  static func wholeNumber(_ code: String) -> Int? {
    let code = code.trimmed
    guard let number = Double(code), number == number.rounded(), abs(number) < 1e9,
      code.utf8.allSatisfy({ "0123456789.-+".utf8.contains($0) })
    else { return nil }
    return Int(number)
  }

  /// The options' numbers without those that stand for no answer (`99`, "prefer not to say"); nil where
  /// there is none of these, or too little left.
  static func recode(_ options: [OptionDraft]) -> [Int: Double]? {
    guard options.count <= longestScale else { return nil }
    let missing = options.filter(standsForNoAnswer)
    let values = Set(options.map(\.value)).subtracting(missing.map(\.value)).sorted()
    guard !missing.isEmpty, values.count >= 2, let least = values.first, let most = values.last
    else {
      return nil
    }
    // A code beside the others may be a step of the scale: only one that stands apart is meant so.
    guard missing.allSatisfy({ $0.value < min(0, least) || $0.value > most + 1 }) else {
      return nil
    }
    return Dictionary(uniqueKeysWithValues: values.map { ($0, Double($0)) })
  }

  /// Longer lists are of places or things: nobody calculates with their codes.
  private static let longestScale = 1000

  private static let phrases = [
    "prefer not", "refus", "don't know", "don’t know", "do not know", "not applicable", "n/a",
    "missing", "unknown", "no answer", "decline", "keine angabe", "weiß nicht", "weiss nicht",
    "no sabe", "ne sait pas", "weet niet", "not sure", "not asked",
  ]

  private static func standsForNoAnswer(_ option: OptionDraft) -> Bool {
    let label = option.label.base.lowercased()
    return phrases.contains { label.contains($0) }
  }
}
