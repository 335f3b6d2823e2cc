package import Foundation

// Instants are points on the UTC time line, kept to the millisecond.

extension Date {
  /// Milliseconds since 1970-01-01T00:00Z, as the database keeps instants. What lies outside the
  /// years 1 to 9999 becomes the nearest instant inside.
  package var utcMilliseconds: Int64 {
    let milliseconds = (timeIntervalSince1970 * 1000).rounded()
    guard milliseconds.isFinite else { return milliseconds == .infinity ? .lastInstant : 0 }
    return Int64(min(max(milliseconds, Double(Int64.firstInstant)), Double(Int64.lastInstant)))
  }

  /// The instant so many milliseconds after 1970-01-01T00:00Z.
  package init(utcMilliseconds: Int64) {
    self.init(timeIntervalSince1970: Double(utcMilliseconds) / 1000)
  }

  /// Whole seconds since 1970-01-01T00:00Z, rounded down.
  var utcSeconds: Int {
    let (seconds, rest) = utcMilliseconds.quotientAndRemainder(dividingBy: 1000)
    return Int(rest < 0 ? seconds - 1 : seconds)
  }

  /// ISO 8601 in UTC: `2026-03-29T06:00:00Z`, with `.250` before the Z when there are milliseconds.
  package var utcText: String {
    let milliseconds = Int(utcMilliseconds) - utcSeconds * 1000
    let (date, time) = civil(localSeconds: utcSeconds)
    var writer = DigitWriter()
    writer.write(date, time)
    if milliseconds != 0 {
      writer.write(".")
      writer.write(milliseconds, digits: 3)
    }
    writer.write("Z")
    return writer.text
  }
}

extension Int64 {
  /// 0001-01-02 and 9999-12-30, a day from the ends of `LocalDate` so that every zone can show them.
  fileprivate static let firstInstant: Int64 = -62_135_510_400_000
  fileprivate static let lastInstant: Int64 = 253_402_127_999_000
}

/// The date and time of day that a count of seconds since 1970-01-01T00:00 stands for.
func civil(localSeconds: Int) -> (LocalDate, ClockTime) {
  let time = ClockTime(secondOfDay: localSeconds)
  let day = (localSeconds - time.secondOfDay) / 86_400
  return (LocalDate(dayNumber: day), time)
}

/// A text that is not an instant.
package struct InstantProblem: Error, Hashable, Sendable {
  /// What would be accepted.
  package let expected: String
}

/// Reads an ISO 8601 instant.
///
/// `2026-03-29T08:00Z` and `2026-03-29T08:00:00.250+02:00` are exact. Without an offset,
/// `2026-03-29T08:00` or `2026-03-29`, which means midnight, is wall-clock time in the zone given.
///
/// - Throws: ``InstantProblem`` when the text is none of these, or has no offset and no zone is given.
package func instant(
  iso8601 text: String, in zone: TimeZone? = nil
) throws(InstantProblem) -> Date {
  let problem = InstantProblem(
    expected: zone == nil
      ? "an instant with its offset, such as 2026-03-29T08:00:00Z"
      : "a date, or a date and time, such as 2026-03-29T08:00")
  var scanner = DigitScanner(text)
  guard let year = scanner.number(digits: 4), scanner.skip("-"),
    let month = scanner.number(digits: 2), scanner.skip("-"),
    let day = scanner.number(digits: 2), let date = LocalDate(year: year, month: month, day: day)
  else { throw problem }
  var (time, milliseconds, offset) = (ClockTime.midnight, 0, Int?.none)
  if !scanner.isAtEnd {
    guard scanner.skip("T") || scanner.skip(" "), let clock = scanner.clockTime() else {
      throw problem
    }
    time = clock
    if scanner.skip(".") {
      guard let fraction = scanner.number(digits: 3) else { throw problem }
      milliseconds = fraction
    }
    offset = scanner.offset()
  }
  guard scanner.isAtEnd else { throw problem }
  let fraction = Double(milliseconds) / 1000
  if let offset {
    let seconds = date.dayNumber * 86_400 + time.secondOfDay - offset
    return Date(timeIntervalSince1970: Double(seconds) + fraction)
  }
  guard let zone else { throw problem }
  return resolve(date, time, in: zone).instant.addingTimeInterval(fraction)
}

extension DigitScanner {
  /// `Z`, `+02:00` or `-09:30`, as seconds east of UTC.
  fileprivate mutating func offset() -> Int? {
    if skip("Z") { return 0 }
    var sign = 1
    if skip("-") { sign = -1 } else if !skip("+") { return nil }
    guard let time = clockTime() else { return nil }
    return sign * time.secondOfDay
  }
}
