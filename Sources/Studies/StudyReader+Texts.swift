import Definitions

extension StudyReader {
  /// A text for each language of the study; reports those that are missing or not of it.
  static func texts(
    _ node: DefinitionNode, describing subject: String, languages: [String],
    problems: inout Problems
  ) -> [String: String] {
    guard var reader = MappingReader(node, describing: subject, problems: &problems) else {
      return [:]
    }
    var texts: [String: String] = [:]
    for language in languages {
      texts[language] = reader.string(language, problems: &problems)?.value
    }
    reader.finish(problems: &problems)
    return texts
  }
}
