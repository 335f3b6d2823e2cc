import Foundation
import Testing

@testable import LocalTime

@Suite("Spans and study days")
struct SpanTests {
  @Test(
    "spans read and print",
    arguments: [
      ("1w", Span(days: 7), "1w"), ("3d", Span(days: 3), "3d"),
      ("48h", Span(seconds: 172_800), "48h"),
      ("30m", Span(seconds: 1800), "30m"), ("90s", Span(seconds: 90), "90s"),
      ("6mo", Span(months: 6), "6mo"), ("1y", Span(months: 12), "1y"), ("P7D", Span(days: 7), "1w"),
      ("P1M", Span(months: 1), "1mo"), ("PT30M", Span(seconds: 1800), "30m"),
      ("P1Y2M3W4DT5H6M7S", Span(months: 14, days: 25, seconds: 18_367), "P14M25DT18367S"),
      ("P1DT12H", Span(days: 1, seconds: 43_200), "P1DT12H"), ("0s", .zero, "0s"),
    ])
  func reads(text: String, span: Span, canonical: String) throws {
    #expect(try Span.parse(text) == span)
    #expect(span.description == canonical)
    #expect(try Span.parse(canonical) == span)
  }

  @Test(
    "what is no span is refused, with what was meant",
    arguments: [
      ("", nil), ("1", nil), ("w", nil), ("1 week", "1w"), ("2days", "2d"), ("90 min", "90m"),
      ("1W", "1w"), ("-1d", nil), ("1.5h", nil), ("P", nil), ("PT", nil), ("P1DT", nil),
      ("1d12h", nil),
      ("P1H", nil), ("PT1D", nil), ("P1D1D", nil), ("999999d", nil), ("1d ", "1d"), ("١d", nil),
      ("3 months", "3mo"), (String(repeating: "9", count: 10_000) + "d", nil),
    ] as [(String, String?)])
  func refuses(text: String, suggestion: String?) {
    let problem = #expect(throws: SpanProblem.self) { try Span.parse(text) }
    #expect(problem?.suggestion == suggestion)
  }

  @Test(
    "calendar units keep the wall clock, hours are elapsed",
    arguments: [
      // Berlin springs forward on 2026-03-29 and falls back on 2026-10-25.
      ("2026-03-28T08:00", "1d", "2026-03-29T08:00:00+02:00"),
      ("2026-03-28T08:00", "24h", "2026-03-29T09:00:00+02:00"),
      ("2026-03-28T02:30", "1d", "2026-03-29T03:00:00+02:00"),
      ("2026-10-24T08:00", "1w", "2026-10-31T08:00:00+01:00"),
      ("2026-10-24T08:00", "168h", "2026-10-31T07:00:00+01:00"),
      ("2026-01-31T08:00", "1mo", "2026-02-28T08:00:00+01:00"),
      ("2026-01-31T08:00", "P2M", "2026-03-31T08:00:00+02:00"),
      ("2026-10-25T02:30", "1h", "2026-10-25T02:30:00+01:00"),
      ("2026-10-25T02:30", "0s", "2026-10-25T02:30:00+02:00"),
      ("2026-03-28T08:00", "P1DT30M", "2026-03-29T08:30:00+02:00"),
    ])
  func adds(start: String, span: String, expected: String) throws {
    let berlin = try timeZone(named: "Europe/Berlin")
    let moment = LocalMoment(try instant(iso8601: start, in: berlin), in: berlin)
    #expect(try moment.adding(Span.parse(span), in: berlin).description == expected)
  }

  @Test(
    "a study day runs from 04:00 to 04:00",
    arguments: [
      ("2026-03-10T03:59", "2026-03-09", 0), ("2026-03-10T04:00", "2026-03-10", 1),
      ("2026-03-11T03:59", "2026-03-10", 1), ("2026-03-29T23:00", "2026-03-29", 20),
    ])
  func studyDays(local: String, date: String, number: Int) throws {
    let berlin = try timeZone(named: "Europe/Berlin")
    let enrolled = try #require(LocalDate("2026-03-10"))
    let moment = LocalMoment(try instant(iso8601: local, in: berlin), in: berlin)
    let day = StudyDay(containing: moment)
    #expect(day.date.description == date)
    #expect(day.number(enrolled: enrolled) == number)
    #expect(StudyDay(number: number, enrolled: enrolled) == day)
    #expect(day.bounds(in: berlin).contains(moment.instant))
  }

  @Test("a study day is as long as the clocks make it")
  func lengths() throws {
    let berlin = try timeZone(named: "Europe/Berlin")
    let hours = try ["2026-03-28", "2026-03-29", "2026-10-24"].map { text in
      let bounds = StudyDay(date: try #require(LocalDate(text))).bounds(in: berlin)
      return bounds.upperBound.timeIntervalSince(bounds.lowerBound) / 3600
    }
    #expect(hours == [23, 24, 25])
  }

  @Test(
    "instants read and print in UTC",
    arguments: [
      ("2026-03-29T08:00:00+02:00", "2026-03-29T06:00:00Z"),
      ("2026-03-29T08:00Z", "2026-03-29T08:00:00Z"),
      ("2026-03-29T08:00:00.250Z", "2026-03-29T08:00:00.250Z"),
      ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
      ("2026-03-29T00:15-09:30", "2026-03-29T09:45:00Z"),
    ])
  func instants(text: String, utc: String) throws {
    let instant = try LocalTime.instant(iso8601: text)
    #expect(instant.utcText == utc)
    #expect(Date(utcMilliseconds: instant.utcMilliseconds) == instant)
  }

  @Test(
    "what is no instant is refused",
    arguments: [
      "", "2026", "2026-03-29", "2026-03-29T08:00", "2026-03-29T25:00Z", "2026-02-30T00:00Z",
      "2026-03-29T08:00+2", "2026-03-29T08:00Zulu", "now", "2026-03-29T08:00:00.2Z",
    ])
  func noInstant(text: String) {
    #expect(throws: InstantProblem.self) { try LocalTime.instant(iso8601: text) }
  }

  @Test("instants beyond the calendar stop at its ends")
  func extremes() {
    #expect(Date(timeIntervalSince1970: 1e300).utcText.hasPrefix("9999-"))
    #expect(Date(timeIntervalSince1970: -1e300).utcText.hasPrefix("0001-"))
    #expect(Date(timeIntervalSince1970: .infinity).utcText.hasPrefix("9999-"))
  }
}
