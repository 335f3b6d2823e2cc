/// Reads a FHIR R4 Questionnaire in JSON (https://hl7.org/fhir/R4/questionnaire.html), or the
/// Questionnaires of a Bundle.
struct QuestionnaireImporter {
  private static let extensions = "http://hl7.org/fhir/StructureDefinition/"

  /// The Questionnaires of a file.
  static func read(
    _ file: ForeignFile, language: String
  ) throws(ImportProblem) -> [FormDraft] {
    if file.bytes.first(where: { $0 > 32 }) == UInt8(ascii: "<") {
      throw ImportProblem(
        .wrongFormat, "\(file.name): found XML, expected a FHIR Questionnaire in JSON")
    }
    let root = try JSONValue.read(file.bytes, name: file.name)
    let resources =
      root["resourceType"]?.text == "Bundle"
      ? (root["entry"]?.list ?? []).compactMap { $0["resource"] } : [root]
    let questionnaires = resources.filter { $0["resourceType"]?.text == "Questionnaire" }
    guard !questionnaires.isEmpty else {
      let found =
        root["resourceType"]?.text.map { "a FHIR \($0.prefix(60))" } ?? "another JSON file"
      throw ImportProblem(
        .wrongFormat, "\(file.name): found \(found), expected a FHIR Questionnaire")
    }
    return questionnaires.map { form(of: $0, fallback: file.stem, language: language) }
  }

  /// Whether a JSON text is for this importer.
  static func matches(_ root: JSONValue) -> Bool { root["resourceType"]?.text != nil }

  private static func form(
    of questionnaire: JSONValue, fallback: String, language: String
  ) -> FormDraft {
    let name = questionnaire[any: "name", "id", "title"]?.text ?? fallback
    var reader = QuestionnaireReader(questionnaire)
    var form = FormDraft(name: name, title: reader.text(questionnaire, "title"))
    if form.title.isBlank { form.title = LocalText(name) }
    form.language = LanguageTag.of(questionnaire["language"]?.text ?? "") ?? language
    reader.form = form
    reader.readItems(questionnaire["item"]?.list ?? [], conditions: [])
    form = reader.form
    form.otherLanguages = reader.languages.subtracting([form.language]).sorted()
    return form
  }
}

/// Reads the items of one Questionnaire.
struct QuestionnaireReader {
  var form = FormDraft(name: "", title: LocalText(""))
  /// The languages of translations found.
  private(set) var languages: Set<String> = []
  /// The options of contained value sets, by reference.
  private var valueSets: [String: [JSONValue]] = [:]
  private var depth = 0
  private var unnamed = 0
  /// The link ids of questions that take several answers.
  private(set) var repeating: Set<String> = []

  init(_ questionnaire: JSONValue) {
    collectRepeating(questionnaire["item"]?.list ?? [], depth: 0)
    for resource in questionnaire["contained"]?.list ?? [] {
      guard resource["resourceType"]?.text == "ValueSet", let id = resource["id"]?.text else {
        continue
      }
      let composed = (resource["compose"]?["include"]?.list ?? []).flatMap { include in
        include["concept"]?.list ?? []
      }
      let expanded = resource["expansion"]?["contains"]?.list ?? []
      valueSets["#\(id)"] = composed.isEmpty ? expanded : composed
    }
  }

  private mutating func collectRepeating(_ items: [JSONValue], depth: Int) {
    guard depth <= 32 else { return }
    for item in items {
      if item["repeats"]?.truth == true, let id = item["linkId"]?.text { repeating.insert(id) }
      collectRepeating(item["item"]?.list ?? [], depth: depth + 1)
    }
  }

  // MARK: Texts

  /// A text with its translations, which stand in the extension of the field beside it.
  mutating func text(_ value: JSONValue, _ field: String) -> LocalText {
    var text = LocalText(value[field]?.text ?? "")
    for found in value["_\(field)"]?["extension"]?.list ?? []
    where found["url"]?.text?.hasSuffix("/translation") == true {
      let parts = found["extension"]?.list ?? []
      let language = parts.first { $0["url"]?.text == "lang" }?[any: "valueCode", "valueString"]
      let content = parts.first { $0["url"]?.text == "content" }?[
        any: "valueString", "valueMarkdown"]
      guard let tag = language?.text.flatMap(LanguageTag.of), let content = content?.text else {
        continue
      }
      text.others[tag] = content
      languages.insert(tag)
    }
    return text
  }

  // MARK: Items

