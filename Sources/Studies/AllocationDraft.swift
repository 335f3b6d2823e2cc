import Definitions
import Expressions
import Instruments

/// Reads `allocation: { method: permuted-blocks, block_sizes: [4, 6], strata: [site], after: baseline }`.
struct AllocationDraft {
  /// The rule; nil where anything about it is wrong.
  private(set) var allocation: Located<Allocation>?
  /// The numbers that strata are made of, to be checked once the instruments are known.
  private(set) var measures: [LocatedExpression] = []

  /// - Parameter arms: empty where they could not be read.
  static func read(
    _ study: inout MappingReader, arms: [Arm], problems: inout Problems
  ) -> AllocationDraft {
    var draft = AllocationDraft()
    draft.allocation = draft.rule(&study, arms: arms, problems: &problems)
    return draft
  }

  private mutating func rule(
    _ study: inout MappingReader, arms: [Arm], problems: inout Problems
  ) -> Located<Allocation>? {
    guard
      var reader = study.optionalMapping(
        "allocation", describing: "the allocation", problems: &problems)
    else { return nil }
    let name = Self.methodName(&reader, problems: &problems)
    let sizes = Self.blockSizes(&reader, arms: arms, method: name, problems: &problems)
    let strata = strata(&reader, method: name, problems: &problems)
    let after = reader.string("after", problems: &problems)
    reader.finish(problems: &problems)
    guard let name, let after, let strata else { return nil }
    let method: Allocation.Method
    switch name {
    case "permuted-blocks":
      guard let sizes else { return nil }
      method = .permutedBlocks(sizes: sizes)
    case "minimisation": method = .minimisation
    default: method = .simple
    }
    return Located(Allocation(method: method, strata: strata, after: after.value), at: after.place)
  }

