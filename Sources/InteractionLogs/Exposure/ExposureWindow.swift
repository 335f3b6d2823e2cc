package import Foundation
package import LocalTime

/// The time before an occasion over which exposure is counted: half-open, and never after its end.
package struct ExposureWindow: Hashable, Sendable {
  /// From the first instant that counts to the first that does not.
  package var range: Range<Date>
  /// The clocks by which its days are counted.
  package var zone: TimeZone

  /// A window of a span that ends where a session begins, or for a missed occasion where it would
  /// have opened.
  ///
  /// Days, weeks and months of the span are counted back by the clocks, hours are elapsed.
  package init(of span: Span, before end: Date, in zone: TimeZone) {
    let moment = LocalMoment(end, in: zone)
    var start = moment.instant
    if span.hasCalendarPart {
      start =
        resolve(
          moment.date.adding(months: -span.months).adding(days: -span.days), moment.time, in: zone
        ).instant
    }
    start = start.addingTimeInterval(-Double(span.seconds))
    range = min(start, end)..<end
    self.zone = zone
  }

  /// The span that counts: what the column says, else the study, else the instrument's recall. Nil
  /// where none says one: an instrument that asks in general has no window of its own.
  package static func span(column: Span?, study: Span?, recall: Span?) -> Span? {
    column ?? study ?? recall
  }

  /// The study days that a log without times says something of: as many complete ones before the end as the window
  /// is long; none for a window of hours.
  var completeDays: [LocalDate] {
    let length = range.upperBound.timeIntervalSince(range.lowerBound)
    // The shortest day of the clocks has 23 hours, and some have 22.
    guard length >= 22 * 3600 else { return [] }
    let next = StudyDay(containing: LocalMoment(range.upperBound, in: zone)).date
    let count = max(1, Int((length / 86_400).rounded()))
    return (1...count).map { next.adding(days: -$0) }
  }

  /// The study days that it touches, each with the part of it that is inside.
  var days: [(date: LocalDate, part: Range<Date>)] {
    guard !range.isEmpty else { return [] }
    var date = StudyDay(containing: LocalMoment(range.lowerBound, in: zone)).date
    var days: [(LocalDate, Range<Date>)] = []
    while true {
      let bounds = StudyDay(date: date).bounds(in: zone)
      guard bounds.lowerBound < range.upperBound, date < LocalDate.last else { return days }
      let part = bounds.clamped(to: range)
      if !part.isEmpty { days.append((date, part)) }
      date = date.adding(days: 1)
    }
  }
}
