/// Kendall's score S of a series against time, with what its tests need.
///
/// S = Σ_{i<j} sign(x_j − x_i), by merge sort (Knight 1966). Its variance under no trend is
/// [n(n−1)(2n+5) − Σ t(t−1)(2t+5)] / 18 over the groups of t equal values (Kendall 1975).
public struct KendallScore: Hashable, Sendable {
  /// The number of values.
  public let count: Int
  /// Rising pairs less falling pairs.
  public let score: Int
  /// The variance of the score under no trend, corrected for equal values.
  public let variance: Double
  /// Whether some values are equal.
  public let hasTies: Bool

  /// The number of pairs.
  public var pairs: Int { count * (count - 1) / 2 }

  /// - Parameter values: In the order of time, finite.
  public init(_ values: [Double]) {
    count = values.count
    var tiedPairs = 0
    var correction = 0.0
    let sorted = values.sorted()
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
      let ties = end - start
      tiedPairs += ties * (ties - 1) / 2
      correction += Double(ties) * Double(ties - 1) * Double(2 * ties + 5)
      start = end
    }
    hasTies = tiedPairs > 0
    var counting = InversionCounting()
    let falling = counting.count(values, strictly: true)
    score = count * (count - 1) / 2 - tiedPairs - 2 * falling
    let total = Double(count)
    variance = max(0, (total * (total - 1) * (2 * total + 5) - correction) / 18)
  }

  /// The probability of a score at least as far from 0, were every order of the values as likely.
  ///
  /// Exact, by counting permutations with a given number of inversions; nil with equal values or
  /// more than `largest` values, where the normal approximation is used.
  public func exactTwoSided(upTo largest: Int = 10) -> Double? {
    guard !hasTies, count <= largest, count >= 2 else { return nil }
    guard score != 0 else { return 1 }
    var orders: [Double] = [1]
    for size in 2...count {
      var wider = Array(repeating: 0.0, count: orders.count + size - 1)
      for (inversions, number) in orders.enumerated() {
        for more in 0..<size { wider[inversions + more] += number }
      }
      orders = wider
    }
    let extreme = orders.enumerated().filter { abs(pairs - 2 * $0.offset) >= abs(score) }
    return min(1, extreme.map(\.element).reduce(0, +) / orders.reduce(0, +))
  }
}
