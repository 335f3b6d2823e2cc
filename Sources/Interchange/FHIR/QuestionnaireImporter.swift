/// Reads a FHIR R4 Questionnaire in JSON (https://hl7.org/fhir/R4/questionnaire.html), or the
/// Questionnaires of a Bundle.
enum QuestionnaireImporter {
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
    return questionnaires.map {
      QuestionnaireReader.form(of: $0, fallback: file.stem, language: language)
    }
  }

  /// Whether a JSON text is for this importer.
  static func matches(_ root: JSONValue) -> Bool { root["resourceType"]?.text != nil }
}
