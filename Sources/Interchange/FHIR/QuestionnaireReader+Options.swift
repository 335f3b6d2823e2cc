extension QuestionnaireReader {
  /// An option with the number that scores use for it.
  struct WeightedOption {
    var draft: OptionDraft
    var key: Double?
  }

  /// The options of an item; nil where they are in another file.
  mutating func options(_ item: JSONValue, _ linkId: String) -> [WeightedOption]? {
    if let set = item["answerValueSet"]?.text {
      guard let concepts = valueSets[set] else { return nil }
      var options: [WeightedOption] = []
      for concept in concepts {
        if let found = option(coding: concept, linkId) { options.append(found) }
      }
      return options
    }
    var options: [WeightedOption] = []
    for answer in item["answerOption"]?.list ?? [] {
      noteOthers(answer: answer, linkId)
      guard var option = option(answer, linkId) else {
        form.leaveOut("option", of: linkId, because: "it is neither a code nor a plain value")
        continue
      }
      if extensionValue(answer, Self.exclusive)?["valueBoolean"]?.truth == true {
        option.draft.isExclusive = true
      }
      option.draft.number = option.key.flatMap { Int(exactly: $0) }
      options.append(option)
    }
    return options
  }

  private static let exclusive = "questionnaire-optionExclusive"
  private static let plainValues = ["valueString", "valueInteger", "valueDate", "valueTime"]

  private mutating func option(_ answer: JSONValue, _ linkId: String) -> WeightedOption? {
    if let coding = answer["valueCoding"] {
      return option(coding: coding, linkId).map {
        WeightedOption(draft: $0.draft, key: Self.weight(answer) ?? $0.key)
      }
    }
    guard let name = Self.plainValues.first(where: { answer[$0] != nil }),
      let plain = answer[name]?.scalar
    else { return nil }
    var label = text(answer, name, of: linkId)
    label.base = plain
    return WeightedOption(draft: OptionDraft(code: plain, label: label), key: Self.weight(answer))
  }

  private mutating func option(coding: JSONValue, _ linkId: String) -> WeightedOption? {
    noteOthers(coding: coding, linkId)
    var label = text(coding, "display", of: linkId)
    // A value set's concepts have their translations so.
    for designation in coding["designation"]?.list ?? [] {
      guard let tag = designation["language"]?.text.flatMap(LanguageTag.of),
        let words = designation["value"]?.text
      else { continue }
      label.others[tag] = words
      languages.insert(tag)
    }
    guard let code = coding["code"]?.text ?? coding["display"]?.text else { return nil }
    let key = Self.weight(coding)
    var option = OptionDraft(code: code, label: label)
    option.number = key.flatMap { Int(exactly: $0) }
    return WeightedOption(draft: option, key: key)
  }

  private static let weights = ["ordinalValue", "itemWeight", "questionnaire-ordinalValue"]

  /// What scores use for an option, in any of the extensions that say so.
  private static func weight(_ value: JSONValue) -> Double? {
    for name in weights {
      for found in value["extension"]?.list ?? [] where Self.name(of: found) == name {
        if let number = found[any: "valueDecimal", "valueInteger"]?.number { return number }
      }
    }
    return nil
  }

  // MARK: What else an option says

  private mutating func noteOthers(answer: JSONValue, _ linkId: String) {
    if answer["initialSelected"]?.truth == true {
      form.leaveOut("default", of: linkId, because: "questions here begin without an answer")
    }
    noteOthers(
      answer,
      known: Set(
        ["valueCoding", "initialSelected"] + Self.plainValues + Self.plainValues.map { "_" + $0 }),
      extensions: Set(Self.weights + [Self.exclusive]), of: linkId)
  }

  private mutating func noteOthers(coding: JSONValue, _ linkId: String) {
    if let system = coding["system"]?.text {
      form.leaveOut(
        "code system", of: linkId, because: "codes here are numbers without \(system.prefix(120))")
    }
    noteOthers(
      coding, known: ["code", "display", "_display", "system", "designation", "userSelected"],
      extensions: Set(Self.weights), of: linkId)
  }
}
