internal import Expressions
internal import Foundation
internal import Instruments

/// Writes an instrument as a FHIR R4 Questionnaire.
struct QuestionnaireWriter {
  /// The link id of an instrument's instructions, so that they come back as such.
  static let instructions = "instructions"
  private static let base = "http://hl7.org/fhir/StructureDefinition/"

  private let instrument: Instrument
  private var notCarried: [NotCarried] = []

  /// The Questionnaire of an instrument.
  static func write(_ instrument: Instrument) -> ExportOutcome {
    var writer = QuestionnaireWriter(instrument: instrument)
    let questionnaire = writer.questionnaire()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // A value of texts, finite numbers and truths can always be written.
    let data = (try? encoder.encode(questionnaire)) ?? Data()
    return ExportOutcome(bytes: Array(data) + [UInt8(ascii: "\n")], notCarried: writer.notCarried)
  }

  private init(instrument: Instrument) { self.instrument = instrument }

  private mutating func leaveOut(_ what: String, of item: String, because why: String) {
    notCarried.append(NotCarried(item: item, what: what, why: why))
  }

  private mutating func questionnaire() -> JSONValue {
    var fields: [String: JSONValue] = [
      "resourceType": .text("Questionnaire"), "id": .text(instrument.id),
      "version": .text(instrument.version), "title": .text(instrument.title),
      "language": .text(instrument.language), "status": .text("active"),
      "subjectType": .list([.text("Patient")]),
    ]
    if let basis = instrument.basis, let terms = basis.terms {
      fields["copyright"] = .text("\(basis.name): \(basis.citation). \(terms)")
    }
    fields["item"] = .list(items())
    for score in instrument.scores {
      leaveOut("score", of: score.name, because: "a Questionnaire holds no scoring keys")
    }
    if !instrument.checks.isEmpty {
      leaveOut(
        "attention checks", of: instrument.id, because: "a Questionnaire has no expected answers")
    }
    return .object(fields)
  }

  private mutating func items() -> [JSONValue] {
    var items: [JSONValue] = []
    if let text = instrument.instructions, instrument.item(Self.instructions) == nil {
      items.append(
        .object([
          "linkId": .text(Self.instructions), "type": .text("display"), "text": .text(text),
        ]))
    }
    var rest = instrument.items[...]
    while let first = rest.first {
      guard let stem = first.stem else {
        items += item(first).map { [$0] } ?? []
        rest = rest.dropFirst()
        continue
      }
      let rows = rest.prefix { $0.stem == stem }
      rest = rest.dropFirst(rows.count)
      items.append(
        .object([
          "linkId": .text("\(first.id)_grid"), "type": .text("group"), "text": .text(stem),
          "extension": .list([Self.control("gtable")]),
          "item": .list(rows.compactMap { item($0) }),
        ]))
    }
    return items
  }

  private static func control(_ code: String) -> JSONValue {
    .object([
      "url": .text(base + "questionnaire-itemControl"),
      "valueCodeableConcept": .object([
        "coding": .list([
          .object([
            "system": .text("http://hl7.org/fhir/questionnaire-item-control"), "code": .text(code),
          ])
        ])
      ]),
    ])
  }

  private mutating func item(_ item: Item) -> JSONValue? {
    var fields: [String: JSONValue] = ["linkId": .text(item.id), "text": .text(item.text)]
    guard addKind(of: item, to: &fields) else { return nil }
    if item.requirement == .hard { fields["required"] = .truth(true) }
    if item.isDistress {
      leaveOut("distress", of: item.id, because: "a Questionnaire has no safety plan")
    }
    if item.text.contains("{{") {
      leaveOut(
        "earlier answer in a text", of: item.id, because: "a Questionnaire's texts are fixed")
    }
    if let condition = item.showIf {
      do throws(Untranslatable) {
        let when = try EnableWhen(condition.root, of: instrument)
        fields["enableWhen"] = .list(when.conditions)
        if when.conditions.count > 1 { fields["enableBehavior"] = .text(when.behavior) }
      } catch {
        leaveOut("branching", of: item.id, because: error.why)
      }
    }
    return .object(fields)
  }

