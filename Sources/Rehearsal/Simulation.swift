package import Collection
package import Foundation
import Storage
import Studies
import Synchronization

/// A whole study lived through by simulated people in simulated time.
///
/// They go through `Collection` like real ones: they enrol, consent, answer page by page what is open,
/// come late, miss, break off, travel, pause, change their minds and withdraw. The same plan, number of
/// people and seed give the same study, to the byte of its exports.
package struct Simulation: Sendable {
  let desk: StudyDesk
  let plan: SimulationPlan
  let people: Int
  let seed: UInt64

  /// What came of a simulation beside what the database holds.
  package struct Outcome: Sendable {
    /// The last moment of simulated time.
    package let end: Date
    /// What people used AI systems for, of those who agreed to give their logs; empty where the plan
    /// states no use.
    package let use: [UseRecord]
  }

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
  /// - Throws: what `Collection` refuses, and `StorageError`.
  @discardableResult
  package func run(progress: (_ done: Int, _ total: Int) -> Void) async throws -> Outcome {
    let living = Living(SimulatedCourse(self))
    let total = people * (1 + desk.current.study.plannedTimes)
    var now = plan.enrolment.from
    progress(0, total)
    while let next = living.course.withLock({ $0.agenda.nextTime }) {
      let midnight = Self.midnight(after: next)
      try await desk.database.writeBehind { transaction in
        try living.course.withLock { try $0.live(until: midnight, in: transaction) }
      }
      now = midnight
      progress(min(living.course.withLock { $0.done }, total), total)
    }
    let last = living.course.withLock { $0.lastClosing }
    now = max(now, last.addingTimeInterval(1))
    _ = try await desk.closeExpired(now: now)
    progress(total, total)
    return Outcome(end: now, use: living.course.withLock { $0.useRecords() })
  }

  /// Holds the state between transactions, in one place, so that none of it is copied for each.
  private final class Living: Sendable {
    let course: Mutex<SimulatedCourse>

    init(_ course: SimulatedCourse) { self.course = Mutex(course) }
  }

  private static func midnight(after moment: Date) -> Date {
    let day = (moment.timeIntervalSince1970 / 86_400).rounded(.down) + 1
    return Date(timeIntervalSince1970: day * 86_400)
  }
}

extension Study {
  /// How many planned occasions a participant has at most.
  fileprivate var plannedTimes: Int {
    occasions.filter { !$0.isEvent }.reduce(0) { $0 + $1.times }
  }
}
