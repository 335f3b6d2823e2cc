/// One course over time: values at distinct times, in the order of time, without missing ones.
public struct TrendSeries: Hashable, Sendable {
  /// Strictly increasing.
  public let times: [Double]
  /// Finite, one for each time.
  public let values: [Double]

  /// The number of values.
  public var count: Int { values.count }

  /// Sorts by time and leaves missing values out; their places in time stay.
  ///
  /// - Parameters:
  ///   - values: NaN is missing.
  ///   - times: One for each value, in any order; without it 0, 1, 2 ….
  /// - Throws: ``TrendError/unequalLengths(times:values:)``, ``TrendError/notFinite(place:)`` or
  ///   ``TrendError/repeatedTime(_:)``.
  public init(_ values: [Double], times: [Double]? = nil) throws(TrendError) {
    let times = times ?? values.indices.map(Double.init)
    guard times.count == values.count else {
      throw .unequalLengths(times: times.count, values: values.count)
    }
    var places: [Int] = []
    for place in values.indices where !values[place].isNaN {
      guard values[place].isFinite, times[place].isFinite else { throw .notFinite(place: place) }
      places.append(place)
    }
    places.sort { times[$0] < times[$1] }
    for (earlier, later) in zip(places, places.dropFirst()) where times[earlier] == times[later] {
      throw .repeatedTime(times[earlier])
    }
    self.times = places.map { times[$0] }
    self.values = places.map { values[$0] }
  }

  /// A series known to be in order.
  init(orderedTimes times: [Double], values: [Double]) {
    self.times = times
    self.values = values
  }

  /// The times counted from 1 at the first, as pymannkendall counts them: Sen's slope makes two
  /// detrended values equal but for rounding, and so rounding falls as it does there.
  var timesFromOne: [Double] { times.map { $0 - times[0] + 1 } }

  /// The values less a straight line.
  func detrended(by slope: Double) -> [Double] {
    zip(timesFromOne, values).map { $1 - $0 * slope }
  }

  /// The series of each season of `period` steps, told by the whole-numbered times, with cycles as
  /// times; seasons without a value are left out.
  ///
  /// - Throws: ``TrendError/notSeasonal(period:)``.
  public func seasons(period: Int) throws(TrendError) -> [TrendSeries] {
    guard period >= 2 else { throw .notSeasonal(period: period) }
    var seasons = Array(
      repeating: (times: [Double](), values: [Double]()), count: min(period, 1_000_000))
    guard period <= seasons.count else { throw .notSeasonal(period: period) }
    for (time, value) in zip(times, values) {
      guard let step = Int(exactly: time) else { throw .notSeasonal(period: period) }
      let season = ((step % period) + period) % period
      seasons[season].times.append(Double((step - season) / period))
      seasons[season].values.append(value)
    }
    return seasons.filter { !$0.values.isEmpty }.map {
      TrendSeries(orderedTimes: $0.times, values: $0.values)
    }
  }
}
