/// Reads the fields of a mapping by name, reports what is wrong with each, and at the end what is
/// left over.
///
/// A field that is missing or wrong is reported and read as nil, so that one pass over a file reports
/// everything:
///
///     guard var reader = MappingReader(node, describing: "an item", problems: &problems) else { return nil }
///     let id = reader.string("id", problems: &problems)
///     let unit = reader.optionalString("unit", problems: &problems)
///     reader.finish(problems: &problems)
///     guard let id else { return nil }
///
/// An optional field may be absent; one that is there must be right, and `unit:` with nothing after it
/// is not.
package struct MappingReader {
  /// Where the mapping begins.
  package let place: Place
  /// What the mapping is, as a noun phrase: "an item".
  package let subject: String
  /// Its entries in file order.
  package let entries: [DefinitionNode.Entry]

  private let indices: [String: Int]
  private(set) var asked: [String] = []

  /// A reader over a mapping; reports a node that is none.
  ///
  /// - Parameter subject: what the mapping is, as a noun phrase: "an item".
  package init?(
    _ node: DefinitionNode, describing subject: String, problems: inout Problems
  ) {
    guard let entries = node.entries(expecting: "\(subject) as a mapping", problems: &problems)
    else { return nil }
    place = node.place
    self.subject = subject
    self.entries = entries
    indices = Dictionary(
      entries.enumerated().map { ($1.key.value, $0) }, uniquingKeysWith: { first, _ in first })
  }

  // MARK: Nodes

  /// Whether a field is there.
  package func has(_ key: String) -> Bool { indices[key] != nil }

  /// The place of a field's key, or of the mapping if the field is absent.
  package func place(of key: String) -> Place {
    indices[key].map { entries[$0].key.place } ?? place
  }

  /// A field's value, if it is there.
  package mutating func optionalNode(_ key: String) -> DefinitionNode? {
    asked.append(key)
    return indices[key].map { entries[$0].value }
  }

  /// A field's value; reports its absence.
  package mutating func node(_ key: String, problems: inout Problems) -> DefinitionNode? {
    guard let node = optionalNode(key) else {
      problems.report(
        at: place, found: "\(subject) without \(quoted(key))", expected: "the field \(quoted(key))")
      return nil
    }
    return node
  }

  /// The text at the end of a path of fields, if there is one; nothing is reported or counts as read.
  ///
  /// For a name that is checked even when something beside it is wrong, such as `after` in an
  /// allocation whose `method` cannot be read.
  package func scalar(at path: String...) -> (text: String, node: DefinitionNode)? {
    var entries = entries
    var node: DefinitionNode?
    for key in path {
      node = entries.first { $0.key.value == key }?.value
      guard case .mapping(let inner) = node?.content else { entries = []; continue }
      entries = inner
    }
    guard let node, case .scalar(let scalar) = node.content, !scalar.isNothing else { return nil }
    return (scalar.text, node)
  }

  // MARK: Required fields

  /// A text; reports its absence or anything else.
  package mutating func string(
    _ key: String, expecting expected: String = "a text", problems: inout Problems
  ) -> Located<String>? {
    node(key, problems: &problems).flatMap { node in
      node.string(expecting: expected, problems: &problems).map { Located($0, at: node.place) }
    }
  }

  /// A whole number; reports its absence or anything else.
  package mutating func integer(
    _ key: String, in range: ClosedRange<Int>? = nil, problems: inout Problems
  ) -> Located<Int>? {
    node(key, problems: &problems).flatMap { node in
      node.integer(in: range, problems: &problems).map { Located($0, at: node.place) }
    }
  }

  /// A number; reports its absence or anything else.
  package mutating func number(
    _ key: String, in range: ClosedRange<Double>? = nil, problems: inout Problems
  ) -> Located<Double>? {
    node(key, problems: &problems).flatMap { node in
      node.number(in: range, problems: &problems).map { Located($0, at: node.place) }
    }
  }

  /// `true` or `false`; reports its absence or anything else.
  package mutating func bool(_ key: String, problems: inout Problems) -> Located<Bool>? {
    node(key, problems: &problems).flatMap { node in
      node.bool(problems: &problems).map { Located($0, at: node.place) }
    }
  }

  /// One of the names of an enumeration; reports its absence or anything else.
  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, of type: Choice.Type = Choice.self, problems: inout Problems
  ) -> Located<Choice>? {
    node(key, problems: &problems).flatMap { node in
      node.choice(of: type, problems: &problems).map { Located($0, at: node.place) }
    }
  }

  /// A list of texts, or one text alone; reports its absence or anything else.
  package mutating func strings(
    _ key: String, problems: inout Problems
  ) -> [Located<String>]? {
    node(key, problems: &problems)?.strings(problems: &problems)
  }

  /// A list; reports its absence or anything else.
  package mutating func list(
    _ key: String, expecting expected: String = "a list", problems: inout Problems
  ) -> [DefinitionNode]? {
    node(key, problems: &problems)?.list(expecting: expected, problems: &problems)
  }

  /// A mapping to be read field by field; reports its absence or anything else.
  ///
  /// - Parameter subject: what it is, as a noun phrase: "the consent".
  package mutating func mapping(
    _ key: String, describing subject: String, problems: inout Problems
  ) -> MappingReader? {
    node(key, problems: &problems).flatMap {
      MappingReader($0, describing: subject, problems: &problems)
    }
  }

  // MARK: Optional fields

  /// A text, or nil if the field is absent; reports anything else.
  package mutating func optionalString(
    _ key: String, expecting expected: String = "a text", problems: inout Problems
  ) -> Located<String>? {
    has(key) ? string(key, expecting: expected, problems: &problems) : absent(key)
  }

  /// A whole number, or nil if the field is absent; reports anything else.
  package mutating func optionalInteger(
    _ key: String, in range: ClosedRange<Int>? = nil, problems: inout Problems
  ) -> Located<Int>? {
    has(key) ? integer(key, in: range, problems: &problems) : absent(key)
  }

  /// A number, or nil if the field is absent; reports anything else.
  package mutating func optionalNumber(
    _ key: String, in range: ClosedRange<Double>? = nil, problems: inout Problems
  ) -> Located<Double>? {
    has(key) ? number(key, in: range, problems: &problems) : absent(key)
  }

  /// `true` or `false`, or nil if the field is absent; reports anything else.
  package mutating func optionalBool(_ key: String, problems: inout Problems) -> Located<Bool>? {
    has(key) ? bool(key, problems: &problems) : absent(key)
  }

  /// One of the names of an enumeration, or nil if the field is absent; reports anything else.
  package mutating func optionalChoice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, of type: Choice.Type = Choice.self, problems: inout Problems
  ) -> Located<Choice>? {
    has(key) ? choice(key, of: type, problems: &problems) : absent(key)
  }

  /// A list of texts or one text alone, or nil if the field is absent; reports anything else.
  package mutating func optionalStrings(
    _ key: String, problems: inout Problems
  ) -> [Located<String>]? {
    has(key) ? strings(key, problems: &problems) : absent(key)
  }

  /// A list, or nil if the field is absent; reports anything else.
  package mutating func optionalList(
    _ key: String, expecting expected: String = "a list", problems: inout Problems
  ) -> [DefinitionNode]? {
    has(key) ? list(key, expecting: expected, problems: &problems) : absent(key)
  }

  /// A mapping, or nil if the field is absent; reports anything else.
  package mutating func optionalMapping(
    _ key: String, describing subject: String, problems: inout Problems
  ) -> MappingReader? {
    has(key) ? mapping(key, describing: subject, problems: &problems) : absent(key)
  }

  /// Notes that a field is known, and returns nil for it.
  private mutating func absent<Value>(_ key: String) -> Value? {
    asked.append(key)
    return nil
  }

  // MARK: The end

  /// Reports every field that nobody asked for, with the nearest name of those that were.
  ///
  /// - Parameter known: further fields that are known but were not asked for.
  package func finish(knowing known: [String] = [], problems: inout Problems) {
    let names = asked + known
    let valid = Set(names)
    for entry in entries where !valid.contains(entry.key.value) {
      // A field that is already there was not the one meant.
      let open = names.filter { indices[$0] == nil }
      problems.report(
        at: entry.key.place, found: "the unknown field \(quoted(entry.key.value))",
        expected: "\(subject) with \(summary(of: names))",
        suggestion: nearestName(to: entry.key.value, among: open))
    }
  }

  /// The fields' names as a list for a problem.
  private func summary(of names: [String]) -> String {
    names.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      .joined(separator: ", ")
  }
}
