package import Foundation
package import LocalTime

/// One planned measurement of one participant: an occasion's name, which repetition, and its window.
package struct PlannedOccasion: Hashable, Sendable {
  /// The occasion's name in the study file.
  package let id: String
  /// Which repetition, from 0. It counts the plan's repetitions, so that the first occasion of someone
  /// who enrolled after the planned time of repetition 0 has index 1.
  package let index: Int
  /// When the window opens, as the participant's clocks show it.
  package let opens: LocalMoment
  /// When the window closes.
  package let closes: Date
  /// Until when a session begun in the window may be submitted; not before it closes.
  package let graceEnds: Date
  /// When a participant who has not submitted is reminded, in order, all within the window.
  package let reminders: [Date]
  /// What is answered, in order.
  package let instruments: [String]
}
