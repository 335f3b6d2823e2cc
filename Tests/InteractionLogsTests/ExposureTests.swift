import Foundation
import LocalTime
import Testing

@testable import InteractionLogs

@Suite("Exposure before an occasion")
struct ExposureTests {
  static func zone() throws -> TimeZone { try timeZone(named: "Europe/Berlin") }

  static func at(_ text: String) throws -> Date { try instant(iso8601: text, in: zone()) }

  static func session(_ start: String, minutes: Double, messages: Int = 2) throws
    -> SessionFeatures
  {
    let moment = LocalMoment(try at(start), in: try zone())
    var totals = MessageTotals()
    totals.userMessages = messages
    var hours = HourCounts()
    for _ in 0..<messages { hours.add(hour: moment.time.hour) }
    return SessionFeatures(
      start: moment.instant, end: moment.instant.addingTimeInterval(60 * minutes),
      day: StudyDay(containing: moment).date, conversations: 1, totals: totals, hours: hours)
  }

  static func exposure(
    _ sessions: [SessionFeatures], _ span: String, before end: String, covered: (String, String)?,
    withheld: Set<LocalDate> = []
  ) throws -> Exposure {
    let window = ExposureWindow(of: try Span.parse(span), before: try at(end), in: try zone())
    let coverage = try covered.map {
      LogCoverage(accounts: [try at($0.0)..<(try at($0.1))], withheld: withheld)
    }
    return Exposure(conversations: [], sessions: sessions, window: window, coverage: coverage)
  }

  @Test("the window begins with its first instant and ends before the session")
  func halfOpen() throws {
    let sessions = try [
      Self.session("2026-03-20T12:00", minutes: 30), Self.session("2026-03-27T11:59", minutes: 30),
      Self.session("2026-03-27T12:00", minutes: 30), Self.session("2026-03-20T11:50", minutes: 20),
    ]
    let exposure = try Self.exposure(
      sessions, "7d", before: "2026-03-27T12:00", covered: ("2026-01-01", "2026-05-01"))
    // Thirty of the first, one of the second, none of the third, ten of the last.
    #expect(exposure.minutes == 41 && exposure.sessions == 2)
    #expect(exposure.totals?.userMessages == 4 && exposure.activeDays == 2)
    #expect(abs(exposure.coveredDays - 7) < 1e-9)
  }

  @Test("a week by the clocks over the change of the clocks is seven days")
  func clockChange() throws {
    let exposure = try Self.exposure(
      [], "7d", before: "2026-04-01T12:00", covered: ("2026-01-01", "2026-05-01"))
    #expect(abs(exposure.coveredDays - 7) < 1e-9 && exposure.minutes == 0)
  }

  @Test("not donated, not covered, withheld and nothing done are four things")
  func four() throws {
    let end = "2026-03-27T04:00"
    let nothing = try Self.exposure([], "2d", before: end, covered: nil)
    #expect(!nothing.hasLog && nothing.minutes == nil && nothing.coveredDays == 0)
    let outside = try Self.exposure([], "2d", before: end, covered: ("2026-01-01", "2026-03-01"))
    #expect(outside.hasLog && outside.minutes == nil && outside.coveredDays == 0)
    let date = try #require(LocalDate("2026-03-25"))
    let withheld = try Self.exposure(
      [Self.session("2026-03-25T10:00", minutes: 5), Self.session("2026-03-26T10:00", minutes: 7)],
      "2d", before: end, covered: ("2026-01-01", "2026-05-01"), withheld: [date])
    #expect(withheld.coveredDays == 1 && withheld.minutes == 7 && withheld.minutesPerDay == 7)
    let zero = try Self.exposure([], "2d", before: end, covered: ("2026-01-01", "2026-05-01"))
    #expect(zero.coveredDays == 2 && zero.minutes == 0 && zero.sessions == 0)
    #expect(zero.nightShare == nil && zero.hourEntropy == nil)
  }

