import Foundation
import LocalTime
import Storage

/// Numbers the study days of occasions, remembering zones, of which there are few.
struct StudyDayNumbers {
  private var zones: [String: TimeZone] = [:]

  /// The study day on which an occasion was to open, in the zone it was planned in; nil for a zone that
  /// the system does not know.
  mutating func number(of row: OccasionRow) -> Int? {
    guard let zone = zone(row.occasion.zone) else { return nil }
    let enrolled = LocalMoment(row.enrolled, in: zone).date
    return StudyDay(containing: LocalMoment(row.occasion.opens, in: zone))
      .number(enrolled: enrolled)
  }

  private mutating func zone(_ identifier: String) -> TimeZone? {
    if let known = zones[identifier] { return known }
    let zone = TimeZone(identifier: identifier)
    zones[identifier] = zone
    return zone
  }
}
