/// How alike the members of a group, or the occasions of a person, are: ICC(1) and ICC(2) from a
/// one-way analysis of variance (Bliese 2000).
public struct GroupCorrelation: Hashable, Sendable {
  /// The number of groups.
  public let groupCount: Int
  /// The number of values.
  public let valueCount: Int
  /// The share of variance between groups: (MSB − MSW)/(MSB + (n̄ − 1) MSW), n̄ the mean size.
  public let single: Double
  /// The reliability of a group's mean: (MSB − MSW)/MSB.
  public let mean: Double

  /// - Parameters:
  ///   - values: NaN is missing.
  ///   - groups: A code for each value, 0 or more; values with a negative code are left out.
  /// - Throws: ``ReliabilityError``.
  public init(_ values: [Double], groups: [Int]) throws(ReliabilityError) {
    guard values.count == groups.count else {
      throw .unequalLengths(rows: groups.count, expected: values.count)
    }
    var members: [Int: [Double]] = [:]
    for (value, group) in zip(values, groups) where group >= 0 && !value.isNaN {
      members[group, default: []].append(value)
    }
    let count = members.values.reduce(0) { $0 + $1.count }
    guard members.count >= 2 else { throw .tooFewRows(rows: members.count, needed: 2) }
    guard count > members.count else { throw .tooFewRows(rows: count, needed: members.count + 1) }
    let ordered = members.keys.sorted().compactMap { members[$0] }
    let grand = ordered.reduce(0) { $0 + $1.reduce(0, +) } / Double(count)
    var between = 0.0
    var within = 0.0
    for group in ordered {
      let mean = group.reduce(0, +) / Double(group.count)
      between += Double(group.count) * (mean - grand) * (mean - grand)
      for value in group { within += (value - mean) * (value - mean) }
    }
    between /= Double(ordered.count - 1)
    within /= Double(count - ordered.count)
    guard between > 0 else { throw .noFit("the groups do not differ") }
    let size = Double(count) / Double(ordered.count)
    groupCount = ordered.count
    valueCount = count
    single = (between - within) / (between + (size - 1) * within)
    mean = (between - within) / between
  }
}
