package import Foundation

/// A length of time as studies mean it: calendar units keep the wall-clock time, hours, minutes and
/// seconds are elapsed.
///
/// `1w` after Saturday 08:00 is the next Saturday 08:00, even if the clocks change in between;
/// `168h` after it may be 07:00 or 09:00.
package struct Span: Hashable, Sendable {
  /// Calendar months, years included.
  package let months: Int
  /// Calendar days, weeks included.
  package let days: Int
  /// Elapsed seconds, hours and minutes included.
  package let seconds: Int

  /// A span of calendar months and days and elapsed seconds.
  package init(months: Int = 0, days: Int = 0, seconds: Int = 0) {
    self.months = months
    self.days = days
    self.seconds = seconds
  }

  /// No time at all.
  package static let zero = Span()

  /// Whether it has a calendar part, so that adding it keeps the wall clock.
  package var hasCalendarPart: Bool { months != 0 || days != 0 }

  /// The shortest time it can take, in seconds, with months of 28 days and days of 23 hours; for
  /// rules such as "a window must be longer than nothing".
  package var shortestSeconds: Int { (months * 28 + days) * 23 * 3600 + seconds }

  /// So many of it: three times one month is three months.
  package static func * (span: Span, count: Int) -> Span {
    Span(months: span.months * count, days: span.days * count, seconds: span.seconds * count)
  }

  /// Both, the calendar parts and the elapsed parts each summed.
  package static func + (left: Span, right: Span) -> Span {
    Span(
      months: left.months + right.months, days: left.days + right.days,
      seconds: left.seconds + right.seconds)
  }
}

extension LocalMoment {
  /// The moment a span later: first months and days on the calendar at the same wall-clock time,
  /// then the elapsed part.
  ///
  /// The wall-clock time is the one this moment shows. A planner that wants to return to 02:30 after
  /// a night in which it did not exist keeps the planned time itself and resolves it day by day.
  package func adding(_ span: Span, in zone: TimeZone) -> LocalMoment {
    var moment = self
    if span.hasCalendarPart {
      let date = date.adding(months: span.months).adding(days: span.days)
      moment = resolve(date, time, in: zone)
    }
    guard span.seconds != 0 || !span.hasCalendarPart else { return moment }
    return LocalMoment(moment.instant.addingTimeInterval(Double(span.seconds)), in: zone)
  }
}
