import ArgumentParser
import Foundation
import LocalTime

/// The moment at which a command acts: the clock's, or one given for rehearsal.
struct ClockOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Act as if it were this moment, for rehearsal: 2027-03-10T10:00Z, or with another offset; "
        + "without one it is UTC.",
      valueName: "time"))
  var now: String?

  /// The moment.
  ///
  /// - Throws: ``CommandFailure`` for a text that is no time, or a year that no study is in.
  func moment() throws -> Date {
    guard let now else { return Date() }
    let moment: Date
    do { moment = try instant(iso8601: now, in: .gmt) } catch {
      throw CommandFailure(
        .usage, "--now: found \(TerminalText.safe(now)), expected \(error.expected)")
    }
    guard Self.years.contains(moment) else {
      throw CommandFailure(
        .usage, "--now: found \(TerminalText.safe(now)), expected a time from 2000 to 2199")
    }
    return moment
  }

  /// Beyond these, calendars and zone data say nothing about people's lives.
  private static let years =
    Date(timeIntervalSince1970: 946_684_800)..<Date(timeIntervalSince1970: 7_258_118_400)
}
