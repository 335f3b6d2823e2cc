extension SourceText {
  /// The first alias (`*name`) whose anchor (`&name`) the file also has.
  ///
  /// Definitions do without them: what a file says stands where it is said. They are looked for before
  /// the file is parsed, because a few lines of aliases to aliases stand for more nodes than there is
  /// memory, and Yams walks those that are used as keys. Only what could begin a node is looked at, so
  /// `R&D` and `*emphasis*` in a text are let through unless an alias and its anchor both seem there.
  func firstAlias() -> (name: String, place: Place)? {
    var anchors: Set<String> = []
    var aliases: [(name: String, place: Place)] = []
    for (index, line) in lines.enumerated() {
      var begins = true
      var isTag = false
      var column = 0
      var rest = line[...]
      while let character = rest.popFirst() {
        column += 1
        switch character {
        case " ", "\t":
          // A node begins after the space behind a tag, an anchor or an indicator.
          if isTag { begins = true }
          isTag = false
          continue
        case "&" where begins, "*" where begins:
          let name = rest.prefix(while: SourceText.isNameCharacter)
          if character == "&" {
            anchors.insert(String(name))
            isTag = true
          } else if !name.isEmpty {
            aliases.append(
              (String(name), Place(file: file, line: index + 1, column: column)))
          }
          begins = false
        case "!" where begins:
          isTag = true
          begins = false
        case "-", "?", ":", "[", "{", ",":
          begins = true
        default:
          begins = false
        }
      }
    }
    return aliases.first { anchors.contains($0.name) }
  }

  /// Whether a character may be part of an anchor's name (as libyaml reads it).
  private static func isNameCharacter(_ character: Unicode.Scalar) -> Bool {
    switch character {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
    default: false
    }
  }
}