  /// Adds the type and the response scale; false where there is no type for it.
  private mutating func addKind(of item: Item, to fields: inout [String: JSONValue]) -> Bool {
    switch item.kind {
    case .single(let scale), .likert(let scale):
      fields["type"] = .text("choice")
      fields["answerOption"] = .list(scale.options.map { option($0, of: item, exclusive: nil) })
    case .multiple(let set):
      fields["type"] = .text("choice")
      fields["repeats"] = .truth(true)
      fields["answerOption"] = .list(
        set.options.map { option($0, of: item, exclusive: set.exclusive) })
    case .rank:
      leaveOut("item", of: item.id, because: "a Questionnaire has no rankings")
      return false
    case .slider(let scale): addSlider(scale, of: item, to: &fields)
    case .number(let range):
      fields["type"] = .text(range.isWhole ? "integer" : "decimal")
      var extensions = bounds(range.least, range.most, isWhole: range.isWhole)
      if let unit = range.unit {
        extensions.append(
          .object([
            "url": .text(Self.base + "questionnaire-unit"),
            "valueCoding": .object(["display": .text(unit)]),
          ]))
      }
      if !extensions.isEmpty { fields["extension"] = .list(extensions) }
    case .text(let limit), .own(let limit):
      if case .own = item.kind {
        leaveOut("own words", of: item.id, because: "it becomes a text")
      }
      fields["type"] = .text(limit.longest > 200 ? "text" : "string")
      fields["maxLength"] = .number(Double(limit.longest))
    case .date: fields["type"] = .text("date")
    case .time: fields["type"] = .text("time")
    case .instruction: fields["type"] = .text("display")
    case .computed:
      leaveOut("calculation", of: item.id, because: "FHIRPath is not written")
      return false
    }
    return true
  }

  private func option(
    _ option: ResponseScale.Option, of item: Item, exclusive: Int?
  ) -> JSONValue {
    var coding: [String: JSONValue] = ["code": .text(String(option.value))]
    if let label = option.label { coding["display"] = .text(label) }
    var fields: [String: JSONValue] = ["valueCoding": .object(coding)]
    if item.isKeyed, let key = item.keyed(option.value) {
      fields["extension"] = .list([
        .object([
          "url": .text(Self.base + "ordinalValue"), "valueDecimal": .number(key),
        ])
      ])
    }
    if exclusive == option.value {
      fields["extension"] = .list([
        .object([
          "url": .text(Self.base + "questionnaire-optionExclusive"), "valueBoolean": .truth(true),
        ])
      ])
    }
    return .object(fields)
  }

  private func bounds(_ least: Double?, _ most: Double?, isWhole: Bool) -> [JSONValue] {
    [("minValue", least), ("maxValue", most)].compactMap { name, value in
      value.map { value in
        .object([
          "url": .text(Self.base + name),
          (isWhole && value == value.rounded() ? "valueInteger" : "valueDecimal"): .number(value),
        ])
      }
    }
  }

  private mutating func addSlider(
    _ scale: SliderScale, of item: Item, to fields: inout [String: JSONValue]
  ) {
    let isWhole =
      scale.step == scale.step.rounded()
      && scale.range.lowerBound.rounded() == scale.range.lowerBound
    fields["type"] = .text(isWhole ? "integer" : "decimal")
    let step = JSONValue.object([
      "url": .text(Self.base + "questionnaire-sliderStepValue"),
      (isWhole ? "valueInteger" : "valueDecimal"): .number(scale.step),
    ])
    fields["extension"] = .list(
      [Self.control("slider"), step]
        + bounds(scale.range.lowerBound, scale.range.upperBound, isWhole: isWhole))
    let ends = [("lower", scale.range.lowerBound), ("upper", scale.range.upperBound)]
    let labels = ends.compactMap { control, place -> JSONValue? in
      guard let label = scale.labels.first(where: { $0.value == place }) else { return nil }
      return .object([
        "linkId": .text("\(item.id)_\(control)"), "type": .text("display"),
        "text": .text(label.label), "extension": .list([Self.control(control)]),
      ])
    }
    if !labels.isEmpty { fields["item"] = .list(labels) }
    if scale.labels.contains(where: { !scale.range.isEnd($0.value) }) {
      leaveOut("labels", of: item.id, because: "a Questionnaire's sliders have labels at the ends")
    }
  }
}

extension ClosedRange<Double> {
  fileprivate func isEnd(_ value: Double) -> Bool { value == lowerBound || value == upperBound }
}

extension JSONValue: Encodable {
  /// Writes the value as JSON; whole numbers without a point.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .truth(let truth): try container.encode(truth)
    case .number(let number):
      if let whole = Int(exactly: number) {
        try container.encode(whole)
      } else {
        try container.encode(number)
      }
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    case .object(let fields): try container.encode(fields)
    }
  }
}
