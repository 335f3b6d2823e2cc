import Collection
import Definitions
import Instruments

extension QuestionFields {
  // MARK: Choices

  func group(_ fields: inout [String: Any], radios options: [ResponseScale.Option], isScale: Bool) {
    fields["isGroup"] = true
    // A row of numbers whose ends alone have words, such as 0 to 10, stays a row on a phone too.
    let isSteps = options.count > 4 && options.dropFirst().dropLast().allSatisfy { $0.label == nil }
    fields["shape"] = isSteps ? "steps" : isScale ? "scale" : ""
    fields["radios"] = options.map { option in
      [
        "inputID": "\(item.id)-\(option.value)", "field": item.id, "number": option.value,
        "isChosen": value == "\(option.value)",
        "label": isSteps ? "\(option.value)" : option.label ?? "\(option.value)",
      ] as [String: Any]
    }
    if isSteps {
      fields["ends"] = ["low": options.first?.label ?? "", "high": options.last?.label ?? ""]
    }
  }

  func boxes(_ fields: inout [String: Any], _ choices: ChoiceSet) {
    fields["isGroup"] = true
    let chosen = Set(value.split { ",[] ".contains($0) }.map(String.init))
    fields["boxes"] = choices.options.map { option in
      [
        "inputID": "\(item.id)-\(option.value)", "field": item.id, "number": option.value,
        "isChosen": chosen.contains("\(option.value)"),
        "isExclusive": option.value == choices.exclusive,
        "label": option.label ?? "\(option.value)",
      ] as [String: Any]
    }
  }

  func ranks(_ fields: inout [String: Any], _ options: [ResponseScale.Option]) {
    fields["isGroup"] = true
    fields["hint"] = texts("expected_rank")
    let order = value.split { ",[] ".contains($0) }.map(String.init)
    fields["ranks"] = options.map { option in
      let place = order.firstIndex(of: "\(option.value)").map { $0 + 1 }
      return [
        "inputID": "\(item.id)-\(option.value)", "field": "\(item.id).\(option.value)",
        "label": option.label ?? "\(option.value)",
        "places": (1...options.count).map {
          ["place": $0, "isPlaced": $0 == place] as [String: Any]
        },
      ] as [String: Any]
    }
  }

  // MARK: Fields to fill in

  func field(_ fields: inout [String: Any]) {
    fields["isField"] = true
    fields["value"] = value
    var input: [String: Any] = ["type": "text", "isSlider": false]
    switch item.kind {
    case .slider(let scale):
      // A number to begin with, so that there is no position before the participant chooses one; the
      // script puts a slider before it.
      input["type"] = "number"
      input["isSlider"] = true
      input["least"] = numeral(scale.range.lowerBound)
      input["most"] = numeral(scale.range.upperBound)
      input["step"] = numeral(scale.step)
      fields["hint"] = texts(
        "number_hint",
        ["least": numeral(scale.range.lowerBound), "most": numeral(scale.range.upperBound)])
      fields["marks"] = ["labels": scale.labels.map { ["label": $0.label] }]
    case .number(let range):
      input["mode"] = range.isWhole && (range.least ?? -1) >= 0 ? "numeric" : "decimal"
      input["unit"] = range.unit
      fields["hint"] = texts.expected(item)
    case .text(let limit), .own(let limit):
      let isLong = limit.longest > 120
      fields["isLong"] = isLong
      fields["longest"] = limit.longest
      if isLong { input = [:] } else { input["longest"] = limit.longest }
    case .date: input["type"] = "date"
    case .time: input["type"] = "time"
    default: break
    }
    if !input.isEmpty { fields["input"] = input }
    let described = [
      fields["hint"].map { _ in "h-\(item.id)" }, fields["problem"].map { _ in "p-\(item.id)" },
    ].compactMap(\.self)
    if !described.isEmpty { fields["describedBy"] = described.joined(separator: " ") }
  }
}

/// Answers as the text of a field.
enum AnswerText {
  static func of(_ answer: Answer) -> String {
    switch answer {
    case .number(let number): numeral(number)
    case .text(let text): text
    }
  }
}