  @Test("nothing after the occasion counts, however the session goes on")
  func future() throws {
    func exposure(minutes: Double, messages: Int) throws -> Exposure {
      let going = try Self.session("2026-03-27T11:30", minutes: minutes, messages: messages)
      let talk = ConversationFeatures(
        keptFrom: going.start, to: going.end, day: going.day,
        measures: TextMeasures(
          shares: [.affect: TextMeasures.Share(sum: Double(messages), count: 1)]))
      let window = ExposureWindow(
        of: try Span.parse("7d"), before: try Self.at("2026-03-27T12:00"), in: try Self.zone())
      return Exposure(
        conversations: [talk], sessions: [try Self.session("2026-03-26T10:00", minutes: 5), going],
        window: window,
        coverage: LogCoverage(accounts: [try Self.at("2026-01-01")..<(try Self.at("2026-05-01"))]))
    }
    let (short, long) = (
      try exposure(minutes: 31, messages: 3), try exposure(minutes: 300, messages: 90)
    )
    #expect(short == long)
    #expect(long.minutes == 35 && long.sessions == 2 && long.longSessions == 0)
    #expect(long.totals?.userMessages == 2 && long.measures == nil && long.conversations == 1)
  }

  @Test("constant use has no slope, whatever the hour of the occasion", arguments: ["3d", "7d"])
  func constant(span: String) throws {
    let sessions = try (10..<27).map {
      try Self.session("2026-03-\($0)T20:00", minutes: 60)
    }
    let exposure = try Self.exposure(
      sessions, span, before: "2026-03-27T07:36", covered: ("2026-01-01", "2026-05-01"))
    #expect(exposure.minutesSlope == (span == "3d" ? nil : 0))
  }

  @Test("a session over 04:00 counts on both days")
  func overFour() throws {
    let exposure = try Self.exposure(
      [Self.session("2026-03-27T03:50", minutes: 100)], "3h", before: "2026-03-27T07:36",
      covered: ("2026-01-01", "2026-05-01"))
    #expect(exposure.minutes == 54 && exposure.sessions == 0)
    #expect(exposure.totals?.userMessages == 2)
  }

  @Test("what the source cannot give is missing in exposure too")
  func withoutMinutes() throws {
    let window = ExposureWindow(
      of: try Span.parse("7d"), before: try Self.at("2026-03-27T12:00"), in: try Self.zone())
    let coverage = LogCoverage(
      accounts: [try Self.at("2026-01-01")..<(try Self.at("2026-05-01"))])
    let exposure = Exposure(
      conversations: [], sessions: [], window: window, coverage: coverage,
      capabilities: LogSource.wildChat.capabilities)
    #expect(exposure.conversations == 0 && exposure.minutes == nil && exposure.sessions == nil)
    #expect(exposure.totals == nil && exposure.activeDays == nil)
  }

  @Test("entropy of hours, night share and slope")
  func shapes() throws {
    let sessions = try [
      Self.session("2026-03-24T02:00", minutes: 10), Self.session("2026-03-24T10:00", minutes: 20),
      Self.session("2026-03-25T10:00", minutes: 30), Self.session("2026-03-26T10:00", minutes: 40),
    ]
    let exposure = try Self.exposure(
      sessions, "4d", before: "2026-03-27T04:00", covered: ("2026-01-01", "2026-05-01"))
    #expect(exposure.nightShare == 0.25 && exposure.minutesSlope == 10)
    // One quarter and three quarters: 0.25 × 2 + 0.75 × log2(4/3).
    #expect(abs((exposure.hourEntropy ?? 0) - 0.811278124459) < 1e-9)
  }

  @Test("a log of days gives its complete days")
  func days() throws {
    let days = try ["2026-03-24", "2026-03-25", "2026-03-26"].map {
      var day = DayFeatures(date: try #require(LocalDate($0)))
      day.minutes = 10
      return day
    }
    let window = ExposureWindow(
      of: try Span.parse("2d"), before: try Self.at("2026-03-26T12:00"), in: try Self.zone())
    let exposure = Exposure(days: days, window: window, coverage: LogCoverage(accounts: []))
    // The two days before the one on which it ends.
    #expect(exposure.coveredDays == 2 && exposure.minutes == 20 && exposure.sessions == nil)
    let hours = ExposureWindow(
      of: try Span.parse("3h"), before: try Self.at("2026-03-26T12:00"), in: try Self.zone())
    let short = Exposure(days: days, window: hours, coverage: LogCoverage(accounts: []))
    #expect(short.coveredDays == 0 && short.minutes == nil)
  }

  @Test("the column's window wins over the study's, and that over the instrument's")
  func precedence() throws {
    let (day, week, month) = (try Span.parse("1d"), try Span.parse("7d"), try Span.parse("1mo"))
    #expect(ExposureWindow.span(column: day, study: week, recall: month) == day)
    #expect(ExposureWindow.span(column: nil, study: week, recall: month) == week)
    #expect(ExposureWindow.span(column: nil, study: nil, recall: month) == month)
    #expect(ExposureWindow.span(column: nil, study: nil, recall: nil) == nil)
  }
}
