internal import Expressions
internal import Foundation
internal import Instruments

/// Writes an instrument as a FHIR R4 Questionnaire, with its other wordings as translations.
struct QuestionnaireWriter {
  /// The link id of an instrument's instructions, so that they come back as such.
  static let instructions = "instructions"
  static let base = "http://hl7.org/fhir/StructureDefinition/"

  let instrument: Instrument
  /// The same instrument in other languages.
  let wordings: [Instrument]
  private var notCarried: [NotCarried] = []
  private var listed: Set<NotCarried> = []

  /// The Questionnaire of an instrument.
  static func write(_ instrument: Instrument, wordings: [Instrument]) -> ExportOutcome {
    var writer = QuestionnaireWriter(instrument: instrument, wordings: wordings)
    let questionnaire = writer.questionnaire()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // A value of texts, finite numbers and truths can always be written.
    let data = (try? encoder.encode(questionnaire)) ?? Data()
    return ExportOutcome(bytes: Array(data) + [UInt8(ascii: "\n")], notCarried: writer.notCarried)
  }

  private init(instrument: Instrument, wordings: [Instrument]) {
    self.instrument = instrument
    self.wordings = wordings
  }

  mutating func leaveOut(_ what: String, of item: String, because why: String) {
    let loss = NotCarried(item: item, what: what, why: why)
    if listed.insert(loss).inserted { notCarried.append(loss) }
  }

  private mutating func questionnaire() -> JSONValue {
    var fields: [String: JSONValue] = [
      "resourceType": .text("Questionnaire"), "id": .text(instrument.id),
      "version": .text(instrument.version), "language": .text(instrument.language),
      "status": .text("active"), "subjectType": .list([.text("Patient")]),
    ]
    put("title", of: instrument.id, into: &fields) { $0.title }
    if let basis = instrument.basis, let terms = basis.terms {
      fields["copyright"] = .text("\(basis.name): \(basis.citation). \(terms)")
    }
    fields["item"] = .list(items())
    for score in instrument.scores {
      leaveOut("score", of: score.name, because: "a Questionnaire holds no scoring keys")
    }
    for loss in instrument.partsWithoutCounterpart(in: "a Questionnaire") {
      leaveOut(loss.what, of: loss.item, because: loss.why)
    }
    return .object(fields)
  }

  private mutating func items() -> [JSONValue] {
    var items: [JSONValue] = []
    if instrument.instructions != nil, instrument.item(Self.instructions) == nil {
      var fields: [String: JSONValue] = [
        "linkId": .text(Self.instructions), "type": .text("display"),
      ]
      put("text", of: instrument.id, into: &fields) { $0.instructions }
      items.append(.object(fields))
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
      var group: [String: JSONValue] = [
        "linkId": .text("\(first.id)_grid"), "type": .text("group"),
        "extension": .list([Self.control("htable")]),
        "item": .list(rows.compactMap { item($0) }),
      ]
      put("text", of: first.id, into: &group) { $0.item(first.id)?.stem }
      items.append(.object(group))
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
    var fields: [String: JSONValue] = ["linkId": .text(item.id)]
    guard addKind(of: item, to: &fields) else { return nil }
    put("text", of: item.id, into: &fields) { $0.item(item.id)?.text }
    if item.requirement == .hard { fields["required"] = .truth(true) }
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
    case .single(let scale):
      addOptions(scale.options, of: item, exclusive: nil, orientation: "vertical", to: &fields)
    case .likert(let scale):
      addOptions(scale.options, of: item, exclusive: nil, orientation: "horizontal", to: &fields)
    case .multiple(let set):
      addOptions(set.options, of: item, exclusive: set.exclusive, orientation: nil, to: &fields)
      fields["repeats"] = .truth(true)
    case .rank:
      leaveOut("item", of: item.id, because: "a Questionnaire has no rankings")
      return false
    case .slider(let scale): addSlider(scale, of: item, to: &fields)
    case .number(let range): addNumber(range, of: item, to: &fields)
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
      leaveOut(
        "item", of: item.id, because: "a computed item is FHIRPath there, which is not written")
      return false
    }
    return true
  }

  // MARK: Options

  /// Steps lie side by side there and categories below each other, which tells them apart.
  private mutating func addOptions(
    _ options: [ResponseScale.Option], of item: Item, exclusive: Int?, orientation: String?,
    to fields: inout [String: JSONValue]
  ) {
    fields["type"] = .text("choice")
    var answers: [JSONValue] = []
    for option in options { answers.append(self.option(option, of: item, exclusive: exclusive)) }
    fields["answerOption"] = .list(answers)
    if let orientation {
      fields["extension"] = .list([
        .object([
          "url": .text(Self.base + "questionnaire-choiceOrientation"),
          "valueCode": .text(orientation),
        ])
      ])
    }
  }

  private mutating func option(
    _ option: ResponseScale.Option, of item: Item, exclusive: Int?
  ) -> JSONValue {
    var coding: [String: JSONValue] = ["code": .text(String(option.value))]
    putLabel(option.value, of: item, into: &coding)
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

  // MARK: Numbers

  private mutating func addNumber(
    _ range: NumberRange, of item: Item, to fields: inout [String: JSONValue]
  ) {
    fields["type"] = .text(range.isWhole ? "integer" : "decimal")
    var extensions = bounds(range.least, range.most, isWhole: range.isWhole)
    if range.unit != nil {
      var coding: [String: JSONValue] = [:]
      put("display", of: item.id, into: &coding) { wording in
        guard case .number(let range) = wording.item(item.id)?.kind else { return nil }
        return range.unit
      }
      extensions.append(
        .object([
          "url": .text(Self.base + "questionnaire-unit"), "valueCoding": .object(coding),
        ]))
    }
    if !extensions.isEmpty { fields["extension"] = .list(extensions) }
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
    var labels: [JSONValue] = []
    for (control, place) in [("lower", scale.range.lowerBound), ("upper", scale.range.upperBound)]
    where scale.labels.contains(where: { $0.value == place }) {
      var label: [String: JSONValue] = [
        "linkId": .text("\(item.id)_\(control)"), "type": .text("display"),
        "extension": .list([Self.control(control)]),
      ]
      put("text", of: item.id, into: &label) { wording in
        guard case .slider(let scale) = wording.item(item.id)?.kind else { return nil }
        return scale.labels.first { $0.value == place }?.label
      }
      labels.append(.object(label))
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
