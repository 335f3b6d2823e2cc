extension QuestionnaireReader {
  /// The condition of an item; what cannot be read of it is listed.
  mutating func condition(of item: JSONValue, _ linkId: String) -> ForeignSource? {
    if let expression = extensionValue(item, "sdc-questionnaire-enableWhenExpression") {
      let source = expression["valueExpression"]?["expression"]?.text ?? ""
      form.leaveOut(
        "branching", of: linkId,
        because: "FHIRPath has no counterpart here: \(source.prefix(120))")
    }
    let conditions = item["enableWhen"]?.list ?? []
    guard !conditions.isEmpty else { return nil }
    let sign: ForeignOperator = item["enableBehavior"]?.text == "any" ? .or : .and
    let nodes = conditions.compactMap { node(of: $0) }
    guard nodes.count == conditions.count, nodes.count <= 90, let first = nodes.first else {
      form.leaveOut(
        "branching", of: linkId, because: "a condition has no question, operator or answer")
      return nil
    }
    return .tree(nodes.dropFirst().reduce(first) { .operation(sign, $0, $1) }, .xpath)
  }

  /// One `enableWhen`; nil where it is incomplete.
  private func node(of condition: JSONValue) -> ForeignNode? {
    guard let question = condition["question"]?.text, let sign = condition["operator"]?.text else {
      return nil
    }
    let reference = ForeignNode.reference(ForeignReference(name: question))
    if sign == "exists" {
      let exists = ForeignNode.call("exists", [reference])
      return condition["answerBoolean"]?.truth == false ? .not(exists) : exists
    }
    guard let answer = answer(of: condition) else { return nil }
    let signs: [String: ForeignOperator] = [
      "=": .equal, "!=": .unequal, "<": .less, "<=": .lessOrEqual, ">": .greater,
      ">=": .greaterOrEqual,
    ]
    guard let sign = signs[sign] else { return nil }
    if repeating.contains(question) {
      let chosen = ForeignNode.call("selected", [reference, answer])
      return sign == .equal ? chosen : sign == .unequal ? .not(chosen) : nil
    }
    return .operation(sign, reference, answer)
  }

  private func answer(of condition: JSONValue) -> ForeignNode? {
    if let coding = condition["answerCoding"] {
      return (coding["code"]?.text ?? coding["display"]?.text).map(ForeignNode.text)
    }
    if let truth = condition["answerBoolean"]?.truth { return .text(truth ? "1" : "0") }
    if let number = condition[any: "answerInteger", "answerDecimal"]?.number
      ?? condition["answerQuantity"]?["value"]?.number
    {
      return .number(number)
    }
    return condition[any: "answerString", "answerDate", "answerDateTime", "answerTime"]?.text
      .map(ForeignNode.text)
  }

  /// Lists what else an item says.
  mutating func noteOthers(_ item: JSONValue, _ linkId: String) {
    if item["initial"] != nil {
      form.leaveOut("default", of: linkId, because: "questions here begin without an answer")
    }
    if item["readOnly"]?.truth == true {
      form.leaveOut("read only", of: linkId, because: "every question here can be answered")
    }
    for (name, what, why) in Self.others where extensionValue(item, name) != nil {
      form.leaveOut(what, of: linkId, because: why)
    }
  }

  private static let others = [
    ("questionnaire-hidden", "hidden", "items here are shown, or have a condition"),
    (
      "sdc-questionnaire-calculatedExpression", "calculation",
      "FHIRPath has no counterpart here: write it under scores"
    ),
    (
      "sdc-questionnaire-initialExpression", "default",
      "questions here begin without an answer"
    ),
    (
      "sdc-questionnaire-answerExpression", "options",
      "options that are queried have no counterpart here"
    ),
    ("variable", "variable", "FHIRPath has no counterpart here"),
    ("questionnaire-constraint", "constraint", "FHIRPath has no counterpart here"),
  ]
}
