/// A node of a definition file that knows where it stands: a scalar, a list or a mapping.
///
/// What it is not: a typed value. YAML's guesses (`no` as false, `1.10` as 1.1, `010` as 8) are never
/// made; a scalar is its text, and the reader of a field says what it expects there.
package struct DefinitionNode: Hashable, Sendable {
  /// What the node holds.
  package indirect enum Content: Hashable, Sendable {
    /// A text, a number, a truth value or nothing.
    case scalar(Scalar)
    /// A list.
    case list([DefinitionNode])
    /// A mapping in file order, without duplicate keys.
    case mapping([Entry])
  }

  /// A scalar: its text, and how it was written.
  package struct Scalar: Hashable, Sendable {
    /// How a scalar is written.
    package enum Style: Hashable, Sendable {
      /// Without quotes: may be meant as a number, a truth value or nothing.
      case plain
      /// In single quotes.
      case singleQuoted
      /// In double quotes.
      case doubleQuoted
      /// As an indented block after `|` or `>`.
      case block
    }

    /// The text, after unescaping and folding.
    package var text: String
    /// How it was written.
    package var style: Style
    /// Whether the text stands in the file as it is (apart from doubled quotes and backslashes) on one
    /// line, so that an offset into it is a column.
    package var isOnOneLine: Bool

    /// Whether it is nothing: an empty value, `~` or `null` without quotes.
    package var isNothing: Bool {
      style == .plain && ["", "~", "null", "Null", "NULL"].contains(text)
    }
  }

  /// One `key: value` of a mapping.
  package struct Entry: Hashable, Sendable {
    /// The key's text and place.
    package var key: Located<String>
    /// The value.
    package var value: DefinitionNode
  }

  /// Where the node begins.
  package var place: Place
  /// What it holds.
  package var content: Content
}

extension DefinitionNode {
  /// What the node is, as a noun phrase for a problem: "the text 'abc'", "a list", "nothing".
  package var summary: String {
    switch content {
    case .list(let nodes): nodes.isEmpty ? "an empty list" : "a list"
    case .mapping(let entries): entries.isEmpty ? "an empty mapping" : "a mapping"
    case .scalar(let scalar) where scalar.isNothing: "nothing"
    case .scalar(let scalar) where scalar.style == .plain && plainNumber(scalar.text) != nil:
      "the number \(scalar.text)"
    case .scalar(let scalar): "the text \(quoted(scalar.text))"
    }
  }

  /// Whether the node is an empty value, `~` or `null`.
  package var isNothing: Bool {
    if case .scalar(let scalar) = content { scalar.isNothing } else { false }
  }

  /// Where a character of a scalar's text stands in the file.
  ///
  /// Exact for a scalar written on one line; the scalar's own place for one that is folded over lines,
  /// escaped with codes, or a block.
  ///
  /// - Parameter offset: the number of Unicode scalars of the text before the character, from 0.
  package func place(atOffset offset: Int) -> Place {
    guard case .scalar(let scalar) = content, scalar.isOnOneLine, offset >= 0 else { return place }
    var result = place
    result.column += scalar.columns(before: offset)
    return result
  }
}

extension DefinitionNode.Scalar {
  /// The columns between the scalar's beginning in the file, quotes included, and a character of its
  /// text.
  func columns(before offset: Int) -> Int {
    let before = text.unicodeScalars.prefix(offset)
    return switch style {
    case .plain, .block: offset
    case .singleQuoted: 1 + offset + before.count { $0 == "'" }
    case .doubleQuoted: 1 + offset + before.count { $0 == "\"" || $0 == "\\" }
    }
  }

  /// The text as it would be written on one line in this style, without the closing quote.
  var onOneLine: String {
    switch style {
    case .plain, .block: text
    case .singleQuoted:
      "'"
        + text.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "''")
    case .doubleQuoted:
      text.reduce(into: "\"") { written, character in
        if character == "\"" || character == "\\" { written.append("\\") }
        written.append(character)
      }
    }
  }
}
