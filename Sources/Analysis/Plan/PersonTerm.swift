/// `within(x)` and `between(x)` in a plan's formula: a person's deviations from their own mean, and
/// that mean less the mean of all persons', over the rows that the model uses.
///
/// The engine is told whose means: `within(x, participant)`. Both spellings are known here.
enum PersonTerm {
  private static let owner = ", participant)"

  /// The formula with the participant added where the function has a single argument.
  static func completed(_ formula: String) -> String {
    var completed = ""
    var rest = formula[...]
    while let open = rest.firstIndex(of: "(") {
      let head = rest[...open]
      completed += head
      rest = rest[rest.index(after: open)...]
      let word = head.dropLast().reversed().prefix {
        $0.isLetter || $0.isNumber || "._".contains($0)
      }
      guard ["within", "between"].contains(String(word.reversed())),
        let close = closing(rest), !rest[..<close].contains(",")
      else { continue }
      completed += rest[..<close] + owner
      rest = rest[rest.index(after: close)...]
    }
    return completed + rest
  }

  /// A name of the engine as the plan writes it.
  static func written(_ name: String) -> String { name.replacing(owner, with: ")") }

  /// The parenthesis that closes the one before the text.
  private static func closing(_ text: Substring) -> Substring.Index? {
    var depth = 0
    for index in text.indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" {
        if depth == 0 { return index }
        depth -= 1
      }
    }
    return nil
  }
}
