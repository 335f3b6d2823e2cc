/// A text of a study as pages show it: headings, paragraphs and lists of Markdown, with words that
/// stand out. Nothing in it becomes markup but these.
struct Prose: Sendable {
  /// A stretch of words.
  struct Run: Sendable, Hashable {
    var words: String
    var isStrong = false
    var isStressed = false
    var isPlain: Bool { !isStrong && !isStressed }

    var fields: [String: Any] {
      [
        "words": words, "isStrong": isStrong, "isStressed": !isStrong && isStressed,
        "isPlain": isPlain,
      ]
    }
  }

  /// A heading, a paragraph or a list.
  enum Block: Sendable, Hashable {
    case heading(String, level: Int)
    case text(String)
    case list([String], isNumbered: Bool)
  }

  let blocks: [Block]

  /// Reads a text. Lines that follow each other are one paragraph; `#` begins a heading, `-`, `*` and
  /// `1.` an entry of a list, which goes on in lines that are indented.
  init(_ text: String) {
    var blocks: [Block] = []
    var isOpen = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.trimmed
      let (entry, isNumbered) = Self.entry(words)
      if words.isEmpty {
        isOpen = false
      } else if words.hasPrefix("#") {
        blocks.append(
          .heading(
            String(words.drop { $0 == "#" }.trimmed), level: words.prefix { $0 == "#" }.count))
        isOpen = false
      } else if let entry {
        if case .list(let entries, isNumbered) = blocks.last {
          blocks[blocks.count - 1] = .list(entries + [entry], isNumbered: isNumbered)
        } else {
          blocks.append(.list([entry], isNumbered: isNumbered))
        }
        isOpen = true
      } else if isOpen, let last = blocks.last {
        blocks[blocks.count - 1] = last.continued(by: String(words))
      } else {
        blocks.append(.text(String(words)))
        isOpen = true
      }
    }
    self.blocks = blocks
  }

  private static func entry(_ words: Substring) -> (String?, isNumbered: Bool) {
    if words.hasPrefix("- ") || words.hasPrefix("* ") {
      return (String(words.dropFirst(2).trimmed), false)
    }
    let digits = words.prefix { $0.isNumber }
    guard !digits.isEmpty, words.dropFirst(digits.count).hasPrefix(". ") else {
      return (nil, false)
    }
    return (String(words.dropFirst(digits.count + 2).trimmed), true)
  }

  /// The words of a line: `**strong**` and `*stressed*`, all else as it stands.
  static func runs(_ text: String) -> [Run] {
    var runs: [Run] = []
    var rest = Substring(text)
    var words = ""
    func close() {
      if !words.isEmpty { runs.append(Run(words: words)) }
      words = ""
    }
    while let first = rest.first {
      let mark = rest.hasPrefix("**") ? "**" : first == "*" ? "*" : nil
      if let mark, let end = rest.dropFirst(mark.count).firstRange(of: mark),
        case let inner = rest[rest.index(rest.startIndex, offsetBy: mark.count)..<end.lowerBound],
        !inner.isEmpty, inner.first?.isWhitespace == false, inner.last?.isWhitespace == false
      {
        close()
        runs.append(
          Run(words: String(inner), isStrong: mark == "**", isStressed: mark == "*"))
        rest = rest[end.upperBound...]
      } else {
        words.append(first)
        rest = rest.dropFirst()
      }
    }
    close()
    return runs
  }

  /// The blocks as the template `prose` reads them, below the page's own title.
  var fields: [[String: Any]] { fields(isPage: false) }

  /// The same.
  ///
  /// - Parameter isPage: whether the text's first heading is the title of the page.
  func fields(isPage: Bool) -> [[String: Any]] {
    blocks.map { block in
      func kind(_ kind: String) -> [String: Any] {
        var fields: [String: Any] = [
          "isTitle": false, "isHeading": false, "isText": false, "isList": false,
          "isNumbered": false,
        ]
        fields[kind] = true
        return fields
      }
      switch block {
      case .heading(let words, let level):
        return kind(isPage && level == 1 ? "isTitle" : "isHeading").adding(
          "runs", Self.runs(words).map(\.fields))
      case .text(let words):
        return kind("isText").adding("runs", Self.runs(words).map(\.fields))
      case .list(let entries, let isNumbered):
        return kind(isNumbered ? "isNumbered" : "isList").adding(
          "entries", entries.map { ["runs": Self.runs($0).map(\.fields)] as [String: Any] })
      }
    }
  }
}

extension Prose.Block {
  fileprivate func continued(by words: String) -> Prose.Block {
    switch self {
    case .heading(let text, let level): .heading(text + " " + words, level: level)
    case .text(let text): .text(text + " " + words)
    case .list(let entries, let isNumbered):
      .list(entries.dropLast() + [(entries.last ?? "") + " " + words], isNumbered: isNumbered)
    }
  }
}

extension StringProtocol {
  /// The text without spaces at its ends.
  var trimmed: SubSequence {
    let rest = drop { $0.isWhitespace }
    guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else {
      return rest[rest.endIndex...]
    }
    return rest[...last]
  }
}

extension [String: Any] {
  /// The same with one more entry.
  func adding(_ key: String, _ value: Any?) -> [String: Any] {
    var copy = self
    copy[key] = value
    return copy
  }
}
