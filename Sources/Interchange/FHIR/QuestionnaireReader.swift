import Definitions

/// Reads the items of one Questionnaire.
struct QuestionnaireReader {
  var form = FormDraft(name: "", title: LocalText(""))
  /// The languages of translations found.
  var languages: Set<String> = []
  /// The options of contained value sets, by reference.
  private(set) var valueSets: [String: [JSONValue]] = [:]
  private var depth = 0
  private var unnamed = 0
  /// The link ids of questions that take several answers.
  private(set) var repeating: Set<String> = []

  /// The form of a Questionnaire.
  ///
  /// - Parameters:
  ///   - fallback: its name where it states none.
  ///   - language: its language where it states none.
  static func form(
    of questionnaire: JSONValue, fallback: String, language: String
  ) -> FormDraft {
    let name = questionnaire[any: "name", "id", "title"]?.text ?? fallback
    var reader = QuestionnaireReader(questionnaire)
    reader.form = FormDraft(name: name, title: LocalText(name))
    let title = reader.text(questionnaire, "title", of: name)
    if !title.isBlank { reader.form.title = title }
    reader.form.piping = .marked
    let stated = questionnaire["language"]?.text ?? ""
    reader.form.language = LanguageTag.of(stated) ?? language
    if !stated.isEmpty, LanguageTag.of(stated) == nil {
      reader.form.leaveOut(
        "language", of: name, because: "'\(stated.prefix(40))' is no tag such as 'nl'")
    }
    reader.form.version = questionnaire["version"]?.text.flatMap {
      VersionNumbers.areWritten($0) ? $0 : nil
    }
    reader.noteOthers(form: questionnaire)
    reader.readItems(questionnaire["item"]?.list ?? [], conditions: [])
    var form = reader.form
    form.otherLanguages = reader.languages.subtracting([form.language]).sorted()
    return form
  }

  private init(_ questionnaire: JSONValue) {
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
      // What else repeats has one answer here.
      if item["repeats"]?.truth == true, let id = item["linkId"]?.text,
        Self.isChoice(item["type"]?.text)
      {
        repeating.insert(id)
      }
      collectRepeating(item["item"]?.list ?? [], depth: depth + 1)
    }
  }

  static func isChoice(_ type: String?) -> Bool {
    ["choice", "coding", "open-choice"].contains(type)
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
    noteOthers(item, type: type, linkId)
    let itemText = text(item, "text", of: linkId)
    if type == "group" {
      readGroup(item, linkId, itemText, conditions)
      return
    }
    var keys: [String: Double] = [:]
    guard let kind = kind(type, item, linkId, &keys) else {
      readItems(item["item"]?.list ?? [], conditions: conditions)
      return
    }
    var draft = ItemDraft(name: linkId, text: itemText, kind: kind)
    draft.condition = .all(of: conditions)
    draft.required = item["required"]?.truth == true ? .hard : .soft
    draft.keys = keys
    let inner = item["item"]?.list ?? []
    // The texts at a slider's ends stand as items inside it.
    let ends = inner.filter(isSliderEnd)
    if case .slider(let least, let most, let step, _) = kind {
      draft.kind = .slider(
        least: least, most: most, step: step,
        labels: ends.compactMap { label in
          let place = control(of: label) == "lower" ? least : most
          guard abs(place) < 1e9, let value = Int(exactly: place) else { return nil }
          return OptionDraft(code: "", value: value, label: text(label, "text", of: linkId))
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
    let isTable = control(of: group).map(Self.tables.contains) ?? false
    let isChoice = types.contains(where: Self.isChoice)
    let isGrid =
      !text.isBlank && !items.isEmpty && types.count == 1
      && types.isDisjoint(with: ["display", "group", ""])
      && items.allSatisfy { ($0["item"]?.list ?? []).allSatisfy(isSliderEnd) }
      && (isTable || (isChoice && isGridOfOurs(items)))
    guard isGrid else {
      if isTable {
        form.leaveOut("grid", of: linkId, because: "its questions have different kinds of answers")
      }
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

  /// Item controls of groups of questions with the same answers.
  static let tables: Set<String> = ["table", "htable", "gtable"]

  private func isSliderEnd(_ item: JSONValue) -> Bool {
    ["lower", "upper"].contains(control(of: item))
  }

  /// Whether all items of a group have the same options.
  private func isGridOfOurs(_ items: [JSONValue]) -> Bool {
    let options = items.map { $0["answerOption"] ?? $0["answerValueSet"] ?? .null }
    return options.allSatisfy { $0 == options.first && $0 != .null }
  }

  /// The kind of a question; nil after listing why it has none here.
  ///
  /// - Parameter keys: gets what scores use for its options, by code.
  private mutating func kind(
    _ type: String, _ item: JSONValue, _ linkId: String, _ keys: inout [String: Double]
  ) -> ItemDraft.Kind? {
    switch type {
    case "display": return .instruction
    case "boolean":
      return .single([
        OptionDraft(code: "0", label: LocalText("No")),
        OptionDraft(code: "1", label: LocalText("Yes")),
      ])
    case "integer", "decimal", "quantity":
      return number(type, item, linkId)
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
      for option in found { keys[option.draft.code] = option.key }
      let drafts = found.map(\.draft)
      if item["repeats"]?.truth == true { return .multiple(drafts) }
      // Steps lie side by side, categories below each other.
      switch extensionValue(item, "questionnaire-choiceOrientation")?["valueCode"]?.text {
      case "horizontal": return .likert(drafts)
      case "vertical": return .single(drafts)
      default: return !keys.isEmpty || found.count > 4 ? .likert(drafts) : .single(drafts)
      }
    case "attachment", "reference":
      form.leaveOut("item", of: linkId, because: "files and references are not collected here")
    case let other:
      form.leaveOut("item", of: linkId, because: "the type '\(other.prefix(40))' is unknown")
    }
    return nil
  }

  private mutating func number(
    _ type: String, _ item: JSONValue, _ linkId: String
  ) -> ItemDraft.Kind {
    func bound(_ name: String) -> Double? {
      let value = extensionValue(item, name)
      return value?[any: "valueInteger", "valueDecimal"]?.number
        ?? value?["valueQuantity"]?["value"]?.number
    }
    let least = bound("minValue")
    let most = bound("maxValue")
    if control(of: item) == "slider" {
      if let least, let most, least < most {
        let step = extensionValue(item, "questionnaire-sliderStepValue")?[
          any: "valueInteger", "valueDecimal"]?.number
        return .slider(least: least, most: most, step: step ?? 1, labels: [])
      }
      form.leaveOut(
        "slider", of: linkId, because: "it states no ends: a number that is typed stands for it")
    }
    let unit = extensionValue(item, "questionnaire-unit")?["valueCoding"]
    return .number(
      least: least, most: most, isWhole: type == "integer",
      unit: unit.map { coding in
        coding["display"] == nil
          ? LocalText(coding["code"]?.text ?? "") : text(coding, "display", of: linkId)
      })
  }

  func control(of item: JSONValue) -> String? {
    extensionValue(item, "questionnaire-itemControl")?["valueCodeableConcept"]?["coding"]?.list
      .lazy.compactMap { $0["code"]?.text }.first
  }

  /// An extension of an element by the end of its address.
  func extensionValue(_ value: JSONValue, _ name: String) -> JSONValue? {
    (value["extension"]?.list ?? []).first { $0["url"]?.text?.hasSuffix("/\(name)") == true }
  }
}
