/// Why a trend could not be computed.
public enum TrendError: Error, Hashable, Sendable {
  /// Times and values differ in number.
  case unequalLengths(times: Int, values: Int)
  /// A time or value is infinite, or a time is missing; the place is counted from 0.
  case notFinite(place: Int)
  /// Two values of one series carry the same time.
  case repeatedTime(Double)
  /// Fewer values than the computation needs.
  case tooFew(values: Int, needed: Int)
  /// A season needs whole-numbered times and a period of at least 2.
  case notSeasonal(period: Int)
  /// An option lies outside its range.
  case outOfRange(option: String, expected: String)
}

extension TrendError: CustomStringConvertible {
  /// The reason in words, with what to do.
  public var description: String {
    switch self {
    case .unequalLengths(let times, let values):
      "\(times) times for \(values) values: give one time for each value"
    case .notFinite(let place):
      "value \(place + 1) of the series is not a number or has no time: leave it out or mend it"
    case .repeatedTime(let time):
      "two values at time \(time): give each person's series apart, or average within a time"
    case .tooFew(let values, let needed):
      "\(values) values: at least \(needed) are needed"
    case .notSeasonal(let period):
      "a season of \(period) needs whole-numbered times and a period of at least 2"
    case .outOfRange(let option, let expected):
      "\(option) is out of range: expected \(expected)"
    }
  }
}
