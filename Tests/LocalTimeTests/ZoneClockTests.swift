import Foundation
import Testing

@testable import LocalTime

@Suite("Remembered clocks")
struct ZoneClockTests {
  @Test(
    "they show what resolving one by one shows",
    arguments: [
      "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia",
      "America/New_York",
    ])
  func same(name: String) throws {
    let zone = try timeZone(named: name)
    var clock = ZoneClock(zone)
    for start in [LocalDate("1969-12-20"), LocalDate("2011-12-20"), LocalDate("2026-03-01")] {
      let start = try #require(start)
      for day in 0..<400 {
        let date = start.adding(days: day)
        for time in [0, 2 * 3600 + 1800, 8 * 3600, 86_399].map(ClockTime.init(secondOfDay:)) {
          let moment = resolve(date, time, in: zone)
          #expect(clock.resolve(date, time) == moment)
          // Now that the stretch is known, on both sides of the moment.
          let instants = [-3600.5, -0.5, 0, 0.5, 5400].map(moment.instant.addingTimeInterval)
          #expect(instants.map(clock.moment) == instants.map { LocalMoment($0, in: zone) })
        }
      }
    }
  }

  @Test("spans are added as moments add them")
  func spans() throws {
    let zone = try timeZone(named: "Europe/Berlin")
    var clock = ZoneClock(zone)
    let start = resolve(
      try #require(LocalDate("2026-03-28")), ClockTime(secondOfDay: 9000), in: zone)
    for span in [Span(days: 1), Span(seconds: 86_400), Span(months: 1, seconds: 60), Span.zero] {
      let moment = start.adding(span, in: zone)
      #expect(clock.adding(span, to: start) == moment)
      #expect(clock.instant(span, after: start) == moment.instant)
    }
  }

  @Test("weekdays read by name")
  func weekdays() {
    #expect(Weekday(name: "monday") == .monday)
    #expect(Weekday(name: "Monday") == nil)
    #expect(Weekday.allCases.map(\.name) == Weekday.names)
  }
}
