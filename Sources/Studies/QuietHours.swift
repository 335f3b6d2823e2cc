package import Foundation
package import LocalTime

/// The local hours of a participant in which no message is sent: `quiet_hours: ["22:00", "07:00"]`.
///
/// They hold messages back and nothing else: occasions open and close as planned.
package struct QuietHours: Hashable, Sendable {
  /// From when to when; they may pass midnight.
  package let hours: DayHours

  /// Whether a moment, as the participant's clocks show it, is in them; the end is not.
  package func contain(_ moment: LocalMoment) -> Bool {
    let time = moment.time
    return hours.passMidnight
      ? time >= hours.from || time < hours.to : time >= hours.from && time < hours.to
  }

  /// The first moment from a given one on at which a message may be sent: that moment itself, or
  /// the end of the quiet hours around it by the clocks of a zone.
  package func firstMomentForMessages(from moment: Date, in zone: TimeZone) -> Date {
    let local = LocalMoment(moment, in: zone)
    guard contain(local) else { return moment }
    let endsTomorrow = hours.passMidnight && local.time >= hours.from
    let end = resolve(endsTomorrow ? local.date.adding(days: 1) : local.date, hours.to, in: zone)
    // Where the clocks went back within them, the end comes a second time.
    return max(end.instant, moment)
  }
}
