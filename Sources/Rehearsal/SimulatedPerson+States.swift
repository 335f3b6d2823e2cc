import Foundation

/// What a person's states depend on besides themselves, at one moment.
struct Circumstances: Sendable {
  /// Time since enrolment.
  var weeks: Double
  var arm: String?
  var phase: String?
  /// By course that depends on use: hours a day before the moment, beside the person's usual and the
  /// average person's.
  var hours: [Int: (recent: Double, usual: Double, average: Double)] = [:]
}

/// Where a person stands on a course at a moment.
struct SimulatedState: Sendable {
  var value: Double
  /// What it departs from the person's own expected value at that moment.
  var within: Double
  /// Standard deviations from what is expected of the average person.
  var standardised: Double
}

extension SimulatedPerson {
  /// Where the person stands at a moment on some courses; each call is a new occasion for them.
  ///
  /// - Parameter wanted: whether a course, by its position, is asked for.
  mutating func states(
    on courses: [SimulationPlan.Course], when circumstances: Circumstances,
    wanted: (Int) -> Bool
  ) -> [Int: SimulatedState] {
    var states: [Int: SimulatedState] = [:]
    for (index, course) in courses.enumerated() where wanted(index) {
      let departure = departures[index]
      let arm = circumstances.arm.flatMap { course.slopeByArm[$0] } ?? 0
      let phase = circumstances.phase.flatMap { course.shiftByPhase[$0] } ?? 0
      let fixed =
        course.start + (course.startBySite[site] ?? 0) + phase
        + (course.slope + arm) * circumstances.weeks
      let own = departure.start + departure.slope * circumstances.weeks
      let fresh = draws.next() * course.occasionDeviation
      let carried = course.autocorrelation
      deviations[index] =
        carried * deviations[index] + (1 - carried * carried).squareRoot() * fresh
      var within = deviations[index]
      var between = own
      if let effect = course.use, let hours = circumstances.hours[index] {
        within += (effect.within + departure.use) * (hours.recent - hours.usual)
        between += effect.between * (hours.usual - hours.average)
      }
      if let coupling = course.coupling, let other = states[coupling.course] {
        within += (coupling.slope + departure.coupling) * other.within
      }
      let spread =
        (course.startDeviation * course.startDeviation
        + course.occasionDeviation * course.occasionDeviation).squareRoot()
      states[index] = SimulatedState(
        value: fixed + between + within, within: within,
        standardised: spread > 0 ? (between + within) / spread : 0)
    }
    return states
  }

  /// The chance that the person does not begin an occasion in this state, before any reminder.
  func chanceOfMissing(
    _ behaviour: SimulationPlan.Behaviour, states: [Int: SimulatedState]
  ) -> Double {
    guard behaviour.misses > 0, behaviour.misses < 1 else { return behaviour.misses }
    var odds = log(behaviour.misses / (1 - behaviour.misses)) + missesDeviation
    if let dependence = behaviour.missesByState, let state = states[dependence.course] {
      odds += dependence.logOdds * state.standardised
    }
    return 1 / (1 + exp(-odds))
  }
}
