/// Reads an activity of ReproSchema (https://www.repronim.org/reproschema) with the items in its folder.
///
/// Items are files of their own, referred to by relative paths with or without an ending; options may be
/// another file again. Nothing outside the folder is read, and no address.
struct ReproSchemaImporter {
  private let file: ForeignFile
  private let root: JSONValue
  /// Words in languages, by which the language of the form is chosen.
  private let wanted: String

  /// The activity of a file.
  static func read(_ file: ForeignFile, language: String) throws(ImportProblem) -> [FormDraft] {
    let root = try JSONValue.read(file.bytes, name: file.name)
    guard matches(root) else {
      throw ImportProblem(
        .wrongFormat, "\(file.name): found no 'ui' with an 'order', expected a ReproSchema activity"
      )
    }
    let order = Self.order(root)
    guard !order.isEmpty || isActivity(root) else {
      throw ImportProblem(
        .wrongFormat,
        "\(file.name): found a ReproSchema \(category(root)), expected an activity: say its folder")
    }
    return [ReproSchemaImporter(file: file, root: root, wanted: language).form()]
  }

  /// Whether a JSON text is of ReproSchema.
  static func matches(_ root: JSONValue) -> Bool {
    let context = root["@context"]
    let names = (context?.list ?? []).compactMap(\.text)
    return names.contains {
      $0.lowercased().contains("reproschema") || $0.contains("schema-standardization")
    }
      || root["ui"]?["order"] != nil || category(root).lowercased().contains("reproschema")
  }

  private static func category(_ root: JSONValue) -> String {
    root[any: "category", "@type"]?.list.first?.text ?? "file"
  }

  private static func isActivity(_ root: JSONValue) -> Bool {
    category(root).lowercased().hasSuffix("activity")
  }

  private static func order(_ root: JSONValue) -> [String] {
    let order = root["ui"]?["order"]?["@list"] ?? root["ui"]?["order"]
    return (order?.list ?? []).compactMap { $0.text ?? $0["@id"]?.text }
  }

  // MARK: Form

  private func form() -> FormDraft {
    let name =
      root[any: "@id", "id"]?.text.map { String($0.split(separator: "/").last ?? "") }?
      .replacing("_schema", with: "").split(separator: ".").first.map(String.init) ?? file.stem
    var form = FormDraft(name: name, title: LocalText(name))
    let properties = properties()
    let computed = computed()
    var items: [(path: String, name: String, value: JSONValue)] = []
    for reference in Self.order(root) {
      let property = properties[Self.bare(reference)]
      let last = Self.bare(reference).split(separator: "/").last.map(String.init) ?? reference
      let variable = property?["variableName"]?.text ?? last
      guard let (path, value) = open(reference, from: "") else {
        form.leaveOut(
          "item", of: variable, because: "its file \(reference.prefix(120)) is not in the folder")
        continue
      }
      items.append((path, variable, value))
    }
    let language = language(of: items.map(\.value))
    let texts = LanguageMaps(base: language)
    form.title = texts.text(root[any: "prefLabel", "skos:prefLabel", "schema:prefLabel"])
    if form.title.isBlank { form.title = LocalText(name) }
    let preamble = texts.text(root[any: "preamble", "schema:preamble", "reproschema:preamble"])
    if !preamble.isBlank { form.instructions = preamble }
    form.language = LanguageTag.of(language) ?? "und"
    noteOthers(&form)
    for (path, name, value) in items {
      add(value, name, path, properties, computed, texts, &form)
    }
    let there = Set(items.map(\.name))
    for (name, source) in computed.sorted(by: { $0.key < $1.key }) where !there.contains(name) {
      form.items.append(
        ItemDraft(name: name, text: LocalText(name), kind: .calculation(.written(source, .script))))
    }
    form.otherLanguages = LanguageMaps.languages(of: form).subtracting([form.language]).sorted()
    return form
  }

  /// What the activity says of its items, by reference.
  private func properties() -> [String: JSONValue] {
    var found: [String: JSONValue] = [:]
    for property in root["ui"]?["addProperties"]?.list ?? [] {
      guard let about = property[any: "isAbout", "@id"]?.text else { continue }
      found[Self.bare(about)] = property
    }
    return found
  }

  /// Calculations by the name of what they give.
  private func computed() -> [String: String] {
    var found: [String: String] = [:]
    for entry in root["compute"]?.list ?? [] {
      guard let name = entry["variableName"]?.text,
        let source = entry[any: "jsExpression", "expression"]?.text
      else { continue }
      found[name] = source
    }
    return found
  }

  /// The language in which most questions are, English first, unless another one is wanted.
  private func language(of items: [JSONValue]) -> String {
    var counts: [String: Int] = [:]
    for item in items {
      if case .object(let words) = item["question"] ?? .null {
        for language in words.keys { counts[language, default: 0] += 1 }
      }
    }
    if counts[wanted] != nil { return wanted }
    let most = counts.values.max() ?? 0
    if let english = counts["en"], english * 2 > most { return "en" }
    return counts.filter { $0.value == most }.keys.min() ?? (wanted == "und" ? "en" : wanted)
  }

  // MARK: References

  /// A reference without its ending, so that `items/a`, `./items/a.jsonld` and `items/a` are one.
  private static func bare(_ reference: String) -> String {
    var path = joined(reference, to: "")
    for ending in [".jsonld", ".json"] where path.hasSuffix(ending) {
      path = String(path.dropLast(ending.count))
    }
    return path
  }

