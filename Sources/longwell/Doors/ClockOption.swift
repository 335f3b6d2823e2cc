import ArgumentParser
import Foundation
import LocalTime

/// The moment at which a command acts: the clock's, or one given for rehearsal.
struct ClockOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Act as if it were this moment, for rehearsal: 2027-03-10T10:00, or with an offset or Z.",
      valueName: "time"))
  var now: String?

  /// The moment; a time without an offset is read in `zone`.
  ///
  /// - Throws: ``CommandFailure`` for a text that is no time.
  func moment(in zone: TimeZone = .current) throws -> Date {
    guard let now else { return Date() }
    do { return try instant(iso8601: now, in: zone) } catch {
      throw CommandFailure(
        .usage, "--now: found \(TerminalText.safe(now)), expected \(error.expected)")
    }
  }
}
