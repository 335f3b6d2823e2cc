/// What a Questionnaire says that has no place here is listed by its name.
extension QuestionnaireReader {
  /// Lists what else an item says.
  mutating func noteOthers(_ item: JSONValue, type: String, _ linkId: String) {
    if item["initial"] != nil {
      form.leaveOut("default", of: linkId, because: "questions here begin without an answer")
    }
    if item["readOnly"]?.truth == true {
      form.leaveOut("read only", of: linkId, because: "every question here can be answered")
    }
    let isChoice = Self.isChoice(type)
    if item["repeats"]?.truth == true, !isChoice, type != "group" {
      form.leaveOut("repeats", of: linkId, because: "a question of this kind has one answer here")
    }
    let isText = ["string", "text", "url"].contains(type)
    let isNumber = ["integer", "decimal", "quantity"].contains(type)
    for (name, what, why) in Self.listed where extensionValue(item, name) != nil {
      form.leaveOut(what, of: linkId, because: why)
    }
    if let control = control(of: item), !Self.controls.contains(control) {
      form.leaveOut("item control \(control)", of: linkId, because: "how an item looks is ours")
    }
    var extensions = Set(Self.listed.map(\.name))
    extensions.formUnion([
      "questionnaire-itemControl", "questionnaire-choiceOrientation",
      "sdc-questionnaire-enableWhenExpression",
    ])
    if isText { extensions.insert("regex") }
    if isNumber {
      extensions.formUnion([
        "minValue", "maxValue", "questionnaire-sliderStepValue", "questionnaire-unit",
      ])
    }
    var known: Set<String> = [
      "linkId", "text", "_text", "type", "required", "repeats", "enableWhen", "enableBehavior",
      "item", "initial", "readOnly",
    ]
    if isText { known.insert("maxLength") }
    if isChoice { known.formUnion(["answerOption", "answerValueSet"]) }
    noteOthers(item, known: known, extensions: extensions, of: linkId)
  }

  private static let controls = tables.union(["slider", "lower", "upper"])

  private static let listed: [(name: String, what: String, why: String)] = [
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

  /// Lists what a Questionnaire says of itself.
  mutating func noteOthers(form questionnaire: JSONValue) {
    if let version = questionnaire["version"]?.text, form.version == nil {
      form.leaveOut(
        "version", of: form.name,
        because: "'\(version.prefix(40))' is not of three numbers: it is 1.0.0")
    }
    noteOthers(
      questionnaire,
      // What the file is, and when; its narrative repeats the items.
      known: [
        "resourceType", "id", "meta", "text", "status", "subjectType", "date", "name", "title",
        "_title", "language", "version", "item", "contained",
      ],
      extensions: [], of: form.name)
  }

  /// Lists each field of an element, and each of its extensions, that is not among the known ones.
  mutating func noteOthers(
    _ element: JSONValue, known: Set<String>, extensions: Set<String>, of item: String
  ) {
    guard case .object(let fields) = element else { return }
    for (name, value) in fields.sorted(by: { $0.key < $1.key })
    where !known.contains(name) && name != "id" && name != "extension" && value.hasContent {
      form.leaveOut(String(name.prefix(80)), of: item, because: "files here have no place for it")
    }
    for found in element["extension"]?.list ?? [] {
      let name = Self.name(of: found)
      guard !extensions.contains(name) else { continue }
      form.leaveOut("extension \(name)", of: item, because: "it has no counterpart here")
    }
  }
}
