import Definitions

/// The consent of a study just read.
struct ConsentDraft {
  /// The consent; nil when a part of it could not be read.
  let consent: Consent?
  /// The path of its text, known even when the rest could not be read.
  let text: Located<TextTemplate>?

  static func read(
    _ study: inout MappingReader, languages: [String], problems: inout Problems
  ) -> ConsentDraft? {
    guard var reader = study.mapping("consent", describing: "the consent", problems: &problems)
    else { return nil }
    let version = reader.integer("version", in: 1...9999, problems: &problems)
    let text = reader.string("text", problems: &problems)
    let nodes = reader.list("parts", problems: &problems)
    let earlier: Located<Consent.EarlierVersion>? = reader.optionalChoice(
      "earlier", problems: &problems)
    reader.finish(problems: &problems)
    let template = StudyReader.template(text, languages: languages, problems: &problems)
    let parts = (nodes ?? []).map { part($0, languages: languages, problems: &problems) }
    StudyReader.refuseTwins(
      parts.compactMap { $0?.map(\.id) }, of: "consent part", problems: &problems)
    // A part that could not be read may have been the required one.
    if nodes != nil, !parts.contains(where: { $0 == nil || $0?.value.isRequired == true }) {
      problems.report(
        at: reader.place(of: "parts"), found: "no required part",
        expected: "at least one part with required: true, so that taking part needs a yes")
    }
    var consent: Consent?
    if let version, let template {
      consent = Consent(
        version: version.value, text: template, parts: parts.compactMap { $0?.value },
        earlier: earlier?.value ?? .holds)
    }
    return ConsentDraft(
      consent: consent,
      text: text.flatMap { text in template.map { Located($0, at: text.place) } })
  }

  private static func part(
    _ node: DefinitionNode, languages: [String], problems: inout Problems
  ) -> Located<ConsentPart>? {
    guard var reader = MappingReader(node, describing: "a consent part", problems: &problems) else {
      return nil
    }
    let place = reader.optionalNode("id")?.place ?? reader.place
    let id = StudyReader.identifier(reader.string("id", problems: &problems), problems: &problems)
    let required = reader.optionalBool("required", problems: &problems)
    let question = reader.optionalNode("question")
    let questions = question.map { self.question($0, languages: languages, problems: &problems) }
    reader.finish(problems: &problems)
    guard let id, required != nil || !reader.has("required") else { return nil }
    return Located(
      ConsentPart(id: id, isRequired: required?.value ?? false, question: questions ?? [:]),
      at: place)
  }

  /// One text, or a text for each language of the study.
  private static func question(
    _ node: DefinitionNode, languages: [String], problems: inout Problems
  ) -> [String: String] {
    guard case .mapping = node.content else {
      let expected =
        languages.count > 1 ? "a text for each of \(languages.joined(separator: ", "))" : "a text"
      guard languages.count <= 1 else {
        problems.report(at: node.place, found: node.summary, expected: expected)
        return [:]
      }
      guard let text = node.string(expecting: expected, problems: &problems),
        let language = languages.first
      else { return [:] }
      return [language: text]
    }
    return StudyReader.texts(
      node, describing: "a question", languages: languages, problems: &problems)
  }
}
