package import Foundation

/// The offsets of a zone over a stretch of time: what is needed to go from wall clocks to instants.
///
/// Built from `TimeZone.secondsFromGMT(for:)` alone. Foundation's calendars misplace wall-clock times
/// at clock changes in many zones (`date(from:)` in gaps, `nextDate` returning nil), while its
/// offsets are right.
package struct OffsetTimeline: Sendable {
  /// A stretch of one offset, from an instant (in seconds) to the next stretch.
  private struct Stretch { let start: Int, end: Int, offset: Int }

  private let stretches: [Stretch]
  private let zone: String

  /// The offsets of a zone between two instants, found by sampling and bisection.
  package init(of zone: TimeZone, from: Date, to: Date) {
    self.init(of: zone, from: from.utcSeconds, to: to.utcSeconds)
  }

  init(of zone: TimeZone, from: Int, to: Int) {
    // Two changes within three hours would cancel out unseen; the tz database has none.
    let step = 3 * 3600
    var stretches: [Stretch] = []
    var (start, current) = (from, LocalTime.offset(of: zone, at: from))
    var place = from
    while place < to {
      let next = min(place + step, to)
      let offset = LocalTime.offset(of: zone, at: next)
      if offset != current {
        let change = OffsetTimeline.change(of: zone, from: current, after: place, notAfter: next)
        stretches.append(Stretch(start: start, end: change, offset: current))
        (start, current) = (change, offset)
      }
      place = next
    }
    stretches.append(Stretch(start: start, end: .max, offset: current))
    self.stretches = stretches
    self.zone = zone.identifier
  }

  /// What the clocks show at an instant within the stretch of time.
  func moment(_ instant: Date) -> LocalMoment {
    let seconds = instant.utcSeconds
    let last = stretches[stretches.count - 1]
    let stretch = stretches.first { seconds < $0.end } ?? last
    return LocalMoment(instant, offset: stretch.offset, zone: zone)
  }

  /// The first second at which the offset is no longer the old one.
  private static func change(
    of zone: TimeZone, from old: Int, after: Int, notAfter: Int
  ) -> Int {
    var (low, high) = (after, notAfter)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if LocalTime.offset(of: zone, at: middle) == old { low = middle } else { high = middle }
    }
    return high
  }

  /// The instants, in seconds, at which the clocks change.
  package var changes: [Date] {
    stretches.dropFirst().map { Date(timeIntervalSince1970: Double($0.start)) }
  }

  /// The first moment at which the clocks show the time or a later one.
  ///
  /// That one rule covers all cases: a time that occurs twice means the first, and a time that a
  /// clock change skips moves forward to the first that exists, the next day if a whole day is
  /// missing. The stretch of time must begin before the wall-clock time does anywhere.
  package func resolve(_ date: LocalDate, _ time: ClockTime) -> LocalMoment {
    let local = date.dayNumber * 86_400 + time.secondOfDay
    let last = stretches[stretches.count - 1]
    let stretch = stretches.first { $0.end == .max || $0.end + $0.offset > local } ?? last
    let seconds = max(stretch.start, local - stretch.offset)
    return LocalMoment(
      Date(timeIntervalSince1970: Double(seconds)), offset: stretch.offset, zone: zone)
  }
}

/// The moment at which the clocks of a zone show a date and time.
///
/// A local time that does not exist moves forward to the first that does; one that occurs twice
/// means the first. `resolve(2026-03-29, 02:30, in: Berlin)` is 03:00+02:00.
package func resolve(_ date: LocalDate, _ time: ClockTime, in zone: TimeZone) -> LocalMoment {
  // No place has ever been 16 hours from Greenwich: the largest offsets were Manila's -15:56 and
  // Alaska's +15:02, both before their date lines moved.
  let local = date.dayNumber * 86_400 + time.secondOfDay
  let reach = 16 * 3600
  return OffsetTimeline(of: zone, from: local - reach, to: local + reach).resolve(date, time)
}

/// Seconds east of UTC at an instant in seconds.
func offset(of zone: TimeZone, at seconds: Int) -> Int {
  zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
}
