import Definitions

/// `messages: { opening: standard, reminder: texts/reminder.{language}.md }`, just read.
struct MessagesDraft {
  /// The kinds that are sent, each with its source and where the file names it.
  private(set) var sources: [MessageKind: Located<MessageSource>] = [:]

  static func read(
    _ study: inout MappingReader, languages: [String], problems: inout Problems
  ) -> MessagesDraft {
    var draft = MessagesDraft()
    guard
      var reader = study.optionalMapping(
        "messages", describing: "the messages", problems: &problems)
    else { return draft }
    for kind in MessageKind.allCases {
      guard
        let text = reader.optionalString(
          kind.rawValue, expecting: "'standard' or the path of a text", problems: &problems)
      else { continue }
      if let source = source(text, of: kind, languages: languages, problems: &problems) {
        draft.sources[kind] = Located(source, at: text.place)
      }
    }
    reader.finish(problems: &problems)
    return draft
  }

  private static func source(
    _ text: Located<String>, of kind: MessageKind, languages: [String], problems: inout Problems
  ) -> MessageSource? {
    guard text.value == "standard" else {
      return StudyReader.template(text, languages: languages, problems: &problems)
        .map(MessageSource.file)
    }
    let missing = languages.filter { StandardMessages.template(kind, language: $0) == nil }
    guard missing.isEmpty else {
      problems.report(
        at: text.place, found: "no standard text in \(missing.joined(separator: ", "))",
        expected: "the path of a text, such as texts/\(kind.rawValue).{language}.md "
          + "(standard ones are in \(StandardMessages.languages.joined(separator: ", ")))")
      return nil
    }
    return .standard
  }
}
