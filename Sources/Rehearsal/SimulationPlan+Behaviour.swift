package import Foundation

extension SimulationPlan {
  /// What people do other than answer. Chances go from 0 to 1; what is not stated never happens.
  package struct Behaviour: Sendable {
    /// That an occasion is not begun, for the average person in their usual state, before reminders.
    package var misses: Double
    /// Standard deviation, between people, of the log odds of missing.
    package var missesDeviation = 0.0
    /// Missing because of how somebody feels.
    package var missesByState: StateDependence?
    /// That a reminder brings somebody who would have missed; each reminder has this chance.
    package var reminded = 0.0
    /// That a session is begun at the end of the window and submitted after it.
    package var late = 0.0
    /// That a session is begun and never submitted.
    package var breaksOff: Double
    /// That somebody withdraws after an occasion.
    package var leaves: Double
    /// That an item is left blank.
    package var leavesBlank: Double
    /// The share of people who give one answer to all items of a page.
    package var straightLines = 0.0
    /// The share of people who answer faster than anybody can read.
    package var hurries = 0.0
    /// That an attention check is answered wrongly by somebody who does read.
    package var failsChecks = 0.0
    /// Going to another time zone and back.
    package var travels: Travel?
    /// Pausing.
    package var pauses: Pausing?
    /// That a person changes their mind, in a week, about a part of the consent that is not required.
    package var changesConsent = 0.0
    /// That a person wants no more reminders, in a week.
    package var stopsReminders = 0.0
    /// That a conversation with an AI system, or without stated use a chance to report one, makes a
    /// person open an event.
    package var opensEvents = 0.0
  }

  /// How missing depends on the course of a score at that moment: informative missingness.
  package struct StateDependence: Sendable {
    /// The position of the course.
    package var course: Int
    /// Added to the log odds of missing for each standard deviation above the average; below 0 when
    /// people who feel bad stay away.
    package var logOdds: Double
  }

  /// Journeys to other time zones.
  package struct Travel: Sendable {
    /// The chance of setting out in a week.
    package var perWeek: Double
    /// Where to; each is equally likely.
    package var zones: [TimeZone]
    /// For how many days, 1 or more.
    package var days: Int
  }

  /// Pauses.
  package struct Pausing: Sendable {
    /// The chance of one in a week.
    package var perWeek: Double
    /// For how many days, 1 or more.
    package var days: Int
  }
}
