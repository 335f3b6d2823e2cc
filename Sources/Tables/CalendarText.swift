/// Days and moments as ISO 8601 text, by arithmetic: no locale, no time zone data.
package enum CalendarText {
  /// `yyyy-mm-dd` of a day counted from 1970-01-01 in the proleptic Gregorian calendar.
  ///
  /// Days to civil dates after Howard Hinnant, "chrono-compatible low-level date algorithms".
  package static func date(_ days: Int) -> String {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let sign = year < 0 ? "-" : ""
    return "\(sign)\(padded(abs(year), 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// `yyyy-mm-ddThh:mm:ss.sssZ` of milliseconds since 1970-01-01T00:00:00Z.
  package static func instant(_ milliseconds: Int64) -> String {
    let (day, rest) = split(milliseconds)
    return "\(date(day))T\(clock(rest / 1000)).\(padded(rest % 1000, 3))Z"
  }

  /// `yyyy-mm-ddThh:mm:ss` on a local clock that is this far ahead of UTC.
  package static func local(_ milliseconds: Int64, offsetSeconds: Int) -> String {
    let (day, rest) = split(milliseconds + Int64(offsetSeconds) * 1000)
    return "\(date(day))T\(clock(rest / 1000))"
  }

  /// The day of a moment in UTC, counted from 1970-01-01, and its milliseconds within that day.
  private static func split(_ milliseconds: Int64) -> (day: Int, rest: Int) {
    let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    return remainder < 0
      ? (Int(quotient) - 1, Int(remainder) + 86_400_000) : (Int(quotient), Int(remainder))
  }

  private static func clock(_ seconds: Int) -> String {
    "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
