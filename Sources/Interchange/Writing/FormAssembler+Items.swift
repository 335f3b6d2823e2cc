extension FormAssembler {
  mutating func addItem(_ item: ItemDraft, _ id: String) {
    var text = plain(item.text, of: item.name)
    if text.isBlank {
      if item.kind == .instruction { return }
      text = LocalText(item.name)
      leaveOut("text", of: item.name, because: "it has none; its name stands for it")
    }
    let stem = item.stem.map { plain($0, of: item.name) }
    let showIf = item.condition.flatMap { condition($0, of: item.name) }
    guard showIf != "false" else {
      leaveOut(
        "item", of: item.name, because: "it is never shown: no answers make its condition true")
      return
    }
    placed.insert(id)
    form.items.append(
      AssembledForm.Item(
        id: id, name: item.name, text: text, stem: stem?.isBlank == true ? nil : stem,
        kind: tidy(item.kind, of: item.name), condition: showIf,
        required: item.kind == .instruction ? .soft : item.required,
        recode: recode(item)))
  }

  /// The numbers that scores use, where they differ from the options' own.
  mutating func recode(_ item: ItemDraft) -> [Int: Double]? {
    let options: [OptionDraft]
    switch item.kind {
    case .single(let all), .likert(let all): options = all
    default: return nil
    }
    let keyed = options.filter { item.keys[$0.code] != nil }
    if !keyed.isEmpty {
      let keys = Dictionary(
        keyed.map { ($0.value, item.keys[$0.code] ?? 0) }, uniquingKeysWith: { first, _ in first })
      return keys.allSatisfy({ Double($0.key) == $0.value }) && keys.count == options.count
        ? nil : keys
    }
    guard let recode = OptionNumbers.recode(options) else { return nil }
    let left = options.filter { recode[$0.value] == nil }.map { String($0.value) }
    leaveOut(
      "missing codes", of: item.name,
      because: "\(left.joined(separator: ", ")) can be chosen and counts as no answer in scores")
    return recode
  }

  /// Ranges that our scales can have.
  mutating func tidy(_ kind: ItemDraft.Kind, of name: String) -> ItemDraft.Kind {
    switch kind {
    case .number(let least, let most, let isWhole, let unit):
      var bounds = (least: least, most: most)
      let allowed = -1e12...1e12
      if let least, !allowed.contains(least) { bounds.least = nil }
      if let most, !allowed.contains(most) { bounds.most = nil }
      if bounds.least != least || bounds.most != most {
        leaveOut("range", of: name, because: "its ends are further than a million millions from 0")
      }
      if let least = bounds.least, let most = bounds.most, least >= most {
        leaveOut("range", of: name, because: "its ends are equal or in the wrong order")
        bounds = (nil, nil)
      }
      let unit = unit.map { plain($0, of: name) }
      return .number(
        least: bounds.least, most: bounds.most, isWhole: isWhole,
        unit: unit?.isBlank == true ? nil : unit)
    case .slider(let least, let most, let step, let labels):
      guard least < most, abs(least) < 1e9, abs(most) < 1e9 else {
        leaveOut(
          "range", of: name, because: "its ends are equal or in the wrong order: it is 0 to 100")
        return .slider(least: 0, most: 100, step: 1, labels: [])
      }
      let steps = (most - least) / step
      let isEven = step > 0 && steps >= 1 && abs(steps - steps.rounded()) < 1e-6 && steps < 1e6
      if !isEven { leaveOut("step", of: name, because: "it does not divide the range") }
      var seen: Set<Int> = []
      let kept = labels.filter {
        (least...most).contains(Double($0.value)) && !$0.label.isBlank
          && seen.insert($0.value).inserted
      }
      if kept.count < labels.filter({ !$0.label.isBlank }).count {
        leaveOut(
          "labels", of: name, because: "a label stands beside the range, or two at one place")
      }
      return .slider(
        least: least, most: most,
        step: isEven ? step : most - least >= 1 ? wholeStep(least, most) : most - least,
        labels: kept.map { label in
          var label = label
          label.label = plain(label.label, of: name)
          return label
        }.filter { !$0.label.isBlank })
    case .text(let longest?) where !(1...100_000).contains(longest):
      leaveOut("length", of: name, because: "texts here have 1 to 100000 characters")
      return .text(longest: min(max(longest, 1), 100_000))
    default: return kind
    }
  }

  func wholeStep(_ least: Double, _ most: Double) -> Double {
    (most - least).rounded() == most - least ? 1 : most - least
  }
}
