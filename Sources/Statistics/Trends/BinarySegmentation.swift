import RealModule

/// Changes of level found by splitting, each time, the stretch whose split lowers the sum of squares
/// most (Scott & Knott 1974; Vostrikova 1981).
public struct BinarySegmentation: Hashable, Sendable {
  /// A stretch of one level.
  public struct Segment: Hashable, Sendable {
    /// The places of its values in the series.
    public let places: Range<Int>
    /// The time of its first value.
    public let start: Double
    /// The time of its last value.
    public let end: Double
    /// The mean of its values.
    public let mean: Double
  }

  /// In the order of time; together they cover the series.
  public let segments: [Segment]
  /// What a split had to lower the sum of squares by.
  public let penalty: Double

  /// The times of the first values after each change.
  public var changes: [Double] { segments.dropFirst().map(\.start) }

  /// - Parameters:
  ///   - series: At least two stretches of the shortest length.
  ///   - shortest: The fewest values in a stretch.
  ///   - penalty: What a split must lower the sum of squares by, more than; without it, twice the
  ///     noise variance times log n (Yao 1988), the noise taken from successive differences as
  ///     Σ(x_{t+1} − x_t)²/(2(n − 1)) (Rice 1984). Autocorrelated series need a larger one.
  ///   - most: The most changes; without it, any number.
  /// - Throws: ``TrendError/tooFew(values:needed:)`` or ``TrendError/outOfRange(option:expected:)``.
  public init(
    _ series: TrendSeries, shortest: Int = 2, penalty: Double? = nil, most: Int? = nil
  ) throws(TrendError) {
    guard shortest >= 1 else {
      throw .outOfRange(option: "the shortest stretch", expected: "1 value or more")
    }
    guard series.count >= 2 * shortest else {
      throw .tooFew(values: series.count, needed: 2 * shortest)
    }
    if let penalty, !(penalty >= 0) {
      throw .outOfRange(option: "the penalty", expected: "0 or more")
    }
    let bound = penalty ?? 2 * series.noiseVariance * .log(Double(series.count))
    let sums = RunningSums(series.values)
    var open = [sums.bestSplit(of: 0..<series.count, shortest: shortest)]
    var splits = 0
    while splits < most ?? .max,
      let widest = open.indices.max(by: { open[$0].gain < open[$1].gain }),
      let place = open[widest].place, open[widest].gain > bound
    {
      let range = open[widest].range
      open[widest] = sums.bestSplit(of: range.lowerBound..<place, shortest: shortest)
      open.append(sums.bestSplit(of: place..<range.upperBound, shortest: shortest))
      splits += 1
    }
    self.penalty = bound
    segments = open.map(\.range).sorted { $0.lowerBound < $1.lowerBound }.map { range in
      Segment(
        places: range, start: series.times[range.lowerBound],
        end: series.times[range.upperBound - 1], mean: sums.mean(of: range))
    }
  }
}

extension TrendSeries {
  /// Half the mean squared successive difference: the variance of noise around any slow course.
  fileprivate var noiseVariance: Double {
    let squares = zip(values, values.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
    return squares / Double(2 * (count - 1))
  }
}

/// Sums of the values before each place, by which a stretch's sum costs nothing.
private struct RunningSums {
  struct Split {
    var range: Range<Int>
    var place: Int?
    var gain: Double
  }

  private let sums: [Double]

  /// Values are centred first, for the digits' sake; means add the centre again.
  init(_ values: [Double]) {
    centre = values.reduce(0, +) / Double(values.count)
    var sums = [0.0]
    for value in values { sums.append(sums[sums.count - 1] + (value - centre)) }
    self.sums = sums
  }

  private let centre: Double

  func mean(of range: Range<Int>) -> Double {
    centre + (sums[range.upperBound] - sums[range.lowerBound]) / Double(range.count)
  }

  /// The place that lowers the sum of squares most: by n₁n₂/n (mean₁ − mean₂)².
  func bestSplit(of range: Range<Int>, shortest: Int) -> Split {
    var best = Split(range: range, place: nil, gain: -.infinity)
    guard range.count >= 2 * shortest else { return best }
    for place in (range.lowerBound + shortest)...(range.upperBound - shortest) {
      let before = Double(place - range.lowerBound)
      let after = Double(range.upperBound - place)
      let difference =
        (sums[place] - sums[range.lowerBound]) / before
        - (sums[range.upperBound] - sums[place]) / after
      let gain = before * after / (before + after) * difference * difference
      if gain > best.gain { best = Split(range: range, place: place, gain: gain) }
    }
    return best
  }
}
