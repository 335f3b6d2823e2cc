extension QuestionnaireReader {
  /// The condition of an item; what cannot be read of it is listed.
  mutating func condition(of item: JSONValue, _ linkId: String) -> ForeignSource? {
    if let expression = extensionValue(item, "sdc-questionnaire-enableWhenExpression") {
      let source = expression["valueExpression"]?["expression"]?.text ?? ""
      form.leaveOut(
        "branching", of: linkId,
        because: "FHIRPath has no counterpart here: \(source.prefix(120))")
    }
    var nodes: [ForeignNode] = []
    var isWhole = true
    for condition in (item["enableWhen"]?.list ?? []).prefix(90) {
      if let node = node(of: condition) {
        nodes.append(node)
      } else {
        isWhole = false
        form.leaveOut(
          "branching", of: linkId,
          because: "a condition has no question, operator or answer that is known here")
      }
    }
    if (item["enableWhen"]?.list.count ?? 0) > 90 {
      isWhole = false
      form.leaveOut("branching", of: linkId, because: "it has more than 90 conditions")
    }
    // Of conditions that all have to hold each stands by itself; an alternative less would hide the item
    // from those who should see it.
    guard item["enableBehavior"]?.text == "any" else {
      return .all(of: nodes.map { .tree($0, .xpath) })
    }
    guard isWhole, let first = nodes.first else { return nil }
    return .tree(nodes.dropFirst().reduce(first) { .operation(.or, $0, $1) }, .xpath)
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
}