  mutating func readItems(_ items: [JSONValue], conditions: [ForeignSource]) {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 32 else {
      form.leaveOut(
        "items", of: form.name, because: "groups are inside each other more than 32 deep")
      return
    }
    for item in items { read(item, conditions) }
  }

  private mutating func read(_ item: JSONValue, _ outer: [ForeignSource]) {
    let linkId: String
    if let id = item["linkId"]?.text, !id.isEmpty {
      linkId = id
    } else {
      unnamed += 1
      linkId = "item_\(unnamed)"
    }
    var conditions = outer
    if let own = condition(of: item, linkId) { conditions.append(own) }
    let type = item["type"]?.text ?? (item["item"] == nil ? "" : "group")
    noteOthers(item, linkId)
    let itemText = text(item, "text")
    if type == "group" {
      readGroup(item, linkId, itemText, conditions)
      return
    }
    guard let kind = kind(type, item, linkId) else {
      readItems(item["item"]?.list ?? [], conditions: conditions)
      return
    }
    var draft = ItemDraft(name: linkId, text: itemText, kind: kind)
    draft.condition = .all(of: conditions)
    draft.required = item["required"]?.truth == true ? .hard : .soft
    if kind.options != nil {
      for option in options(item, linkId) ?? [] {
        if let key = option.key { draft.keys[option.draft.code] = key }
      }
    }
    let inner = item["item"]?.list ?? []
    // The texts at a slider's ends stand as items inside it.
    let ends = inner.filter { ["lower", "upper"].contains(control(of: $0)) }
    if case .slider(let least, let most, let step, _) = kind {
      draft.kind = .slider(
        least: least, most: most, step: step,
        labels: ends.compactMap { label in
          let place = control(of: label) == "lower" ? least : most
          guard abs(place) < 1e9, let value = Int(exactly: place) else { return nil }
          return OptionDraft(code: "", value: value, label: text(label, "text"))
        })
    }
    if form.items.isEmpty, form.instructions == nil, kind == .instruction,
      linkId == QuestionnaireWriter.instructions
    {
      form.instructions = itemText
      return
    }
    form.items.append(draft)
    readItems(inner.filter { !ends.contains($0) }, conditions: conditions)
  }

  /// A group of questions with one kind of answer is a grid; another one's text is something to read.
  private mutating func readGroup(
    _ group: JSONValue, _ linkId: String, _ text: LocalText, _ conditions: [ForeignSource]
  ) {
    let items = group["item"]?.list ?? []
    if group["repeats"]?.truth == true {
      form.leaveOut("repeats", of: linkId, because: "a group is asked once here")
    }
    let types = Set(items.map { $0["type"]?.text ?? "" })
    let isTable = extensionValue(group, "questionnaire-itemControl") != nil
    let isGrid =
      !text.isBlank && !items.isEmpty && types.count == 1
      && !types.isDisjoint(with: ["choice", "coding", "open-choice"])
      && items.allSatisfy { $0["item"] == nil }
      && (isTable || isGridOfOurs(items))
    guard isGrid else {
      if !text.isBlank {
        var heading = ItemDraft(name: linkId, text: text, kind: .instruction)
        heading.condition = .all(of: conditions)
        form.items.append(heading)
      }
      readItems(items, conditions: conditions)
      return
    }
    let first = form.items.count
    readItems(items, conditions: conditions)
    for index in form.items.indices[first...] { form.items[index].stem = text }
  }

  /// Whether all items of a group have the same options.
  private func isGridOfOurs(_ items: [JSONValue]) -> Bool {
    let options = items.map { $0["answerOption"] ?? $0["answerValueSet"] ?? .null }
    return options.allSatisfy { $0 == options.first && $0 != .null }
  }

