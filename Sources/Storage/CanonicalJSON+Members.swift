extension CanonicalJSON {
  /// The members of an object by the order of their names' bytes, not by locale or Unicode order: the same
  /// on every machine.
  ///
  /// A list and no dictionary: an event has some ten members, which stand in the code in that order
  /// already and are written once.
  struct Members: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// A name with its value.
    struct Member: Hashable, Sendable {
      var name: String
      var value: CanonicalJSON
    }

    /// By name; no name comes twice.
    let sorted: [Member]

    init(dictionaryLiteral members: (String, CanonicalJSON)...) { self.init(members) }

    /// - Parameter members: in any order, each name once.
    init(_ members: some Sequence<(String, CanonicalJSON)>) {
      let list = members.map { Member(name: $0.0, value: $0.1) }
      let isSorted = zip(list, list.dropFirst()).allSatisfy { $0.precedes($1) }
      sorted = isSorted ? list : list.sorted { $0.precedes($1) }
    }

    init(_ fields: [String: CanonicalJSON]) { self.init(fields.map { ($0.key, $0.value) }) }

    /// The value of a name, or `nil` when there is none.
    subscript(_ name: String) -> CanonicalJSON? { sorted.first { $0.name == name }?.value }

    /// By name.
    var fields: [String: CanonicalJSON] {
      Dictionary(sorted.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }
  }
}

extension CanonicalJSON.Members.Member {
  fileprivate func precedes(_ other: Self) -> Bool {
    name.utf8.lexicographicallyPrecedes(other.name.utf8)
  }
}
