import Definitions
import Expressions

/// The id is the name of the file, where the file is a YAML file.
enum FileNameRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    guard let id = draft.id else { return }
    let file = id.place.file.split(separator: "/").last.map(String.init) ?? ""
    for ending in [".yaml", ".yml"] where file.hasSuffix(ending) {
      let name = String(file.dropLast(ending.count))
      if name != id.value {
        problems.report(
          at: id.place, found: "the id \(quoted(id.value)) in the file \(quoted(file))",
          expected: "the id and the file's name to be the same")
      }
    }
  }
}

/// Items and scores have names that an expression can use.
enum ValidNamesRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    for name in draft.items.map(\.id) + draft.scores.map(\.name) where !isName(name.value) {
      problems.report(
        at: name.place, found: "the name \(quoted(name.value))",
        expected: "a letter, then letters, digits and _, at most 64, and no word of expressions")
    }
  }

  private static func isName(_ text: String) -> Bool {
    guard text.utf8.count <= 64, !text.contains("."), let parsed = try? Expression.parse(text)
    else {
      return false
    }
    return parsed.names == [text] && parsed.description == text
  }
}

/// Items and scores have each a name of their own, also for programs that ignore letter case.
enum UniqueNamesRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    var seen: [String: Located<String>] = [:]
    for name in draft.items.map(\.id) + draft.scores.map(\.name) {
      let first = seen.updateValue(name, forKey: name.value.lowercased())
      guard let first else { continue }
      problems.report(
        at: name.place, found: "the name \(quoted(name.value)) again",
        expected: "another name than that on line \(first.place.line)")
    }
  }
}

/// Scores, checks and worked examples name items and scores that exist.
enum KnownNamesRule: InstrumentRule {
  static func check(_ draft: InstrumentDraft, problems: inout Problems) {
    guard draft.itemsAreKnown else { return }
    let operands = Names(draft.operandNames)
    for score in draft.scores {
      let named = score.expressions.isEmpty ? score.references : []
      for name in named {
        check(name, "item or score", among: operands, problems: &problems)
      }
    }
    let items = Names(draft.answeredItemNames)
    for check in draft.checks {
      self.check(check.item, "item", among: items, problems: &problems)
    }
    let scores = Names(draft.scores.map(\.name.value))
    for example in draft.examples {
      for answer in example.answers {
        check(answer.item, "item", among: items, problems: &problems)
      }
      for score in example.scores {
        check(score.name, "score", among: scores, problems: &problems)
      }
    }
  }

  private static func check(
    _ name: Located<String>, _ noun: String, among names: Names, problems: inout Problems
  ) {
    guard !names.known.contains(name.value) else { return }
    problems.report(
      at: name.place, found: "the unknown \(noun) \(quoted(name.value))",
      expected: "the name of an \(noun == "score" ? "existing score" : "\(noun) with answers")",
      suggestion: names.divided(name.value)
        ?? nearestName(to: name.value, among: names.inOrder))
  }

  /// Names in the order of the file, and as a set.
  private struct Names {
    let inOrder: [String]
    let known: Set<String>

    init(_ names: [String]) {
      inOrder = names
      known = Set(names)
    }

    /// Known names with the commas that were left out between them; nil where they are not that.
    func divided(_ text: String) -> String? {
      let parts = text.split { " ;".contains($0) }.map(String.init)
      guard parts.count > 1, parts.allSatisfy(known.contains) else { return nil }
      return parts.joined(separator: ", ")
    }
  }
}