  private mutating func kind(
    _ type: String, _ item: JSONValue, _ linkId: String
  ) -> ItemDraft.Kind? {
    let control = control(of: item)
    switch type {
    case "display": return .instruction
    case "boolean":
      return .single([
        OptionDraft(code: "0", label: LocalText("No")),
        OptionDraft(code: "1", label: LocalText("Yes")),
      ])
    case "integer", "decimal", "quantity":
      return number(type, item, control)
    case "date": return .date
    case "time": return .time
    case "dateTime":
      form.leaveOut("type", of: linkId, because: "a date with a time is typed as a text here")
      return .text(longest: nil)
    case "string", "text", "url":
      if let pattern = extensionValue(item, "regex")?["valueString"]?.text {
        form.leaveOut(
          "validation", of: linkId, because: "texts are not checked for \(pattern.prefix(60)) here")
      }
      return .text(longest: item["maxLength"]?.number.flatMap { Int(exactly: $0) })
    case "choice", "coding", "open-choice":
      guard let found = options(item, linkId) else {
        let reference = item["answerValueSet"]?.text ?? "nowhere"
        form.leaveOut(
          "item", of: linkId,
          because: "its options are in the value set \(reference.prefix(120)), not in this file")
        return nil
      }
      if type == "open-choice" {
        form.leaveOut(
          "other answer", of: linkId, because: "add an option 'other' and a text after it")
      }
      let drafts = found.map(\.draft)
      if item["repeats"]?.truth == true { return .multiple(drafts) }
      return found.contains { $0.key != nil } || found.count > 4 ? .likert(drafts) : .single(drafts)
    case "attachment", "reference":
      form.leaveOut("item", of: linkId, because: "files and references are not collected here")
    case let other:
      form.leaveOut("item", of: linkId, because: "the type '\(other.prefix(40))' is unknown")
    }
    return nil
  }

  private func number(
    _ type: String, _ item: JSONValue, _ control: String?
  ) -> ItemDraft.Kind {
    func bound(_ name: String) -> Double? {
      let value = extensionValue(item, name)
      return value?[any: "valueInteger", "valueDecimal"]?.number
        ?? value?["valueQuantity"]?["value"]?.number
    }
    let least = bound("minValue")
    let most = bound("maxValue")
    if control == "slider", let least, let most, least < most {
      let step = extensionValue(item, "questionnaire-sliderStepValue")?[
        any: "valueInteger", "valueDecimal"]?.number
      return .slider(least: least, most: most, step: step ?? 1, labels: [])
    }
    let unit = extensionValue(item, "questionnaire-unit")?["valueCoding"]
    return .number(
      least: least, most: most, isWhole: type == "integer",
      unit: unit?[any: "display", "code"]?.text.map { LocalText($0) })
  }

  private func control(of item: JSONValue) -> String? {
    extensionValue(item, "questionnaire-itemControl")?["valueCodeableConcept"]?["coding"]?.list
      .lazy.compactMap { $0["code"]?.text }.first
  }

  /// An extension of an element by the end of its address.
  func extensionValue(_ value: JSONValue, _ name: String) -> JSONValue? {
    (value["extension"]?.list ?? []).first { $0["url"]?.text?.hasSuffix("/\(name)") == true }
  }

  // MARK: Options

  private mutating func options(
    _ item: JSONValue, _ linkId: String
  ) -> [(draft: OptionDraft, key: Double?)]? {
    if let set = item["answerValueSet"]?.text {
      guard let concepts = valueSets[set] else { return nil }
      var options: [(draft: OptionDraft, key: Double?)] = []
      for concept in concepts {
        if let found = option(coding: concept) { options.append(found) }
      }
      return options
    }
    let listed = item["answerOption"]?.list ?? []
    var options: [(draft: OptionDraft, key: Double?)] = []
    for answer in listed {
      var found: (draft: OptionDraft, key: Double?)?
      if let coding = answer["valueCoding"] {
        let own = option(coding: coding)
        found = own.map { ($0.draft, weight(answer) ?? $0.key) }
      } else if let plain = answer[any: "valueString", "valueInteger", "valueDate", "valueTime"]?
        .scalar
      {
        found = (OptionDraft(code: plain, label: LocalText(plain)), weight(answer))
      }
      if extensionValue(answer, "questionnaire-optionExclusive")?["valueBoolean"]?.truth == true {
        found?.draft.isExclusive = true
      }
      guard var option = found else { continue }
      option.draft.number = option.key.flatMap { Int(exactly: $0) }
      options.append(option)
    }
    return options
  }

  private mutating func option(coding: JSONValue) -> (draft: OptionDraft, key: Double?)? {
    let label = text(coding, "display")
    guard let code = coding["code"]?.text ?? coding["display"]?.text else { return nil }
    let key = weight(coding)
    var option = OptionDraft(code: code, label: label)
    option.number = key.flatMap { Int(exactly: $0) }
    return (option, key)
  }

  /// What scores use for an option, in any of the extensions that say so.
  private func weight(_ value: JSONValue) -> Double? {
    for name in ["ordinalValue", "itemWeight", "questionnaire-ordinalValue"] {
      if let number = extensionValue(value, name)?[any: "valueDecimal", "valueInteger"]?.number {
        return number
      }
    }
    return nil
  }
}