  private static func methodName(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> String? {
    guard let node = reader.optionalNode("method") else {
      problems.report(
        at: reader.place, found: "an allocation without 'method'", expected: "method: simple")
      return nil
    }
    return node.choice(among: Allocation.Method.names, problems: &problems)
  }

  /// The sizes of blocks: multiples of what makes one balanced, so that every block is.
  private static func blockSizes(
    _ reader: inout MappingReader, arms: [Arm], method: String?, problems: inout Problems
  ) -> [Int]? {
    guard let node = reader.optionalNode("block_sizes") else {
      if method == "permuted-blocks" {
        problems.report(
          at: reader.place, found: "permuted blocks without 'block_sizes'",
          expected: "block_sizes: [4, 6], so that the end of a block cannot be guessed")
      }
      return nil
    }
    if let method, method != "permuted-blocks" {
      problems.report(
        at: node.place, found: "'block_sizes' beside 'method: \(method)'",
        expected: "'block_sizes' only beside 'method: permuted-blocks'")
    }
    let unit = arms.reduce(0) { $0 + $1.weight }
    var sizes: [Int] = []
    for entry in node.list(expecting: "sizes such as [4, 6]", problems: &problems) ?? [] {
      guard let size = entry.integer(in: 1...10_000, problems: &problems) else { return nil }
      if unit > 0, size % unit != 0 {
        problems.report(
          at: entry.place, found: "a block of \(size) for arms whose weights sum to \(unit)",
          expected: "multiples of \(unit), so that every block is balanced",
          suggestion: String((size / unit + 1) * unit))
      }
      if sizes.contains(size) {
        problems.report(
          at: entry.place, found: "the size \(size) a second time", expected: "each size once")
      }
      sizes.append(size)
    }
    guard !sizes.isEmpty else {
      if case .list = node.content {
        problems.report(at: node.place, found: "no size", expected: "at least one block size")
      }
      return nil
    }
    if sizes.count == 1 {
      problems.report(
        .warning, at: node.place, found: "blocks of one size",
        expected: "several sizes, or the last arms of a block can be guessed")
    }
    return sizes
  }

  /// Reports names that are no score or numeric answer of the occasion that the draw follows.
  ///
  /// - Parameters:
  ///   - instruments: those of that occasion, as far as they could be read.
  static func check(
    _ measures: [LocatedExpression], of instruments: [Instrument], scores: ScoreNames,
    problems: inout Problems
  ) {
    var known: [String: ValueType] = [:]
    for instrument in instruments {
      for score in instrument.scores { known["\(instrument.id).\(score.name)"] = .number }
      for item in instrument.items where item.valueType == .number {
        known["\(instrument.id).\(item.id)"] = .number
      }
    }
    for measure in measures {
      var names = known
      for name in measure.expression.names where scores.isBeyondReach(name) {
        names[name] = .number
      }
      measure.check(names: names, expecting: .number, problems: &problems)
    }
  }

  private mutating func strata(
    _ reader: inout MappingReader, method: String?, problems: inout Problems
  ) -> [Allocation.Factor]? {
    let place = reader.place(of: "strata")
    let isThere = reader.has("strata")
    guard isThere else {
      if method == "minimisation" {
        problems.report(
          at: reader.place, found: "minimisation without 'strata'",
          expected: "strata: [site], the factors that it balances")
      }
      return []
    }
    guard let node = reader.optionalNode("strata") else { return nil }
    let nodes = if case .list(let nodes) = node.content { nodes } else { [node] }
    if method == "simple" {
      problems.report(
        at: place, found: "'strata' beside 'method: simple'",
        expected: "'strata' beside permuted-blocks or minimisation")
    }
    if nodes.isEmpty {
      problems.report(at: place, found: "no factor", expected: "at least one, such as site")
    }
    let factors = nodes.map { factor($0, problems: &problems) }
    StudyReader.refuseTwins(
      factors.compactMap { $0.map { Located($0.value.id, at: $0.place) } }, of: "factor",
      problems: &problems)
    return factors.contains { $0 == nil } ? nil : factors.compactMap { $0?.value }
  }

  private mutating func factor(
    _ node: DefinitionNode, problems: inout Problems
  ) -> Located<Allocation.Factor>? {
    if case .mapping = node.content { return measure(node, problems: &problems) }
    guard
      let name = node.string(
        expecting: "site, language, or a number with its levels such as "
          + "{ id: severity, of: needs-6.satisfaction, cut: [3, 5] }", problems: &problems)
    else { return nil }
    switch name {
    case Allocation.Factor.site.id: return Located(.site, at: node.place)
    case Allocation.Factor.language.id: return Located(.language, at: node.place)
    default:
      problems.report(
        at: node.place, found: "the factor \(quoted(name))",
        expected: "one of \(Allocation.Factor.names.joined(separator: ", ")), or a number with its "
          + "levels such as { id: severity, of: needs-6.satisfaction, cut: [3, 5] }",
        suggestion: nearestName(to: name, among: Allocation.Factor.names))
      return nil
    }
  }

  /// `{ id: severity, of: needs-6.satisfaction, cut: [3, 5] }`
  private mutating func measure(
    _ node: DefinitionNode, problems: inout Problems
  ) -> Located<Allocation.Factor>? {
    guard var reader = MappingReader(node, describing: "a factor", problems: &problems) else {
      return nil
    }
    let name = reader.string("id", problems: &problems)
    let id = StudyReader.identifier(name, problems: &problems)
    let value = reader.node("of", problems: &problems).flatMap {
      LocatedExpression.read($0, problems: &problems)
    }
    let place = reader.place(of: "cut")
    let cuts = reader.list("cut", expecting: "numbers such as [3, 5]", problems: &problems)?.map {
      $0.number(problems: &problems)
    }
    reader.finish(problems: &problems)
    if let value { measures.append(value) }
    if let name, let id, Allocation.Factor.names.contains(id) || id == "test" {
      problems.report(
        at: name.place, found: "the name \(quoted(id)), which strata have already",
        expected: "another name for the factor")
      return nil
    }
    guard let id, let value, let cuts, !cuts.contains(nil) else { return nil }
    let ordered = cuts.compactMap(\.self)
    guard !ordered.isEmpty, zip(ordered, ordered.dropFirst()).allSatisfy({ $0 < $1 }) else {
      problems.report(
        at: place, found: ordered.isEmpty ? "no cut" : "cuts that are not in order",
        expected: "where each level ends, the lowest first, such as [3, 5]")
      return nil
    }
    return Located(
      .measure(Allocation.Measure(id: id, value: value.expression, cuts: ordered)), at: node.place)
  }
}
