import Yams

extension DefinitionNode {
  /// What a person who writes definitions should read instead of libyaml's message.
  static func problem(for error: any Error, in source: SourceText) -> Problem {
    guard let error = error as? YamlError else {
      return Problem(
        at: .whole(source.file), found: "a file that cannot be read", expected: "valid YAML")
    }
    switch error {
    case .scanner(let context, let message, let mark, _),
      .parser(let context, let message, let mark, _),
      .composer(let context, let message, let mark, _):
      return problem(for: message, context: context, mark: mark, in: source)
    case .reader(let message, _, _, _), .writer(let message), .emitter(let message),
      .representer(let message):
      return Problem(at: .whole(source.file), found: message, expected: "valid YAML")
    case .no, .memory, .dataCouldNotBeDecoded, .duplicatedKeysInMapping:
      return Problem(
        at: .whole(source.file), found: "a file that cannot be read", expected: "valid YAML")
    }
  }

  private static func problem(
    for message: String, context: YamlError.Context?, mark: Mark, in source: SourceText
  ) -> Problem {
    let here = source.place(line: mark.line, column: mark.column)
    let start = context.map { source.place(line: $0.mark.line, column: $0.mark.column) } ?? here
    let character = source.character(line: mark.line, column: mark.column)
    func at(_ place: Place, _ found: String, _ expected: String) -> Problem {
      Problem(at: place, found: found, expected: expected)
    }
    switch message {
    case "found character that cannot start any token" where character == "\t":
      return at(here, "a tab", "spaces: YAML indents with spaces only")
    case "found a tab character where an indentation space is expected",
      "found a tab character that violates indentation":
      return at(here, "a tab", "spaces: YAML indents with spaces only")
    case "found character that cannot start any token":
      let shown = character.map { quoted(String($0)) } ?? "the end"
      return at(here, "a value that begins with \(shown)", "quotes around the text")
    case "did not find expected ',' or '}'" where character == ":" && start.line == here.line,
      "did not find expected ',' or ']'" where character == ":" && start.line == here.line:
      return at(here, "a colon and a space inside a value", "quotes around a text with ': ' in it")
    case "mapping values are not allowed in this context":
      return at(
        here, "a colon and a space inside a value, or a field indented too deep",
        "quotes around a text with ': ' in it, or fields of one mapping in one column")
    case "could not find expected ':'":
      return at(start, "a line without a colon", "a field as 'name: value'")
    case "did not find expected key":
      return at(here, "a line that belongs to no field", "fields of one mapping in one column")
    case "did not find expected '-' indicator":
      return at(here, "a line that belongs to no list", "'- ' in the column of the list's others")
    case "found unexpected end of stream", "found unexpected document indicator":
      return at(start, "a quote that is never closed", "a closing quote")
    case "did not find expected ',' or ']'":
      return at(here, "a list that is not closed or not divided by commas", "',' or ']'")
    case "did not find expected ',' or '}'":
      return at(here, "a mapping that is not closed or not divided by commas", "',' or '}'")
    case "did not find expected node content":
      return at(here, "something else", "a value")
    case "but found another document":
      return at(here, "a second document", "one document in a file")
    case "found unknown escape character":
      let escaped = source.character(line: mark.line, column: mark.column + 1)
      return at(
        here, "a backslash before \(escaped.map { quoted(String($0)) } ?? "nothing")",
        "\\\\ for a backslash, or single quotes around the text")
    case "found undefined alias":
      return at(here, "a value that begins with '*'", "quotes around the text")
    case _ where message.hasPrefix("Maximum nesting level reached"):
      return at(
        here, "lists or mappings inside each other more than \(DefinitionLimits.depth) deep",
        "a flatter definition")
    default:
      return at(here, "YAML that cannot be read (\(message))", "valid YAML")
    }
  }
}
