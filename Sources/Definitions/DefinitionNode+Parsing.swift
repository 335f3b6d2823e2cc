import Yams

extension DefinitionNode {
  /// Reads the bytes of a YAML file (one document, YAML 1.1 as libyaml reads it); reports why it cannot
  /// be read, with a place, and never traps, whatever the bytes.
  ///
  /// Refused: more than 1 MiB, bytes that are not UTF-8 text, nothing but comments, more than one
  /// document, aliases, tags, keys that are not texts, nesting deeper than 32.
  ///
  /// Reported, but read on so that they do not hide what else is wrong: control characters (as
  /// U+FFFD) and duplicate keys (the last of them counts). Whoever makes something of the node looks
  /// at `problems.hasErrors` first.
  ///
  /// - Parameter file: the path that problems name.
  /// - Returns: the root, or nil when the file could not be read to its end.
  package static func parse(
    _ bytes: [UInt8], file: String, problems: inout Problems
  ) -> DefinitionNode? {
    guard let source = SourceText(bytes, file: file, problems: &problems) else { return nil }
    if let alias = source.firstAlias() {
      problems.report(
        at: alias.place, found: "the alias \(quoted("*" + alias.name))",
        expected: "the value itself: aliases are not supported")
      return nil
    }
    guard let (root, duplicates) = composeReportingDuplicates(source, problems: &problems)
    else { return nil }
    return convert(root, depth: 0, in: source, without: duplicates, problems: &problems)
  }

  /// The root of the only document, and the places of the keys that occur again in their mapping;
  /// reports an empty file, a syntax error, and duplicate keys.
  ///
  /// Yams stops at the first mapping with a key that occurs twice. To report them all, the first
  /// occurrence is renamed with a private-use character and the text parsed again.
  private static func composeReportingDuplicates(
    _ source: SourceText, problems: inout Problems
  ) -> (root: Node, duplicates: Set<Place>)? {
    var text = source.text
    var duplicates: Set<Place> = []
    var unused = unusedCharacters(in: text).makeIterator()
    for _ in 0..<DefinitionLimits.duplicates(inBytes: text.utf8.count) {
      do {
        let root = try compose(yaml: text, .basic, .default, .utf8)
        let isEmpty = root?.scalar.map { $0.style == .plain && $0.string.isEmpty } ?? false
        guard let root, !isEmpty else {
          problems.report(
            at: .whole(source.file), found: "an empty file", expected: "a definition")
          return nil
        }
        return (root, duplicates)
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        let place = source.place(line: context.mark.line, column: context.mark.column)
        problems.report(
          at: place, found: "the field \(quoted(keys.first ?? "")) more than once",
          expected: "each field once in a mapping")
        duplicates.insert(place)
        guard let character = unused.next(),
          let renamed = renaming(keyAt: context.mark, in: text, with: character)
        else { return nil }
        text = renamed
      } catch {
        problems.report(problem(for: error, in: source))
        return nil
      }
    }
    return nil
  }

  /// Private-use characters that a text does not have, one for each key that can be renamed.
  private static func unusedCharacters(in text: String) -> [Unicode.Scalar] {
    let range = Unicode.Scalar("\u{E000}")...Unicode.Scalar("\u{F8FF}")
    let used = Set(text.unicodeScalars.lazy.filter(range.contains))
    return Array(
      (0xE000...0xF8FF).lazy.compactMap(Unicode.Scalar.init).filter { !used.contains($0) }
        .prefix(DefinitionLimits.duplicates(inBytes: text.utf8.count)))
  }

  /// The text with one character of the key at a mark replaced by one that no key has.
  private static func renaming(
    keyAt mark: Mark, in text: String, with unused: Unicode.Scalar
  ) -> String? {
    let lines = SourceText.split(text)
    guard lines.indices.contains(mark.line - 1) else { return nil }
    var rest = lines[mark.line - 1].dropFirst(mark.column - 1)
    if rest.first == "\"" || rest.first == "'" { rest = rest.dropFirst() }
    guard let first = rest.first,
      first.properties.isAlphabetic || first.properties.numericType != nil
    else { return nil }
    var result = text.unicodeScalars
    result.replaceSubrange(rest.startIndex..<result.index(after: rest.startIndex), with: [unused])
    return String(result)
  }

  // MARK: From Yams' nodes to ours

