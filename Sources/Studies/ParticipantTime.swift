package import Foundation
package import LocalTime

/// All that a participant's plan depends on besides the study: when they enrolled, where they were,
/// when they are awake, when they paused, and the seed of their prompts.
package struct ParticipantTime: Sendable {
  /// The moment of enrolment.
  package let enrolled: Date
  /// The time zones, oldest first; the first one holds from enrolment on.
  package let zones: [ZoneStay]
  /// The hours that the participant chose for prompts, oldest first.
  package let waking: [WakingChoice]
  /// The days on which nothing is asked.
  package let pauses: [Pause]
  /// The seed of the participant's prompts.
  package let seed: UInt64

  /// A stretch of life in one time zone.
  package struct ZoneStay: Sendable {
    /// From when on.
    package let since: Date
    package let zone: TimeZone

    package init(since: Date, zone: TimeZone) {
      self.since = since
      self.zone = zone
    }
  }

  /// Hours chosen for prompts.
  package struct WakingChoice: Sendable {
    /// From when on.
    package let since: Date
    package let hours: DayHours

    package init(since: Date, hours: DayHours) {
      self.since = since
      self.hours = hours
    }
  }

  /// Local dates on which nothing opens.
  package struct Pause: Sendable {
    /// When it was asked for; what had opened by then is not touched.
    package let decided: Date
    package let dates: ClosedRange<LocalDate>

    package init(decided: Date, dates: ClosedRange<LocalDate>) {
      self.decided = decided
      self.dates = dates
    }

    /// Whether it covers an opening.
    package func covers(_ opening: LocalMoment) -> Bool {
      opening.instant > decided && dates.contains(opening.date)
    }
  }

  /// The life of someone who stays in one zone.
  package init(enrolled: Date, zone: TimeZone, seed: UInt64) {
    self.init(
      enrolled: enrolled, zones: [ZoneStay(since: enrolled, zone: zone)], waking: [], pauses: [],
      seed: seed)
  }

  /// - Parameter zones: at least one; the first holds from enrolment on, whatever it says.
  package init(
    enrolled: Date, zones: [ZoneStay], waking: [WakingChoice], pauses: [Pause], seed: UInt64
  ) {
    self.enrolled = enrolled
    self.zones = zones
    self.waking = waking
    self.pauses = pauses
    self.seed = seed
  }
}
