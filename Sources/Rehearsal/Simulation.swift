package import Collection
package import Foundation
import Storage
import Studies

/// A whole study lived through by simulated people in simulated time.
///
/// They go through `Collection` like real ones: they enrol, consent, answer item by item what is open,
/// miss, break off and withdraw. The same plan, number of people and seed give the same study, to the
/// byte of its exports.
package struct Simulation: Sendable {
  let desk: StudyDesk
  let plan: SimulationPlan
  let people: Int
  let seed: UInt64

  /// - Parameters:
  ///   - desk: the study, in a database of simulated people without any.
  ///   - people: how many enrol, 1 or more.
  package init(desk: StudyDesk, plan: SimulationPlan, people: Int, seed: UInt64) {
    self.desk = desk
    self.plan = plan
    self.people = people
    self.seed = seed
  }

  /// Lets everybody live through the study, a transaction for each simulated day.
  ///
  /// - Parameter progress: told how many people's steps are done, of how many.
  /// - Returns: the last moment of simulated time.
  /// - Throws: what `Collection` refuses, and `StorageError`.
  @discardableResult
  package func run(progress: (_ done: Int, _ total: Int) -> Void) async throws -> Date {
    var course = SimulatedCourse(self)
    let total = people * (1 + desk.current.study.plannedTimes)
    var now = plan.enrolment.from
    progress(0, total)
    while let next = course.agenda.nextTime {
      let midnight = Self.midnight(after: next)
      let before = course
      course = try await desk.database.write { transaction in
        var course = before
        try course.live(until: midnight, in: transaction)
        return course
      }
      now = midnight
      progress(min(course.done, total), total)
    }
    now = max(now, course.lastClosing.addingTimeInterval(1))
    _ = try await desk.closeExpired(now: now)
    progress(total, total)
    return now
  }

  private static func midnight(after moment: Date) -> Date {
    let day = (moment.timeIntervalSince1970 / 86_400).rounded(.down) + 1
    return Date(timeIntervalSince1970: day * 86_400)
  }
}

extension Study {
  /// How many occasions a participant has at most.
  fileprivate var plannedTimes: Int { occasions.reduce(0) { $0 + $1.times } }
}