  /// The node, or nil after a report when any part of it cannot be used.
  ///
  /// - Parameter duplicates: the places of keys that count no longer, as they occur again.
  private static func convert(
    _ node: Node, depth: Int, in source: SourceText, without duplicates: Set<Place>,
    problems: inout Problems
  ) -> DefinitionNode? {
    let place = source.place(of: node)
    guard depth <= DefinitionLimits.depth else {
      problems.report(
        at: place, found: "lists or mappings inside each other more than \(depth - 1) deep",
        expected: "a flatter definition")
      return nil
    }
    switch node {
    case .scalar(let scalar):
      return convert(scalar, at: place, in: source, problems: &problems)
    case .sequence(let sequence):
      guard hasNoTag(sequence.tag, at: place, problems: &problems) else { return nil }
      let nodes = sequence.map {
        convert($0, depth: depth + 1, in: source, without: duplicates, problems: &problems)
      }
      let whole = nodes.compactMap(\.self)
      guard whole.count == nodes.count else { return nil }
      return DefinitionNode(place: place, content: .list(whole))
    case .mapping(let mapping):
      guard hasNoTag(mapping.tag, at: place, problems: &problems) else { return nil }
      var entries: [Entry] = []
      var isWhole = true
      for (key, value) in mapping {
        let value = convert(
          value, depth: depth + 1, in: source, without: duplicates, problems: &problems)
        guard !duplicates.contains(source.place(of: key)) else { continue }
        let key = convertKey(key, in: source, problems: &problems)
        if let key, let value {
          entries.append(Entry(key: key, value: value))
        } else {
          isWhole = false
        }
      }
      return isWhole ? DefinitionNode(place: place, content: .mapping(entries)) : nil
    case .alias:
      // Yams gives these only to its own coder.
      problems.report(at: place, found: "an alias", expected: "the value itself")
      return nil
    }
  }

  private static func convert(
    _ scalar: Node.Scalar, at place: Place, in source: SourceText, problems: inout Problems
  ) -> DefinitionNode? {
    guard hasNoTag(scalar.tag, at: place, problems: &problems) else { return nil }
    var text = scalar.string
    if let refused = text.unicodeScalars.first(where: isRefused) {
      problems.report(
        at: place, found: "the control character U+\(hexadecimal(refused))",
        expected: "a text without control characters")
      let kept = text.unicodeScalars.map { isRefused($0) ? "\u{FFFD}" : $0 }
      text = String(String.UnicodeScalarView(kept))
    }
    let style: Scalar.Style =
      switch scalar.style {
      case .singleQuoted: .singleQuoted
      case .doubleQuoted: .doubleQuoted
      case .literal, .folded: .block
      case .plain, .any: .plain
      }
    var result = Scalar(text: text, style: style, isOnOneLine: false)
    result.isOnOneLine =
      style != .block
      && source.has(result.onOneLine, line: place.line, column: place.column)
    return DefinitionNode(place: place, content: .scalar(result))
  }

  /// Whether a character that an escape such as `\0` may bring in has no place in a text.
  private static func isRefused(_ character: Unicode.Scalar) -> Bool {
    character.properties.generalCategory == .control && !["\n", "\t", "\r"].contains(character)
  }

  private static func convertKey(
    _ key: Node, in source: SourceText, problems: inout Problems
  ) -> Located<String>? {
    let place = source.place(of: key)
    guard case .scalar(let scalar) = key else {
      problems.report(
        at: place, found: "a list or a mapping as a key", expected: "the name of a field")
      return nil
    }
    let node = convert(scalar, at: place, in: source, problems: &problems)
    guard let node, case .scalar(let converted) = node.content else { return nil }
    guard !converted.isNothing else {
      problems.report(at: place, found: "nothing as a key", expected: "the name of a field")
      return nil
    }
    return Located(converted.text, at: place)
  }

  /// Whether a node has no tag of its own (`!!binary`, `!mine`); reports one.
  private static func hasNoTag(_ tag: Tag, at place: Place, problems: inout Problems) -> Bool {
    let implied: [Tag.Name] = [.implicit, .nonSpecific, .str, .seq, .map]
    guard !implied.contains(Tag.Name(rawValue: tag.rawValue)) else { return true }
    problems.report(
      at: place, found: "the tag \(quoted(tag.rawValue))",
      expected: "a value without a tag")
    return false
  }
}

extension SourceText {
  /// Where a node begins; composed nodes always know.
  fileprivate func place(of node: Node) -> Place {
    node.mark.map { place(line: $0.line, column: $0.column) } ?? .whole(file)
  }
}
