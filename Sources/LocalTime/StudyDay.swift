package import Foundation

/// A day as a study counts it: from 04:00 on one local date to 04:00 on the next.
///
/// What a person does at half past midnight still belongs to the evening before. Day 1 is the local
/// date of enrolment, so the hours before 04:00 of that date, if someone enrols then, are day 0.
package struct StudyDay: Hashable, Comparable, Sendable {
  /// The local date on which the day begins.
  package let date: LocalDate

  /// 04:00, when hardly anyone is between two deeds.
  package static let start = ClockTime(secondOfDay: 4 * 3600)

  /// The study day that begins on a date.
  package init(date: LocalDate) { self.date = date }

  /// The study day that a moment belongs to.
  package init(containing moment: LocalMoment) {
    date = moment.time < StudyDay.start ? moment.date.adding(days: -1) : moment.date
  }

  /// Its number for someone who enrolled on a local date: 1 on that date.
  package func number(enrolled: LocalDate) -> Int { enrolled.days(until: date) + 1 }

  /// The day with a number, for someone who enrolled on a local date.
  package init(number: Int, enrolled: LocalDate) { date = enrolled.adding(days: number - 1) }

  /// From its first instant to the first of the next day.
  package func bounds(in zone: TimeZone) -> Range<Date> {
    let begin = resolve(date, StudyDay.start, in: zone).instant
    let end = resolve(date.adding(days: 1), StudyDay.start, in: zone).instant
    return begin..<max(begin, end)
  }

  /// Whether the left day is earlier.
  package static func < (left: StudyDay, right: StudyDay) -> Bool { left.date < right.date }
}
