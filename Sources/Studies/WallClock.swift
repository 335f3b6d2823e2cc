import Foundation
import LocalTime

/// A planned wall-clock time: a date, what is added to it, and the time of day.
///
/// What is added is kept apart until the end, so that monthly openings from the 31st are clamped each
/// on its own and come back to the 31st.
struct WallClock {
  private var base: LocalDate
  private var time: ClockTime
  private var span = Span.zero
  /// The exact moment this stands for, until the calendar is used: a moment in the second pass of an
  /// hour that occurs twice, or one with milliseconds, has no wall-clock name of its own.
  private var exact: LocalMoment?

  init(_ moment: LocalMoment) {
    base = moment.date
    time = moment.time
    exact = moment
  }

  init(_ date: LocalDate, _ time: ClockTime) {
    base = date
    self.time = time
  }

  /// The date and the time of day that it is, where no elapsed time is added to them.
  var onTheCalendar: (date: LocalDate, time: ClockTime)? {
    guard exact == nil, span.seconds == 0 else { return nil }
    return (base.adding(months: span.months).adding(days: span.days), time)
  }

  func adding(_ more: Span) -> WallClock {
    var sum = self
    sum.span = span + more
    if more.hasCalendarPart { sum.exact = nil }
    return sum
  }

  /// The given time on the date that this falls on.
  func at(_ time: ClockTime, by clock: inout ZoneClock) -> WallClock {
    var moved = self
    moved.time = time
    moved.exact = nil
    if span.seconds != 0 {
      moved.base = moment(by: &clock).date
      moved.span = .zero
    }
    return moved
  }

  /// The moment that it is by the clocks of a zone.
  func moment(by clock: inout ZoneClock) -> LocalMoment {
    let start: LocalMoment
    if let exact {
      // An instant stays the same wherever its person went since.
      start = exact.zoneIdentifier == clock.zone.identifier ? exact : clock.moment(exact.instant)
    } else {
      start = clock.resolve(base.adding(months: span.months).adding(days: span.days), time)
    }
    guard span.seconds != 0 else { return start }
    return clock.adding(Span(seconds: span.seconds), to: start)
  }
}
