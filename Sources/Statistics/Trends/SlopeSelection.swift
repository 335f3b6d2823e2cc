/// Order statistics of all pairwise slopes of one or more series, without making them all.
///
/// The number of slopes up to m is the number of pairs whose order x − m·t has turned, counted in
/// O(n log n) by merge sort. Random slopes give a narrow interval around the rank, the pairs that
/// turn within it are listed, and the rank is picked among their slopes (Matoušek 1991; Dillencourt,
/// Mount & Netanyahu 1992). The draws come from a fixed generator and change only the time taken.
struct SlopeSelection {
  /// The number of slopes.
  let count: Int
  private let groups: [TrendSeries]
  private let firstPair: [Int]
  private var counting = InversionCounting()
  private var generator = SplitMix64(state: 0x9E37_79B9_7F4A_7C15)
  /// All slopes in order, when they are few enough to be made.
  private var slopes: [Double]?

  /// - Parameters:
  ///   - groups: Slopes are taken within each, never between.
  ///   - fewest: Up to this many slopes, all are made and sorted.
  init(_ groups: [TrendSeries], fewest: Int = 100_000) {
    self.groups = groups
    var firstPair: [Int] = []
    var total = 0
    for group in groups {
      firstPair.append(total)
      total += group.count * (group.count - 1) / 2
    }
    self.firstPair = firstPair
    count = total
    if total <= fewest { slopes = Self.all(of: groups).sorted() }
  }

  /// The middle slope, or the mean of the middle two; nil without slopes.
  mutating func median() -> Double? {
    guard count > 0 else { return nil }
    let (lower, upper) = pair(at: (count - 1) / 2)
    return count.isMultiple(of: 2) ? (lower + upper) / 2 : lower
  }

  /// The slope with `rank` smaller or equal ones before it, counted from 0.
  mutating func slope(at rank: Int) -> Double { pair(at: rank).0 }

  /// The slopes at `rank` and the next.
  private mutating func pair(at rank: Int) -> (Double, Double) {
    let next = min(rank + 1, count - 1)
    if let slopes { return (slopes[rank], slopes[next]) }
    return select(rank, next)
  }

  private static func all(of groups: [TrendSeries]) -> [Double] {
    var slopes: [Double] = []
    for group in groups {
      for later in group.values.indices {
        for earlier in 0..<later { slopes.append(group.slope(earlier, later)) }
      }
    }
    return slopes
  }
}

// MARK: - Selection among many

extension SlopeSelection {
  private mutating func select(_ rank: Int, _ next: Int) -> (Double, Double) {
    var low = (slope: -Double.infinity, below: 0)
    var high = (slope: Double.infinity, upTo: count)
    let enough = max(50_000, 4 * groups.reduce(0) { $0 + $1.count })
    var tries = 0
    while high.upTo - low.below > enough, tries < 40 {
      tries += 1
      var sample = sampleSlopes(between: low.slope, and: high.slope)
      guard !sample.isEmpty else { break }
      sample.sort()
      let fraction = Double(rank - low.below) / Double(high.upTo - low.below)
      let margin = 2.5 * Double(sample.count).squareRoot() * (0.25 + fraction * (1 - fraction))
      let centre = fraction * Double(sample.count)
      let first = sample[clamp(Int((centre - margin).rounded(.down)), sample.count)]
      let last = sample[clamp(Int((centre + margin).rounded(.up)), sample.count)]
      if first == last {
        let width = resolution(at: first)
        let before = countUpTo(first - width)
        let through = countUpTo(first + width)
        if before <= rank, next < through { return (first, first) }
        if through <= rank {
          low = (first + width, through)
        } else if before > next {
          high = (first - width, before)
        } else {
          break
        }
        continue
      }
      let before = countUpTo(first)
      if before <= rank { low = (first, max(low.below, before)) } else { high = (first, before) }
      guard before <= rank else { continue }
      let through = countUpTo(last)
      if next < through { high = (last, min(high.upTo, through)) } else { low = (last, through) }
      if low.below > rank { break }
    }
    return pick(rank, next, low: low.slope, below: low.below, high: high.slope)
  }

  /// The slopes at the two ranks among those in (low, high].
  private func pick(
    _ rank: Int, _ next: Int, low: Double, below: Int, high: Double
  ) -> (Double, Double) {
    var found: [Double] = []
    for group in groups { found += group.slopesTurning(from: low, to: high) }
    found.sort()
    guard !found.isEmpty else { return (low, high) }
    return (
      found[clamp(rank - below, found.count)], found[clamp(next - below, found.count)]
    )
  }

  private func clamp(_ place: Int, _ count: Int) -> Int { min(max(place, 0), count - 1) }

  /// The number of slopes up to `slope`.
  private mutating func countUpTo(_ slope: Double) -> Int {
    var total = 0
    for group in groups { total += counting.count(group.residuals(of: slope), strictly: false) }
    return total
  }

  /// How far a slope must change for rounding not to hide that pairs turn.
  private func resolution(at slope: Double) -> Double {
    var widest = 0.0
    for group in groups {
      var shortest = Double.infinity
      for (earlier, later) in zip(group.times, group.times.dropFirst()) {
        shortest = min(shortest, later - earlier)
      }
      let largest = group.residuals(of: slope).reduce(0) { max($0, abs($1)) }
      let reach = group.times.reduce(0) { max($0, abs($1 * slope)) }
      widest = max(widest, 8 * max(largest, reach).ulp / shortest)
    }
    return widest
  }

  /// Slopes of random pairs, those in the interval only.
  private mutating func sampleSlopes(between low: Double, and high: Double) -> [Double] {
    var sample: [Double] = []
    for _ in 0..<200_000 where sample.count < 6_000 {
      let pair = Int(generator.next() % UInt64(count))
      guard let group = firstPair.lastPlace(notAbove: pair) else { continue }
      let (earlier, later) = TrendSeries.pair(number: pair - firstPair[group])
      guard later < groups[group].count else { continue }
      let slope = groups[group].slope(earlier, later)
      if slope > low, slope <= high { sample.append(slope) }
    }
    return sample
  }
}

extension [Int] {
  /// The last place whose element is not above `value`, in an ascending array.
  fileprivate func lastPlace(notAbove value: Int) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }
}
