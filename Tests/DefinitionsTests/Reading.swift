import Definitions

/// Parses a text and returns the node and what was reported.
func parse(_ text: String) -> (node: DefinitionNode?, problems: Problems) {
  parse(Array(text.utf8))
}

/// Parses bytes and returns the node and what was reported.
func parse(_ bytes: [UInt8]) -> (node: DefinitionNode?, problems: Problems) {
  var problems = Problems()
  let node = DefinitionNode.parse(bytes, file: "f.yaml", problems: &problems)
  return (node, problems)
}

/// Parses a text that is known to be a mapping and hands a reader over it to `body`; returns the
/// reported problems, one a line.
func reading(
  _ text: String, _ body: (inout MappingReader, inout Problems) -> Void
) -> String {
  var (node, problems) = parse(text)
  if let node, var reader = MappingReader(node, describing: "a test", problems: &problems) {
    body(&reader, &problems)
    reader.finish(problems: &problems)
  }
  return problems.sorted.map(\.description).joined(separator: "\n")
}