  private static func joined(_ reference: String, to folder: String) -> String {
    var parts = folder.split(separator: "/").map(String.init)
    for part in reference.split(separator: "/") {
      if part == ".", part.count == 1 { continue }
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }

  /// The file of a reference, with or without an ending, and its path.
  private func open(_ reference: String, from folder: String) -> (path: String, value: JSONValue)? {
    guard !reference.contains("://") else { return nil }
    let path = Self.joined(reference, to: folder)
    for ending in ["", ".jsonld", ".json"] {
      guard let bytes = file.neighbour(path + ending) else { continue }
      guard let value = try? JSONValue.read(bytes, name: path) else { return nil }
      return (path, value)
    }
    return nil
  }

  // MARK: Items

  private func add(
    _ value: JSONValue, _ name: String, _ path: String, _ properties: [String: JSONValue],
    _ computed: [String: String], _ texts: LanguageMaps, _ form: inout FormDraft
  ) {
    let property = properties[Self.bare(path)]
    if Self.isActivity(value) || value["ui"]?["order"] != nil {
      form.leaveOut(
        "activity", of: name, because: "an activity inside another is imported by itself")
      return
    }
    let question = texts.text(value[any: "question", "schema:question"])
    let label = texts.text(value[any: "prefLabel", "skos:prefLabel", "description"])
    if let source = computed[name] {
      let text = question.isBlank ? label : question
      form.items.append(
        ItemDraft(
          name: name, text: text.isBlank ? LocalText(name) : text,
          kind: .calculation(.written(source, .script))))
      return
    }
    let visible = property?["isVis"] ?? (root["ui"]?["visibility"]?[name])
    guard visible?.truth != false, visible?.text?.trimmed.lowercased() != "false" else {
      form.leaveOut("item", of: name, because: "it is never shown, and nothing computes it")
      return
    }
    guard let kind = kind(value, name, path, texts, &form) else { return }
    var item = ItemDraft(name: name, text: question.isBlank ? label : question, kind: kind)
    if question.isBlank, kind != .instruction {
      form.leaveOut("text", of: name, because: "it has no question: its label stands for it")
    }
    noteOthers(value, property, name, kind, &form)
    if let source = visible?.text?.trimmed, !source.isEmpty, source.lowercased() != "true" {
      item.condition = .written(source, .script)
    }
    // What stands above a question stands above those after it, too, where they have the same.
    let above = texts.text(value[any: "preamble", "schema:preamble", "reproschema:preamble"])
    if !above.isBlank, above.base != form.instructions?.base, kind != .instruction {
      item.stem = above
    }
    if property?[any: "valueRequired", "requiredValue"]?.truth == true { item.required = .hard }
    form.items.append(item)
  }

  private func kind(
    _ item: JSONValue, _ name: String, _ path: String, _ texts: LanguageMaps,
    _ form: inout FormDraft
  ) -> ItemDraft.Kind? {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    var responses = item[any: "responseOptions", "schema:responseOptions"] ?? .null
    var base = folder
    if let reference = responses.text ?? responses["@id"]?.text, responses["choices"] == nil {
      guard let (found, value) = open(reference, from: folder) else {
        form.leaveOut(
          "item", of: name, because: "its options, \(reference.prefix(120)), are not in the folder")
        return nil
      }
      responses = value
      base = found.split(separator: "/").dropLast().joined(separator: "/")
    }
    var choices = responses[any: "choices", "itemListElement"] ?? .null
    if let reference = choices.text, let (_, value) = open(reference, from: base) {
      choices = value[any: "choices", "@graph"] ?? value
    }
    let options = choices.list.compactMap { option($0, texts) }
    return ReproSchemaKind.of(
      inputType: item["ui"]?["inputType"]?.text ?? "", responses: responses, options: options,
      name: name, &form)
  }

  // MARK: What else is said

  /// Lists what the activity says of itself; nothing here has a place for it.
  private func noteOthers(_ form: inout FormDraft) {
    ReproSchemaKeys.listOthers(root, known: ReproSchemaKeys.activity, of: form.name, &form)
    ReproSchemaKeys.listOthers(
      root["ui"], known: ["order", "addProperties", "visibility"], of: form.name, &form)
  }

  /// Lists what an item, its options and its place in the activity say besides.
  private func noteOthers(
    _ item: JSONValue, _ property: JSONValue?, _ name: String, _ kind: ItemDraft.Kind,
    _ form: inout FormDraft
  ) {
    ReproSchemaKeys.listOthers(item, known: ReproSchemaKeys.item, of: name, &form)
    ReproSchemaKeys.listOthers(item["ui"], known: ["inputType"], of: name, &form)
    ReproSchemaKeys.listOthers(property, known: ReproSchemaKeys.property, of: name, &form)
    if case .object = item["responseOptions"] {
      ReproSchemaKeys.listOthers(
        item["responseOptions"], known: ReproSchemaKeys.responses(of: kind), of: name, &form)
    }
  }

  private func option(_ choice: JSONValue, _ texts: LanguageMaps) -> OptionDraft? {
    let label = texts.text(choice[any: "name", "schema:name", "label"])
    guard let code = choice[any: "value", "schema:value"]?.scalar ?? label.base.nonEmpty else {
      return nil
    }
    return OptionDraft(code: code, label: label)
  }
}
