/// A day of the proleptic Gregorian calendar, in no particular place: 2026-03-29.
///
/// The arithmetic is our own, so that a schedule does not depend on a platform's calendar. Day numbers
/// follow H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013), `days_from_civil`.
/// Dates reach from 0001-01-01 to 9999-12-31, which is what ISO 8601 can write with four digits;
/// arithmetic that would leave this range stops at its end.
package struct LocalDate: Hashable, Comparable, Sendable {
  /// 1 to 9999.
  package let year: Int
  /// 1 to 12.
  package let month: Int
  /// 1 to 31.
  package let day: Int

  /// A date, or nil when the calendar has no such day.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...LocalDate.days(inMonth: month, of: year)).contains(day)
    else { return nil }
    self.init(unchecked: year, month, day)
  }

  private init(unchecked year: Int, _ month: Int, _ day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The date that is a number of days after 1970-01-01, or the nearest date there is.
  package init(dayNumber: Int) {
    let days = min(max(dayNumber, LocalDate.first.dayNumber), LocalDate.last.dayNumber) + 719_468
    let era = days / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    self.init(
      unchecked: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
      dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  /// 0001-01-01.
  package static let first = LocalDate(unchecked: 1, 1, 1)
  /// 9999-12-31.
  package static let last = LocalDate(unchecked: 9999, 12, 31)

  /// Days since 1970-01-01, negative before.
  package var dayNumber: Int {
    let yearFromMarch = month <= 2 ? year - 1 : year
    let era = yearFromMarch / 400
    let yearOfEra = yearFromMarch - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// How many days a month has.
  package static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Whether the left date is earlier.
  package static func < (left: LocalDate, right: LocalDate) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }
}

extension LocalDate {
  /// The date so many days later, or earlier when negative.
  package func adding(days: Int) -> LocalDate {
    let (sum, overflow) = dayNumber.addingReportingOverflow(days)
    return overflow ? (days < 0 ? .first : .last) : LocalDate(dayNumber: sum)
  }

  /// The same day so many months later, or the month's last day when it has no such day.
  ///
  /// 31 January and one month is 28 or 29 February; count months from the first date rather than
  /// step by step, or the 31st is lost on the way.
  package func adding(months: Int) -> LocalDate {
    // Twelve thousand years of months leave the calendar either way.
    let months = min(max(months, -144_000), 144_000)
    let count = year * 12 + month - 1 + months
    guard count >= 12 else { return .first }
    guard count < 120_000 else { return .last }
    let (year, month) = (count / 12, count % 12 + 1)
    return LocalDate(
      unchecked: year, month, min(day, LocalDate.days(inMonth: month, of: year)))
  }

  /// Whole days from this date to another, negative when the other is earlier.
  package func days(until other: LocalDate) -> Int { other.dayNumber - dayNumber }

  /// The day of the week.
  package var weekday: Weekday {
    // 1970-01-01 was a Thursday; the remainder is made non-negative.
    let sinceMonday = ((dayNumber + 3) % 7 + 7) % 7
    return Weekday.allCases[sinceMonday]
  }
}

/// A day of the week, numbered as in ISO 8601: Monday is 1, Sunday 7.
package enum Weekday: Int, CaseIterable, Sendable {
  case monday = 1
  case tuesday, wednesday, thursday, friday, saturday, sunday
}
