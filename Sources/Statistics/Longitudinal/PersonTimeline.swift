/// The order of each person's rows in time, for values one or more steps before or after.
///
/// A lag belongs to time, not to rows: after a missed prompt the row above is two steps away, and
/// its value is not the lag of one. Here the value at t − 1 is given only if that prompt exists,
/// and, where days are given, only if it was on the same day: the night between is another gap.
///
/// ```swift
/// let timeline = try PersonTimeline(persons: codes, times: prompts, days: days)
/// let before = timeline.lag(mood)
/// ```
public struct PersonTimeline: Hashable, Sendable {
  /// The number of rows.
  public let rowCount: Int
  private let places: [Place: Int]
  private let keys: [Place?]
  private let days: [Double]?
  /// The rows of each person in the order of time, one person after another.
  private let ordered: [[Int]]

  private struct Place: Hashable {
    var person: Int32
    var time: Int64
  }

  /// Reads the order.
  ///
  /// - Parameters:
  ///   - persons: A code for each row, 0 or more; rows with a negative code have no lag.
  ///   - times: The planned index of each row within its person, a whole number; NaN is missing.
  ///   - days: The study day of each row. With it, lags do not cross from one day to another.
  /// - Throws: ``ModelError/unequalLengths(column:rows:expected:)``,
  ///   ``ModelError/fractionalTime(variable:row:)`` or ``ModelError/repeatedTime(variable:row:)``.
  public init(persons: [Int32], times: [Double], days: [Double]? = nil) throws(ModelError) {
    guard times.count == persons.count else {
      throw .unequalLengths(column: "times", rows: times.count, expected: persons.count)
    }
    if let days, days.count != persons.count {
      throw .unequalLengths(column: "days", rows: days.count, expected: persons.count)
    }
    var places: [Place: Int] = [:]
    var keys: [Place?] = []
    for row in persons.indices {
      guard persons[row] >= 0, !times[row].isNaN else {
        keys.append(nil)
        continue
      }
      guard let time = Int64(exactly: times[row]) else {
        throw .fractionalTime(variable: "times", row: row)
      }
      let place = Place(person: persons[row], time: time)
      guard places.updateValue(row, forKey: place) == nil else {
        throw .repeatedTime(variable: "times", row: row)
      }
      keys.append(place)
    }
    rowCount = persons.count
    self.places = places
    self.keys = keys
    self.days = days
    var byPerson: [Int32: [(time: Int64, row: Int)]] = [:]
    for (row, place) in keys.enumerated() {
      guard let place else { continue }
      byPerson[place.person, default: []].append((place.time, row))
    }
    ordered = byPerson.keys.sorted().map { person in
      (byPerson[person] ?? []).sorted { $0.time < $1.time }.map(\.row)
    }
  }

  /// The value `steps` before each row's time; NaN where there is no such prompt.
  ///
  /// - Parameter acrossDays: Whether a value of another day counts. Without days it always does.
  public func lag(_ values: [Double], steps: Int = 1, acrossDays: Bool = false) -> [Double] {
    keys.enumerated().map { row, place in
      guard let place else { return .nan }
      let (time, overflows) = place.time.subtractingReportingOverflow(Int64(steps))
      guard !overflows, let other = places[Place(person: place.person, time: time)],
        other < values.count
      else { return .nan }
      guard acrossDays || isSameDay(row, other) else { return .nan }
      return values[other]
    }
  }

  /// The value `steps` after each row's time; NaN where there is no such prompt.
  ///
  /// - Parameter acrossDays: Whether a value of another day counts. Without days it always does.
  public func lead(_ values: [Double], steps: Int = 1, acrossDays: Bool = false) -> [Double] {
    guard steps != .min else { return [Double](repeating: .nan, count: rowCount) }
    return lag(values, steps: -steps, acrossDays: acrossDays)
  }

  /// The value of the person's row before, however long ago that was; NaN at the first.
  ///
  /// Seldom what a model means: kept to compare with software that lags by row.
  public func previousRow(_ values: [Double]) -> [Double] {
    var previous = [Double](repeating: .nan, count: rowCount)
    for rows in ordered {
      for (before, row) in zip(rows, rows.dropFirst()) where before < values.count {
        previous[row] = values[before]
      }
    }
    return previous
  }

  private func isSameDay(_ row: Int, _ other: Int) -> Bool {
    guard let days else { return true }
    return days[row] == days[other]
  }
}
