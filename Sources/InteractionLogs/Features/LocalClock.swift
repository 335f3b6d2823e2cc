internal import Foundation
internal import LocalTime

/// What the clocks of a zone show, for millions of moments near each other.
///
/// It asks the zone once for each quarter of an hour, at whose ends alone clocks change.
final class LocalClock {
  private static let quarter = 900.0

  let zone: TimeZone
  private var quarterStart = -Double.infinity
  private var offset = 0

  init(_ zone: TimeZone) { self.zone = zone }

  /// Seconds since 1970-01-01T00:00 by the wall clock.
  func local(_ seconds: Double) -> Double {
    if !(quarterStart <= seconds && seconds < quarterStart + Self.quarter) {
      quarterStart = (seconds / Self.quarter).rounded(.down) * Self.quarter
      offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: quarterStart))
    }
    return seconds + Double(offset)
  }

  /// The study day and the second of the clock's day.
  func place(_ seconds: Double) -> (day: Int, secondOfDay: Int) {
    let local = Int(self.local(seconds).rounded(.down))
    let date = Int((Double(local) / 86_400).rounded(.down))
    let second = local - date * 86_400
    return (second < StudyDay.start.secondOfDay ? date - 1 : date, second)
  }

  /// The instant of a wall-clock time; see `resolve` for times that do not exist or occur twice.
  func seconds(ofLocal local: Double) -> Double {
    let whole = Int(local.rounded(.down))
    let date = LocalDate(dayNumber: Int((Double(whole) / 86_400).rounded(.down)))
    let moment = resolve(date, ClockTime(secondOfDay: whole), in: zone)
    return moment.instant.timeIntervalSince1970 + (local - Double(whole))
  }
}
