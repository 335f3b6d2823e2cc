package import Foundation

/// What the simulated people of a study are like: the file `simulation.yaml`.
///
/// Every number that a report on simulated data should give back is stated here, on the scale of the
/// score it belongs to, so that an analysis can be held against it.
package struct SimulationPlan: Sendable {
  /// When and where people join.
  package struct Enrolment: Sendable {
    /// The first moment at which somebody may enrol.
    package var from: Date
    /// People enrol evenly spread over this many days, 1 or more.
    package var days: Int
    /// The time zones they live in, at least one; each is equally likely.
    package var zones: [TimeZone]
  }

  /// What people do other than answer; each is a chance from 0 to 1.
  package struct Behaviour: Sendable {
    /// That an occasion is never begun.
    package var misses: Double
    /// That a session is begun and never submitted.
    package var breaksOff: Double
    /// That somebody withdraws after an occasion.
    package var leaves: Double
    /// That an item is left blank.
    package var leavesBlank: Double
  }

  /// The course of one score, in the units of the score; time is in weeks since enrolment.
  package struct Course: Sendable {
    /// The instrument's id.
    package var instrument: String
    /// The score's name; it is a mean of items.
    package var score: String
    /// The items that follow this course: those the score rests on.
    package var items: [String]
    /// The mean at enrolment.
    package var start: Double
    /// The change per week in the first arm, and in a study without arms.
    package var slope: Double
    /// By arm: what the arm adds to the change per week, from enrolment on.
    package var slopeByArm: [String: Double]
    /// Standard deviations between people: of the start and of the change per week.
    package var startDeviation: Double
    package var slopeDeviation: Double
    /// Standard deviation from occasion to occasion within a person.
    package var occasionDeviation: Double
    /// Standard deviation of an item around the person's state at the occasion.
    package var itemDeviation: Double
  }

  package var enrolment: Enrolment
  package var behaviour: Behaviour
  package var courses: [Course]
}
