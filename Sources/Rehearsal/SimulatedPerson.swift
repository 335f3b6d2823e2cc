import Foundation
import Instruments
import LocalTime
import Studies

/// One simulated participant: where they live, how they change, and what kind of person they are.
///
/// Everything about a person is drawn from a generator of their own, so that nobody's life depends on
/// anybody else's.
struct SimulatedPerson: Sendable {
  /// How one person departs from the course of a score, in the score's units.
  struct Departure: Sendable {
    var start: Double
    var slope: Double
    /// Of the effect of use, and of the coupling to another course.
    var use: Double
    var coupling: Double
  }

  /// Position in the order of enrolment, from 0.
  let number: Int
  let enrols: Date
  let site: String
  let zone: TimeZone
  let language: String
  let departures: [Departure]
  /// Deviation of the log odds of missing.
  let missesDeviation: Double
  let drawsLines: Bool
  let isHurried: Bool
  /// The last occasion deviation of each course, for those that are correlated over time.
  var deviations: [Double]
  var draws: NormalDraws

  init(number: Int, of people: Int, plan: SimulationPlan, sites: [String], seed: UInt64) {
    var draws = NormalDraws(SeededGenerator(seed: seed, stream: "person", String(number)))
    let span = Double(plan.enrolment.days) * 86_400
    let place = (Double(number) + draws.generator.uniform()) / Double(max(people, 1))
    self.number = number
    // Whole seconds keep the times in exports short.
    enrols = plan.enrolment.from.addingTimeInterval((place * span).rounded(.down))
    // Everybody in turn, so that sites fill evenly.
    site = sites[number % sites.count]
    zone = draws.generator.one(of: plan.enrolment.zones[site] ?? []) ?? .gmt
    language = draws.generator.one(of: plan.enrolment.languages[site] ?? []) ?? "en"
    departures = plan.courses.map { course in
      Departure(
        start: draws.next() * course.startDeviation, slope: draws.next() * course.slopeDeviation,
        use: draws.next() * (course.use?.deviation ?? 0),
        coupling: draws.next() * (course.coupling?.deviation ?? 0))
    }
    missesDeviation = draws.next() * plan.behaviour.missesDeviation
    drawsLines = draws.generator.uniform() < plan.behaviour.straightLines
    isHurried = draws.generator.uniform() < plan.behaviour.hurries
    deviations = plan.courses.map { draws.next() * $0.occasionDeviation }
    self.draws = draws
  }

  /// Whether something with this chance happens.
  mutating func happens(_ chance: Double) -> Bool { draws.generator.uniform() < chance }

  /// A number of seconds, uniform between two bounds, whole.
  mutating func seconds(between bounds: Range<Double>) -> TimeInterval {
    (bounds.lowerBound + draws.generator.uniform() * (bounds.upperBound - bounds.lowerBound))
      .rounded(.down)
  }

  /// How long after the end of a window somebody who is late submits: two times in three within a grace.
  mutating func lateness(grace: TimeInterval) -> TimeInterval {
    seconds(between: 0..<max(grace, Self.leastLateness) * 1.5)
  }

  /// People begin in the first three quarters of a window, so that nobody runs out of it.
  static let latestShareOfWindow = 0.75
  /// Where there is no grace, what is late is up to three quarters of an hour late.
  private static let leastLateness: TimeInterval = 1800

  /// Seconds that an item takes this person.
  mutating func secondsForItem() -> TimeInterval {
    seconds(between: isHurried ? 0..<2 : 2..<9)
  }
}

extension SeededGenerator {
  /// One of some elements, each equally likely, or nil of none.
  mutating func one<Element>(of elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[Int(below(UInt64(elements.count)))]
  }
}
