package import Foundation

/// The clocks of one zone, for a planner that asks them many times.
///
/// It remembers the offsets of the weeks that were asked for, so that a plan of a hundred moments
/// asks Foundation a few times and not thousands. What it answers is what ``resolve(_:_:in:)``
/// answers.
package struct ZoneClock: Sendable {
  /// The zone whose clocks these are.
  package let zone: TimeZone
  private var timelines: [Int: OffsetTimeline] = [:]

  /// Eight days: a fortnight of prompts needs three stretches, and a yearly wave is not made slow by
  /// offsets that nobody asks for.
  private static let stretch = 8

  /// The clocks of a zone.
  package init(_ zone: TimeZone) { self.zone = zone }

  /// The moment at which the clocks show a date and time; see ``resolve(_:_:in:)``.
  package mutating func resolve(_ date: LocalDate, _ time: ClockTime) -> LocalMoment {
    let place = ZoneClock.place(ofDay: date.dayNumber)
    if let timeline = timelines[place] { return timeline.resolve(date, time) }
    // The reach of `resolve`: no place has ever been 16 hours from Greenwich.
    let (day, reach) = (86_400, 16 * 3600)
    let timeline = OffsetTimeline(
      of: zone, from: place * ZoneClock.stretch * day - reach,
      to: (place + 1) * ZoneClock.stretch * day + reach)
    timelines[place] = timeline
    return timeline.resolve(date, time)
  }

  /// What the clocks show at an instant.
  package func moment(_ instant: Date) -> LocalMoment {
    let day = Int((Double(instant.utcSeconds) / 86_400).rounded(.down))
    // The offsets of a stretch reach beyond the UTC days of its numbers.
    return timelines[ZoneClock.place(ofDay: day)]?.moment(instant)
      ?? LocalMoment(instant, in: zone)
  }

  /// The number of the stretch that a day since 1970 lies in.
  private static func place(ofDay number: Int) -> Int {
    (number >= 0 ? number : number - stretch + 1) / stretch
  }

  /// The point in time a span later, where nobody asks what the clocks show then.
  package mutating func instant(_ span: Span, after start: LocalMoment) -> Date {
    guard !span.hasCalendarPart else { return adding(span, to: start).instant }
    return start.instant.addingTimeInterval(Double(span.seconds))
  }

  /// The moment a span later; see ``LocalMoment/adding(_:in:)``.
  package mutating func adding(_ span: Span, to start: LocalMoment) -> LocalMoment {
    var moment = start
    if span.hasCalendarPart {
      moment = resolve(
        start.date.adding(months: span.months).adding(days: span.days), start.time)
    }
    guard span.seconds != 0 || !span.hasCalendarPart else { return moment }
    return self.moment(moment.instant.addingTimeInterval(Double(span.seconds)))
  }
}
