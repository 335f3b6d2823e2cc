internal import Instruments

extension QuestionnaireWriter {
  /// Adds a text under a name, with its translations and the answers that stand in it.
  ///
  /// - Parameters:
  ///   - words: the text in a wording of the instrument.
  ///   - item: whose it is, for the list of what is left out.
  mutating func put(
    _ field: String, of item: String, into fields: inout [String: JSONValue],
    _ words: (Instrument) -> String?
  ) {
    guard let own = words(instrument) else { return }
    let (element, extensions) = element("value", own, of: item)
    fields[field] = element["value"]
    var all = extensions
    for wording in wordings {
      guard let words = words(wording) else { continue }
      let (content, calculated) = self.element("valueString", words, of: item)
      var part = content
      part["url"] = .text("content")
      if !calculated.isEmpty {
        part["_valueString"] = .object(["extension": .list(calculated)])
      }
      all.append(
        .object([
          "url": .text(Self.base + "translation"),
          "extension": .list([
            .object(["url": .text("lang"), "valueCode": .text(wording.language)]), .object(part),
          ]),
        ]))
    }
    if !all.isEmpty { fields["_\(field)"] = .object(["extension": .list(all)]) }
  }

  /// A text and the extension that calculates it, if earlier answers stand in it.
  private mutating func element(
    _ name: String, _ text: String, of item: String
  ) -> (fields: [String: JSONValue], extensions: [JSONValue]) {
    let (shown, expression, unknown) = PipedExpression.write(text, of: instrument)
    for name in unknown {
      leaveOut(
        "earlier answer in a text", of: item,
        because: "\(name) is no question of the Questionnaire: an ellipsis stands for it")
    }
    let calculated = expression.map { expression in
      JSONValue.object([
        "url": .text(Self.base + "cqf-expression"),
        "valueExpression": .object([
          "language": .text("text/fhirpath"), "expression": .text(expression),
        ]),
      ])
    }
    return ([name: .text(shown)], calculated.map { [$0] } ?? [])
  }

  /// Adds an option's label, if it has one.
  mutating func putLabel(
    _ value: Int, of item: Item, into coding: inout [String: JSONValue]
  ) {
    put("display", of: item.id, into: &coding) { wording in
      wording.item(item.id)?.options?.first { $0.value == value }?.label
    }
  }
}
