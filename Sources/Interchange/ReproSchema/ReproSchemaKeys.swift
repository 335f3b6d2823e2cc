/// The fields of ReproSchema that are read; whatever else says something is listed by its name.
enum ReproSchemaKeys {
  /// What a file is, under the names that it has had.
  private static let files: Set<String> = [
    "@context", "@type", "@id", "id", "category", "schemaVersion", "schema:schemaVersion",
    "version", "schema:version", "prefLabel", "skos:prefLabel", "schema:prefLabel", "altLabel",
    "skos:altLabel",
  ]

  static let activity = files.union([
    "ui", "compute", "preamble", "schema:preamble", "reproschema:preamble",
  ])

  static let item = files.union([
    // It is the question where there is none.
    "description", "schema:description", "question", "schema:question", "ui", "responseOptions",
    "schema:responseOptions", "preamble", "schema:preamble", "reproschema:preamble",
  ])

  /// What the activity says of an item.
  static let property: Set<String> = [
    "isAbout", "@id", "@type", "variableName", "isVis", "valueRequired", "requiredValue",
    "prefLabel",
  ]

  /// What the response options of an item of a kind say.
  static func responses(of kind: ItemDraft.Kind) -> Set<String> {
    var known = files.union([
      "choices", "itemListElement", "multipleChoice", "valueType", "description",
    ])
    switch kind {
    case .slider, .number, .likert:
      known.formUnion(["minValue", "maxValue", "schema:minValue", "schema:maxValue", "unitOptions"])
    case .text: known.insert("maxLength")
    // The least and the largest code of options.
    case .single, .multiple, .rank: known.formUnion(["minValue", "maxValue"])
    case .date, .time, .instruction, .calculation: break
    }
    return known
  }

  /// Lists the fields of an element that are not known and say something.
  static func listOthers(
    _ element: JSONValue?, known: Set<String>, of item: String, _ form: inout FormDraft
  ) {
    guard case .object(let fields) = element else { return }
    for (name, value) in fields.sorted(by: { $0.key < $1.key })
    where !known.contains(name) && value.hasContent {
      let said = value.scalar.map { ": \($0.prefix(60))" } ?? ""
      form.leaveOut(
        String(name.prefix(80)), of: item, because: "files here have no place for it\(said)")
    }
  }
}
