import Testing

@testable import LocalTime

@Suite("Civil dates")
struct LocalDateTests {
  @Test(
    "day numbers count from 1970-01-01",
    // Known days: the Unix epoch, the Unix billennium, RFC 3339's leap day, and both ends.
    arguments: [
      ("1970-01-01", 0), ("1969-12-31", -1), ("2001-09-09", 11_574), ("2000-02-29", 11_016),
      ("2000-03-01", 11_017), ("1900-02-28", -25_509), ("1900-03-01", -25_508),
      ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
    ])
  func dayNumbers(text: String, number: Int) throws {
    let date = try #require(LocalDate(text))
    #expect(date.dayNumber == number)
    #expect(LocalDate(dayNumber: number) == date)
    #expect(date.description == text)
  }

  @Test("every day from 1600 to 2400 follows the one before")
  func consecutive() throws {
    var date = try #require(LocalDate(year: 1600, month: 1, day: 1))
    var weekday = date.weekday
    #expect(weekday == .saturday)
    while date.year < 2400 {
      let next = date.adding(days: 1)
      let rolled =
        LocalDate(year: date.year, month: date.month, day: date.day + 1)
        ?? LocalDate(year: date.year, month: date.month + 1, day: 1)
        ?? LocalDate(year: date.year + 1, month: 1, day: 1)
      guard next == rolled, date < next, next.weekday.rawValue == weekday.rawValue % 7 + 1 else {
        Issue.record("\(date) is followed by \(next)")
        return
      }
      (date, weekday) = (next, next.weekday)
    }
    #expect(date.dayNumber - 146_097 * 2 == LocalDate(year: 1600, month: 1, day: 1)?.dayNumber)
  }

  @Test(
    "weekdays",
    arguments: [
      ("1970-01-01", Weekday.thursday), ("2026-03-29", .sunday), ("2000-01-01", .saturday),
      ("1969-07-20", .sunday), ("2011-12-31", .saturday),
    ])
  func weekdays(text: String, weekday: Weekday) {
    #expect(LocalDate(text)?.weekday == weekday)
  }

  @Test(
    "months are clamped to the month's end",
    arguments: [
      ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"),
      ("2026-01-31", 2, "2026-03-31"), ("2026-03-31", -1, "2026-02-28"),
      ("2026-11-30", 3, "2027-02-28"), ("2026-06-15", -6, "2025-12-15"),
      ("2024-02-29", 12, "2025-02-28"), ("9999-12-01", 1, "9999-12-31"),
      ("0001-01-31", -1, "0001-01-01"),
    ])
  func months(text: String, months: Int, expected: String) {
    #expect(LocalDate(text)?.adding(months: months).description == expected)
  }

  @Test("arithmetic stops at the ends instead of trapping")
  func saturates() {
    #expect(LocalDate.last.adding(days: .max) == .last)
    #expect(LocalDate.first.adding(days: .min) == .first)
    #expect(LocalDate.last.adding(months: .max) == .last)
    #expect(LocalDate.first.adding(months: .min) == .first)
  }

  @Test(
    "what is no date is refused",
    arguments: [
      "", "2026", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01", "26-01-01",
      "2026-1-01", "2026-01-01 ", "+2026-01-01", "２０２６-01-01", "2026/01/01",
    ])
  func noDate(text: String) { #expect(LocalDate(text) == nil) }

  @Test("times of day read and print", arguments: ["00:00", "09:00", "23:59", "12:34:56"])
  func times(text: String) { #expect(ClockTime(text)?.description == text) }

  @Test(
    "what is no time of day is refused",
    arguments: [
      "", "9:00", "24:00", "12:60", "12:00:60", "12", "12:0", "12:00:", "12:00pm", "-1:00",
    ])
  func noTime(text: String) { #expect(ClockTime(text) == nil) }
}
