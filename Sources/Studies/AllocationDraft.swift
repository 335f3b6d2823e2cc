import Definitions

/// Reads `allocation: { method: permuted-blocks, block_sizes: [4, 6], strata: [site], after: baseline }`.
enum AllocationDraft {
  /// - Parameter arms: empty where they could not be read.
  static func read(
    _ study: inout MappingReader, arms: [Arm], problems: inout Problems
  ) -> Located<Allocation>? {
    guard
      var reader = study.optionalMapping(
        "allocation", describing: "the allocation", problems: &problems)
    else { return nil }
    let name = methodName(&reader, problems: &problems)
    let sizes = blockSizes(&reader, arms: arms, method: name, problems: &problems)
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

  private static func strata(
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
    guard let names = reader.optionalStrings("strata", problems: &problems) else { return nil }
    if method == "simple" {
      problems.report(
        at: place, found: "'strata' beside 'method: simple'",
        expected: "'strata' beside permuted-blocks or minimisation")
    }
    if names.isEmpty {
      problems.report(at: place, found: "no factor", expected: "at least one, such as site")
    }
    StudyReader.refuseTwins(names, of: "factor", problems: &problems)
    let known = Allocation.Factor.allCases.map(\.rawValue)
    let factors = names.map { name -> Allocation.Factor? in
      if let factor = Allocation.Factor(rawValue: name.value) { return factor }
      problems.report(
        at: name.place, found: "the factor \(quoted(name.value))",
        expected: "one of \(known.joined(separator: ", "))",
        suggestion: nearestName(to: name.value, among: known))
      return nil
    }
    return factors.contains(nil) ? nil : factors.compactMap(\.self)
  }
}
