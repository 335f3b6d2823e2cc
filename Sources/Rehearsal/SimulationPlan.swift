package import Foundation

/// What the simulated people of a study are like: the file `simulation.yaml`.
///
/// Every number that a report on simulated data should give back is stated here, on the scale of the
/// score it belongs to, so that an analysis can be held against it.
package struct SimulationPlan: Sendable {
  /// When and where people join.
  package var enrolment: Enrolment
  /// What people do other than answer.
  package var behaviour: Behaviour
  /// How much people use AI systems, where the file says so.
  package var use: Use?
  /// The courses of scores and items; no item is in two.
  package var courses: [Course]

  /// When and where people join.
  package struct Enrolment: Sendable {
    /// The first moment at which somebody may enrol.
    package var from: Date
    /// People enrol evenly spread over this many days, 1 or more.
    package var days: Int
    /// The time zones that people of a site live in, each equally likely; at least one a site.
    package var zones: [String: [TimeZone]]
    /// The languages that people of a site read, each equally likely; at least one a site.
    package var languages: [String: [String]]
  }
}

extension SimulationPlan {
  /// The course of one score, in the units of the score; time is in weeks since enrolment.
  package struct Course: Sendable {
    /// How files call it: the instrument and the score or item, `wisdom-7.wisdom`.
    package var name: String
    /// The instrument's id.
    package var instrument: String
    /// The items that follow this course: those the score rests on, or the one item.
    package var items: [String]
    /// The mean at enrolment.
    package var start: Double
    /// The change per week in the first arm, and in a study without arms.
    package var slope: Double
    /// By arm: what the arm adds to the change per week, from enrolment on.
    package var slopeByArm: [String: Double]
    /// By site: what the site adds at all times.
    package var startBySite: [String: Double]
    /// By phase: what is added on its days.
    package var shiftByPhase: [String: Double]
    /// How it depends on the use of AI systems before the occasion.
    package var use: UseEffect?
    /// How it goes along with an earlier course at the same moment.
    package var coupling: Coupling?
    /// The correlation of a person's occasion deviations from one occasion to the next, below 1.
    package var autocorrelation: Double
    /// Standard deviations between people: of the start and of the change per week.
    package var startDeviation: Double
    package var slopeDeviation: Double
    /// Standard deviation from occasion to occasion within a person.
    package var occasionDeviation: Double
    /// Standard deviation of an item around the person's state at the occasion.
    package var itemDeviation: Double
  }

  /// What an hour of use a day does to a score.
  package struct UseEffect: Sendable {
    /// How far before an occasion use counts, in days.
    package var days: Double
    /// For an hour a day more than the person's own usual; the mean over people.
    package var within: Double
    /// For a person whose usual is an hour a day more than the average person's.
    package var between: Double
    /// Standard deviation of the within-person effect between people.
    package var deviation: Double
  }

  /// What a point of another course, above the person's own expected, adds to this one.
  package struct Coupling: Sendable {
    /// The position of the other course, which comes before.
    package var course: Int
    /// The mean over people, and the standard deviation between them.
    package var slope: Double
    package var deviation: Double
  }
}
