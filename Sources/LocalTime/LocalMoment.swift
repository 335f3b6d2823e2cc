package import Foundation

/// An instant as the people of one time zone see it: the wall clock, the offset, the zone.
///
/// Planned times are stored as all of these, so that a table can be read without knowing the rules
/// that the zone had when the plan was made.
package struct LocalMoment: Hashable, Sendable {
  /// The local date.
  package let date: LocalDate
  /// The local time of day, to the second.
  package let time: ClockTime
  /// Seconds east of UTC.
  package let offsetSeconds: Int
  /// The point in time, which keeps its milliseconds.
  package let instant: Date
  /// The IANA name of the zone.
  package let zoneIdentifier: String

  /// What the clocks of a zone show at an instant.
  package init(_ instant: Date, in zone: TimeZone) {
    let seconds = instant.utcSeconds
    self.init(instant, offset: offset(of: zone, at: seconds), zone: zone.identifier)
  }

  init(_ instant: Date, offset: Int, zone: String) {
    (date, time) = civil(localSeconds: instant.utcSeconds + offset)
    offsetSeconds = offset
    self.instant = instant
    zoneIdentifier = zone
  }

  /// Minutes east of UTC, rounded towards zero; every zone has whole minutes since 1972.
  package var offsetMinutes: Int { offsetSeconds / 60 }

  /// The local date and time: `2026-03-29T08:00:00`.
  package var localText: String {
    var writer = DigitWriter()
    writer.write(date, time)
    return writer.text
  }
}

extension LocalMoment: CustomStringConvertible {
  /// ISO 8601 with the offset: `2026-03-29T08:00:00+02:00`.
  package var description: String {
    let offset = ClockTime(secondOfDay: abs(offsetSeconds))
    return "\(localText)\(offsetSeconds < 0 ? "-" : "+")\(offset)"
  }
}
